// SPDX-License-Identifier: Apache-2.0
// Kafka 3.0.0's ControllerIntegrationTest, by the names of its 47 cases, with whole controllers around a real ZooKeeper
// tree (FakeCluster). Theirs are brokers 0 and 1, ours 1 and 2; what only real replicas can do (join the Isr) the test
// does in their place. "Controller epoch 1" is the first. Those about reassignment and topic ids are in
// controller_integration_reassignment_test.cpp; which case is where, and why some do not apply, is in suites.txt.
#include "core/controller/controller.hpp"

#include "tests/catch.hpp"
#include "tests/controller/fake_cluster.hpp"

using namespace kafkasim;
using namespace kafkasim::test;

namespace {

/// Brokers 1 to `n`; 1 is the controller.
struct Brokers : FakeCluster {
    explicit Brokers(int32_t n, const config::BrokerConfig& settings_of_all = {}) : settings(settings_of_all) {
        for (int32_t id = 1; id <= n; ++id) restart(id);
    }
    void restart(int32_t id) {
        start(id, settings);
        settle();
    }
    void new_topic(const std::string& topic, const std::vector<std::vector<int32_t>>& replicas) {
        create_topic(topic, replicas);
        settle();
    }
    /// The partitions of a topic anew, as if by hand.
    void set_assignment(const std::string& topic, const std::vector<std::vector<int32_t>>& replicas) {
        zookeeper::TopicAssignment assignment;
        assignment.topic_id = {9, 9};
        assign(assignment, replicas);
        write(zookeeper::zk_set_data(zookeeper::topic_path(topic), zookeeper::encode_topic(assignment)), 0);
        settle();
    }
    void ask_preferred_election() {
        write(zookeeper::zk_create("/admin/preferred_replica_election",
                                   zookeeper::encode_partitions({{TopicName("t"), 0}})),
              0);
        settle();
    }
    /// The last UpdateMetadata that broker `id` was sent about `partition`, from there on.
    std::string told(int32_t id, const std::string& partition) {
        std::string last = "nothing";
        for (const std::string& line : broker(id).received) {
            const size_t at = line.find(" " + partition + " ");
            if (line.starts_with("UpdateMetadata") && at != std::string::npos)
                last = line.substr(at + 1, line.find(" t", at + 2) - at - 1);
        }
        return last;
    }
    config::BrokerConfig settings;
};

config::BrokerConfig unclean() {
    config::BrokerConfig settings;
    settings.unclean_leader_election_enable = true;
    return settings;
}

void pass(FakeCluster& cluster, Duration by) {
    FakeBroker& active = cluster.active_broker();
    active.world.advance(by, [&](node::TimerId timer, node::Tag tag) {
        active.controller.on_timer(active, timer, tag);
        cluster.settle();
    });
}

}  // namespace

TEST_CASE("ControllerIntegrationTest.testEmptyCluster", "[kafka_tables]") {
    Brokers cluster(1);
    CHECK(cluster.znode("/controller") != "none");
    CHECK(cluster.znode("/controller_epoch") == "1 v1");
}

TEST_CASE("ControllerIntegrationTest.testControllerEpochPersistsWhenAllBrokersDown", "[kafka_tables]") {
    Brokers cluster(1);
    cluster.stop(1);
    CHECK(cluster.znode("/controller") == "none");
    CHECK(cluster.znode("/controller_epoch") == "1 v1");
}

TEST_CASE("ControllerIntegrationTest.testControllerMoveIncrementsControllerEpoch", "[kafka_tables]") {
    Brokers cluster(1);
    cluster.stop(1);
    cluster.restart(1);
    CHECK(cluster.znode("/controller") != "none");
    CHECK(cluster.znode("/controller_epoch") == "2 v2");
}

