// SPDX-License-Identifier: Apache-2.0
#include "core/base/uuid.hpp"

#include "tests/catch.hpp"

using kafkasim::Uuid;

TEST_CASE("a topic id is printed as 22 characters of base64url and read back") {
    for (const char* text :
         {"2c7cvTC1QGKy2bu18revoA", "EJFAicezSDe360K5wnHzOw", "AAAAAAAAAAAAAAAAAAAAAA", "Lc_H_bABTdG1SVT-yTQgjA"}) {
        const auto id = Uuid::from_text(text);
        REQUIRE(id);
        CHECK(id->text() == text);
    }
}

TEST_CASE("what is not a topic id is refused") {
    for (const char* text : {"", "2c7cvTC1QGKy2bu18revo", "2c7cvTC1QGKy2bu18revoAA", "2c7cvTC1QGKy2bu18rev+A"}) {
        CAPTURE(text);
        CHECK_FALSE(Uuid::from_text(text));
    }
}

TEST_CASE("a random one says that it is of version 4") {
    const Uuid id = Uuid::random_from(0xffffffffffffffff, 0xffffffffffffffff);
    CHECK(id.hyphenated() == "ffffffff-ffff-4fff-bfff-ffffffffffff");
    CHECK(Uuid::random_from(0, 0).hyphenated() == "00000000-0000-4000-8000-000000000000");
}
