// SPDX-License-Identifier: Apache-2.0
// The 45 cases of Kafka 3.0.0's ReplicaStateMachineTest, by their names: replica 5 of partition t-0, whose controller
// is broker 5 with epoch 50, is told to move.
#include "tests/catch.hpp"
#include "tests/kafka_tables/state_machines.hpp"

using namespace kafkasim;
using namespace kafkasim::controller;
using namespace kafkasim::test;

namespace {

using enum ReplicaState;

struct Row {
    std::string name;
    ReplicaState from;
    ReplicaState to;
    bool legal;
    std::vector<std::string> sent;  // besides UpdateMetadata
};

const std::string kOnline = "to 5: LeaderAndIsr t-0 leader=5 epoch=0 isr=5 v0";
const std::string kDelete = "to 5: StopReplica t-0 epoch=0 delete";

// Given: broker 5 is live, t-0 has the replica 5 alone, which leads with epoch 0.
// clang-format off
const std::vector<Row> kRows = {
    {"testInvalidNonexistentReplicaToOnlineReplicaTransition",             NonExistentReplica,        OnlineReplica,             false, {}},
    {"testInvalidNonexistentReplicaToOfflineReplicaTransition",            NonExistentReplica,        OfflineReplica,            false, {}},
    {"testInvalidNonexistentReplicaToReplicaDeletionStartedTransition",    NonExistentReplica,        ReplicaDeletionStarted,    false, {}},
    {"testInvalidNonexistentReplicaToReplicaDeletionIneligibleTransition", NonExistentReplica,        ReplicaDeletionIneligible, false, {}},
    {"testInvalidNonexistentReplicaToReplicaDeletionSuccessfulTransition", NonExistentReplica,        ReplicaDeletionSuccessful, false, {}},
    {"testInvalidNewReplicaToNonexistentReplicaTransition",                NewReplica,                NonExistentReplica,        false, {}},
    {"testNewReplicaToOnlineReplicaTransition",                            NewReplica,                OnlineReplica,             true,  {}},
    {"testInvalidNewReplicaToReplicaDeletionStartedTransition",            NewReplica,                ReplicaDeletionStarted,    false, {}},
    {"testInvalidNewReplicaToReplicaDeletionIneligibleTransition",         NewReplica,                ReplicaDeletionIneligible, false, {}},
    {"testInvalidNewReplicaToReplicaDeletionSuccessfulTransition",         NewReplica,                ReplicaDeletionSuccessful, false, {}},
    {"testInvalidOnlineReplicaToNonexistentReplicaTransition",             OnlineReplica,             NonExistentReplica,        false, {}},
    {"testInvalidOnlineReplicaToNewReplicaTransition",                     OnlineReplica,             NewReplica,                false, {}},
    {"testOnlineReplicaToOnlineReplicaTransition",                         OnlineReplica,             OnlineReplica,             true,  {kOnline}},
    {"testInvalidOnlineReplicaToReplicaDeletionStartedTransition",         OnlineReplica,             ReplicaDeletionStarted,    false, {}},
    {"testInvalidOnlineReplicaToReplicaDeletionIneligibleTransition",      OnlineReplica,             ReplicaDeletionIneligible, false, {}},
    {"testInvalidOnlineReplicaToReplicaDeletionSuccessfulTransition",      OnlineReplica,             ReplicaDeletionSuccessful, false, {}},
    {"testInvalidOfflineReplicaToNonexistentReplicaTransition",            OfflineReplica,            NonExistentReplica,        false, {}},
    {"testInvalidOfflineReplicaToNewReplicaTransition",                    OfflineReplica,            NewReplica,                false, {}},
    {"testOfflineReplicaToOnlineReplicaTransition",                        OfflineReplica,            OnlineReplica,             true,  {kOnline}},
    {"testOfflineReplicaToReplicaDeletionStartedTransition",               OfflineReplica,            ReplicaDeletionStarted,    true,  {kDelete}},
    {"testOfflineReplicaToReplicaDeletionIneligibleTransition",            OfflineReplica,            ReplicaDeletionIneligible, true,  {}},
    {"testInvalidOfflineReplicaToReplicaDeletionSuccessfulTransition",     OfflineReplica,            ReplicaDeletionSuccessful, false, {}},
    {"testInvalidReplicaDeletionStartedToNonexistentReplicaTransition",    ReplicaDeletionStarted,    NonExistentReplica,        false, {}},
    {"testInvalidReplicaDeletionStartedToNewReplicaTransition",            ReplicaDeletionStarted,    NewReplica,                false, {}},
    {"testInvalidReplicaDeletionStartedToOnlineReplicaTransition",         ReplicaDeletionStarted,    OnlineReplica,             false, {}},
    {"testInvalidReplicaDeletionStartedToOfflineReplicaTransition",        ReplicaDeletionStarted,    OfflineReplica,            false, {}},
    {"testReplicaDeletionStartedToReplicaDeletionIneligibleTransition",    ReplicaDeletionStarted,    ReplicaDeletionIneligible, true,  {}},
    {"testReplicaDeletionStartedToReplicaDeletionSuccessfulTransition",    ReplicaDeletionStarted,    ReplicaDeletionSuccessful, true,  {}},
    {"testReplicaDeletionSuccessfulToNonexistentReplicaTransition",        ReplicaDeletionSuccessful, NonExistentReplica,        true,  {}},
    {"testInvalidReplicaDeletionSuccessfulToNewReplicaTransition",         ReplicaDeletionSuccessful, NewReplica,                false, {}},
    {"testInvalidReplicaDeletionSuccessfulToOnlineReplicaTransition",      ReplicaDeletionSuccessful, OnlineReplica,             false, {}},
    {"testInvalidReplicaDeletionSuccessfulToOfflineReplicaTransition",     ReplicaDeletionSuccessful, OfflineReplica,            false, {}},
    {"testInvalidReplicaDeletionSuccessfulToReplicaDeletionStartedTransition",
                                                                           ReplicaDeletionSuccessful, ReplicaDeletionStarted,    false, {}},
    {"testInvalidReplicaDeletionSuccessfulToReplicaDeletionIneligibleTransition",
                                                                           ReplicaDeletionSuccessful, ReplicaDeletionIneligible, false, {}},
    {"testInvalidReplicaDeletionIneligibleToNonexistentReplicaTransition", ReplicaDeletionIneligible, NonExistentReplica,        false, {}},
    {"testInvalidReplicaDeletionIneligibleToNewReplicaTransition",         ReplicaDeletionIneligible, NewReplica,                false, {}},
    {"testReplicaDeletionIneligibleToOnlineReplicaTransition",             ReplicaDeletionIneligible, OnlineReplica,             true,  {kOnline}},
    {"testInvalidReplicaDeletionIneligibleToReplicaDeletionStartedTransition",
                                                                           ReplicaDeletionIneligible, ReplicaDeletionStarted,    false, {}},
    {"testInvalidReplicaDeletionIneligibleToReplicaDeletionSuccessfulTransition",
                                                                           ReplicaDeletionIneligible, ReplicaDeletionSuccessful, false, {}},
};
// clang-format on

std::vector<std::string> all_sent(const StateMachines& test) {
    std::vector<std::string> all = test.sent("LeaderAndIsr");
    for (const std::string& each : test.sent("StopReplica")) all.push_back(each);
    return all;
}

}  // namespace

