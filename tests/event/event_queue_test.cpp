// SPDX-License-Identifier: Apache-2.0
// The radix ladder against the heap, its oracle: the same operations must give the same events in the same order.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/base/random.hpp"
#include "sim/event/event_heap.hpp"
#include "sim/event/radix_ladder.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::sim;

namespace {

/// The two queues, driven alike.
struct Pair {
    EventHeap heap;
    RadixLadder ladder;
    uint64_t sequence = 0;
    int64_t now = 0;

    void push(int64_t time) { push_as(time, ++sequence); }
    void push_as(int64_t time, uint64_t number) {
        const Event event{time, number, static_cast<EventKind>(number % 7), static_cast<uint32_t>(number)};
        heap.push(event);
        ladder.push(event);
    }
    void pop() {
        REQUIRE(ladder.size() == heap.size());
        REQUIRE(ladder.top() == heap.top());
        const Event event = heap.pop();
        REQUIRE(ladder.pop() == event);
        now = event.time_us;
    }
    void drain() {
        while (!heap.empty()) pop();
        REQUIRE(ladder.empty());
    }
};

/// Delays as simulations have them: now, a network hop, a back-off, a session timeout, a retention check.
int64_t random_delay(Prng& prng) {
    switch (prng.below(6)) {
        case 0:
            return 0;
        case 1:
            return prng.between(1, 8);
        case 2:
            return prng.between(200, 1000);
        case 3:
            return prng.between(0, 100'000);
        case 4:
            return 30'000'000 + prng.between(0, 3);
        case 5:
            return prng.between(0, 600'000'000'000);
    }
    return 0;
}

}  // namespace

TEST_CASE("both queues pop a hand-made list by time and then by sequence", "[event]") {
    const std::vector<int64_t> times = {5, 3, 5, 0, -7, 3, INT64_MAX, INT64_MIN, 1'000'000, 3};
    Pair queues;
    for (const int64_t time : times) queues.push(time);
    std::vector<std::pair<int64_t, uint64_t>> seen;
    while (!queues.ladder.empty()) {
        const Event event = queues.ladder.pop();
        REQUIRE(queues.heap.pop() == event);
        seen.emplace_back(event.time_us, event.sequence);
    }
    const std::vector<std::pair<int64_t, uint64_t>> expected = {
        {INT64_MIN, 8}, {-7, 5}, {0, 4}, {3, 2}, {3, 6}, {3, 10}, {5, 1}, {5, 3}, {1'000'000, 9}, {INT64_MAX, 7}};
    CHECK(seen == expected);
}

TEST_CASE("the ladder pops as the heap does under random pushes and pops", "[event]") {
    for (uint64_t seed = 0; seed < 20; ++seed) {
        Prng prng = stream(seed, "queue");
        Pair queues;
        const uint64_t most = 1 + prng.below(2000);
        for (int step = 0; step < 5000; ++step) {
            const bool push = queues.heap.empty() || (queues.heap.size() < most && prng.chance(11, 20));
            if (push) {
                queues.push(queues.now + random_delay(prng));
            } else {
                queues.pop();
            }
        }
        queues.drain();
    }
}

TEST_CASE("the ladder takes pushes with an old sequence number and before the time it looked ahead to", "[event]") {
    for (uint64_t seed = 0; seed < 20; ++seed) {
        Prng prng = stream(seed, "old sequences");
        Pair queues;
        for (int step = 0; step < 5000; ++step) {
            if (!queues.heap.empty() && prng.chance(2, 5)) {
                queues.pop();
            } else {
                if (!queues.heap.empty() && prng.chance(1, 2)) REQUIRE(queues.ladder.top() == queues.heap.top());
                const uint64_t shuffled = static_cast<uint64_t>(step) ^ (prng.below(64) << 32);  // unique, in no order
                // One draw a statement: the order within an expression is the compiler's.
                const int64_t delay = random_delay(prng);
                const auto divisor = static_cast<int64_t>(1 + prng.below(1000));
                const int64_t back = prng.between(0, 2);
                queues.push_as(queues.now + delay / divisor - back, shuffled);
            }
        }
        queues.drain();
    }
}

TEST_CASE("ten thousand events of one instant come in the order they were asked for", "[event]") {
    Pair queues;
    for (int i = 0; i < 10'000; ++i) queues.push(30'000'000);
    for (int i = 0; i < 5'000; ++i) {
        queues.pop();
        queues.push(30'000'000);
    }
    queues.drain();
    // In the worst order too: each new event belongs before all the others of the instant.
    queues.push_as(40'000'000, 1'000'000);
    queues.push_as(40'000'000, 1'000'001);
    REQUIRE(queues.ladder.top().sequence == 1'000'000);
    for (uint64_t i = 1; i < 5'000; ++i) queues.push_as(40'000'000, 1'000'000 - i);
    queues.drain();
}

TEST_CASE("erased events are gone and the others keep their order", "[event]") {
    Prng prng = stream(1, "erase");
    Pair queues;
    for (int round = 0; round < 50; ++round) {
        for (int i = 0; i < 300; ++i) queues.push(queues.now + random_delay(prng));
        for (int i = 0; i < 100; ++i) queues.pop();
        const uint64_t remainder = prng.below(3);
        const auto unwanted = [&](const Event& event) { return event.sequence % 3 == remainder; };
        queues.heap.erase_if(unwanted);
        queues.ladder.erase_if(unwanted);
    }
    queues.drain();
}

TEST_CASE("a copied queue goes on like the original", "[event]") {
    Prng prng = stream(1, "copy");
    RadixLadder original;
    for (uint64_t i = 1; i <= 1000; ++i) original.push(Event{random_delay(prng), i, 1, 0});
    for (int i = 0; i < 100; ++i) original.pop();
    RadixLadder copy = original;
    while (!original.empty()) REQUIRE(copy.pop() == original.pop());
    CHECK(copy.empty());
}
