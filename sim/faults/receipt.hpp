// SPDX-License-Identifier: Apache-2.0
#pragma once
// Words of receipts.

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "core/base/time.hpp"

namespace kafkasim::sim {

/// "once", "17 times"
inline std::string times_text(uint64_t count) { return count == 1 ? "once" : fmt::format("{} times", count); }

/// "1 message", "3 messages"
inline std::string count_text(uint64_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// "50 ms", "5 s"
inline std::string span_text(Duration span) {
    const int64_t ms = millis_of(span);
    return ms % 1000 == 0 ? fmt::format("{} s", ms / 1000) : fmt::format("{} ms", ms);
}

/// "5 s ahead", "5 s behind"
inline std::string ahead_text(Duration ahead) {
    return ahead < Duration{} ? span_text(-ahead) + " behind" : span_text(ahead) + " ahead";
}

/// "is 5 s ahead", "is right"
inline std::string clock_text(Duration ahead) { return "is " + (ahead == Duration{} ? "right" : ahead_text(ahead)); }

}  // namespace kafkasim::sim
