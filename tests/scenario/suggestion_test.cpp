// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/suggestion.hpp"

#include "tests/catch.hpp"

using namespace kafkasim::sim::scenario;

TEST_CASE("edit distance counts letters added, taken, changed and swapped") {
    CHECK(edit_distance("", "") == 0);
    CHECK(edit_distance("abc", "") == 3);
    CHECK(edit_distance("expct", "expect") == 1);
    CHECK(edit_distance("rnu", "run") == 1);
    CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("the nearest word is suggested only if it is near") {
    CHECK(nearest("rnu", {"stop", "run", "start"}) == "run");
    CHECK(nearest("STOP", {"stop", "run"}) == "stop");
    CHECK(nearest("elephant", {"stop", "run"}).empty());
    CHECK(nearest("x", {"y"}).empty());
    CHECK(nearest("", {}).empty());
}
