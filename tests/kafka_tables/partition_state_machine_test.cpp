// SPDX-License-Identifier: Apache-2.0
// The 22 cases of Kafka 3.0.0's PartitionStateMachineTest, by their names: a partition t-0 whose controller is broker 5
// with epoch 50 is told to move; legal moves are made, illegal ones change nothing, an election that fails leaves the
// partition where it was.
#include "tests/catch.hpp"
#include "tests/kafka_tables/state_machines.hpp"

using namespace kafkasim;
using namespace kafkasim::controller;
using namespace kafkasim::test;

namespace {

using enum PartitionState;

/// Moves that need no leader: from one state to another, and where it ends.
struct Row {
    std::string name;
    PartitionState from;
    PartitionState to;
    PartitionState ends;
};

// clang-format off
const std::vector<Row> kMoves = {
    {"testNonexistentPartitionToNewPartitionTransition",            NonExistentPartition, NewPartition,         NewPartition},
    {"testInvalidNonexistentPartitionToOnlinePartitionTransition",  NonExistentPartition, OnlinePartition,      NonExistentPartition},
    {"testInvalidNonexistentPartitionToOfflinePartitionTransition", NonExistentPartition, OfflinePartition,     NonExistentPartition},
    {"testNewPartitionToOfflinePartitionTransition",                NewPartition,         OfflinePartition,     OfflinePartition},
    {"testInvalidNewPartitionToNonexistentPartitionTransition",     NewPartition,         NonExistentPartition, NewPartition},
    {"testOnlinePartitionToOfflineTransition",                      OnlinePartition,      OfflinePartition,     OfflinePartition},
    {"testInvalidOnlinePartitionToNonexistentPartitionTransition",  OnlinePartition,      NonExistentPartition, OnlinePartition},
    {"testInvalidOnlinePartitionToNewPartitionTransition",          OnlinePartition,      NewPartition,         OnlinePartition},
    {"testOfflinePartitionToNonexistentPartitionTransition",        OfflinePartition,     NonExistentPartition, NonExistentPartition},
    {"testInvalidOfflinePartitionToNewPartitionTransition",         OfflinePartition,     NewPartition,         OfflinePartition},
};

/// Moves to OnlinePartition, with ZooKeeper.
enum class ZooKeeper : uint8_t { Works, Fails, StateExists, StateMissing };

struct Election {
    std::string name;
    PartitionState from;
    std::vector<int32_t> live;
    std::vector<int32_t> shutting_down;
    std::vector<int32_t> replicas;
    std::optional<int32_t> leader;  // as stored before; nullopt: there is no state yet
    std::vector<int32_t> isr;
    Strategy strategy;
    ZooKeeper zookeeper;
    PartitionState ends;
    std::string stored;
    std::vector<std::string> leader_and_isr;
};

constexpr Strategy kUnclean{Strategy::Kind::OfflinePartition, true};

const std::vector<Election> kElections = {
    {"testNewPartitionToOnlinePartitionTransition",
     NewPartition, {5}, {}, {5}, std::nullopt, {}, kOfflinePartition, ZooKeeper::Works,
     OnlinePartition, "leader=5 epoch=0 isr=5 v0", {"to 5: LeaderAndIsr t-0 leader=5 epoch=0 isr=5 v0 new"}},
    {"testNewPartitionToOnlinePartitionTransitionZooKeeperClientExceptionFromCreateStates",
     NewPartition, {5}, {}, {5}, std::nullopt, {}, kOfflinePartition, ZooKeeper::Fails,
     NewPartition, "none", {}},
    {"testNewPartitionToOnlinePartitionTransitionErrorCodeFromCreateStates",
     NewPartition, {5}, {}, {5}, 5, {5}, kOfflinePartition, ZooKeeper::StateExists,
     NewPartition, "leader=5 epoch=0 isr=5 v0", {}},
    {"testOnlinePartitionToOnlineTransition",
     OnlinePartition, {5}, {}, {5}, 5, {5}, kPreferredReplica, ZooKeeper::Works,
     OnlinePartition, "leader=5 epoch=1 isr=5 v1", {"to 5: LeaderAndIsr t-0 leader=5 epoch=1 isr=5 v1"}},
    {"testOnlinePartitionToOnlineTransitionForControlledShutdown",
     OnlinePartition, {5, 6}, {5}, {5, 6}, 5, {5, 6}, kControlledShutdown, ZooKeeper::Works,
     OnlinePartition, "leader=6 epoch=1 isr=6 v1",
     // also to the one that shuts down
     {"to 5: LeaderAndIsr t-0 leader=6 epoch=1 isr=6 v1", "to 6: LeaderAndIsr t-0 leader=6 epoch=1 isr=6 v1"}},
    {"testOfflinePartitionToOnlinePartitionTransition",
     OfflinePartition, {5}, {}, {5}, -1, {5}, kOfflinePartition, ZooKeeper::Works,
     OnlinePartition, "leader=5 epoch=1 isr=5 v1", {"to 5: LeaderAndIsr t-0 leader=5 epoch=1 isr=5 v1"}},
    {"testOfflinePartitionToUncleanOnlinePartitionTransition",
     OfflinePartition, {5}, {}, {6, 5}, 6, {6}, kUnclean, ZooKeeper::Works,
     OnlinePartition, "leader=5 epoch=1 isr=5 v1", {"to 5: LeaderAndIsr t-0 leader=5 epoch=1 isr=5 v1"}},
    {"testOfflinePartitionToOnlinePartitionTransitionZooKeeperClientExceptionFromStateLookup",
     OfflinePartition, {5}, {}, {5}, -1, {5}, kOfflinePartition, ZooKeeper::Fails,
     OfflinePartition, "leader=-1 epoch=0 isr=5 v0", {}},
    {"testOfflinePartitionToOnlinePartitionTransitionErrorCodeFromStateLookup",
     OfflinePartition, {5}, {}, {5}, -1, {5}, kOfflinePartition, ZooKeeper::StateMissing,
     OfflinePartition, "none", {}},
};
// clang-format on

void give(StateMachines& test, const Election& row) {
    test.set_live_brokers(row.live);
    for (const int32_t id : row.shutting_down) test.context().shutting_down_broker_ids.insert(BrokerId{id});
    test.assign(row.replicas);
    test.context().partition_states[test.partition] = row.from;
    if (row.leader) test.put_leadership(*row.leader, row.isr);
    if (row.zookeeper == ZooKeeper::StateMissing) test.remove_state();
    test.zookeeper_fails = row.zookeeper == ZooKeeper::Fails;
}

/// Four partitions of topic "test" on broker 5.
StateMachines& with_four_partitions(StateMachines& test) {
    test.set_live_brokers({5});
    test.partitions.clear();
    for (const int32_t id : {0, 1, 2, 3}) {
        const TopicPartition tp{TopicName("test"), id};
        test.partitions.push_back(tp);
        test.context().assignments[tp].replicas = {BrokerId{5}};
    }
    return test;
}

}  // namespace

