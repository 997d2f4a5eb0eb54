// SPDX-License-Identifier: Apache-2.0
// Deletion of topics by whole controllers around a real ZooKeeper tree. Names in parentheses: the tests of Kafka
// 3.0.0 that say the same
// (kafka.admin.DeleteTopicTest, kafka.controller.TopicDeletionManagerTest).
#include <algorithm>

#include "core/controller/controller.hpp"
#include "tests/catch.hpp"
#include "tests/controller/fake_cluster.hpp"

using namespace kafkasim;
using controller::ReplicaState;
using test::FakeBroker;
using test::FakeCluster;
using Lines = std::vector<std::string>;

namespace {

/// Brokers 1 to `n`; 1 is the controller.
void start_brokers(FakeCluster& cluster, int32_t n, const config::BrokerConfig& settings = {}) {
    for (int32_t id = 1; id <= n; ++id) {
        cluster.start(id, settings);
        cluster.settle();
    }
}

void create(FakeCluster& cluster, const std::string& topic, const std::vector<std::vector<int32_t>>& replicas) {
    cluster.create_topic(topic, replicas);
    cluster.settle();
    cluster.write(zookeeper::zk_create("/config/topics/" + topic, std::string("{\"version\":1,\"config\":{}}")), 0);
    cluster.forget_received();
}

void ask_to_delete(FakeCluster& cluster, const std::string& topic) {
    cluster.write(zookeeper::zk_create("/admin/delete_topics/" + topic, std::nullopt), 0);
    cluster.settle();
}

bool gone(const FakeCluster& cluster, const std::string& topic) {
    return cluster.tree.find("/brokers/topics/" + topic) == nullptr &&
           cluster.tree.find("/config/topics/" + topic) == nullptr &&
           cluster.tree.find("/admin/delete_topics/" + topic) == nullptr;
}

bool waits(const FakeCluster& cluster, const std::string& topic) {
    return cluster.tree.find("/brokers/topics/" + topic) != nullptr &&
           cluster.tree.find("/admin/delete_topics/" + topic) != nullptr;
}

ReplicaState state_of(FakeCluster& cluster, const std::string& topic, int32_t replica) {
    return cluster.active_broker().controller.context().replica_state({{TopicName(topic), 0}, BrokerId{replica}});
}

}  // namespace

TEST_CASE(
    "a topic with live replicas is taken from the metadata, stopped, deleted and forgotten "
    "(testDeleteTopicWithAllAliveReplicas)",
    "[controller][deletion]") {
    FakeCluster cluster;
    start_brokers(cluster, 2);
    create(cluster, "t", {{1, 2}});
    ask_to_delete(cluster, "t");
    CHECK(gone(cluster, "t"));
    const controller::ControllerContext& context = cluster.broker(1).controller.context();
    CHECK(context.all_topics.empty());
    CHECK(context.topics_to_be_deleted.empty());
    CHECK(context.topics_with_deletion_started.empty());
    CHECK(context.assignments.empty());
    CHECK(context.leadership.empty());
    CHECK(context.replica_states.empty());
    const Lines expected = {"UpdateMetadata brokers=1,2 t-0 leader=-2 epoch=0 isr=1,2 offline=",
                            "StopReplica t-0 epoch=-2", "StopReplica t-0 epoch=-2 delete"};
    CHECK(cluster.take_received(1) == expected);
    CHECK(cluster.take_received(2) == expected);
}

TEST_CASE("the lines of a deletion come in Kafka's order", "[controller][deletion]") {
    FakeCluster cluster;
    start_brokers(cluster, 1);
    create(cluster, "t", {{1}});
    FakeBroker& broker = cluster.broker(1);
    broker.world.log_lines.clear();
    ask_to_delete(cluster, "t");
    const Lines expected = {
        "[Controller id=1] Starting topic deletion for topics t",
        "[Topic Deletion Manager 1] Handling deletion for topics t",
        "[Topic Deletion Manager 1] Deletion of topic t (re)started",
        "[Topic Deletion Manager 1] Handling deletion for topics t",
        "[Topic Deletion Manager 1] Deletion of topic t successfully completed",
        "[Controller id=1] New topics: [Set()], deleted topics: [HashSet()], new partition replica assignment [Set()]"};
    size_t next = 0;
    for (const auto& line : broker.world.log_lines) {
        if (next < expected.size() && line.text == expected[next]) ++next;
    }
    CHECK(next == expected.size());
}

