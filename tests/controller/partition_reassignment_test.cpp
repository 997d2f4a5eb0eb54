// SPDX-License-Identifier: Apache-2.0
// Reassignments by whole controllers around a real ZooKeeper tree. Names in parentheses: the tests of Kafka 3.0.0 that
// say the same (kafka.controller.ControllerIntegrationTest, kafka.admin.ReassignPartitionsIntegrationTest).
#include <algorithm>

#include "core/controller/controller.hpp"
#include "core/controller/reassignment.hpp"
#include "tests/catch.hpp"
#include "tests/controller/fake_cluster.hpp"

using namespace kafkasim;
using test::FakeBroker;
using test::FakeCluster;
using Lines = std::vector<std::string>;

namespace {

std::vector<BrokerId> ids(const std::vector<int32_t>& values) {
    std::vector<BrokerId> made;
    for (const int32_t value : values) made.push_back(BrokerId{value});
    return made;
}

void start_brokers(FakeCluster& cluster, int32_t n) {
    for (int32_t id = 1; id <= n; ++id) {
        cluster.start(id);
        cluster.settle();
    }
}

void create(FakeCluster& cluster, const std::string& topic, const std::vector<std::vector<int32_t>>& replicas) {
    cluster.create_topic(topic, replicas);
    cluster.settle();
    cluster.forget_received();
}

/// Asks for `replicas` of t-`partition` (nullopt: cancel); the answer's error and message.
std::string alter(FakeCluster& cluster, std::optional<std::vector<int32_t>> replicas, int32_t partition = 0,
                  const std::string& topic = "t") {
    FakeBroker& active = cluster.active_broker();
    protocol::AlterPartitionReassignmentsRequest request;
    request.topics.emplace_back().name = TopicName(topic);
    auto& wanted = request.topics.back().partitions.emplace_back();
    wanted.partition_index = partition;
    if (replicas) wanted.replicas = ids(*replicas);
    active.controller.handle_alter_partition_reassignments(active, cluster.context(), std::move(request));
    cluster.settle();
    const auto& response =
        std::get<protocol::AlterPartitionReassignmentsResponse>(active.responses.at(cluster.correlation));
    if (response.error_code != ErrorCode::None) return std::string(name(response.error_code));
    const auto& answered = response.responses.at(0).partitions.at(0);
    const std::string message = answered.error_message ? ": " + *answered.error_message : "";
    return std::string(name(answered.error_code)) + message;
}

/// "t-0 3,2,1 +3 -1" of each partition that is being moved.
Lines listed(FakeCluster& cluster) {
    FakeBroker& active = cluster.active_broker();
    active.controller.handle_list_partition_reassignments(active, cluster.context(), {});
    cluster.settle();
    Lines lines;
    const auto& response =
        std::get<protocol::ListPartitionReassignmentsResponse>(active.responses.at(cluster.correlation));
    for (const auto& topic : response.topics) {
        for (const auto& p : topic.partitions)
            lines.push_back(to_string(TopicPartition{topic.name, p.partition_index}) + " " + join(p.replicas) + " +" +
                            join(p.adding_replicas) + " -" + join(p.removing_replicas));
    }
    return lines;
}

/// As the topic's znode has it: "3,2,1 +3 -1".
std::string stored(const FakeCluster& cluster, int32_t partition = 0) {
    const auto topic = zookeeper::decode_topic(cluster.tree.find("/brokers/topics/t")->data.value_or(""));
    const ReplicaAssignment& assignment = topic->partitions.at(partition);
    return join(assignment.replicas) + " +" + join(assignment.adding) + " -" + join(assignment.removing);
}

Lines without_updates(Lines lines) {
    std::erase_if(lines, [](const std::string& line) { return line.starts_with("UpdateMetadata"); });
    return lines;
}

void ask_by_znode(FakeCluster& cluster, const std::map<TopicPartition, std::vector<BrokerId>>& wanted) {
    cluster.write(zookeeper::zk_create("/admin/reassign_partitions", controller::encode_reassignment(wanted)), 0);
    cluster.settle();
}

}  // namespace

