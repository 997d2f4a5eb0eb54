// SPDX-License-Identifier: Apache-2.0
// Nothing is allocated per event in the steady state. This file replaces the test binary's operator new to count;
// the count only
// grows, and every other test is free to ignore it. Not in sanitize builds, where the sanitizer's own operator new
// must stay.

#ifndef __SANITIZE_ADDRESS__

#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <vector>

#include "core/base/random.hpp"
#include "sim/event/scheduler.hpp"
#include "sim/event/slot_pool.hpp"
#include "tests/catch.hpp"

namespace {

std::atomic<uint64_t> allocations{0};

void* counted(std::size_t size) {
    ++allocations;
    if (void* place = std::malloc(size == 0 ? 1 : size)) return place;
    std::abort();
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* place) noexcept { std::free(place); }
void operator delete[](void* place) noexcept { std::free(place); }
void operator delete(void* place, std::size_t) noexcept { std::free(place); }
void operator delete[](void* place, std::size_t) noexcept { std::free(place); }

using namespace kafkasim;
using namespace kafkasim::sim;

namespace {

struct Message {
    std::array<uint64_t, 6> words{};
};

/// Messages to and fro, each of which moves a connection's request timeout.
struct Traffic {
    Scheduler scheduler;
    SlotPool<Message> messages;
    std::vector<TimerId> timeouts;
    Prng prng = stream(1, "traffic");

    explicit Traffic(uint32_t connections) {
        for (uint32_t i = 0; i < connections; ++i) {
            timeouts.push_back(scheduler.create_timer(i));
            send(i);
        }
    }
    void send(uint32_t connection) {
        Message message;
        message.words[0] = connection;
        scheduler.schedule(scheduler.now() + Duration{prng.between(200, 20'000)}, 1, messages.put(message).index);
        scheduler.arm(timeouts[connection], scheduler.now() + 10ms);
    }
    void run(int events) {
        for (int i = 0; i < events; ++i) {
            const auto event = scheduler.next();
            if (event->kind == kTimerEvent) continue;
            send(static_cast<uint32_t>(messages.take(event->slot).words[0]));
        }
    }
};

}  // namespace

TEST_CASE("nothing is allocated per event in the steady state", "[event]") {
    const uint64_t at_start = allocations;
    Traffic traffic(500);
    traffic.run(200'000);
    const uint64_t warm = allocations;
    REQUIRE(warm > at_start);  // counting works
    traffic.run(200'000);
    CHECK(allocations == warm);
}

#endif  // __SANITIZE_ADDRESS__
