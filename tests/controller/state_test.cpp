// SPDX-License-Identifier: Apache-2.0
// Which states may follow which, as tables (spec/02 sections 5 and 6), and what a replica that goes offline does to
// a partition's state.
#include <map>
#include <set>
#include <vector>

#include "core/controller/partition_state.hpp"
#include "core/controller/remove_from_isr.hpp"
#include "core/controller/replica_state.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::controller;

TEST_CASE("a partition moves only along legal transitions", "[controller]") {
    using enum PartitionState;
    const std::vector<PartitionState> all = {NewPartition, OnlinePartition, OfflinePartition, NonExistentPartition};
    const std::map<PartitionState, std::set<PartitionState>> legal = {
        {NewPartition, {NonExistentPartition}},
        {OnlinePartition, {NewPartition, OnlinePartition, OfflinePartition}},
        {OfflinePartition, {NewPartition, OnlinePartition, OfflinePartition}},
        {NonExistentPartition, {OfflinePartition}},
    };
    for (const PartitionState to : all) {
        for (const PartitionState from : all) {
            INFO(name_of(from) << " -> " << name_of(to));
            CHECK(is_valid_transition(from, to) == legal.at(to).contains(from));
        }
    }
}

TEST_CASE("a replica moves only along legal transitions", "[controller]") {
    using enum ReplicaState;
    const std::vector<ReplicaState> all = {NewReplica,
                                           OnlineReplica,
                                           OfflineReplica,
                                           ReplicaDeletionStarted,
                                           ReplicaDeletionSuccessful,
                                           ReplicaDeletionIneligible,
                                           NonExistentReplica};
    const std::map<ReplicaState, std::set<ReplicaState>> legal = {
        {NewReplica, {NonExistentReplica}},
        {OnlineReplica, {NewReplica, OnlineReplica, OfflineReplica, ReplicaDeletionIneligible}},
        {OfflineReplica, {NewReplica, OnlineReplica, OfflineReplica, ReplicaDeletionIneligible}},
        {ReplicaDeletionStarted, {OfflineReplica}},
        {ReplicaDeletionSuccessful, {ReplicaDeletionStarted}},
        {ReplicaDeletionIneligible, {OfflineReplica, ReplicaDeletionStarted}},
        {NonExistentReplica, {ReplicaDeletionSuccessful}},
    };
    for (const ReplicaState to : all) {
        for (const ReplicaState from : all) {
            INFO(name_of(from) << " -> " << name_of(to));
            CHECK(is_valid_transition(from, to) == legal.at(to).contains(from));
        }
    }
}

TEST_CASE("a replica that goes offline leaves the Isr", "[controller]") {
    const LeaderAndIsr state{BrokerId{1}, 3, broker_ids({2, 1, 3}), 8};
    SECTION("a follower: the leader stays, the order stays, one epoch up") {
        CHECK(*without_replica(state, BrokerId{3}) == LeaderAndIsr{BrokerId{1}, 4, broker_ids({2, 1}), 8});
    }
    SECTION("the leader: nobody leads") {
        CHECK(*without_replica(state, BrokerId{1}) == LeaderAndIsr{kNoBroker, 4, broker_ids({2, 3}), 8});
    }
    SECTION("the last member stays in the Isr") {
        const LeaderAndIsr last{BrokerId{3}, 0, broker_ids({3}), 0};
        CHECK(*without_replica(last, BrokerId{3}) == LeaderAndIsr{kNoBroker, 1, broker_ids({3}), 0});
    }
    SECTION("who is not in the Isr changes nothing") { CHECK_FALSE(without_replica(state, BrokerId{4})); }
}
