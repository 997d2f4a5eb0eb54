// SPDX-License-Identifier: Apache-2.0
// The generator's numbers are part of every seed's meaning: a change of the algorithm must be noticed.

#include "core/base/random.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tests/catch.hpp"

using kafkasim::Prng;
using kafkasim::stream;

TEST_CASE("the generator is xoshiro256** seeded by splitmix64", "[random]") {
    struct Case {
        uint64_t seed;
        std::array<uint64_t, 4> expected;
    };
    // From the authors' description, computed independently (Python).
    const std::vector<Case> cases = {
        {0x0000000000000000ULL,
         {0x99EC5F36CB75F2B4ULL, 0xBF6E1F784956452AULL, 0x1A5F849D4933E6E0ULL, 0x6AA594F1262D2D2CULL}},
        {0x0000000000000001ULL,
         {0xB3F2AF6D0FC710C5ULL, 0x853B559647364CEAULL, 0x92F89756082A4514ULL, 0x642E1C7BC266A3A7ULL}},
        {0x000000000000002AULL,
         {0x15780B2E0C2EC716ULL, 0x6104D9866D113A7EULL, 0xAE17533239E499A1ULL, 0xECB8AD4703B360A1ULL}},
        {0xFFFFFFFFFFFFFFFFULL,
         {0x8F5520D52A7EAD08ULL, 0xC476A018CAA1802DULL, 0x81DE31C0D260469EULL, 0xBF658D7E065F3C2FULL}},
    };
    for (const Case& c : cases) {
        Prng prng(c.seed);
        for (const uint64_t expected : c.expected) CHECK(prng.next() == expected);
    }
}

TEST_CASE("a stream's first numbers are fixed by seed and name", "[random]") {
    struct Case {
        uint64_t seed;
        std::string_view name;
        uint64_t first;
        uint64_t below_1000;
    };
    const std::vector<Case> cases = {
        {1, "network", 0x1E3F26D7FDF54313ULL, 342},    {1, "faults", 0x0F96E41AB05F8FEFULL, 584},
        {2, "network", 0xB93DD5972269BAE2ULL, 68},     {42, "", 0xF495C77969963180ULL, 702},
        {42, "topic ids", 0xFA1D498CA5720CF2ULL, 628},
    };
    for (const Case& c : cases) {
        Prng prng = stream(c.seed, c.name);
        CHECK(prng.next() == c.first);
        CHECK(prng.below(1000) == c.below_1000);
    }
    CHECK(stream(1, "client", 0).next() != stream(1, "client", 1).next());
    CHECK(stream(1, "client", 0).next() != stream(1, "client").next());
}

TEST_CASE("drawing from one stream does not move another", "[random]") {
    Prng network = stream(42, "network");
    Prng faults = stream(42, "faults");
    const Prng untouched = faults;
    for (int i = 0; i < 1000; ++i) network.next();
    CHECK(faults == untouched);
    CHECK(network != stream(42, "network"));

    int equal_bits = 0;
    Prng a = stream(42, "network");
    for (int i = 0; i < 1000; ++i)
        equal_bits += static_cast<int>(a.next() >> 63) == static_cast<int>(faults.next() >> 63);
    CHECK(equal_bits > 400);
    CHECK(equal_bits < 600);
}

TEST_CASE("a copied generator goes on like the original", "[random]") {
    Prng original(7);
    original.next();
    Prng copy = original;
    for (int i = 0; i < 100; ++i) CHECK(copy.below(97) == original.below(97));
    CHECK(copy == original);
}

TEST_CASE("below draws every value about equally often and never the bound", "[random]") {
    Prng prng(3);
    std::array<int, 7> seen{};
    for (int i = 0; i < 70000; ++i) {
        const uint64_t value = prng.below(7);
        REQUIRE(value < 7);
        ++seen[value];
    }
    for (const int count : seen) {
        CHECK(count > 9500);
        CHECK(count < 10500);
    }
    CHECK(prng.below(0) == 0);
    CHECK(prng.below(1) == 0);
    // Plain `% bound` would fall into the lower half twice as often here.
    const uint64_t bound = 3ULL << 62;
    int lower = 0;
    for (int i = 0; i < 3000; ++i) lower += prng.below(bound) < bound / 3 ? 1 : 0;
    CHECK(lower > 850);
    CHECK(lower < 1150);
}

TEST_CASE("between includes both ends and any width", "[random]") {
    Prng prng(5);
    bool low = false;
    bool high = false;
    for (int i = 0; i < 1000; ++i) {
        const int64_t value = prng.between(-2, 2);
        REQUIRE(value >= -2);
        REQUIRE(value <= 2);
        low = low || value == -2;
        high = high || value == 2;
    }
    CHECK(low);
    CHECK(high);
    CHECK(prng.between(9, 9) == 9);
    CHECK(prng.between(9, 3) == 9);
    bool negative = false;
    bool positive = false;
    for (int i = 0; i < 100; ++i) (prng.between(INT64_MIN, INT64_MAX) < 0 ? negative : positive) = true;
    CHECK(negative);
    CHECK(positive);
}

TEST_CASE("chance is true in the ratio that was asked for", "[random]") {
    Prng prng(11);
    int hits = 0;
    for (int i = 0; i < 30000; ++i) hits += prng.chance(1, 3) ? 1 : 0;
    CHECK(hits > 9500);
    CHECK(hits < 10500);
    CHECK_FALSE(prng.chance(0, 5));
    CHECK(prng.chance(5, 5));
}
