// SPDX-License-Identifier: Apache-2.0
// Elections that somebody asks for: ElectLeaders, the automatic balance, unclean elections.
#include "core/controller/controller.hpp"

#include "tests/catch.hpp"
#include "tests/controller/fake_cluster.hpp"

using namespace kafkasim;
using test::FakeBroker;
using test::FakeCluster;

namespace {

protocol::ElectLeadersResponse elect(FakeCluster& cluster, int8_t type,
                                     std::optional<std::vector<int32_t>> partitions) {
    FakeBroker& active = cluster.active_broker();
    protocol::ElectLeadersRequest request;
    request.election_type = type;
    if (partitions) request.topic_partitions = {{{TopicName("t"), *partitions}}};
    active.controller.handle_elect_leaders(active, cluster.context(), std::move(request));
    cluster.settle();
    return std::get<protocol::ElectLeadersResponse>(active.responses.at(cluster.correlation));
}

/// Brokers 1 to 3, 1 the controller; t-0 has replicas 3,1,2 and was led by 3, which stopped, came back and is in
/// the Isr again.
void with_moved_leader(FakeCluster& cluster, const config::BrokerConfig& settings = {}) {
    for (int32_t id = 1; id <= 3; ++id) {
        cluster.start(id, settings);
        cluster.settle();
    }
    cluster.create_topic("t", {{3, 1, 2}, {1, 2, 3}});
    cluster.settle();
    cluster.stop(3);
    cluster.start(3, settings);
    cluster.settle();
    cluster.alter_isr(1, "t", 0, 1, broker_ids({1, 2, 3}), 1);
    cluster.alter_isr(1, "t", 1, 1, broker_ids({1, 2, 3}), 1);
}

void pass(FakeCluster& cluster, Duration by) {
    FakeBroker& active = cluster.active_broker();
    active.world.advance(by, [&](node::TimerId timer, node::Tag tag) {
        active.controller.on_timer(active, timer, tag);
        cluster.settle();
    });
}

}  // namespace

TEST_CASE("a preferred election gives the partition back and keeps the Isr's order", "[controller]") {
    FakeCluster cluster;
    with_moved_leader(cluster);
    const auto response = elect(cluster, 0, std::vector<int32_t>{0, 1, 7});
    REQUIRE(response.replica_election_results.size() == 1);
    const auto& results = response.replica_election_results[0].partition_result;
    REQUIRE(results.size() == 3);
    CHECK(results[0].error_code == ErrorCode::None);
    CHECK(results[1].error_code == ErrorCode::ElectionNotNeeded);
    CHECK(results[2].error_code == ErrorCode::UnknownTopicOrPartition);
    CHECK(results[2].error_message == "The partition does not exist.");
    CHECK(cluster.short_state("t", 0) == "leader=3 epoch=2 isr=1,2,3 v3");
}

TEST_CASE("asked for all partitions, those that need no election are left out", "[controller]") {
    FakeCluster cluster;
    with_moved_leader(cluster);
    const auto response = elect(cluster, 0, std::nullopt);
    REQUIRE(response.replica_election_results.size() == 1);
    REQUIRE(response.replica_election_results[0].partition_result.size() == 1);
    CHECK(response.replica_election_results[0].partition_result[0].partition_id == 0);
}

TEST_CASE("a preferred leader that is not in the Isr is not available", "[controller]") {
    FakeCluster cluster;
    with_moved_leader(cluster);
    cluster.alter_isr(1, "t", 0, 1, broker_ids({1, 2}), 2);
    const auto response = elect(cluster, 0, std::vector<int32_t>{0});
    const auto& result = response.replica_election_results.at(0).partition_result.at(0);
    CHECK(result.error_code == ErrorCode::PreferredLeaderNotAvailable);
    CHECK(result.error_message ==
          "Failed to elect leader for partition t-0 under strategy PreferredReplicaPartitionLeaderElectionStrategy");
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=1 isr=1,2 v3");
}

TEST_CASE("a broker that is not the controller refuses to elect", "[controller]") {
    FakeCluster cluster;
    with_moved_leader(cluster);
    FakeBroker& other = cluster.broker(2);
    protocol::ElectLeadersRequest request;
    request.topic_partitions = {{TopicName("t"), {0, 1}}};
    other.controller.handle_elect_leaders(other, cluster.context(), std::move(request));
    // Partition by partition: the answer itself is none.
    const auto& response = std::get<protocol::ElectLeadersResponse>(other.responses.at(cluster.correlation));
    CHECK(response.error_code == ErrorCode::None);
    const auto& results = response.replica_election_results.at(0).partition_result;
    REQUIRE(results.size() == 2);
    for (const auto& result : results) CHECK(result.error_code == ErrorCode::NotController);
}

