// SPDX-License-Identifier: Apache-2.0

#include "core/tools/java_time.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>

namespace kafkasim::tools {
namespace {

constexpr int64_t kMillisPerMinute = 60'000;
constexpr int64_t kNanosPerSecond = 1'000'000'000;
constexpr int64_t kNanosPerMilli = 1'000'000;
constexpr int64_t kLastYear = 292'278'994;
// Instant.MIN and MAX, in seconds.
constexpr int64_t kFirstSecond = -31'557'014'167'219'200;
constexpr int64_t kLastSecond = 31'556'889'864'403'199;
constexpr std::string_view kTextParseException = "java.text.ParseException";
constexpr std::string_view kDateTimeParseException = "java.time.format.DateTimeParseException";
constexpr std::string_view kNoDuration = "Text cannot be parsed to a Duration";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <typename T>
JavaResult<T> thrown(std::string_view exception, std::string message) {
    return {std::nullopt, {std::string(exception), std::move(message)}};
}

/// How a time zone is written: X or XXX of SimpleDateFormat.
enum class Zone : uint8_t { Hours, HoursAndMinutes };

/// SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ss.SSS" + zone), not lenient.
class DateReader {
public:
    DateReader(std::string_view text, Zone zone) : rest_(text), zone_(zone) {}

    std::optional<int64_t> read() {
        const auto year = field(1, kLastYear, "-");
        const auto month = field(1, 12, "-");
        const auto day = field(1, 31, "T");
        const auto hour = field(0, 23, ":");
        const auto minute = field(0, 59, ":");
        const auto second = field(0, 59, ".");
        const auto milli = field(0, 999, "");
        const auto offset = zone();
        if (failed_) return std::nullopt;
        return millis_of(*year, *month, *day, ((*hour * 60 + *minute) * 60 + *second) * 1000 + *milli - *offset);
    }

private:
    /// A number after blanks, and what must follow it.
    std::optional<int64_t> field(int64_t least, int64_t most, std::string_view then) {
        while (rest_.starts_with(' ') || rest_.starts_with('\t')) rest_.remove_prefix(1);
        int64_t value = -1;
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (error != std::errc()) return fail();
        rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
        if (value < least || value > most || !rest_.starts_with(then)) return fail();
        rest_.remove_prefix(then.size());
        return value;
    }

    std::optional<int64_t> two_digits(int64_t most) {
        if (rest_.size() < 2 || !is_digit(rest_[0]) || !is_digit(rest_[1])) return fail();
        const int64_t value = (rest_[0] - '0') * 10 + (rest_[1] - '0');
        rest_.remove_prefix(2);
        return value > most ? fail() : std::optional(value);
    }

    /// Milliseconds east of Greenwich; a calendar that is not lenient knows -13:00 to +14:00.
    std::optional<int64_t> zone() {
        if (rest_.empty()) return fail();
        const char sign = rest_.front();
        rest_.remove_prefix(1);
        if (sign == 'Z') return 0;
        if (sign != '+' && sign != '-') return fail();
        const auto hours = two_digits(23);
        std::optional<int64_t> minutes = 0;
        if (zone_ == Zone::HoursAndMinutes) {
            if (!rest_.starts_with(':')) return fail();
            rest_.remove_prefix(1);
            minutes = two_digits(59);
        }
        if (!hours || !minutes) return fail();
        const int64_t offset = (*hours * 60 + *minutes) * (sign == '+' ? 1 : -1);
        return offset < -13 * 60 || offset > 14 * 60 ? fail() : std::optional(offset * kMillisPerMinute);
    }

    std::optional<int64_t> millis_of(int64_t year, int64_t month, int64_t day, int64_t of_day) {
        const int64_t last = last_day(year, month);
        if (day > last) return std::nullopt;
        // Days since 1970-01-01, counted in years that begin in March.
        const int64_t y = month <= 2 ? year - 1 : year;
        const int64_t in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        const int64_t era = y / 400;
        const int64_t in_era = y % 400;
        const int64_t days = era * 146'097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719'468;
        return days * 86'400'000 + of_day;
    }
    static int64_t last_day(int64_t year, int64_t month) {
        constexpr std::array<int64_t, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        return kDays[static_cast<size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
    }

    std::nullopt_t fail() {
        failed_ = true;
        return std::nullopt;
    }

    std::string_view rest_;
    Zone zone_;
    bool failed_ = false;
};

/// What `timestamp.split("T")[1]` is; nullopt if there is no such part.
std::optional<std::string_view> after_first_t(std::string_view text) {
    const size_t first = text.find('T');
    // Java's split forgets empty parts at the end.
    if (first == std::string_view::npos || text.find_first_not_of('T', first) == std::string_view::npos)
        return std::nullopt;
    const std::string_view rest = text.substr(first + 1);
    return rest.substr(0, rest.find('T'));
}

/// One part of a duration: its number as typed, empty if the part is not there.
struct DurationParts {
    bool negate = false;
    std::string_view days, hours, minutes, seconds, fraction;
};

/// Duration's regular expression.
class DurationReader {
public:
    explicit DurationReader(std::string_view text) : rest_(text) {}

