// SPDX-License-Identifier: Apache-2.0
#pragma once
// What kafka-topics.sh prints of topics, out of what brokers answered. Pure.
// Kafka 3.0.0: kafka.admin.TopicCommand (TopicDescription, PartitionDescription, DescribeOptions).

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/uuid.hpp"

namespace kafkasim::tools {

struct Reassignment {
    std::vector<BrokerId> adding;
    std::vector<BrokerId> removing;
};

struct DescribedPartition {
    int32_t partition = 0;
    BrokerId leader = kNoBroker;  // kNoBroker if there is none
    std::vector<BrokerId> replicas;
    std::vector<BrokerId> isr;
    std::optional<Reassignment> reassignment;
};

struct DescribedConfig {
    std::string name;
    std::string value;
    bool is_default = false;
};

struct DescribedTopic {
    std::string name;
    Uuid id;
    std::vector<DescribedPartition> partitions;  // by number
    std::vector<DescribedConfig> configs;        // in the order of the answer
};

enum class DescribeFilter : uint8_t { None, UnderReplicated, Unavailable, UnderMinIsr, AtMinIsr };

struct DescribeOptions {
    std::vector<DescribeFilter> filters;  // a partition is shown if one of them holds
    bool topics_with_overrides = false;
};

/// "Topic: orders\tTopicId: ..\tPartitionCount: 3\tReplicationFactor: 3\tConfigs: a=b,c=d\n"
std::string topic_line(const DescribedTopic& topic);
/// "\tTopic: orders\tPartition: 0\tLeader: 3\tReplicas: 3,1,2\tIsr: 3,1,2\n"
std::string partition_line(const DescribedTopic& topic, const DescribedPartition& partition);
bool passes(DescribeFilter filter, const DescribedTopic& topic, const DescribedPartition& partition,
            const std::vector<BrokerId>& live_brokers);
/// All of it, as the options want it.
std::string describe_topic(const DescribedTopic& topic, const DescribeOptions& options,
                           const std::vector<BrokerId>& live_brokers);

/// The order in which topics are described: that of a Java HashMap made for them. Indexes into `names`.
std::vector<size_t> described_order(const std::vector<std::string>& names);

/// "1:2,2:3": the replicas of each partition; the error is the exception's text.
struct ReplicaAssignments {
    std::vector<std::vector<BrokerId>> partitions;
    std::optional<std::pair<std::string, std::string>> failure;  // class and text of the exception
};
ReplicaAssignments parse_replica_assignment(const std::string& text);

}  // namespace kafkasim::tools