TEST_CASE("ControllerIntegrationTest.testMetadataPropagationOnBrokerChange", "[kafka_tables]") {
    Brokers cluster(3);
    cluster.new_topic("topic1", {{2, 3}, {2, 1}});
    cluster.stop(3);
    for (const int32_t id : {1, 2}) {
        CHECK(cluster.told(id, "topic1-0") == "topic1-0 leader=2 epoch=1 isr=2 offline=3");
        CHECK(cluster.told(id, "topic1-1") == "topic1-1 leader=2 epoch=0 isr=2,1 offline=");
    }
    cluster.restart(3);
    for (const int32_t id : {1, 2, 3}) {
        INFO(id);
        CHECK(cluster.told(id, "topic1-0") == "topic1-0 leader=2 epoch=1 isr=2 offline=");
        CHECK(cluster.told(id, "topic1-1") == "topic1-1 leader=2 epoch=0 isr=2,1 offline=");
    }
}

TEST_CASE("ControllerIntegrationTest.testMetadataPropagationForOfflineReplicas", "[kafka_tables]") {
    Brokers cluster(3);
    cluster.new_topic("topic1", {{2}});
    for (const int32_t id : {3, 2, 1}) cluster.stop(id);
    for (const int32_t id : {1, 3}) {
        cluster.restart(id);
        CHECK(cluster.told(id, "topic1-0") ==
              "topic1-0 leader=-1 epoch=2 isr=2 offline=2");  // one up: the new controller says so once more
    }
}

TEST_CASE("ControllerIntegrationTest.testTopicCreation", "[kafka_tables]") {
    Brokers cluster(1);
    cluster.new_topic("t", {{1}});
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=0 isr=1 v0");
}

TEST_CASE("ControllerIntegrationTest.testTopicCreationWithOfflineReplica", "[kafka_tables]") {
    Brokers cluster(2);
    cluster.stop(2);
    cluster.new_topic("t", {{2, 1}});
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=0 isr=1 v0");
}

TEST_CASE("ControllerIntegrationTest.testTopicPartitionExpansion", "[kafka_tables]") {
    Brokers cluster(1);
    cluster.new_topic("t", {{1}});
    cluster.set_assignment("t", {{1}, {1}});
    CHECK(cluster.short_state("t", 1) == "leader=1 epoch=0 isr=1 v0");
    CHECK(cluster.told(1, "t-1") == "t-1 leader=1 epoch=0 isr=1 offline=");
}

TEST_CASE("ControllerIntegrationTest.testTopicPartitionExpansionWithOfflineReplica", "[kafka_tables]") {
    Brokers cluster(2);
    cluster.new_topic("t", {{2, 1}});
    cluster.stop(2);
    cluster.set_assignment("t", {{2, 1}, {2, 1}});
    CHECK(cluster.short_state("t", 1) == "leader=1 epoch=0 isr=1 v0");
    CHECK(cluster.told(1, "t-1") == "t-1 leader=1 epoch=0 isr=1 offline=2");
}

TEST_CASE("ControllerIntegrationTest.testPreferredReplicaLeaderElection, testBackToBackPreferredReplicaLeaderElections",
          "[kafka_tables]") {
    Brokers cluster(2);
    cluster.new_topic("t", {{2, 1}});
    int32_t version = 0;
    for (const int32_t epoch : {0, 2}) {
        DYNAMIC_SECTION("beginning with leader epoch " << epoch) {}
        cluster.stop(2);
        CHECK(cluster.short_state("t", 0) ==
              "leader=1 epoch=" + std::to_string(epoch + 1) + " isr=1 v" + std::to_string(version + 1));
        cluster.restart(2);
        REQUIRE(cluster.alter_isr(1, "t", 0, epoch + 1, broker_ids({1, 2}), version + 1).error_code == ErrorCode::None);
        cluster.ask_preferred_election();
        CHECK(cluster.znode("/admin/preferred_replica_election") == "none");
        version += 3;
        CHECK(cluster.short_state("t", 0) ==
              "leader=2 epoch=" + std::to_string(epoch + 2) + " isr=1,2 v" + std::to_string(version));
    }
}