TEST_CASE("PartitionStateMachineTest: moves that need no leader", "[kafka_tables]") {
    REQUIRE(kMoves.size() + kElections.size() == 22 - 3);  // those about the count of offline partitions are below
    for (const Row& row : kMoves) {
        DYNAMIC_SECTION(row.name) {
            StateMachines test;
            test.context().partition_states[test.partition] = row.from;
            if (row.to == OnlinePartition) {
                test.partitions_online(kOfflinePartition);
            } else {
                test.partitions_to(row.to);
            }
            CHECK(test.partition_state() == row.ends);
            CHECK(test.world.has_log("Partition t-0 should be in one of") == (row.from == row.ends));
        }
    }
}

TEST_CASE("PartitionStateMachineTest: moves to OnlinePartition", "[kafka_tables]") {
    for (const Election& row : kElections) {
        DYNAMIC_SECTION(row.name) {
            StateMachines test;
            give(test, row);
            test.partitions_online(row.strategy);
            CHECK(test.partition_state() == row.ends);
            CHECK(test.stored() == row.stored);
            CHECK(test.sent("LeaderAndIsr") == row.leader_and_isr);
            CHECK(test.world.has_log("failed to change state for partition t-0") == row.leader_and_isr.empty());
        }
    }
}

// Kafka counts offline partitions for a gauge; here it is asked who would stand for the next election.
TEST_CASE("PartitionStateMachineTest.testUpdatingOfflinePartitionsCount", "[kafka_tables]") {
    StateMachines test;
    with_four_partitions(test);
    test.create("/brokers/topics/test", "");
    test.partitions_to(NewPartition);
    test.partitions_to(OfflinePartition);
    CHECK(test.waiting_for_a_leader() == 4);
    // Theirs have the state of each partition in ZooKeeper already.
    test.create("/brokers/topics/test/partitions", "");
    for (const TopicPartition& tp : test.partitions) {
        test.create("/brokers/topics/test/partitions/" + std::to_string(tp.partition), "");
        test.create(zookeeper::partition_state_path(tp),
                    zookeeper::encode_partition_state({BrokerId{5}, 0, broker_ids({5}), 0}, 50));
    }
    test.partitions_online(kOfflinePartition);
    CHECK(test.waiting_for_a_leader() == 0);
    for (const TopicPartition& tp : test.partitions) CHECK(test.context().partition_state(tp) == OnlinePartition);
}

TEST_CASE("PartitionStateMachineTest.testNoOfflinePartitionsChangeForTopicsBeingDeleted", "[kafka_tables]") {
    StateMachines test;
    with_four_partitions(test);
    test.context().topics_to_be_deleted.insert(TopicName("test"));
    test.context().topics_with_deletion_started.insert(TopicName("test"));
    test.partitions_to(NewPartition);
    test.partitions_to(OfflinePartition);
    CHECK(test.waiting_for_a_leader() == 0);
}

TEST_CASE("PartitionStateMachineTest.testUpdatingOfflinePartitionsCountDuringTopicDeletion", "[kafka_tables]") {
    StateMachines test;
    with_four_partitions(test);
    test.partitions_to(NewPartition);
    test.partitions_to(OfflinePartition);
    CHECK(test.waiting_for_a_leader() == 4);
    test.context().topics_to_be_deleted.insert(TopicName("test"));
    CHECK(test.waiting_for_a_leader() == 0);
}
