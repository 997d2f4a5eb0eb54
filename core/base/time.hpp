// SPDX-License-Identifier: Apache-2.0
#pragma once
// Virtual time: a signed 64-bit count of microseconds in std::chrono types of our own, so that it cannot be mixed
// with a real clock by accident.
// `Instant` is the time since the run began (what System.nanoTime is to a JVM); `WallMillis` is what a host's clock
// shows, in epoch
// milliseconds (System.currentTimeMillis); hosts may have skew. Every module uses these; nobody reads a real clock.

#include <chrono>
#include <cstdint>

namespace kafkasim {

struct SimClock;
using Duration = std::chrono::duration<int64_t, std::micro>;
using Instant = std::chrono::time_point<SimClock, Duration>;
using Millis = std::chrono::duration<int64_t, std::milli>;
using Seconds = std::chrono::duration<int64_t>;
using std::chrono_literals::operator""us;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

/// A host's wall clock in milliseconds since 1970-01-01T00:00:00Z.
struct WallMillis {
    int64_t value = 0;
    auto operator<=>(const WallMillis&) const = default;
};

constexpr int64_t millis_of(Duration d) { return d.count() / 1000; }
constexpr int64_t millis_of(Instant t) { return t.time_since_epoch().count() / 1000; }
constexpr Duration from_millis(int64_t milliseconds) { return Duration{milliseconds * 1000}; }

}  // namespace kafkasim
