// SPDX-License-Identifier: Apache-2.0
#include "sim/world/wall_clock.hpp"

#include "tests/catch.hpp"

using namespace kafkasim;
using sim::WallClock;

TEST_CASE("the tutorial's clock shows Seoul's time") {
    const WallClock clock;
    CHECK(clock.stamp(Instant{20s + 944ms}) == "2022-01-01 01:08:20,944");
    CHECK(clock.at(Instant{}).value == 1640966880000);
}

TEST_CASE("ISO 8601 with an offset is read") {
    struct Row {
        const char* text;
        int64_t millis;
        const char* stamp;
    };
    for (const Row& row : {Row{"2022-01-01T01:08:00+09:00", 1640966880000, "2022-01-01 01:08:00,000"},
                           Row{"1970-01-01T00:00:00Z", 0, "1970-01-01 00:00:00,000"},
                           Row{"2024-02-29T23:59:59.500-03:30", 1709263799500 + 0, "2024-02-29 23:59:59,500"}}) {
        CAPTURE(row.text);
        const auto clock = WallClock::parse(row.text);
        REQUIRE(clock);
        CHECK(clock->start.value == row.millis);
        CHECK(clock->stamp(Instant{}) == row.stamp);
    }
    for (const char* text : {"", "2022-01-01", "2022-13-01T00:00:00Z", "2022-01-01T25:00:00Z", "2022-01-01T00:00:00",
                             "2022-01-01T00:00:00+9"}) {
        CAPTURE(text);
        CHECK_FALSE(WallClock::parse(text));
    }
}