TEST_CASE("phase A: all replicas are told, the new one begins; phase B: the old one goes (testReassignment)",
          "[controller][reassignment]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    create(cluster, "t", {{1, 2}});
    CHECK(alter(cluster, {{1, 3}}) == "NONE");
    CHECK(stored(cluster) == "1,3,2 +3 -2");
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=1 isr=1,2 v1");
    CHECK(listed(cluster) == Lines{"t-0 1,3,2 +3 -2"});
    CHECK(without_updates(cluster.take_received(2)) == Lines{"LeaderAndIsr t-0 leader=1 epoch=1 isr=1,2 v1"});
    CHECK(without_updates(cluster.take_received(3)) == Lines{"LeaderAndIsr t-0 leader=1 epoch=1 isr=1,2 v1 new",
                                                             "LeaderAndIsr t-0 leader=1 epoch=1 isr=1,2 v1 new"});

    CHECK(cluster.alter_isr(1, "t", 0, 1, ids({1, 2, 3}), 1).error_code == ErrorCode::None);
    CHECK(stored(cluster) == "1,3 + -");
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=3 isr=1,3 v4");
    CHECK(listed(cluster).empty());
    CHECK(without_updates(cluster.take_received(2)) ==
          Lines{"StopReplica t-0 epoch=2", "StopReplica t-0 epoch=3 delete"});
    CHECK(without_updates(cluster.take_received(3)) ==
          Lines{"LeaderAndIsr t-0 leader=1 epoch=2 isr=1,2,3 v3", "LeaderAndIsr t-0 leader=1 epoch=3 isr=1,3 v4"});
    const auto& context = cluster.broker(1).controller.context();
    CHECK(context.partitions_being_reassigned.empty());
    CHECK(context.replica_state({{TopicName("t"), 0}, BrokerId{2}}) == controller::ReplicaState::NonExistentReplica);
}

TEST_CASE("a leader that does not stay is replaced by the first target replica (testReassignmentLeaderMoves)",
          "[controller][reassignment]") {
    FakeCluster cluster;
    start_brokers(cluster, 4);
    create(cluster, "t", {{1, 2}});
    CHECK(alter(cluster, {{3, 4}}) == "NONE");
    CHECK(cluster.alter_isr(1, "t", 0, 1, ids({1, 2, 3}), 1).error_code == ErrorCode::None);
    CHECK(stored(cluster) == "3,4,1,2 +3,4 -1,2");
    CHECK(cluster.alter_isr(1, "t", 0, 1, ids({1, 2, 3, 4}), 2).error_code == ErrorCode::None);
    CHECK(cluster.short_state("t", 0) == "leader=3 epoch=4 isr=3,4 v6");
    CHECK(stored(cluster) == "3,4 + -");
}

TEST_CASE("only the order of the replicas changes: at once, with one leader epoch", "[controller][reassignment]") {
    FakeCluster cluster;
    start_brokers(cluster, 2);
    create(cluster, "t", {{1, 2}});
    CHECK(alter(cluster, {{2, 1}}) == "NONE");
    CHECK(stored(cluster) == "2,1 + -");
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=1 isr=1,2 v1");
    CHECK(listed(cluster).empty());
}

TEST_CASE("a cancelled reassignment goes back to the original replicas and stops those that came (testCancellation)",
          "[controller][reassignment]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    create(cluster, "t", {{1, 2}});
    CHECK(alter(cluster, std::nullopt) == "NO_REASSIGNMENT_IN_PROGRESS: No partition reassignment is in progress.");
    CHECK(alter(cluster, {{3, 1}}) == "NONE");
    cluster.forget_received();
    CHECK(alter(cluster, std::nullopt) == "NONE");
    CHECK(stored(cluster) == "1,2 + -");
    CHECK(listed(cluster).empty());
    CHECK(without_updates(cluster.take_received(3)) ==
          Lines{"StopReplica t-0 epoch=1", "StopReplica t-0 epoch=1 delete"});
}

TEST_CASE("a reassignment that takes the place of another keeps the original replicas", "[controller][reassignment]") {
    FakeCluster cluster;
    start_brokers(cluster, 4);
    create(cluster, "t", {{1, 2}});
    CHECK(alter(cluster, {{3, 1}}) == "NONE");
    CHECK(alter(cluster, {{4, 1}}) == "NONE");
    CHECK(stored(cluster) == "4,1,2 +4 -2");
    CHECK(without_updates(cluster.take_received(3)).back() == "StopReplica t-0 epoch=1 delete");
    CHECK(cluster.alter_isr(1, "t", 0, 2, ids({1, 2, 4}), 2).error_code == ErrorCode::None);
    CHECK(stored(cluster) == "4,1 + -");
}