TEST_CASE("ReplicaStateMachineTest", "[kafka_tables]") {
    REQUIRE(kRows.size() == 45 - 6);  // those with a context of their own are below
    for (const Row& row : kRows) {
        DYNAMIC_SECTION(row.name) {
            StateMachines test;
            const PartitionAndReplica replica{test.partition, BrokerId{5}};
            test.set_live_brokers({5});
            test.assign({5});
            test.put_leadership(5, {5});
            if (row.from != NonExistentReplica) test.context().replica_states[replica] = row.from;
            test.replicas_to(replica, row.to);
            CHECK(test.context().replica_state(replica) == (row.legal ? row.to : row.from));
            CHECK(all_sent(test) == row.sent);
            CHECK(test.world.has_log("should be in the") == !row.legal);
            if (row.legal && row.to == NonExistentReplica) {
                CHECK(test.context().replicas_of(test.partition).empty());
                CHECK_FALSE(test.context().replica_states.contains(replica));
            }
        }
    }
}

TEST_CASE("ReplicaStateMachineTest.testNonexistentReplicaToNewReplicaTransition", "[kafka_tables]") {
    StateMachines test;
    const PartitionAndReplica replica{test.partition, BrokerId{5}};
    test.replicas_to(replica, NewReplica);
    CHECK(test.context().replica_state(replica) == NewReplica);
}

TEST_CASE("ReplicaStateMachineTest.testNewReplicaToOfflineReplicaTransition: without a leader, only told to all",
          "[kafka_tables]") {
    StateMachines test;
    const PartitionAndReplica replica{test.partition, BrokerId{5}};
    test.set_live_brokers({5});
    test.context().replica_states[replica] = NewReplica;
    test.replicas_to(replica, OfflineReplica);
    CHECK(test.context().replica_state(replica) == OfflineReplica);
    CHECK(all_sent(test) == std::vector<std::string>{"to 5: StopReplica t-0 epoch=-1"});
    CHECK(test.sent("UpdateMetadata").size() == 1);
}

TEST_CASE("ReplicaStateMachineTest.testOnlineReplicaToOfflineReplicaTransition: the leader goes, nobody leads",
          "[kafka_tables]") {
    StateMachines test;
    const PartitionAndReplica replica{test.partition, BrokerId{5}};
    test.set_live_brokers({5, 6});
    test.assign({5, 6});
    test.put_leadership(5, {5, 6});
    test.context().replica_states[replica] = OnlineReplica;
    test.replicas_to(replica, OfflineReplica);
    CHECK(test.context().replica_state(replica) == OfflineReplica);
    CHECK(test.stored() == "leader=-1 epoch=1 isr=6 v1");
    CHECK(all_sent(test) == std::vector<std::string>{"to 6: LeaderAndIsr t-0 leader=-1 epoch=1 isr=6 v1",
                                                     "to 5: StopReplica t-0 epoch=0"});
}

// What the state machine makes of the replicas when a controller is elected (ReplicaStateMachine.startup).
TEST_CASE("ReplicaStateMachineTest: the states at startup", "[kafka_tables]") {
    FakeCluster cluster;
    const PartitionAndReplica on_1{{TopicName("t"), 0}, BrokerId{1}};
    const PartitionAndReplica on_100{{TopicName("gone"), 0}, BrokerId{100}};
    cluster.create_topic("t", {{1}});
    cluster.create_topic("gone", {{100}});
    cluster.start(1);
    cluster.settle();
    const ControllerContext& context = cluster.broker(1).controller.context();
    SECTION("testStartupOnlinePartition") { CHECK(context.replica_state(on_1) == OnlineReplica); }
    SECTION("testStartupOfflinePartition, testStartupWithReplicaWithoutLeader") {
        CHECK(context.replica_state(on_100) == OfflineReplica);
        CHECK(context.leadership_of(on_100.partition) == nullptr);
    }
}
