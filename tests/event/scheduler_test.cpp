// SPDX-License-Identifier: Apache-2.0
// Timers against a plain ordered map, in which arming inserts and disarming erases: the laziness of the table must
// not be visible.

#include "sim/event/scheduler.hpp"

#include <map>
#include <utility>
#include <vector>

#include "core/base/random.hpp"
#include "sim/event/event_heap.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::sim;

namespace {

constexpr EventKind kMessage = 1;

Instant at(int64_t us) { return Instant{Duration{us}}; }

/// Does what Scheduler does with an ordered map and no cleverness.
struct Oracle {
    std::map<std::pair<int64_t, uint64_t>, std::pair<EventKind, uint32_t>> waiting;
    std::map<uint32_t, std::pair<int64_t, uint64_t>> armed;  // by timer slot
    uint64_t sequence = 0;

    void schedule(int64_t time, uint32_t slot) { waiting[{time, ++sequence}] = {kMessage, slot}; }
    void arm(uint32_t slot, int64_t deadline) {
        disarm(slot);
        armed[slot] = {deadline, ++sequence};
        waiting[armed[slot]] = {kTimerEvent, slot};
    }
    void disarm(uint32_t slot) {
        if (!armed.count(slot)) return;
        waiting.erase(armed[slot]);
        armed.erase(slot);
    }
    Event next() {
        const auto first = *waiting.begin();
        waiting.erase(waiting.begin());
        if (first.second.first == kTimerEvent) armed.erase(first.second.second);
        return Event{first.first.first, first.first.second, first.second.first, first.second.second};
    }
};

/// One random life of many timers; `span_us` small makes many coincide.
template <typename Scheduler>
struct Life {
    Prng prng;
    int64_t span_us;
    Scheduler scheduler;
    Oracle oracle;
    std::vector<TimerId> timers;
    size_t fired = 0;

    void step() {
        const int64_t now = scheduler.now().time_since_epoch().count();
        const uint64_t what = prng.below(10);
        if (timers.empty() || (what == 0 && timers.size() < 60)) {
            timers.push_back(scheduler.create_timer(timers.size()));
        } else if (what == 1 && prng.chance(1, 4)) {
            const TimerId id = timers[prng.below(timers.size())];
            scheduler.destroy_timer(id);
            oracle.disarm(id.slot);
            std::erase(timers, id);
        } else if (what <= 4) {
            const TimerId id = timers[prng.below(timers.size())];
            const int64_t deadline = now + prng.between(0, span_us);
            scheduler.arm(id, at(deadline));
            oracle.arm(id.slot, deadline);
        } else if (what == 5) {
            const TimerId id = timers[prng.below(timers.size())];
            scheduler.disarm(id);
            oracle.disarm(id.slot);
        } else if (what == 6) {
            const int64_t time = now + prng.between(0, span_us);
            scheduler.schedule(at(time), kMessage, 9);
            oracle.schedule(time, 9);
        } else {
            happen();
        }
    }

    void happen() {
        if (oracle.waiting.empty()) {
            REQUIRE_FALSE(scheduler.next());
            return;
        }
        const Event expected = oracle.next();
        if (prng.chance(1, 2)) REQUIRE(scheduler.next_time() == at(expected.time_us));
        REQUIRE_FALSE(scheduler.next_until(at(expected.time_us - 1)));
        const auto event = scheduler.next_until(at(expected.time_us));
        REQUIRE(event.has_value());
        REQUIRE(*event == expected);
        REQUIRE(scheduler.now() == at(expected.time_us));
        if (event->kind == kTimerEvent) ++fired;
    }

    void compare_timers() {
        for (const TimerId id : timers) {
            const auto found = oracle.armed.find(id.slot);
            REQUIRE(scheduler.armed(id) == (found != oracle.armed.end()));
            if (found != oracle.armed.end()) REQUIRE(scheduler.deadline(id) == at(found->second.first));
        }
    }
};

template <typename Scheduler>
void live(int64_t span_us) {
    size_t fired = 0;
    for (uint64_t seed = 0; seed < 8; ++seed) {
        Life<Scheduler> life{stream(seed, "timers"), span_us, {}, {}, {}};
        for (int i = 0; i < 5000; ++i) {
            life.step();
            if (i % 50 == 0) life.compare_timers();
        }
        while (!life.oracle.waiting.empty()) life.happen();
        REQUIRE_FALSE(life.scheduler.next());
        fired += life.fired;
    }
    CHECK(fired > 500);
}

}  // namespace

TEST_CASE("timers fire exactly as an ordered map of armings would have them", "[event]") {
    for (const int64_t span_us : {3, 100, 10'000, 30'000'000}) {
        live<Scheduler>(span_us);
        live<BasicScheduler<EventHeap>>(span_us);
    }
}

TEST_CASE("a timer re-armed for the same instant takes its place behind what was asked for meanwhile", "[event]") {
    Scheduler scheduler;
    const TimerId timer = scheduler.create_timer(77);
    scheduler.arm(timer, at(10));
    scheduler.schedule(at(10), kMessage, 1);
    scheduler.arm(timer, at(10), 5);
    CHECK(scheduler.next()->kind == kMessage);
    const auto event = scheduler.next();
    REQUIRE(event->kind == kTimerEvent);
    CHECK(scheduler.timers().tag(event->slot) == 77);
    CHECK(scheduler.timers().note(event->slot) == 5);
    CHECK(scheduler.timers().id_of(event->slot) == timer);
    CHECK_FALSE(scheduler.armed(timer));
    CHECK_FALSE(scheduler.next());
}

TEST_CASE("the id of a destroyed timer moves nothing", "[event]") {
    Scheduler scheduler;
    const TimerId old = scheduler.create_timer(1);
    scheduler.arm(old, at(10));
    scheduler.destroy_timer(old);
    const TimerId young = scheduler.create_timer(2);
    REQUIRE(young.slot == old.slot);
    scheduler.arm(old, at(5));
    scheduler.arm(young, at(20));
    scheduler.disarm(old);
    CHECK_FALSE(scheduler.armed(old));
    const auto event = scheduler.next();
    REQUIRE(event.has_value());
    CHECK(event->time_us == 20);
    CHECK_FALSE(scheduler.next());
}

TEST_CASE("a deadline that has passed counts as now", "[event]") {
    Scheduler scheduler;
    scheduler.advance_to(at(100));
    const TimerId timer = scheduler.create_timer(1);
    scheduler.arm(timer, at(50));
    CHECK(scheduler.next()->time_us == 100);
}

TEST_CASE("entries left behind by ever earlier deadlines do not pile up", "[event]") {
    Scheduler scheduler;
    const TimerId timer = scheduler.create_timer(1);
    for (int i = 0; i < 10'000; ++i) {
        const auto now = scheduler.now();
        scheduler.arm(timer, now + 30s);
        scheduler.arm(timer, now + 1ms);
        REQUIRE(scheduler.next()->kind == kTimerEvent);
        REQUIRE(scheduler.pending() < 200);
    }
    CHECK_FALSE(scheduler.next());
}

TEST_CASE("a timer re-armed for later a thousand times has one entry", "[event]") {
    Scheduler scheduler;
    const TimerId timer = scheduler.create_timer(1);
    for (int i = 0; i < 1000; ++i) scheduler.arm(timer, at(1000 + i));
    CHECK(scheduler.pending() == 1);
    CHECK(scheduler.next()->time_us == 1999);
}
