// SPDX-License-Identifier: Apache-2.0
// The cases of Kafka 3.0.0's ControllerIntegrationTest about reassignment and topic ids, by their names. See
// controller_integration_test.cpp and suites.txt.
#include "core/controller/controller.hpp"

#include "tests/catch.hpp"
#include "tests/controller/fake_cluster.hpp"

using namespace kafkasim;
using namespace kafkasim::test;

namespace {

constexpr const char* kReassignments = "/admin/reassign_partitions";

void start_brokers(FakeCluster& cluster, int32_t n) {
    for (int32_t id = 1; id <= n; ++id) {
        cluster.start(id);
        cluster.settle();
    }
}

/// By the znode: t-0 is to have this replica alone.
void move_to(FakeCluster& cluster, int32_t broker) {
    cluster.write(
        zookeeper::zk_create(kReassignments, R"({"version":1,"partitions":[{"topic":"t","partition":0,"replicas":[)" +
                                                 std::to_string(broker) + "]}]}"),
        0);
    cluster.settle();
}

/// The replicas in the topic's znode: "1,2 adding 2 removing 1".
std::string assignment(const FakeCluster& cluster) {
    const auto topic = zookeeper::decode_topic(cluster.tree.find("/brokers/topics/t")->data.value_or(""));
    const ReplicaAssignment& replicas = topic->partitions.at(0);
    return join(replicas.replicas) + (replicas.adding.empty() ? "" : " adding " + join(replicas.adding)) +
           (replicas.removing.empty() ? "" : " removing " + join(replicas.removing));
}

Uuid stored_topic_id(const FakeCluster& cluster, const std::string& topic) {
    return zookeeper::decode_topic(cluster.tree.find(zookeeper::topic_path(topic))->data.value_or(""))->topic_id;
}

}  // namespace

TEST_CASE("ControllerIntegrationTest.testPartitionReassignment", "[kafka_tables]") {
    FakeCluster cluster;
    start_brokers(cluster, 2);
    cluster.create_topic("t", {{1}});
    cluster.settle();
    move_to(cluster, 2);
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=1 isr=1 v1");
    CHECK(assignment(cluster) == "2,1 adding 2 removing 1");
    // The new replica has caught up.
    cluster.alter_isr(1, "t", 0, 1, broker_ids({1, 2}), 1);
    cluster.settle();
    CHECK(cluster.short_state("t", 0) == "leader=2 epoch=3 isr=2 v4");
    CHECK(assignment(cluster) == "2");
    CHECK(cluster.znode(kReassignments) == "none");
}

// Theirs has two log directories and breaks one with a checkpoint; here the broker says so of a replica in the one.
TEST_CASE("ControllerIntegrationTest.testPartitionReassignmentToBrokerWithOfflineLogDir", "[kafka_tables]") {
    FakeCluster cluster;
    start_brokers(cluster, 2);
    cluster.cannot_use = {2};
    cluster.create_topic("filler", {{2}});
    cluster.settle();
    CHECK(cluster.short_state("filler", 0) == "leader=-1 epoch=1 isr=2 v1");
    cluster.cannot_use.clear();  // the next replica goes into the other directory
    cluster.create_topic("t", {{1}});
    cluster.settle();
    move_to(cluster, 2);
    cluster.alter_isr(1, "t", 0, 1, broker_ids({1, 2}), 1);
    cluster.settle();
    CHECK(cluster.short_state("t", 0) == "leader=2 epoch=3 isr=2 v4");
    CHECK(assignment(cluster) == "2");
    CHECK(cluster.znode(kReassignments) == "none");
    CHECK(cluster.short_state("filler", 0) == "leader=-1 epoch=1 isr=2 v1");
}

TEST_CASE("ControllerIntegrationTest.testPartitionReassignmentWithOfflineReplicaHaltingProgress", "[kafka_tables]") {
    FakeCluster cluster;
    start_brokers(cluster, 2);
    cluster.create_topic("t", {{1}});
    cluster.settle();
    cluster.stop(2);
    move_to(cluster, 2);
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=1 isr=1 v1");
    CHECK(cluster.znode(kReassignments) != "none");
}

TEST_CASE("ControllerIntegrationTest.testPartitionReassignmentResumesAfterReplicaComesOnline", "[kafka_tables]") {
    FakeCluster cluster;
    start_brokers(cluster, 2);
    cluster.create_topic("t", {{1}});
    cluster.settle();
    cluster.stop(2);
    move_to(cluster, 2);
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=1 isr=1 v1");
    cluster.start(2);
    cluster.settle();
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=2 isr=1 v2");
    cluster.alter_isr(1, "t", 0, 2, broker_ids({1, 2}), 2);
    cluster.settle();
    CHECK(cluster.short_state("t", 0) == "leader=2 epoch=4 isr=2 v5");
    CHECK(assignment(cluster) == "2");
    CHECK(cluster.znode(kReassignments) == "none");
}

