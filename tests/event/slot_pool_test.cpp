// SPDX-License-Identifier: Apache-2.0

#include "sim/event/slot_pool.hpp"

#include <string>

#include "tests/catch.hpp"

using namespace kafkasim::sim;

TEST_CASE("a slot given back is used again, and its old id finds nothing", "[event]") {
    SlotPool<std::string> pool;
    const SlotId first = pool.put("one");
    const SlotId second = pool.put("two");
    CHECK(pool.size() == 2);
    CHECK(pool.take(first.index) == "one");
    const SlotId third = pool.put("three");
    CHECK(third.index == first.index);
    CHECK(third.generation != first.generation);
    CHECK(pool.find(first) == nullptr);
    REQUIRE(pool.find(third) != nullptr);
    CHECK(*pool.find(third) == "three");
    CHECK(pool.at(second.index) == "two");
    CHECK_FALSE(pool.release(first));
    CHECK(pool.release(second));
    CHECK_FALSE(pool.release(second));
    CHECK(pool.size() == 1);
    CHECK(pool.find(SlotId{}) == nullptr);
}

TEST_CASE("an item in use does not move when the pool grows, and a copy is its own", "[event]") {
    SlotPool<std::string> pool;
    const SlotId id = pool.put("here");
    const std::string* before = pool.find(id);
    for (int i = 0; i < 10'000; ++i) pool.put("more");
    CHECK(pool.find(id) == before);

    SlotPool<std::string> copy = pool;
    *copy.find(id) = "there";
    CHECK(*pool.find(id) == "here");
}