TEST_CASE("ControllerIntegrationTest.testPreferredReplicaLeaderElectionWithOfflinePreferredReplica", "[kafka_tables]") {
    Brokers cluster(2);
    cluster.new_topic("t", {{2, 1}});
    cluster.stop(2);
    cluster.ask_preferred_election();
    CHECK(cluster.znode("/admin/preferred_replica_election") == "none");
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=1 isr=1 v1");
}

TEST_CASE("ControllerIntegrationTest.testAutoPreferredReplicaLeaderElection", "[kafka_tables]") {
    config::BrokerConfig settings;
    settings.auto_leader_rebalance_enable = true;
    settings.leader_imbalance_check_interval_seconds = 1;
    Brokers cluster(2, settings);
    cluster.new_topic("t", {{2, 1}});
    cluster.stop(2);
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=1 isr=1 v1");
    cluster.restart(2);
    cluster.alter_isr(1, "t", 0, 1, broker_ids({1, 2}), 1);
    pass(cluster, 6s);
    CHECK(cluster.short_state("t", 0) == "leader=2 epoch=2 isr=1,2 v3");
}

TEST_CASE("ControllerIntegrationTest: the entire Isr is offline", "[kafka_tables]") {
    for (const bool enabled : {false, true}) {
        DYNAMIC_SECTION((enabled ? "testLeaderAndIsrWhenEntireIsrOfflineAndUncleanLeaderElectionEnabled"
                                 : "testLeaderAndIsrWhenEntireIsrOfflineAndUncleanLeaderElectionDisabled")) {
            Brokers cluster(2, enabled ? unclean() : config::BrokerConfig{});
            cluster.new_topic("t", {{2}});
            CHECK(cluster.short_state("t", 0) == "leader=2 epoch=0 isr=2 v0");
            cluster.stop(2);  // the Isr remembers who has all
            CHECK(cluster.short_state("t", 0) == "leader=-1 epoch=1 isr=2 v1");
        }
    }
}

TEST_CASE("ControllerIntegrationTest.testControlledShutdown", "[kafka_tables]") {
    Brokers cluster(3);
    cluster.new_topic("test", {{1, 2, 3}});
    CHECK(cluster.ask_to_shut_down(3).empty());
    CHECK(cluster.told(1, "test-0") == "test-0 leader=1 epoch=1 isr=1,2 offline=3");
    CHECK(cluster.ask_to_shut_down(2).empty());
    for (const int32_t id : {1, 2, 3}) CHECK(cluster.told(id, "test-0") == "test-0 leader=1 epoch=2 isr=1 offline=2,3");
    CHECK(cluster.ask_to_shut_down(1) == std::vector<std::string>{"test-0"});
    CHECK(cluster.short_state("test", 0) == "leader=1 epoch=2 isr=1 v2");
}

TEST_CASE("ControllerIntegrationTest.testControllerRejectControlledShutdownRequestWithStaleBrokerEpoch",
          "[kafka_tables]") {
    Brokers cluster(2);
    cluster.broker(2).epoch -= 1;
    CHECK(cluster.ask_to_shut_down(2) == std::vector<std::string>{std::string(name(ErrorCode::StaleBrokerEpoch))});
    CHECK_FALSE(cluster.broker(1).controller.context().shutting_down_broker_ids.contains(BrokerId{2}));
}

