// SPDX-License-Identifier: Apache-2.0
// Kafka 3.0.0's BrokerEpochIntegrationTest (5 cases) and LeaderEpochIntegrationTest (3 cases), by their names, with
// whole clusters. Theirs are brokers 0 and 1 or 100 to 102, ours 1 to 3.
#include "tests/kafka_tables/two_brokers.hpp"

using namespace kafkasim;
using namespace kafkasim::test;

namespace {

config::Properties leaders_stay() { return {{"auto.leader.rebalance.enable", "false"}}; }

/// The epochs of all registered brokers, from their znodes.
std::map<int32_t, int64_t> epochs_in_zookeeper(const WorldCluster& cluster) {
    std::map<int32_t, int64_t> epochs;
    for (const std::string& id : cluster.children("/brokers/ids"))
        epochs[std::stoi(id)] = cluster.zookeeper->tree().find("/brokers/ids/" + id)->czxid;
    return epochs;
}

std::map<int32_t, int64_t> epochs_of_controller(const WorldCluster& cluster) {
    std::map<int32_t, int64_t> epochs;
    const controller::ControllerContext& context = cluster.state(1).controller.context();
    for (const BrokerId id : context.live_broker_ids()) epochs[id.value] = *context.broker_epoch(id);
    return epochs;
}

/// The requests of a controller to broker 2, each with its epoch and so much: broker 2 is to lead t-0, all are told,
/// it is to delete t-0. What it answers.
struct ControlRequests {
    ErrorCode lead(TwoBrokers& cluster, int64_t broker_epoch) const {
        protocol::LeaderAndIsrRequest request;
        request.controller_id = BrokerId{1};
        request.controller_epoch = 1;
        request.broker_epoch = broker_epoch;
        protocol::LeaderAndIsrRequest::LeaderAndIsrPartitionState state;
        state.controller_epoch = 1;
        state.leader = BrokerId{2};
        state.leader_epoch = 1;
        state.isr = state.replicas = broker_ids({1, 2});
        const Uuid id = cluster.state(1).controller.context().topic_id(cluster.tp.topic);
        request.topic_states.push_back({cluster.tp.topic, id, {state}});
        const auto response = cluster.ask<protocol::LeaderAndIsrResponse>(2, std::move(request));
        REQUIRE(response);
        if (response->error_code != ErrorCode::None) return response->error_code;
        return response->topics.at(0).partition_errors.at(0).error_code;
    }
    ErrorCode tell(TwoBrokers& cluster, int64_t broker_epoch) const {
        protocol::UpdateMetadataRequest request;
        request.controller_id = BrokerId{1};
        request.controller_epoch = 1;
        request.broker_epoch = broker_epoch;
        for (const int32_t id : {1, 2})
            request.live_brokers.push_back({BrokerId{id}, {{9092 + id, "localhost", "PLAINTEXT", 0}}, std::nullopt});
        auto& topic = request.topic_states.emplace_back();
        topic.topic_name = cluster.tp.topic;
        auto& state = topic.partition_states.emplace_back();
        state.controller_epoch = 1;
        state.leader = BrokerId{2};
        state.leader_epoch = 1;
        state.isr = state.replicas = broker_ids({1, 2});
        const auto response = cluster.ask<protocol::UpdateMetadataResponse>(2, std::move(request));
        REQUIRE(response);
        return response->error_code;
    }
    ErrorCode stop(TwoBrokers& cluster, int64_t broker_epoch) const {
        protocol::StopReplicaRequest request;
        request.controller_id = BrokerId{1};
        request.controller_epoch = 1;
        request.broker_epoch = broker_epoch;
        request.topic_states.push_back({cluster.tp.topic, {{0, 2, true}}});
        const auto response = cluster.ask<protocol::StopReplicaResponse>(2, std::move(request));
        REQUIRE(response);
        if (response->error_code != ErrorCode::None) return response->error_code;
        return response->partition_errors.at(0).error_code;
    }
};

/// Where an epoch of t-`partition` ended, as a follower asks.
protocol::OffsetForLeaderEpochResponse::EpochEndOffset end_of(WorldCluster& cluster, int32_t broker,
                                                              const std::string& topic, int32_t partition,
                                                              int32_t epoch) {
    protocol::OffsetForLeaderEpochRequest request;
    request.replica_id = BrokerId{3};
    request.topics.push_back({TopicName(topic), {{partition, -1, epoch}}});
    const auto response = cluster.ask<protocol::OffsetForLeaderEpochResponse>(broker, std::move(request));
    REQUIRE(response);
    return response->topics.at(0).partitions.at(0);
}

}  // namespace

TEST_CASE("BrokerEpochIntegrationTest.testReplicaManagerBrokerEpochMatchesWithZk", "[kafka_tables]") {
    TwoBrokers cluster(leaders_stay());
    const auto epochs = epochs_in_zookeeper(cluster);
    REQUIRE(epochs.size() == 2);
    for (const auto& [id, epoch] : epochs) CHECK(cluster.state(id).broker_epoch == epoch);
}

TEST_CASE("BrokerEpochIntegrationTest.testControllerBrokerEpochCacheMatchesWithZk", "[kafka_tables]") {
    TwoBrokers cluster(leaders_stay());
    const auto before = epochs_in_zookeeper(cluster);
    CHECK(epochs_of_controller(cluster) == before);
    cluster.stop_broker(2);
    CHECK(epochs_in_zookeeper(cluster).size() == 1);
    cluster.run(1s);
    CHECK(epochs_of_controller(cluster) == epochs_in_zookeeper(cluster));
    cluster.start_and_wait(2);
    CHECK(epochs_of_controller(cluster) == epochs_in_zookeeper(cluster));
    CHECK(epochs_of_controller(cluster).at(2) > before.at(2));
}

