// SPDX-License-Identifier: Apache-2.0
// ZooKeeper and three brokers in one world: they find each other by nothing but messages.
#include "tests/cluster/world_cluster.hpp"

using namespace kafkasim;
using Cluster = test::WorldCluster;

TEST_CASE("cluster: three brokers register, one is the controller, all know all") {
    Cluster cluster;
    CHECK(cluster.children("/brokers/ids") == std::vector<std::string>{"1", "2", "3"});
    CHECK(cluster.active_controllers() == 1);
    for (const int32_t id : {1, 2, 3}) {
        INFO(cluster.logs(id));
        CHECK(cluster.brokers.at(id)->started());
        CHECK(cluster.state(id).metadata.controller() == BrokerId{1});
        CHECK(cluster.state(id).metadata.alive_brokers().size() == 3);
        CHECK(cluster.state(id).broker_epoch > 0);
        CHECK(cluster.logs(id).find("[KafkaServer id=" + std::to_string(id) + "] started (kafka.server.KafkaServer)") !=
              std::string::npos);
    }
    CHECK(cluster.state(1).cluster_id == cluster.state(3).cluster_id);
}

TEST_CASE("cluster: a topic comes to be, takes records, and moves its leaders when a broker is told to stop") {
    Cluster cluster;
    cluster.create_topic("t", {broker_ids({3, 1, 2}), broker_ids({1, 2, 3}), broker_ids({2, 3, 1})});
    CHECK(cluster.state_znode("t", 0) ==
          R"({"controller_epoch":1,"leader":3,"version":1,"leader_epoch":0,"isr":[3,1,2]})");
    CHECK(cluster.produce(3, "t", 0, "first") == ErrorCode::None);
    CHECK(cluster.produce(1, "t", 1, "second") == ErrorCode::None);
    CHECK(cluster.produce(1, "t", 0, "misled") == ErrorCode::NotLeaderOrFollower);
    cluster.run(2s);
    for (const int32_t id : {1, 2, 3}) {
        const log::Log* log = cluster.state(id).replicas.logs().find({TopicName("t"), 0});
        REQUIRE(log != nullptr);
        CHECK(log->log_end_offset() == 1);
        CHECK(log->high_watermark() == 1);
    }

    const Instant signalled = cluster.world.now();
    cluster.world.signal(cluster.pids[1], node::Signal::Interrupt);
    cluster.run(500ms);
    CHECK(cluster.state_znode("t", 1) ==
          R"({"controller_epoch":1,"leader":2,"version":1,"leader_epoch":1,"isr":[2,3]})");
    CHECK(cluster.state_znode("t", 0) ==
          R"({"controller_epoch":1,"leader":3,"version":1,"leader_epoch":1,"isr":[3,2]})");
    CHECK(cluster.state_znode("t", 2) ==
          R"({"controller_epoch":1,"leader":2,"version":1,"leader_epoch":1,"isr":[2,3]})");
    CHECK(cluster.children("/brokers/ids").size() == 3);
    cluster.world.run_until(cluster.world.now() + 20s, [&] { return !cluster.world.process(cluster.pids[1]).alive(); });
    INFO(cluster.logs(1));
    CHECK_FALSE(cluster.world.process(cluster.pids[1]).alive());
    CHECK(cluster.world.process(cluster.pids[1]).exit_code == 130);
    CHECK(cluster.world.now() - signalled < 3s);
    CHECK(cluster.children("/brokers/ids") == std::vector<std::string>{"2", "3"});
    for (const char* line :
         {"Controlled shutdown succeeded (kafka.server.KafkaServer)", "Metrics reporters closed",
          "Broker and topic stats closed (kafka.server.BrokerTopicStats)", "App info kafka.server for 1 unregistered",
          "[KafkaServer id=1] shut down completed (kafka.server.KafkaServer)"}) {
        CHECK(cluster.logs(1).find(line) != std::string::npos);
    }
    CHECK(cluster.active_controllers() == 1);
    CHECK(cluster.state_znode("t", 1) ==
          R"({"controller_epoch":1,"leader":2,"version":1,"leader_epoch":1,"isr":[2,3]})");
    CHECK(cluster.produce(2, "t", 1, "third") == ErrorCode::None);
    CHECK(cluster.produce(1, "t", 1, "nobody") == ErrorCode::NetworkException);

    SECTION("and back: it catches up and enters the Isr at its end, leaders stay") {
        cluster.start_broker(1);
        cluster.run(2s);  // the new controller looks at preferred leaders 5 s after its election
        INFO(cluster.logs(1));
        CHECK(cluster.state_znode("t", 1) ==
              R"({"controller_epoch":2,"leader":2,"version":1,"leader_epoch":1,"isr":[2,3,1]})");
        CHECK(cluster.state(1).replicas.logs().find({TopicName("t"), 1})->log_end_offset() == 2);
        CHECK(cluster.logs(1).find(
                  "Skipping recovery for all logs in /tmp/kafka-logs1 since clean shutdown file was found") !=
              std::string::npos);
    }
}

