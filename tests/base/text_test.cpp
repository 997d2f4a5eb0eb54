// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.hpp"

#include "tests/catch.hpp"

using Parts = std::vector<std::string>;

TEST_CASE("lines: a last one without its end counts, empty ones in between do") {
    CHECK(kafkasim::lines_of("").empty());
    CHECK(kafkasim::lines_of("a\n") == Parts{"a"});
    CHECK(kafkasim::lines_of("a\n\nb") == Parts{"a", "", "b"});
    CHECK(kafkasim::split("3,1,2", ',') == Parts{"3", "1", "2"});
}