TEST_CASE("ControllerIntegrationTest: a controller that was replaced meanwhile resigns", "[kafka_tables]") {
    struct Row {
        std::string name;
        bool topic_exists;
        std::string event;
        void (*act)(FakeCluster&);
    };
    const std::vector<Row> rows = {
        {"testControllerMoveOnTopicCreation", false, "TopicChange",
         [](FakeCluster& cluster) { cluster.create_topic("t", {{1}}); }},
        {"testControllerMoveOnTopicDeletion", true, "TopicDeletion",
         [](FakeCluster& cluster) { cluster.write(zookeeper::zk_create("/admin/delete_topics/t", std::nullopt), 0); }},
        {"testControllerMoveOnPreferredReplicaElection", true, "ReplicaLeaderElection",
         [](FakeCluster& cluster) {
             cluster.write(zookeeper::zk_create("/admin/preferred_replica_election",
                                                zookeeper::encode_partitions({{TopicName("t"), 0}})),
                           0);
         }},
        {"testControllerMoveOnPartitionReassignment", true, "ZkPartitionReassignment",
         [](FakeCluster& cluster) {
             cluster.write(
                 zookeeper::zk_create("/admin/reassign_partitions",
                                      R"({"version":1,"partitions":[{"topic":"t","partition":0,"replicas":[1]}]})"),
                 0);
         }},
    };
    for (const Row& row : rows) {
        DYNAMIC_SECTION(row.name) {
            Brokers cluster(1);
            if (row.topic_exists) cluster.new_topic("t", {{1}});
            FakeBroker& controller = cluster.broker(1);
            row.act(cluster);
            cluster.deliver_watches();
            // Before ZooKeeper answers it: somebody else is the controller. The news of it comes later.
            cluster.write(zookeeper::zk_delete("/controller"), 0);
            cluster.write(zookeeper::zk_create("/controller", zookeeper::encode_controller({BrokerId{2}, 0})), 0);
            cluster.write(zookeeper::zk_set_data("/controller_epoch", "2"), 0);
            cluster.fired.clear();
            CHECK(controller.controller.is_active());
            cluster.settle();
            CHECK_FALSE(controller.controller.is_active());
            CHECK(controller.world.has_log("Controller moved to another broker when processing " + row.event));
        }
    }
}

TEST_CASE("ControllerIntegrationTest: the znode of features", "[kafka_tables]") {
    struct Row {
        std::string name;
        std::optional<std::string> before;
        std::string after;
    };
    const std::string enabled = R"({"features":{},"version":1,"status":1})";
    const std::vector<Row> rows = {
        {"testControllerFeatureZNodeSetupWhenFeatureVersioningIsEnabledWithNonExistingFeatureZNode", std::nullopt,
         enabled + " v0"},
        {"testControllerFeatureZNodeSetupWhenFeatureVersioningIsEnabledWithDisabledExistingFeatureZNode",
         R"({"features":{},"version":1,"status":0})", enabled + " v1"},
        {"testControllerFeatureZNodeSetupWhenFeatureVersioningIsEnabledWithEnabledExistingFeatureZNode", enabled,
         enabled + " v0"},
    };
    for (const Row& row : rows) {
        DYNAMIC_SECTION(row.name) {
            FakeCluster cluster;
            if (row.before) cluster.write(zookeeper::zk_create("/feature", *row.before), 0);
            cluster.start(1);
            cluster.settle();
            CHECK(cluster.znode("/feature") == row.after);
            CHECK(cluster.broker(1).world.has_log("Updating FeatureZNode at path: /feature") ==
                  row.after.ends_with(" v1"));
        }
    }
}

TEST_CASE("ControllerIntegrationTest.testControllerDetectsBouncedBrokers", "[kafka_tables]") {
    Brokers cluster(2);
    cluster.new_topic("t", {{1, 2}});
    // Down and up again before the controller looks.
    cluster.kill_and_expire(2);
    cluster.start(2);
    CHECK(cluster.broker(2).received.empty());
    cluster.settle();
    CHECK(cluster.broker(1).world.has_log("bounced brokers: 2, all live brokers: 1,2"));
    CHECK(cluster.told(2, "t-0") == "t-0 leader=1 epoch=1 isr=1 offline=");
    CHECK(std::count_if(cluster.broker(2).received.begin(), cluster.broker(2).received.end(),
                        [](const std::string& line) { return line.starts_with("LeaderAndIsr t-0"); }) == 1);
}