TEST_CASE("cluster: after kill -9 nothing moves until the session ends") {
    Cluster cluster;
    cluster.create_topic("t", {broker_ids({3, 1, 2})});
    cluster.world.kill(cluster.pids[3]);
    cluster.run(10s);
    CHECK(cluster.state_znode("t", 0) ==
          R"({"controller_epoch":1,"leader":3,"version":1,"leader_epoch":0,"isr":[3,1,2]})");
    cluster.run(15s);
    CHECK(cluster.state_znode("t", 0) ==
          R"({"controller_epoch":1,"leader":1,"version":1,"leader_epoch":1,"isr":[1,2]})");
}

TEST_CASE("cluster: the offsets topic is made when somebody looks for a coordinator, by whom he asks") {
    Cluster cluster;
    protocol::FindCoordinatorRequest request;
    request.coordinator_keys = {"group2"};
    const auto first = cluster.ask<protocol::FindCoordinatorResponse>(3, request);
    REQUIRE(first);
    CHECK(first->coordinators.front().error_code == ErrorCode::CoordinatorNotAvailable);
    cluster.run(3s);
    INFO(cluster.logs(1) + cluster.logs(3));
    CHECK(cluster.children("/brokers/topics/__consumer_offsets/partitions").size() == 50);
    const auto second = cluster.ask<protocol::FindCoordinatorResponse>(3, request);
    REQUIRE(second);
    CHECK(second->coordinators.front().error_code == ErrorCode::None);
    const int32_t coordinator = second->coordinators.front().node_id.value;
    CHECK(cluster.state(coordinator).groups.owns(39));
    CHECK(cluster.state(coordinator).replicas.find(TopicPartition{TopicName(kOffsetsTopic), 39})->is_leader());
    CHECK(cluster.logs(3).find("Creating topic __consumer_offsets with configuration") != std::string::npos);
}

TEST_CASE("cluster: a restart from disk without a clean stop waits for the old session, or fails as the real one") {
    Cluster cluster;
    cluster.world.kill(cluster.pids[2]);
    cluster.run(1s);
    cluster.start_broker(2);
    cluster.run(5s);
    CHECK_FALSE(cluster.world.process(cluster.pids[2]).alive());
    CHECK(cluster.world.process(cluster.pids[2]).exit_code == 1);
    cluster.run(20s);
    cluster.start_broker(2);
    cluster.run(5s);
    CHECK(cluster.brokers[2]->started());
}

TEST_CASE(
    "cluster: a controller that was frozen until its session ended comes back with a new epoch as one among others") {
    Cluster cluster;
    cluster.create_topic("t", {broker_ids({1, 2, 3})});
    const int64_t old_epoch = cluster.state(1).broker_epoch;
    cluster.world.pause(cluster.pids[1]);
    cluster.run(40s);
    CHECK(cluster.children("/brokers/ids") == std::vector<std::string>{"2", "3"});
    CHECK(cluster.state(1).controller.is_active());  // as it believes
    CHECK(cluster.active_controllers() == 2);
    cluster.world.resume(cluster.pids[1]);
    cluster.run(10s);
    INFO(cluster.logs(1));
    CHECK(cluster.children("/brokers/ids") == std::vector<std::string>{"1", "2", "3"});
    CHECK(cluster.active_controllers() == 1);
    CHECK_FALSE(cluster.state(1).controller.is_active());
    CHECK(cluster.state(1).broker_epoch > old_epoch);
    CHECK(cluster.state(1).metadata.controller() != BrokerId{1});
    CHECK(cluster.state_znode("t", 0).find("\"isr\":[2,3,1]") != std::string::npos);
}

TEST_CASE("cluster: a broker whose controller is silent stops all the same") {
    Cluster cluster;
    cluster.world.pause(cluster.pids[1]);
    cluster.world.signal(cluster.pids[2], node::Signal::Terminate);
    cluster.world.run_until(cluster.world.now() + 200s,
                            [&] { return !cluster.world.process(cluster.pids[2]).alive(); });
    INFO(cluster.logs(2));
    CHECK(cluster.world.process(cluster.pids[2]).exit_code == 143);
    CHECK(cluster.logs(2).find("Error during controlled shutdown, possibly because leader movement took longer than") !=
          std::string::npos);
}
