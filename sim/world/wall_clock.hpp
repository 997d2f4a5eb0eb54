// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the hosts' clocks and calendars show at a virtual time. The run's wall-clock start and time zone are the
// scenario's.

#include <optional>
#include <string>
#include <string_view>

#include "core/base/time.hpp"

namespace kafkasim::sim {

struct WallClock {
    WallMillis start{1640966880000};  // 2022-01-01T01:08:00+09:00
    int32_t offset_minutes = 9 * 60;  // of the time zone

    WallMillis at(Instant now) const { return WallMillis{start.value + millis_of(now)}; }
    /// "2022-01-01 01:08:20,944", as log4j prints it.
    std::string stamp(Instant now) const;
    /// "01:08:20.944"
    std::string time_of_day(Instant now) const;
    /// Reads "2022-01-01T01:08:00+09:00" (or "Z").
    static std::optional<WallClock> parse(std::string_view iso8601);
};

}  // namespace kafkasim::sim