TEST_CASE("ControllerIntegrationTest.testTopicIdsAreAdded", "[kafka_tables]") {
    FakeCluster cluster;
    start_brokers(cluster, 1);
    const controller::ControllerContext& context = cluster.broker(1).controller.context();
    CHECK(context.topic_id(TopicName("t1")).is_zero());
    for (const char* topic : {"t1", "t2"}) {
        cluster.create_topic(topic, {{1}});
        cluster.settle();
        CHECK(cluster.short_state(topic, 0) == "leader=1 epoch=0 isr=1 v0");
        CHECK(context.topic_id(TopicName(topic)) == stored_topic_id(cluster, topic));
        CHECK_FALSE(context.topic_id(TopicName(topic)).is_zero());
    }
    CHECK(context.topic_id(TopicName("t1")) == stored_topic_id(cluster, "t1"));
    CHECK(context.topic_id(TopicName("t1")) != context.topic_id(TopicName("t2")));
}

TEST_CASE("ControllerIntegrationTest.testTopicIdMigrationAndHandling", "[kafka_tables]") {
    FakeCluster cluster;
    start_brokers(cluster, 1);
    const controller::ControllerContext& context = cluster.broker(1).controller.context();
    cluster.create_topic("t", {{1}});
    cluster.settle();
    const Uuid id = stored_topic_id(cluster, "t");
    REQUIRE_FALSE(id.is_zero());
    CHECK(context.topic_id(TopicName("t")) == id);
    // a partition more
    zookeeper::TopicAssignment grown;
    grown.topic_id = id;
    FakeCluster::assign(grown, {{1}, {1}});
    cluster.write(zookeeper::zk_set_data("/brokers/topics/t", zookeeper::encode_topic(grown)), 0);
    cluster.settle();
    CHECK(cluster.short_state("t", 1) == "leader=1 epoch=0 isr=1 v0");
    CHECK(context.topic_id(TopicName("t")) == id);
    // deleted
    cluster.write(zookeeper::zk_create("/admin/delete_topics/t", std::nullopt), 0);
    cluster.settle();
    CHECK(cluster.znode("/brokers/topics/t") == "none");
    CHECK(context.topic_id(TopicName("t")).is_zero());
    CHECK_FALSE(context.all_topics.contains(TopicName("t")));
}

TEST_CASE("ControllerIntegrationTest: a topic id outlives its controller", "[kafka_tables]") {
    for (const int32_t brokers : {2, 1}) {
        DYNAMIC_SECTION((brokers == 2 ? "testTopicIdPersistsThroughControllerReelection"
                                      : "testTopicIdPersistsThroughControllerRestart")) {
            FakeCluster cluster;
            start_brokers(cluster, brokers);
            cluster.create_topic("t", {{1}});
            cluster.settle();
            const Uuid id = cluster.broker(1).controller.context().topic_id(TopicName("t"));
            REQUIRE_FALSE(id.is_zero());
            cluster.stop(1);
            if (brokers == 1) {
                cluster.start(1);
                cluster.settle();
            }
            REQUIRE(cluster.active_broker().controller.is_active());
            CHECK(cluster.active_broker().controller.epoch() == 2);
            CHECK(cluster.active_broker().controller.context().topic_id(TopicName("t")) == id);
            CHECK(stored_topic_id(cluster, "t") == id);
        }
    }
}

// Theirs was made by a broker of protocol 2.7; here the znode of such a topic is there before the first broker.
TEST_CASE("ControllerIntegrationTest.testTopicIdCreatedOnUpgrade", "[kafka_tables]") {
    FakeCluster cluster;
    cluster.write(
        zookeeper::zk_create("/brokers/topics/t", R"({"version":2,"partitions":{"0":[1]},"adding_replicas":{},)"
                                                  R"("removing_replicas":{}})"),
        0);
    REQUIRE(stored_topic_id(cluster, "t").is_zero());
    start_brokers(cluster, 1);
    const Uuid id = stored_topic_id(cluster, "t");
    CHECK_FALSE(id.is_zero());
    CHECK(cluster.broker(1).controller.context().topic_id(TopicName("t")) == id);
    cluster.write(zookeeper::zk_create("/admin/delete_topics/t", std::nullopt), 0);
    cluster.settle();
    CHECK_FALSE(cluster.broker(1).controller.context().all_topics.contains(TopicName("t")));
}