TEST_CASE("the automatic balance gives leaders back above ten per cent, 5 s after the failover and then every 300 s",
          "[controller]") {
    FakeCluster cluster;
    with_moved_leader(cluster);
    pass(cluster, 4999ms);
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=1 isr=1,2,3 v2");
    pass(cluster, 1ms);
    CHECK(cluster.short_state("t", 0) == "leader=3 epoch=2 isr=1,2,3 v3");
    FakeBroker& active = cluster.active_broker();
    CHECK(active.world.has_log(
        "Starting replica leader election (PREFERRED) for partitions t-0 triggered by AutoTriggered"));
    CHECK(active.world.has_log("Partition t-0 completed preferred replica leader election. New leader is 3"));
    CHECK(active.world.count_logs("Processing automatic preferred replica leader election") == 1);
    pass(cluster, 300s);
    CHECK(active.world.count_logs("Processing automatic preferred replica leader election") == 2);
}

TEST_CASE("the automatic balance tolerates exactly the percentage", "[controller]") {
    config::BrokerConfig settings;
    settings.leader_imbalance_per_broker_percentage = 100;  // one of one is exactly 100 per cent
    FakeCluster cluster;
    with_moved_leader(cluster, settings);
    pass(cluster, 5s);
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=1 isr=1,2,3 v2");
}

TEST_CASE("no member of the Isr is live: nobody leads unless an unclean election is allowed", "[controller]") {
    FakeCluster cluster;
    for (int32_t id = 1; id <= 3; ++id) {
        cluster.start(id);
        cluster.settle();
    }
    cluster.create_topic("t", {{3, 2}});
    cluster.settle();
    cluster.stop(2);  // Isr 3
    cluster.stop(3);
    cluster.start(2);
    cluster.settle();
    REQUIRE(cluster.short_state("t", 0) == "leader=-1 epoch=2 isr=3 v2");
    CHECK(cluster.broker(1).world.has_log(
        "Failed to elect leader for partition t-0 under strategy OfflinePartitionLeaderElectionStrategy(false)"));
    CHECK(cluster.broker(1).world.last_note(node::NoteKind::ElectionFailed) != nullptr);

    SECTION("the topic's configuration is switched on: elected at once") {
        cluster.write(zookeeper::zk_create("/config/topics/t",
                                           zookeeper::encode_config({{"unclean.leader.election.enable", "true"}})),
                      0);
        FakeBroker& active = cluster.active_broker();
        active.controller.enable_unclean_leader_election(active, TopicName("t"));
        cluster.settle();
        CHECK(active.world.has_log("Unclean leader election has been enabled for topic t"));
        CHECK(cluster.short_state("t", 0) == "leader=2 epoch=3 isr=2 v3");
    }
    SECTION("an administrator asks for it") {
        const auto response = elect(cluster, 1, std::vector<int32_t>{0});
        CHECK(response.replica_election_results.at(0).partition_result.at(0).error_code == ErrorCode::None);
        CHECK(cluster.short_state("t", 0) == "leader=2 epoch=3 isr=2 v3");
        CHECK(cluster.broker(1).world.has_log(
            "Starting replica leader election (UNCLEAN) for partitions t-0 triggered by AdminClientTriggered"));
    }
    SECTION("the member of the Isr returns and leads") {
        cluster.start(3);
        cluster.settle();
        CHECK(cluster.short_state("t", 0) == "leader=3 epoch=3 isr=3 v3");
    }
}

TEST_CASE("a znode /admin/preferred_replica_election starts an election and is removed", "[controller]") {
    FakeCluster cluster;
    with_moved_leader(cluster);
    cluster.write(
        zookeeper::zk_create("/admin/preferred_replica_election", zookeeper::encode_partitions({{TopicName("t"), 0}})),
        0);
    cluster.settle();
    CHECK(cluster.short_state("t", 0) == "leader=3 epoch=2 isr=1,2,3 v3");
    CHECK(cluster.znode("/admin/preferred_replica_election") == "none");
}
