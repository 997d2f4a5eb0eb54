// SPDX-License-Identifier: Apache-2.0
// Kafka 3.0.0's LeaderElectionTest (2 cases) and MinIsrConfigTest (1 case), by their names.
#include "tests/kafka_tables/two_brokers.hpp"

using namespace kafkasim;
using namespace kafkasim::test;

TEST_CASE("LeaderElectionTest.testLeaderElectionAndEpoch", "[kafka_tables]") {
    TwoBrokers cluster(
        config::Properties{{"controlled.shutdown.enable", "false"}, {"unclean.leader.election.enable", "true"}});
    CHECK(cluster.leader() == 1);
    CHECK(cluster.leader_epoch() == 0);
    // The leader is also the controller. The next controller makes two steps: the replica is taken out of the Isr,
    // which leaves nobody to lead, then another leader is elected.
    cluster.stop_broker(1);
    cluster.await_leader(2);
    cluster.run(1s);
    CHECK(cluster.leader_epoch() == 2);
    cluster.start_and_wait(1);
    cluster.await_isr();
    cluster.stop_broker(2);
    cluster.await_leader(1);
    cluster.run(1s);
    CHECK(cluster.leader_epoch() == 4);
}

TEST_CASE("LeaderElectionTest.testLeaderElectionWithStaleControllerEpoch", "[kafka_tables]") {
    TwoBrokers cluster;
    const std::string before = cluster.state_znode("t", 0);
    protocol::LeaderAndIsrRequest request;
    request.controller_id = BrokerId{2};
    request.controller_epoch = 0;
    request.broker_epoch = cluster.state(2).broker_epoch;
    protocol::LeaderAndIsrRequest::LeaderAndIsrPartitionState state;
    state.partition_index = 0;
    state.controller_epoch = 2;
    state.leader = BrokerId{2};
    state.leader_epoch = 7;
    state.isr = state.replicas = broker_ids({1, 2});
    request.topic_states.push_back({cluster.tp.topic, Uuid{1, 2}, {state}});
    const auto response = cluster.ask<protocol::LeaderAndIsrResponse>(2, std::move(request));
    REQUIRE(response);
    CHECK(response->error_code == ErrorCode::StaleControllerEpoch);
    CHECK_FALSE(cluster.state(2).replicas.is_leader(cluster.tp));
    CHECK(cluster.logs(2).find("since its controller epoch 0 is old. Latest known controller epoch is 1") !=
          std::string::npos);
    CHECK(cluster.state_znode("t", 0) == before);
}

// Theirs reads the default configuration of the log manager; here it is asked what the setting does.
TEST_CASE("MinIsrConfigTest.testDefaultKafkaConfig", "[kafka_tables]") {
    struct Row {
        std::string broker;
        std::map<std::string, std::string> topic;
        ErrorCode all;
    };
    const std::vector<Row> rows = {
        {"5", {}, ErrorCode::NotEnoughReplicas},
        {"2", {}, ErrorCode::None},
        {"5", {{"min.insync.replicas", "2"}}, ErrorCode::None},
    };
    for (const Row& row : rows) {
        CAPTURE(row.broker, row.topic.size());
        TwoBrokers cluster(config::Properties{{"min.insync.replicas", row.broker}}, row.topic);
        CHECK(cluster.produce(1, "t", 0, "all") == row.all);
        CHECK(cluster.produce(1, "t", 0, {"one"}, 1) == ErrorCode::None);
    }
}