TEST_CASE(
    "a dead follower halts the deletion, the live replicas go at once, its return ends it "
    "(testResumeDeleteTopicWithRecoveredFollower)",
    "[controller][deletion]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    create(cluster, "t", {{1, 2, 3}});
    cluster.kill_and_expire(3);
    cluster.settle();
    cluster.forget_received();
    ask_to_delete(cluster, "t");
    CHECK(waits(cluster, "t"));
    CHECK(cluster.broker(1).world.has_log(
        "[Topic Deletion Manager 1] Halted deletion of topics t due to offline replicas"));
    CHECK(state_of(cluster, "t", 1) == ReplicaState::ReplicaDeletionSuccessful);
    CHECK(state_of(cluster, "t", 2) == ReplicaState::ReplicaDeletionSuccessful);
    CHECK(state_of(cluster, "t", 3) == ReplicaState::OfflineReplica);
    const Lines received = cluster.take_received(2);
    CHECK(std::find(received.begin(), received.end(), "StopReplica t-0 epoch=-2 delete") != received.end());

    cluster.start(3);
    cluster.settle();
    CHECK(gone(cluster, "t"));
    const Lines returned = cluster.take_received(3);
    CHECK(std::find(returned.begin(), returned.end(), "StopReplica t-0 epoch=-2 delete") != returned.end());
    CHECK(cluster.broker(1).controller.context().all_topics.empty());
}

TEST_CASE("a replica on a broker that never lived halts the deletion for good", "[controller][deletion]") {
    FakeCluster cluster;
    start_brokers(cluster, 2);
    create(cluster, "t", {{1, 9}});
    ask_to_delete(cluster, "t");
    CHECK(waits(cluster, "t"));
    CHECK(state_of(cluster, "t", 1) == ReplicaState::ReplicaDeletionSuccessful);
    // OnlineReplica may not become ReplicaDeletionIneligible: Kafka logs the illegal transition and goes on.
    CHECK(state_of(cluster, "t", 9) == ReplicaState::OnlineReplica);
    CHECK(
        cluster.broker(1).world.has_log("initiated state change of replica 9 for partition t-0 from OnlineReplica to "
                                        "ReplicaDeletionIneligible failed"));
    ask_to_delete(cluster, "other");
    CHECK(waits(cluster, "t"));
}

TEST_CASE("a new controller resumes what waits in /admin/delete_topics (testResumeDeleteTopicOnControllerFailover)",
          "[controller][deletion]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    create(cluster, "t", {{1, 2, 3}});
    cluster.kill(3);
    cluster.end_session(3);
    cluster.settle();
    ask_to_delete(cluster, "t");
    REQUIRE(waits(cluster, "t"));
    cluster.kill_and_expire(1);
    cluster.settle();
    FakeBroker& second = cluster.broker(2);
    REQUIRE(second.controller.is_active());
    CHECK(second.world.has_log("List of topics to be deleted: t"));
    CHECK(second.world.has_log("List of topics ineligible for deletion: t"));
    CHECK(second.world.has_log(
        "Initializing manager with initial deletions: Set(t), initial ineligible deletions: HashSet(t)"));
    CHECK(waits(cluster, "t"));
    cluster.start(1);
    cluster.settle();
    CHECK(waits(cluster, "t"));
    cluster.start(3);
    cluster.settle();
    CHECK(gone(cluster, "t"));
}

TEST_CASE(
    "a deletion that only lacked its last znode is completed by the next controller "
    "(testDeletingPartiallyDeletedTopic)",
    "[controller][deletion]") {
    FakeCluster cluster;
    cluster.write(zookeeper::zk_create("/admin/delete_topics/t", std::nullopt), 0);
    start_brokers(cluster, 1);
    CHECK(gone(cluster, "t"));
    CHECK(cluster.broker(1).world.has_log("Deletion of topic t successfully completed"));
}