TEST_CASE("ControllerIntegrationTest.testPreemptionOnControllerShutdown, testPreemptionWithCallbacks",
          "[kafka_tables]") {
    Brokers cluster(1);
    cluster.new_topic("t", {{1}});
    FakeBroker& broker = cluster.broker(1);
    // An event that waits for ZooKeeper, and behind it what clients ask for.
    cluster.create_topic("other", {{1}});
    cluster.deliver_watches();
    REQUIRE(broker.controller.state().waiting());
    const node::RequestContext election = cluster.context();
    protocol::ElectLeadersRequest elect;
    elect.topic_partitions = {{TopicName("t"), {0}}};
    broker.controller.handle_elect_leaders(broker, election, std::move(elect));
    const node::RequestContext shutdown = cluster.context();
    broker.controller.handle_controlled_shutdown(broker, shutdown, {broker.id, broker.epoch});
    const node::RequestContext reassignment = cluster.context();
    broker.controller.handle_alter_partition_reassignments(broker, reassignment, {});
    const node::RequestContext list = cluster.context();
    broker.controller.handle_list_partition_reassignments(broker, list, {});
    CHECK(broker.controller.state().queue.size() == 4);
    CHECK(broker.responses.empty());

    broker.controller.shutdown(broker);
    CHECK(broker.controller.state().queue.empty());
    const auto answer = [&](const node::RequestContext& to) { return broker.responses.at(to.token.correlation_id); };
    CHECK(std::get<protocol::ElectLeadersResponse>(answer(election))
              .replica_election_results.at(0)
              .partition_result.at(0)
              .error_code == ErrorCode::NotController);
    // ControllerMovedException has this code.
    CHECK(std::get<protocol::ControlledShutdownResponse>(answer(shutdown)).error_code ==
          ErrorCode::StaleControllerEpoch);
    CHECK(std::get<protocol::AlterPartitionReassignmentsResponse>(answer(reassignment)).error_code ==
          ErrorCode::NotController);
    CHECK(std::get<protocol::ListPartitionReassignmentsResponse>(answer(list)).error_code == ErrorCode::NotController);
}

TEST_CASE("ControllerIntegrationTest.testIdempotentAlterIsr", "[kafka_tables]") {
    Brokers cluster(2);
    cluster.new_topic("t", {{2, 1}});
    const auto answer = cluster.alter_isr(2, "t", 0, 0, broker_ids({2, 1}), 0);
    CHECK(answer.error_code == ErrorCode::None);
    CHECK(answer.isr == broker_ids({2, 1}));
    CHECK(answer.current_isr_version == 0);
    CHECK(cluster.short_state("t", 0) == "leader=2 epoch=0 isr=2,1 v0");
}

TEST_CASE("ControllerIntegrationTest.testAlterIsrErrors", "[kafka_tables]") {
    Brokers cluster(1);
    cluster.new_topic("t", {{1}});
    const int64_t epoch = cluster.broker(1).epoch;
    const auto error_of = [&](int32_t sender, int64_t broker_epoch, const std::string& topic, int32_t partition,
                              int32_t leader_epoch, int32_t version) {
        FakeBroker& active = cluster.broker(1);
        protocol::AlterIsrRequest request;
        request.broker_id = BrokerId{sender};
        request.broker_epoch = broker_epoch;
        request.topics.push_back({TopicName(topic), {{partition, leader_epoch, broker_ids({1}), version}}});
        active.controller.handle_alter_isr(active, cluster.context(), std::move(request));
        cluster.settle();
        const auto& response = std::get<protocol::AlterIsrResponse>(active.responses.at(cluster.correlation));
        return response.error_code != ErrorCode::None ? response.error_code
                                                      : response.topics.at(0).partitions.at(0).error_code;
    };
    CHECK(error_of(1, epoch - 1, "t", 0, 0, 0) == ErrorCode::StaleBrokerEpoch);
    CHECK(error_of(99, epoch, "t", 0, 0, 0) == ErrorCode::StaleBrokerEpoch);
    CHECK(error_of(1, epoch, "unknown", 99, 0, 0) == ErrorCode::UnknownTopicOrPartition);
    CHECK(error_of(1, epoch, "t", 0, 1, 99) == ErrorCode::InvalidUpdateVersion);
}
