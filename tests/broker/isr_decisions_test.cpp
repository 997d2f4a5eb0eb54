// SPDX-License-Identifier: Apache-2.0
// The decisions about the ISR and the high watermark, as tables. The four shrink cases are those of Kafka's
// IsrExpirationTest.
#include <string>

#include "core/broker/high_watermark.hpp"
#include "core/broker/isr.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::broker;

namespace {

constexpr Duration kLag = 30s;
Instant at(Duration since_start) { return Instant(since_start); }

Replica follower_at(int32_t id, int64_t end_offset, std::optional<Instant> caught_up) {
    Replica replica;
    replica.id = BrokerId{id};
    replica.log_end_offset = end_offset;
    replica.last_caught_up_time = caught_up;
    return replica;
}

IsrState committed(std::initializer_list<int32_t> ids) { return committed_isr(broker_ids(ids)); }
IsrState expanding(std::initializer_list<int32_t> ids, int32_t added) {
    return {IsrState::Kind::PendingExpand, broker_ids(ids), {BrokerId{added}}};
}
IsrState shrinking(std::initializer_list<int32_t> ids, int32_t gone) {
    return {IsrState::Kind::PendingShrink, broker_ids(ids), {BrokerId{gone}}};
}

}  // namespace

TEST_CASE("a follower that caught up once and then stopped fetching is out of sync after the lag time") {
    Replica follower = follower_at(2, 0, std::nullopt);
    follower.update_fetch_state(15, 0, at(0s), 15);
    CHECK_FALSE(out_of_sync(follower, 15, at(1s), kLag));
    CHECK_FALSE(out_of_sync(follower, 16, at(30s), kLag));
    CHECK(out_of_sync(follower, 16, at(30s) + 1us, kLag));
}

TEST_CASE("a follower that never fetched is out of sync after the lag time") {
    Replica follower;
    follower.id = BrokerId{2};
    follower.reset_last_caught_up(15, at(0s), at(0s));
    CHECK_FALSE(out_of_sync(follower, 15, at(30s), kLag));
    CHECK(out_of_sync(follower, 15, at(31s), kLag));
}

TEST_CASE("a follower that fetches but stays behind for the lag time is out of sync") {
    Replica follower = follower_at(2, 0, std::nullopt);
    follower.reset_last_caught_up(15, at(0s), at(0s));
    follower.update_fetch_state(10, 0, at(10s), 15);
    CHECK_FALSE(out_of_sync(follower, 15, at(20s), kLag));
    follower.update_fetch_state(11, 0, at(20s), 30);
    CHECK(out_of_sync(follower, 30, at(31s), kLag));
    SECTION("and in sync again when it reached the end of its previous fetch") {
        follower.update_fetch_state(30, 0, at(32s), 40);
        CHECK(follower.last_caught_up_time == at(20s));
        CHECK_FALSE(out_of_sync(follower, 40, at(33s), kLag));
    }
}

TEST_CASE("a follower at the end of an idle log is in sync however long it is silent") {
    Replica follower = follower_at(2, 0, std::nullopt);
    follower.update_fetch_state(15, 0, at(0s), 15);
    CHECK_FALSE(out_of_sync(follower, 15, at(100000s), kLag));
}

TEST_CASE("a follower that is always one fetch behind stays caught up") {
    Replica follower = follower_at(2, 0, std::nullopt);
    follower.reset_last_caught_up(0, at(0s), at(0s));
    for (int64_t round = 1; round < 100; ++round)
        follower.update_fetch_state((round - 1) * 10, 0, at(Seconds{round}), round * 10);
    CHECK(follower.last_caught_up_time == at(98s));
}

TEST_CASE("the shrink proposal names all that are out of sync, in ISR order, and never the leader") {
    const std::vector<Replica> followers{follower_at(1, 10, at(0s)), follower_at(3, 10, at(0s))};
    CHECK(out_of_sync_replicas(broker_ids({3, 2, 1}), BrokerId{2}, followers, 12, at(31s), kLag) == broker_ids({3, 1}));
    CHECK(out_of_sync_replicas(broker_ids({2, 9}), BrokerId{2}, followers, 12, at(0s), kLag) == broker_ids({9}));
    CHECK(maybe_shrink(committed({1, 2, 3}), {}) == std::nullopt);
    CHECK(maybe_shrink(expanding({1, 2}, 3), broker_ids({2})) == std::nullopt);
    CHECK(maybe_shrink(committed({1, 2, 3}), broker_ids({2}))->proposed_isr() == broker_ids({1, 3}));
}