TEST_CASE(
    "a broker that dies while it deletes fails its replica, its return ends the deletion "
    "(testBrokerFailureAfterDeletionStarted)",
    "[controller][deletion]") {
    FakeCluster cluster;
    start_brokers(cluster, 2);
    create(cluster, "t", {{1, 2}});
    cluster.kill(2);  // ZooKeeper does not know yet: its StopReplica waits in the queue
    ask_to_delete(cluster, "t");
    CHECK(waits(cluster, "t"));
    CHECK(state_of(cluster, "t", 1) == ReplicaState::ReplicaDeletionSuccessful);
    CHECK(state_of(cluster, "t", 2) == ReplicaState::ReplicaDeletionStarted);
    cluster.end_session(2);
    cluster.settle();
    CHECK(cluster.broker(1).world.has_log("Halted deletion of topics t due to replica deletion failure"));
    CHECK(waits(cluster, "t"));
    CHECK(state_of(cluster, "t", 2) == ReplicaState::OfflineReplica);
    cluster.start(2);
    cluster.settle();
    CHECK(gone(cluster, "t"));
}

TEST_CASE("a replica that cannot be deleted halts its topic and no other", "[controller][deletion]") {
    FakeCluster cluster;
    start_brokers(cluster, 2);
    create(cluster, "a", {{1, 2}});
    create(cluster, "b", {{1}});
    cluster.cannot_delete.insert(2);
    ask_to_delete(cluster, "a");
    ask_to_delete(cluster, "b");
    CHECK(waits(cluster, "a"));
    CHECK(gone(cluster, "b"));
    CHECK(cluster.broker(1).world.has_log("Halted deletion of topics a due to replica deletion failure"));
}

TEST_CASE("a topic made again after its deletion starts anew (testRecreateTopicAfterDeletion)",
          "[controller][deletion]") {
    FakeCluster cluster;
    start_brokers(cluster, 2);
    create(cluster, "t", {{1, 2}});
    const Uuid before = cluster.broker(1).controller.context().topic_id(TopicName("t"));
    cluster.kill_and_expire(2);
    cluster.settle();
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=1 isr=1 v1");
    cluster.start(2);
    cluster.settle();
    ask_to_delete(cluster, "t");
    REQUIRE(gone(cluster, "t"));
    create(cluster, "t", {{2, 1}});
    CHECK(cluster.short_state("t", 0) == "leader=2 epoch=0 isr=2,1 v0");
    CHECK_FALSE(cluster.broker(1).controller.context().topic_id(TopicName("t")) == before);
    ask_to_delete(cluster, "t");
    CHECK(gone(cluster, "t"));
}

TEST_CASE("a request to delete a topic that does not exist is removed (testDeleteNonExistingTopic)",
          "[controller][deletion]") {
    FakeCluster cluster;
    start_brokers(cluster, 2);
    create(cluster, "t", {{1, 2}});
    ask_to_delete(cluster, "other");
    CHECK(cluster.tree.find("/admin/delete_topics/other") == nullptr);
    CHECK(cluster.broker(1).world.has_log("Ignoring request to delete non-existing topics other"));
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=0 isr=1,2 v0");
    CHECK(cluster.take_received(1).empty());
}

TEST_CASE("without delete.topic.enable the request is removed and the topic stays (testDisableDeleteTopic)",
          "[controller][deletion]") {
    config::BrokerConfig settings;
    settings.delete_topic_enable = false;
    FakeCluster cluster;
    start_brokers(cluster, 2, settings);
    create(cluster, "t", {{1, 2}});
    SECTION("while the controller runs") {
        ask_to_delete(cluster, "t");
        CHECK(cluster.broker(1).world.has_log("Removing Set(t) since delete topic is disabled"));
    }
    SECTION("found by a new controller") {
        cluster.kill(1);
        cluster.write(zookeeper::zk_create("/admin/delete_topics/t", std::nullopt), 0);
        cluster.end_session(1);
        cluster.settle();
        REQUIRE(cluster.broker(2).controller.is_active());
        CHECK(cluster.broker(2).world.has_log(
            "[Topic Deletion Manager 2] Removing Set(t) since delete topic is disabled"));
    }
    CHECK(cluster.tree.find("/admin/delete_topics/t") == nullptr);
    CHECK(cluster.tree.find("/brokers/topics/t/partitions/0/state") != nullptr);
}

