// SPDX-License-Identifier: Apache-2.0
#include "sim/world/wall_clock.hpp"

#include <fmt/format.h>

namespace kafkasim::sim {

namespace {

struct Civil {
    int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, milli = 0;
};

/// Days since 1970-01-01 of a proleptic Gregorian date, and back (Howard Hinnant's algorithms).
int64_t days_of(int64_t year, int64_t month, int64_t day) {
    const int64_t y = month <= 2 ? year - 1 : year;
    const int64_t era = (y >= 0 ? y : y - 399) / 400;
    const int64_t year_of_era = y - era * 400;
    const int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

Civil civil_of(int64_t millis) {
    constexpr int64_t kDay = 86400000;
    int64_t days = millis / kDay;
    int64_t rest = millis % kDay;
    if (rest < 0) {
        rest += kDay;
        --days;
    }
    const int64_t z = days + 719468;
    const int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    const int64_t day_of_era = z - era * 146097;
    const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t mp = (5 * day_of_year + 2) / 153;
    Civil c;
    c.day = day_of_year - (153 * mp + 2) / 5 + 1;
    c.month = mp < 10 ? mp + 3 : mp - 9;
    c.year = year_of_era + era * 400 + (c.month <= 2 ? 1 : 0);
    c.hour = rest / 3600000;
    c.minute = rest / 60000 % 60;
    c.second = rest / 1000 % 60;
    c.milli = rest % 1000;
    return c;
}

/// `digits` digits at `at`, which moves behind them; nullopt if there is something else.
std::optional<int64_t> number(std::string_view text, size_t& at, size_t digits) {
    if (at + digits > text.size()) return std::nullopt;
    int64_t value = 0;
    for (size_t i = 0; i < digits; ++i) {
        const char c = text[at++];
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

bool literal(std::string_view text, size_t& at, std::string_view allowed) {
    return at < text.size() && allowed.find(text[at++]) != std::string_view::npos;
}

/// "Z", "+09:00" or "-0330" to minutes.
std::optional<int32_t> zone(std::string_view text, size_t at) {
    if (text.substr(at) == "Z") return 0;
    if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return std::nullopt;
    const int sign = text[at++] == '-' ? -1 : 1;
    const auto hours = number(text, at, 2);
    if (at < text.size() && text[at] == ':') ++at;
    const auto minutes = number(text, at, 2);
    if (!hours || !minutes || at != text.size() || *hours > 18 || *minutes > 59) return std::nullopt;
    return static_cast<int32_t>(sign * (*hours * 60 + *minutes));
}

}  // namespace

std::string WallClock::stamp(Instant now) const {
    const Civil c = civil_of(at(now).value + int64_t{offset_minutes} * 60000);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02},{:03}", c.year, c.month, c.day, c.hour, c.minute, c.second,
                       c.milli);
}

std::string WallClock::time_of_day(Instant now) const {
    const Civil c = civil_of(at(now).value + int64_t{offset_minutes} * 60000);
    return fmt::format("{:02}:{:02}:{:02}.{:03}", c.hour, c.minute, c.second, c.milli);
}

std::optional<WallClock> WallClock::parse(std::string_view iso8601) {
    size_t at = 0;
    const auto year = number(iso8601, at, 4);
    if (!year || !literal(iso8601, at, "-")) return std::nullopt;
    const auto month = number(iso8601, at, 2);
    if (!month || !literal(iso8601, at, "-")) return std::nullopt;
    const auto day = number(iso8601, at, 2);
    if (!day || !literal(iso8601, at, "T ")) return std::nullopt;
    const auto hour = number(iso8601, at, 2);
    if (!hour || !literal(iso8601, at, ":")) return std::nullopt;
    const auto minute = number(iso8601, at, 2);
    if (!minute || !literal(iso8601, at, ":")) return std::nullopt;
    const auto second = number(iso8601, at, 2);
    int64_t milli = 0;
    if (at < iso8601.size() && iso8601[at] == '.') {
        const auto fraction = number(iso8601, ++at, 3);
        if (!fraction) return std::nullopt;
        milli = *fraction;
    }
    const auto offset = zone(iso8601, at);
    const bool sane = second && offset && *month >= 1 && *month <= 12 && *day >= 1 && *day <= 31 && *hour < 24 &&
                      *minute < 60 && *second < 60;
    if (!sane) return std::nullopt;
    const int64_t local = ((days_of(*year, *month, *day) * 24 + *hour) * 60 + *minute) * 60 + *second;
    return WallClock{WallMillis{(local - int64_t{*offset} * 60) * 1000 + milli}, *offset};
}

}  // namespace kafkasim::sim