    std::optional<DurationParts> read() {
        DurationParts parts;
        if (rest_.starts_with('-') || rest_.starts_with('+')) {
            parts.negate = rest_.front() == '-';
            rest_.remove_prefix(1);
        }
        if (!take('P')) return std::nullopt;
        parts.days = number('D');
        const std::string_view from_t = rest_;
        if (take('T')) {
            parts.hours = number('H');
            parts.minutes = number('M');
            read_seconds(parts);
            if (rest_.empty() && from_t == "T") return std::nullopt;
        }
        const bool any =
            !parts.days.empty() || !parts.hours.empty() || !parts.minutes.empty() || !parts.seconds.empty();
        return rest_.empty() && any ? std::optional(parts) : std::nullopt;
    }

private:
    static char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
    bool take(char letter) {
        if (rest_.empty() || upper(rest_.front()) != letter) return false;
        rest_.remove_prefix(1);
        return true;
    }
    /// [-+]?[0-9]+ at the beginning of `text`: its length.
    static size_t number_length(std::string_view text) {
        const size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
        size_t end = sign;
        while (end < text.size() && is_digit(text[end])) ++end;
        return end == sign ? 0 : end;
    }
    /// The number before `unit`; nothing is taken if it is not there.
    std::string_view number(char unit) {
        const size_t length = number_length(rest_);
        if (length == 0 || length == rest_.size() || upper(rest_[length]) != unit) return {};
        const std::string_view found = rest_.substr(0, length);
        rest_.remove_prefix(length + 1);
        return found;
    }
    void read_seconds(DurationParts& parts) {
        const std::string_view before = rest_;
        const size_t length = number_length(rest_);
        if (length == 0) return;
        const std::string_view whole = rest_.substr(0, length);
        rest_.remove_prefix(length);
        std::string_view fraction;
        if (rest_.starts_with('.') || rest_.starts_with(',')) {
            size_t end = 1;
            while (end < rest_.size() && end <= 9 && is_digit(rest_[end])) ++end;
            fraction = rest_.substr(1, end - 1);
            rest_.remove_prefix(end);
        }
        if (!take('S')) {
            rest_ = before;
            return;
        }
        parts.seconds = whole;
        parts.fraction = fraction;
    }

    std::string_view rest_;
};

/// A number times its unit in seconds; 0 if the part is not there, nullopt if it is too large.
std::optional<int64_t> seconds_of(std::string_view number, int64_t unit) {
    if (number.empty()) return 0;
    if (number.starts_with('+')) number.remove_prefix(1);
    int64_t value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc() || __builtin_mul_overflow(value, unit, &value)) return std::nullopt;
    return value;
}

int64_t nanos_of(const DurationParts& parts) {
    int64_t nanos = 0;
    for (size_t i = 0; i < 9; ++i) nanos = nanos * 10 + (i < parts.fraction.size() ? parts.fraction[i] - '0' : 0);
    return parts.seconds.starts_with('-') ? -nanos : nanos;
}

}  // namespace

JavaResult<int64_t> parse_date_time(std::string_view text) {
    const auto second_part = after_first_t(text);
    if (!second_part)
        return thrown<int64_t>(kTextParseException,
                               "Error parsing timestamp. It does not contain a 'T' according to ISO8601 format");
    std::string timestamp(text);
    if (second_part->find_first_of("+-Z") == std::string_view::npos) timestamp += 'Z';
    for (const Zone zone : {Zone::HoursAndMinutes, Zone::Hours}) {
        if (const auto millis = DateReader(timestamp, zone).read()) return {millis, {}};
    }
    return thrown<int64_t>(kTextParseException, fmt::format("Unparseable date: \"{}\"", timestamp));
}

JavaResult<JavaDuration> parse_duration(std::string_view text) {
    const std::optional<DurationParts> parts = DurationReader(text).read();
    if (!parts) return thrown<JavaDuration>(kDateTimeParseException, std::string(kNoDuration));
    struct Part {
        std::string_view number;
        int64_t unit;
        std::string_view name;
    };
    const std::array<Part, 4> all{Part{parts->days, 86'400, "days"}, Part{parts->hours, 3'600, "hours"},
                                  Part{parts->minutes, 60, "minutes"}, Part{parts->seconds, 1, "seconds"}};
    int64_t total = 0;
    bool overflow = false;
    for (const Part& part : all) {
        const auto seconds = seconds_of(part.number, part.unit);
        if (!seconds)
            return thrown<JavaDuration>(kDateTimeParseException, fmt::format("{}: {}", kNoDuration, part.name));
        overflow = __builtin_add_overflow(total, *seconds, &total) || overflow;
    }
    int64_t nanos = nanos_of(*parts);
    if (parts->negate) {
        overflow = __builtin_sub_overflow(int64_t{0}, total, &total) || overflow;
        nanos = -nanos;
    }
    if (nanos < 0) {
        overflow = __builtin_sub_overflow(total, int64_t{1}, &total) || overflow;
        nanos += kNanosPerSecond;
    }
    if (overflow) return thrown<JavaDuration>(kDateTimeParseException, fmt::format("{}: overflow", kNoDuration));
    return {JavaDuration{total, static_cast<int32_t>(nanos)}, {}};
}

JavaResult<int64_t> before(int64_t now_ms, const JavaDuration& duration) {
    int64_t seconds = 0;
    if (__builtin_sub_overflow(now_ms / 1000, duration.seconds, &seconds) ||
        __builtin_sub_overflow(seconds, int64_t{1}, &seconds))
        return thrown<int64_t>("java.lang.ArithmeticException", "long overflow");
    int64_t nanos = now_ms % 1000 * kNanosPerMilli - duration.nanos + kNanosPerSecond;
    seconds += nanos / kNanosPerSecond;
    nanos %= kNanosPerSecond;
    if (seconds < kFirstSecond || seconds > kLastSecond)
        return thrown<int64_t>("java.time.DateTimeException", "Instant exceeds minimum or maximum instant");
    int64_t millis = 0;
    if (__builtin_mul_overflow(seconds, int64_t{1000}, &millis) ||
        __builtin_add_overflow(millis, nanos / kNanosPerMilli, &millis))
        return thrown<int64_t>("java.lang.ArithmeticException", "long overflow");
    return {millis, {}};
}

}  // namespace kafkasim::tools
