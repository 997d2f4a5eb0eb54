// SPDX-License-Identifier: Apache-2.0

#include "core/tools/java_time.hpp"

#include <limits>

#include "tests/catch.hpp"

namespace kafkasim::tools {
namespace {

constexpr int64_t kDay = 86'400'000;
constexpr int64_t k2020 = 1'577'836'800'000;  // 2020-01-01T00:00:00.000Z

struct Date {
    std::string_view text;
    int64_t millis;
};
constexpr Date kDates[] = {
    {"2020-01-01T00:00:00.000", k2020},
    {"2020-01-01T00:00:00.000Z", k2020},
    {"2020-01-01T00:00:00.000+09:00", k2020 - 9 * 3'600'000},
    {"2020-01-01T00:00:00.000-03:30", k2020 + 12'600'000},
    {"2020-01-01T00:00:00.000+09", k2020 - 9 * 3'600'000},
    {"2020-01-01T00:00:00.000+0930", k2020 - 9 * 3'600'000},  // what follows the hours is not looked at
    {"2020-01-01T00:00:00.000Zulu", k2020},
    {"2020-02-29T23:59:59.999", k2020 + 60 * kDay - 1},
    {"2000-02-29T00:00:00.000", 951'782'400'000},
    {"2099-01-01T00:00:00.000+09:00", 4'070'876'400'000},
    {"1970-01-01T00:00:00.000", 0},
    {"1969-12-31T23:59:59.999", -1},
    {"2020-1-1T0:0:0.5", k2020 + 5},  // a fraction is a number of milliseconds
    {" 2020- 01-01T00:00:00.000", k2020},
    {"2020-01-01T00:00:00.000+14:00", k2020 - 14 * 3'600'000},
};

constexpr std::string_view kUnparseable[] = {
    "2020-01-01T00:00:00",           "2020-13-01T00:00:00.000",       "2020-00-01T00:00:00.000",
    "2021-02-29T00:00:00.000",       "1900-02-29T00:00:00.000",       "2020-01-01T24:00:00.000",
    "2020-01-01T00:60:00.000",       "2020-01-01T00:00:60.000",       "2020-01-01T00:00:00.1000",
    "2020-01-01T00:00:00.000+15:00", "2020-01-01T00:00:00.000+9:00x", "T1",
    "2020/01/01T00:00:00.000",       "0000-01-01T00:00:00.000",       "2020-01-01 T00:00:00.000",
};

struct Span {
    std::string_view text;
    JavaDuration duration;
};
constexpr Span kSpans[] = {
    {"PT5S", {5, 0}},
    {"P1D", {86'400, 0}},
    {"P1DT2H3M4.5S", {93'784, 500'000'000}},
    {"pt1h", {3'600, 0}},
    {"-PT1H", {-3'600, 0}},
    {"PT-6H+3M", {-21'420, 0}},
    {"-PT-6H+3M", {21'420, 0}},
    {"+PT0,1S", {0, 100'000'000}},
    {"PT1.S", {1, 0}},
    {"PT-0.5S", {-1, 500'000'000}},
    {"PT0.000000001S", {0, 1}},
    {"P1Dt", {86'400, 0}},  // only a capital T may not stand alone
};

constexpr std::string_view kNoSpans[] = {
    "1h", "", "P", "PT", "P1DT", "P1H", "PT1D", "P1W", "PT1S ", "PT.5S", "P1Y", "PTS", "PT1.1234567890S", "PT1M1H"};

}  // namespace

TEST_CASE("dates are read as SimpleDateFormat reads them") {
    for (const Date& each : kDates) {
        INFO(each.text);
        const auto parsed = parse_date_time(each.text);
        REQUIRE(parsed.value.has_value());
        CHECK(*parsed.value == each.millis);
    }
}

TEST_CASE("what is no date is named with the time zone that was added") {
    for (std::string_view text : kUnparseable) {
        INFO(text);
        const auto parsed = parse_date_time(text);
        CHECK(!parsed.value.has_value());
        CHECK(parsed.thrown.exception == "java.text.ParseException");
    }
    CHECK(parse_date_time("2020-01-01T00:00:00").thrown.message == "Unparseable date: \"2020-01-01T00:00:00Z\"");
    CHECK(parse_date_time("2020-01-01T00:00:00+09").thrown.message == "Unparseable date: \"2020-01-01T00:00:00+09\"");
    for (std::string_view text : {"yesterday", "2020-01-01T", "", "TT"}) {
        INFO(text);
        CHECK(parse_date_time(text).thrown.message ==
              "Error parsing timestamp. It does not contain a 'T' according to ISO8601 format");
    }
}

TEST_CASE("durations are read as Duration.parse reads them") {
    for (const Span& each : kSpans) {
        INFO(each.text);
        const auto parsed = parse_duration(each.text);
        REQUIRE(parsed.value.has_value());
        CHECK(*parsed.value == each.duration);
    }
}

TEST_CASE("what is no duration, or too long, is said as Java says it") {
    for (std::string_view text : kNoSpans) {
        INFO(text);
        const auto parsed = parse_duration(text);
        CHECK(!parsed.value.has_value());
        CHECK(parsed.thrown.message == "Text cannot be parsed to a Duration");
    }
    CHECK(parse_duration("P9223372036854775807D").thrown.message == "Text cannot be parsed to a Duration: days");
    CHECK(parse_duration("PT99999999999999999999S").thrown.message == "Text cannot be parsed to a Duration: seconds");
    CHECK(parse_duration("PT1M9223372036854775807S").thrown.message == "Text cannot be parsed to a Duration: overflow");
}

TEST_CASE("a duration before now is a time in milliseconds, rounded down") {
    CHECK(before(10'500, {5, 0}).value == 5'500);
    CHECK(before(10'500, {5, 600'000'000}).value == 4'900);
    CHECK(before(10'500, {0, 1}).value == 10'499);
    CHECK(before(1'000, {-5, 0}).value == 6'000);
    CHECK(before(1'000, {2, 0}).value == -1'000);
    CHECK(before(0, {40'000'000'000'000'000, 0}).thrown.message == "Instant exceeds minimum or maximum instant");
    CHECK(before(0, {10'000'000'000'000'000, 0}).thrown.message == "long overflow");
    CHECK(before(0, {std::numeric_limits<int64_t>::min(), 0}).thrown.message == "long overflow");
}

}  // namespace kafkasim::tools