TEST_CASE("BrokerEpochIntegrationTest: requests of a controller", "[kafka_tables]") {
    struct Row {
        std::string name;
        int64_t off_by;  // the epoch in the request, from the broker's
        ErrorCode answer;
    };
    const std::vector<Row> rows = {
        {"testControlRequestWithCorrectBrokerEpoch", 0, ErrorCode::None},
        {"testControlRequestWithStaleBrokerEpoch", -1, ErrorCode::StaleBrokerEpoch},
        {"testControlRequestWithNewerBrokerEpoch", 1, ErrorCode::None},
    };
    for (const Row& row : rows) {
        DYNAMIC_SECTION(row.name) {
            TwoBrokers cluster(leaders_stay());
            const int64_t epoch = cluster.state(2).broker_epoch + row.off_by;
            const bool taken = row.answer == ErrorCode::None;
            const ControlRequests requests;
            CHECK(requests.lead(cluster, epoch) == row.answer);
            CHECK(cluster.state(2).replicas.is_leader(cluster.tp) == taken);
            CHECK(requests.tell(cluster, epoch) == row.answer);
            CHECK(cluster.state(2).metadata.find(cluster.tp)->leader == BrokerId{taken ? 2 : 1});
            CHECK(requests.stop(cluster, epoch) == row.answer);
            CHECK((cluster.state(2).replicas.find(cluster.tp) == nullptr) == taken);
        }
    }
}

TEST_CASE("LeaderEpochIntegrationTest.shouldAddCurrentLeaderEpochToMessagesAsTheyAreWrittenToLeader",
          "[kafka_tables]") {
    TwoBrokers cluster(leaders_stay());
    const auto epochs_on = [&](int32_t id) {
        std::vector<int32_t> epochs;
        for (const protocol::RecordBatch& batch : cluster.log(id, cluster.tp).read_all())
            epochs.push_back(batch.partition_leader_epoch);
        return epochs;
    };
    for (int i = 0; i < 4; ++i) cluster.send({"before"});
    for (const int32_t id : {1, 2}) CHECK(epochs_on(id) == std::vector<int32_t>{0, 0, 0, 0});
    cluster.bounce(1);
    REQUIRE(cluster.leader_epoch() == 1);
    for (int i = 0; i < 4; ++i) cluster.send({"after"});
    cluster.await_isr();
    for (const int32_t id : {1, 2}) CHECK(epochs_on(id) == std::vector<int32_t>{0, 0, 0, 0, 1, 1, 1, 1});
}

TEST_CASE("LeaderEpochIntegrationTest.shouldSendLeaderEpochRequestAndGetAResponse", "[kafka_tables]") {
    WorldCluster cluster({1, 3, leaders_stay()});
    cluster.create_topic("one", {broker_ids({1}), broker_ids({2})});
    cluster.create_topic("two", {broker_ids({1})});
    cluster.run(1s);
    const auto send = [&](int32_t broker, const std::string& topic, int32_t partition, int records) {
        for (int i = 0; i < records; ++i)
            REQUIRE(cluster.produce(broker, topic, partition, "IHeartLogs") == ErrorCode::None);
    };
    send(1, "one", 0, 10);
    send(2, "one", 1, 20);
    send(1, "two", 0, 30);
    CHECK(end_of(cluster, 1, "one", 0, 0).end_offset == 10);
    CHECK(end_of(cluster, 1, "two", 0, 0).end_offset == 30);
    CHECK(end_of(cluster, 1, "one", 1, 0).error_code == ErrorCode::NotLeaderOrFollower);
    CHECK(end_of(cluster, 1, "one", 1, 0).end_offset == log::kUndefinedEpochOffset);
    CHECK(end_of(cluster, 2, "one", 1, 0).end_offset == 20);
    CHECK(end_of(cluster, 1, "two", 2, 0).error_code == ErrorCode::UnknownTopicOrPartition);
}

TEST_CASE("LeaderEpochIntegrationTest.shouldIncreaseLeaderEpochBetweenLeaderRestarts", "[kafka_tables]") {
    WorldCluster cluster({1, 2, leaders_stay()});  // 1 is the controller and stays
    cluster.create_topic("t", {broker_ids({2})});
    cluster.run(1s);
    const TopicPartition tp{TopicName("t"), 0};
    const auto write = [&] { REQUIRE(cluster.produce(2, "t", 0, "IHeartLogs") == ErrorCode::None); };
    const auto bounce = [&] {
        cluster.stop_broker(2);
        cluster.start_and_wait(2);
    };
    const auto check = [&](int32_t asked, int32_t epoch, int64_t end) {
        CAPTURE(asked);
        const auto answer = end_of(cluster, 2, "t", 0, asked);
        CHECK(answer.leader_epoch == epoch);
        CHECK(answer.end_offset == end);
    };
    write();
    check(0, 0, 1);
    CHECK(cluster.log(2, tp).log_end_offset() == 1);
    // The epoch goes up by two: nobody leads, then broker 2 again.
    bounce();
    write();
    check(0, 0, 1);
    check(1, 0, 1);  // nothing was written in it
    check(2, 2, 2);
    bounce();
    write();
    check(0, 0, 1);
    check(2, 2, 2);
    check(4, 4, 3);
    CHECK(cluster.log(2, tp).log_end_offset() == 3);
    // shouldSupportRequestsForEpochsNotOnTheLeader
    check(1, 0, 1);
    check(3, 2, 2);
    check(5, log::kUndefinedEpoch, log::kUndefinedEpochOffset);
}