TEST_CASE("a replica enters the ISR at the high watermark and the start of the leader's epoch") {
    struct Row {
        std::string name;
        IsrState isr;
        int64_t follower_end;
        int64_t high_watermark;
        std::optional<int64_t> epoch_start;
        bool expands;
    };
    const std::vector<Row> rows{
        {"at both", committed({1, 2}), 10, 10, 10, true},
        {"beyond both", committed({1, 2}), 12, 10, 3, true},
        {"below the high watermark", committed({1, 2}), 9, 10, 3, false},
        {"below the epoch's start (KAFKA-7128)", committed({1, 2}), 5, 4, 10, false},
        {"no epoch start: not the leader", committed({1, 2}), 10, 10, std::nullopt, false},
        {"already a member", committed({1, 2, 3}), 10, 10, 3, false},
        {"another expand is pending", expanding({1, 2}, 4), 10, 10, 3, false},
        {"a shrink is pending", shrinking({1, 2}, 2), 10, 10, 3, false},
    };
    for (const Row& row : rows) {
        INFO(row.name);
        CHECK(maybe_expand(row.isr, BrokerId{3}, row.follower_end, row.high_watermark, row.epoch_start).has_value() ==
              row.expands);
    }
}

TEST_CASE("a pending expand counts the newcomer, a pending shrink still counts the leaver") {
    CHECK(expanding({1, 2}, 3).maximal_isr() == broker_ids({1, 2, 3}));
    CHECK(expanding({1, 2}, 3).maximal_size() == 3);
    CHECK(expanding({1, 2}, 3).in_maximal_isr(BrokerId{3}));
    CHECK(shrinking({1, 2, 3}, 2).maximal_isr() == broker_ids({1, 2, 3}));
    CHECK(shrinking({1, 2, 3}, 2).proposed_isr() == broker_ids({1, 3}));
    CHECK(to_string(expanding({1, 2}, 3)) == "PendingExpandIsr(isr=Set(1, 2), newInSyncReplicaId=3)");
}

TEST_CASE("a newcomer is appended up to four members, beyond that the hash order counts") {
    CHECK(expanding({3, 1, 2}, 0).proposed_isr() == broker_ids({3, 1, 2, 0}));
    const std::vector<BrokerId> five = expanding({5, 3, 1, 2}, 4).proposed_isr();
    CHECK(five.size() == 5);
    CHECK(five != broker_ids({5, 3, 1, 2, 4}));
    CHECK(scala_set_order(broker_ids({4, 2, 1, 5, 3})) == five);
}

TEST_CASE("the high watermark is the lowest end of all that are in sync") {
    const Instant now = at(100s);
    struct Row {
        std::string name;
        int64_t current;
        int64_t leader_end;
        std::vector<Replica> followers;
        IsrState isr;
        std::optional<int64_t> next;
    };
    const std::vector<Row> rows{
        {"the leader alone", 3, 7, {}, committed({1}), 7},
        {"all of the ISR, not a majority",
         3,
         7,
         {follower_at(2, 7, now), follower_at(3, 5, now)},
         committed({1, 2, 3}),
         5},
        {"an unknown end blocks",
         3,
         7,
         {follower_at(2, 7, now), follower_at(3, -1, now)},
         committed({1, 2, 3}),
         std::nullopt},
        {"a silent one outside the ISR does not count",
         3,
         7,
         {follower_at(2, 7, now), follower_at(3, 4, at(69s))},
         committed({1, 2}),
         7},
        {"one that never was in sync does not count",
         3,
         7,
         {follower_at(2, 7, now), follower_at(3, 4, std::nullopt)},
         committed({1, 2}),
         7},
        {"one outside the ISR that was caught up lately does",
         3,
         7,
         {follower_at(2, 7, now), follower_at(3, 4, at(70s))},
         committed({1, 2}),
         4},
        {"one that is being added counts",
         3,
         7,
         {follower_at(2, 7, now), follower_at(3, 6, std::nullopt)},
         expanding({1, 2}, 3),
         6},
        {"one that is being taken out still counts", 3, 7, {follower_at(2, 4, std::nullopt)}, shrinking({1, 2}, 2), 4},
        {"never back", 6, 7, {follower_at(2, 5, now)}, committed({1, 2}), std::nullopt},
        {"not to the same", 5, 7, {follower_at(2, 5, now)}, committed({1, 2}), std::nullopt},
    };
    for (const Row& row : rows) {
        INFO(row.name);
        CHECK(next_high_watermark(row.current, row.leader_end, row.followers, row.isr, now, kLag) == row.next);
    }
}
