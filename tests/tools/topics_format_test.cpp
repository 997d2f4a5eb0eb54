// SPDX-License-Identifier: Apache-2.0

#include "core/tools/topics_format.hpp"

#include "tests/catch.hpp"

namespace kafkasim::tools {
namespace {

DescribedTopic my_kafka_topic() {
    DescribedTopic topic;
    topic.name = "my-kafka-topic";
    topic.id = Uuid::from_text("EJFAicezSDe360K5wnHzOw").value();
    topic.configs = {{"compression.type", "producer", true},
                     {"segment.bytes", "1073741824", false},
                     {"min.insync.replicas", "1", true}};
    topic.partitions = {{0, BrokerId{3}, broker_ids({3, 1, 2}), broker_ids({3, 2}), std::nullopt},
                        {1, BrokerId{2}, broker_ids({1, 2, 3}), broker_ids({2, 3}), std::nullopt},
                        {2, kNoBroker, broker_ids({2, 3, 1}), broker_ids({1}), std::nullopt}};
    return topic;
}

const std::vector<BrokerId> kLive = broker_ids({1, 2});

std::string shown(DescribeFilter filter) {
    std::string numbers;
    const DescribedTopic topic = my_kafka_topic();
    for (const DescribedPartition& partition : topic.partitions) {
        if (passes(filter, topic, partition, kLive)) numbers += std::to_string(partition.partition);
    }
    return numbers;
}

}  // namespace

TEST_CASE("describe prints what the real tool printed in recording 01") {
    CHECK(describe_topic(my_kafka_topic(), {}, kLive) ==
          "Topic: my-kafka-topic\tTopicId: EJFAicezSDe360K5wnHzOw\tPartitionCount: 3\tReplicationFactor: 3\tConfigs: "
          "segment.bytes=1073741824\n"
          "\tTopic: my-kafka-topic\tPartition: 0\tLeader: 3\tReplicas: 3,1,2\tIsr: 3,2\n"
          "\tTopic: my-kafka-topic\tPartition: 1\tLeader: 2\tReplicas: 1,2,3\tIsr: 2,3\n"
          "\tTopic: my-kafka-topic\tPartition: 2\tLeader: none\tReplicas: 2,3,1\tIsr: 1\n");
}

TEST_CASE("a reassigned partition shows what comes and goes, and its factor does not count what comes") {
    DescribedTopic topic = my_kafka_topic();
    topic.partitions = {
        {0, BrokerId{3}, broker_ids({3, 1, 4}), broker_ids({3, 1}), Reassignment{broker_ids({4}), broker_ids({1})}}};
    CHECK(topic_line(topic).find("ReplicationFactor: 2\t") != std::string::npos);
    CHECK(partition_line(topic, topic.partitions[0]) ==
          "\tTopic: my-kafka-topic\tPartition: 0\tLeader: 3\tReplicas: 3,1,4\tIsr: 3,1\tAdding Replicas: 4\tRemoving "
          "Replicas: 1\n");
    CHECK(!passes(DescribeFilter::UnderReplicated, topic, topic.partitions[0], kLive));
}

TEST_CASE("each filter lets its partitions through") {
    CHECK(shown(DescribeFilter::None) == "012");
    CHECK(shown(DescribeFilter::UnderReplicated) == "012");
    CHECK(shown(DescribeFilter::Unavailable) == "02");  // broker 3 is not live, partition 2 has no leader
    CHECK(shown(DescribeFilter::UnderMinIsr) == "2");
    CHECK(shown(DescribeFilter::AtMinIsr) == "2");
}

TEST_CASE("filters leave out the topic's line, overrides the partitions' lines") {
    CHECK(describe_topic(my_kafka_topic(), {{DescribeFilter::UnderMinIsr}, false}, kLive) ==
          "\tTopic: my-kafka-topic\tPartition: 2\tLeader: none\tReplicas: 2,3,1\tIsr: 1\n");
    CHECK(describe_topic(my_kafka_topic(), {{}, true}, kLive) == topic_line(my_kafka_topic()));
    DescribedTopic plain = my_kafka_topic();
    plain.configs.clear();
    CHECK(describe_topic(plain, {{}, true}, kLive).empty());
}

TEST_CASE("topics are described in the recorded orders of Java's hash map") {
    auto ordered = [](std::vector<std::string> names) {
        std::vector<std::string> result;
        for (size_t i : described_order(names)) result.push_back(names[i]);
        return result;
    };
    CHECK(ordered({"cfgtopic", "dot.topic", "manual", "manual2", "my-kafka-topic", "my.kafka_topic"}) ==
          std::vector<std::string>{"my.kafka_topic", "cfgtopic", "dot.topic", "manual", "manual2", "my-kafka-topic"});
    CHECK(ordered({"manual2", "movie", "music", "my-kafka-topic"}) ==
          std::vector<std::string>{"music", "movie", "manual2", "my-kafka-topic"});
}

TEST_CASE("a replica assignment is read or refused as the real tool does") {
    CHECK(parse_replica_assignment("1:2,2:3,3:1").partitions ==
          std::vector<std::vector<BrokerId>>{broker_ids({1, 2}), broker_ids({2, 3}), broker_ids({3, 1})});
    CHECK(parse_replica_assignment("1:1").failure->second ==
          "Partition replica lists may not contain duplicate entries: 1");
    CHECK(parse_replica_assignment("1:2,3").failure->first == "kafka.admin.AdminOperationException");
    CHECK(parse_replica_assignment("1:x").failure->second == "For input string: \"x\"");
}

}  // namespace kafkasim::tools