TEST_CASE("what cannot be reassigned is refused partition by partition", "[controller][reassignment]") {
    FakeCluster cluster;
    start_brokers(cluster, 2);
    create(cluster, "t", {{1, 2}});
    CHECK(
        alter(cluster, {{1, 9}}) ==
        "INVALID_REPLICA_ASSIGNMENT: Replica assignment has brokers that are not alive. Replica list: ArrayBuffer(9), "
        "live broker list: Set(1, 2)");
    CHECK(alter(cluster, {{1}}, 7) == "UNKNOWN_TOPIC_OR_PARTITION: The partition does not exist.");
    CHECK(alter(cluster, {{1}}, 0, "nosuch") == "UNKNOWN_TOPIC_OR_PARTITION: The partition does not exist.");
    CHECK(stored(cluster) == "1,2 + -");
    FakeBroker& other = cluster.broker(2);
    other.controller.handle_alter_partition_reassignments(other, cluster.context(), {});
    const auto& response =
        std::get<protocol::AlterPartitionReassignmentsResponse>(other.responses.at(cluster.correlation));
    CHECK(response.error_code == ErrorCode::NotController);
}

TEST_CASE("the next controller goes on with what it reads in the topic's znode (testReassignmentResumesOnFailover)",
          "[controller][reassignment]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    create(cluster, "t", {{1, 2}});
    CHECK(alter(cluster, {{3, 2}}) == "NONE");
    cluster.kill_and_expire(1);
    cluster.settle();
    REQUIRE(cluster.broker(2).controller.is_active());
    CHECK(listed(cluster) == Lines{"t-0 3,2,1 +3 -1"});
    // Out of the Isr with one epoch, leader 2 with another, told of the reassignment with a third.
    CHECK(cluster.short_state("t", 0) == "leader=2 epoch=4 isr=2 v4");
    CHECK(cluster.alter_isr(2, "t", 0, 4, ids({2, 3}), 4).error_code == ErrorCode::None);
    CHECK(stored(cluster) == "3,2 + -");
    CHECK(listed(cluster).empty());
}

TEST_CASE("a target replica whose broker comes back is told again (testReassignmentWithTargetDown)",
          "[controller][reassignment]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    create(cluster, "t", {{1, 2}});
    CHECK(alter(cluster, {{1, 3}}) == "NONE");
    cluster.kill_and_expire(3);
    cluster.settle();
    CHECK(listed(cluster) == Lines{"t-0 1,3,2 +3 -2"});
    const std::string before = cluster.short_state("t", 0);
    cluster.start(3);
    cluster.settle();
    CHECK(before == "leader=1 epoch=1 isr=1,2 v1");
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=2 isr=1,2 v2");
    CHECK(cluster.alter_isr(1, "t", 0, 2, ids({1, 2, 3}), 2).error_code == ErrorCode::None);
    CHECK(stored(cluster) == "1,3 + -");
}

TEST_CASE("the znode of older tools begins reassignments and is gone when they are over",
          "[controller][reassignment]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    create(cluster, "t", {{1, 2}, {2, 1}});
    ask_by_znode(cluster, {{{TopicName("t"), 0}, ids({1, 3})}, {{TopicName("t"), 1}, ids({1, 2})}});
    CHECK(stored(cluster, 0) == "1,3,2 +3 -2");
    CHECK(stored(cluster, 1) == "1,2 + -");
    CHECK(cluster.znode("/admin/reassign_partitions") ==
          R"({"version":1,"partitions":[{"topic":"t","partition":0,"replicas":[1,3]}]} v1)");
    CHECK(cluster.alter_isr(1, "t", 0, 1, ids({1, 2, 3}), 1).error_code == ErrorCode::None);
    CHECK(cluster.znode("/admin/reassign_partitions") == "none");

    ask_by_znode(cluster, {{{TopicName("nosuch"), 0}, ids({1})}});
    CHECK(cluster.znode("/admin/reassign_partitions") == "none");
}

TEST_CASE("a request takes the place of the znode's wish for the same partition", "[controller][reassignment]") {
    FakeCluster cluster;
    start_brokers(cluster, 4);
    create(cluster, "t", {{1, 2}, {1, 2}});
    ask_by_znode(cluster, {{{TopicName("t"), 0}, ids({1, 3})}, {{TopicName("t"), 1}, ids({1, 3})}});
    CHECK(alter(cluster, {{1, 4}}) == "NONE");
    CHECK(cluster.znode("/admin/reassign_partitions") ==
          R"({"version":1,"partitions":[{"topic":"t","partition":1,"replicas":[1,3]}]} v1)");
    CHECK(listed(cluster) == Lines{"t-0 1,4,2 +4 -2", "t-1 1,3,2 +3 -2"});
}

TEST_CASE("a topic queued for deletion is not reassigned", "[controller][reassignment]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    create(cluster, "t", {{1, 2}});
    cluster.kill_and_expire(2);
    cluster.settle();
    cluster.write(zookeeper::zk_create("/admin/delete_topics/t", std::nullopt), 0);
    cluster.settle();
    CHECK(alter(cluster, {{1, 3}}) == "UNKNOWN_TOPIC_OR_PARTITION: The partition does not exist.");
}
