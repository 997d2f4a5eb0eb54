// SPDX-License-Identifier: Apache-2.0
#pragma once
// Points in time and spans of it as Java reads them from text: `--to-datetime` and `--by-duration` of
// kafka-consumer-groups. Pure; milliseconds since 1970 in UTC.
// Kafka 3.0.0: org.apache.kafka.common.utils.Utils.getDateTime (java.text.SimpleDateFormat, not lenient);
// java.time.Duration.parse, Instant.minus.
// Simplified: dates before 1582-10-15 are of the Gregorian calendar, in Java of the Julian one.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kafkasim::tools {

/// A Java exception: class and message.
struct JavaException {
    std::string exception;
    std::string message;
};

template <typename T>
struct JavaResult {
    std::optional<T> value;
    JavaException thrown;  // if there is no value
};

/// Utils.getDateTime: "yyyy-MM-dd'T'HH:mm:ss.SSS" with Z, +hh, +hh:mm or nothing (UTC). What follows is not looked
/// at.
JavaResult<int64_t> parse_date_time(std::string_view text);

/// java.time.Duration: `nanos` is 0 to 999999999.
struct JavaDuration {
    int64_t seconds = 0;
    int32_t nanos = 0;
    bool operator==(const JavaDuration&) const = default;
};
/// Duration.parse: "PnDTnHnMn.nS", signs before each number and before the P.
JavaResult<JavaDuration> parse_duration(std::string_view text);
/// Instant.now().minus(duration).toEpochMilli().
JavaResult<int64_t> before(int64_t now_ms, const JavaDuration& duration);

}  // namespace kafkasim::tools