TEST_CASE("partitions added while the topic is being deleted are taken back (testAddPartitionDuringDeleteTopic)",
          "[controller][deletion]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    create(cluster, "t", {{1, 2, 3}});
    cluster.kill_and_expire(3);
    cluster.settle();
    ask_to_delete(cluster, "t");
    REQUIRE(waits(cluster, "t"));
    const std::string before = *cluster.tree.find("/brokers/topics/t")->data;
    zookeeper::TopicAssignment grown;
    grown.topic_id = cluster.broker(1).controller.context().topic_id(TopicName("t"));
    FakeCluster::assign(grown, {{1, 2, 3}, {2, 1, 3}});
    cluster.write(zookeeper::zk_set_data("/brokers/topics/t", zookeeper::encode_topic(grown)), 0);
    cluster.settle();
    CHECK(cluster.broker(1).world.has_log(
        "Skipping adding partitions 1 for topic t since it is currently being deleted"));
    CHECK(cluster.broker(1).world.has_log(
        "Ignoring partition change during topic deletion as no new partitions are added"));
    CHECK(cluster.tree.find("/brokers/topics/t/partitions/1") == nullptr);
    CHECK(cluster.broker(1).controller.context().partitions_of(TopicName("t")).size() == 1);
    cluster.start(3);
    cluster.settle();
    CHECK(gone(cluster, "t"));
}

TEST_CASE("partitions added before the deletion are deleted as well (testDeleteTopicDuringAddPartition)",
          "[controller][deletion]") {
    FakeCluster cluster;
    start_brokers(cluster, 2);
    create(cluster, "t", {{1, 2}});
    zookeeper::TopicAssignment grown;
    grown.topic_id = cluster.broker(1).controller.context().topic_id(TopicName("t"));
    FakeCluster::assign(grown, {{1, 2}, {2, 1}});
    cluster.write(zookeeper::zk_set_data("/brokers/topics/t", zookeeper::encode_topic(grown)), 0);
    ask_to_delete(cluster, "t");
    CHECK(gone(cluster, "t"));
    const Lines received = cluster.take_received(2);
    CHECK(std::find(received.begin(), received.end(), "StopReplica t-0 epoch=-2 delete t-1 epoch=-2 delete") !=
          received.end());
}

TEST_CASE("topics being deleted take no part in elections", "[controller][deletion]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    create(cluster, "t", {{2, 3}});
    cluster.kill_and_expire(3);
    cluster.settle();
    ask_to_delete(cluster, "t");
    REQUIRE(waits(cluster, "t"));
    const std::string before = cluster.short_state("t", 0);
    cluster.kill_and_expire(2);
    cluster.settle();
    CHECK(cluster.short_state("t", 0) == before);
    CHECK(cluster.broker(1).controller.context().partitions_with_offline_leader().empty());
    // Not even when somebody asks for one.
    FakeBroker& active = cluster.broker(1);
    protocol::ElectLeadersRequest request;
    request.topic_partitions = {{TopicName("t"), {0}}};
    active.controller.handle_elect_leaders(active, cluster.context(), std::move(request));
    cluster.settle();
    const auto& response = std::get<protocol::ElectLeadersResponse>(active.responses.at(cluster.correlation));
    const auto& result = response.replica_election_results.at(0).partition_result.at(0);
    CHECK(result.error_code == ErrorCode::InvalidTopicException);
    CHECK(result.error_message == "The topic is being deleted");
    CHECK(
        active.world.has_log("Skipping replica leader election (PREFERRED) for partitions Set(t-0) by "
                             "AdminClientTriggered since the respective topics are being deleted"));
}
