// SPDX-License-Identifier: Apache-2.0
#include "sim/reports/table.hpp"

#include "tests/catch.hpp"

using namespace kafkasim::sim;

TEST_CASE("the table of a folder has a row for each producer, numbers to the right") {
    const std::vector<PlayedScenario> played{
        {"hard-stop", true, 3, 0x1f, {{"plain", 1000, 2, 1001, 0, 7}, {"idempotent", 9, 0, 9, 0, 0}}},
        {"clean", false, 3, 0xabcdef, {{"plain", 10, 0, 9, 1, 0}}},
        {"other", true, 3, 0, {}},
    };
    CHECK(table_of(played) ==
          "scenario   producer    claims       acknowledged  given up  read  lost  duplicated            digest\n"
          "hard-stop  plain       hold                 1000         2  1001     0           7  000000000000001f\n"
          "hard-stop  idempotent  hold                    9         0     9     0           0  000000000000001f\n"
          "clean      plain       DO NOT HOLD            10         0     9     1           0  0000000000abcdef\n"
          "other                  hold                                                         0000000000000000\n");
}

TEST_CASE("without producers the table of a folder tells of steps") {
    CHECK(table_of({{"a", true, 12, 1, {}}, {"long-name", false, 3, 2, {}}}) ==
          "scenario   claims       steps            digest\n"
          "a          hold            12  0000000000000001\n"
          "long-name  DO NOT HOLD      3  0000000000000002\n");
}

TEST_CASE("consumers have a table of their own, below the one of other scenarios") {
    const scenario::Consumption read{"c1,c2", 1200, 1190, 1190, 10, 0, 3};
    CHECK(
        table_of(
            {{"a", true, 12, 1, {}}, {"bounce", false, 3, 0xab, {}, {read, {"x1", 7, 7, std::nullopt, 0, 0, 1}}}}) ==
        "scenario  claims  steps            digest\n"
        "a         hold       12  0000000000000001\n"
        "\n"
        "scenario  consumers  claims       read  position  committed  twice  skipped  rebalances            digest\n"
        "bounce    c1,c2      DO NOT HOLD  1200      1190       1190     10        0           3  00000000000000ab\n"
        "bounce    x1         DO NOT HOLD     7         7                 0        0           1  00000000000000ab\n");
}
