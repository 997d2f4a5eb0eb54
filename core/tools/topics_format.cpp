// SPDX-License-Identifier: Apache-2.0

#include "core/tools/topics_format.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/java.hpp"
#include "core/tools/option_parser.hpp"

namespace kafkasim::tools {
namespace {

/// Without the replicas that a reassignment adds.
size_t replication_factor(const DescribedPartition& partition) {
    return partition.replicas.size() - (partition.reassignment ? partition.reassignment->adding.size() : 0);
}

size_t min_insync_replicas(const DescribedTopic& topic) {
    const auto found = std::find_if(topic.configs.begin(), topic.configs.end(),
                                    [](const DescribedConfig& each) { return each.name == "min.insync.replicas"; });
    if (found == topic.configs.end()) return 1;
    return static_cast<size_t>(whole_number(found->value, ArgumentType::Integer).value_or(1));
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (size_t at = 0; at <= text.size();) {
        const size_t end = std::min(text.find(separator, at), text.size());
        parts.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    while (parts.size() > 1 && parts.back().empty()) parts.pop_back();
    return parts;
}

std::string trim(const std::string& text) {
    const size_t first = text.find_first_not_of(' ');
    return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

ReplicaAssignments assignment_failure(std::string exception, std::string text) {
    return {{}, std::pair(std::move(exception), std::move(text))};
}

}  // namespace

std::string topic_line(const DescribedTopic& topic) {
    std::string configs;
    for (const DescribedConfig& config : topic.configs) {
        if (!config.is_default)
            configs += fmt::format("{}{}={}", configs.empty() ? "" : ",", config.name, config.value);
    }
    const std::string id = topic.id.is_zero() ? std::string() : fmt::format("\tTopicId: {}", topic.id.text());
    const size_t replicas = topic.partitions.empty() ? 0 : replication_factor(topic.partitions.front());
    return fmt::format("Topic: {}{}\tPartitionCount: {}\tReplicationFactor: {}\tConfigs: {}\n", topic.name, id,
                       topic.partitions.size(), replicas, configs);
}

std::string partition_line(const DescribedTopic& topic, const DescribedPartition& partition) {
    const std::string leader = partition.leader == kNoBroker ? "none" : to_string(partition.leader);
    std::string line = fmt::format("\tTopic: {}\tPartition: {}\tLeader: {}\tReplicas: {}\tIsr: {}", topic.name,
                                   partition.partition, leader, join(partition.replicas), join(partition.isr));
    if (partition.reassignment) {
        line += fmt::format("\tAdding Replicas: {}\tRemoving Replicas: {}", join(partition.reassignment->adding),
                            join(partition.reassignment->removing));
    }
    return line + "\n";
}

bool passes(DescribeFilter filter, const DescribedTopic& topic, const DescribedPartition& partition,
            const std::vector<BrokerId>& live_brokers) {
    const bool has_leader = partition.leader != kNoBroker;
    switch (filter) {
        case DescribeFilter::None:
            return true;
        case DescribeFilter::UnderReplicated:
            return replication_factor(partition) > partition.isr.size();
        case DescribeFilter::Unavailable:
            return !has_leader || !contains(live_brokers, partition.leader);
        case DescribeFilter::UnderMinIsr:
            return !has_leader || partition.isr.size() < min_insync_replicas(topic);
        case DescribeFilter::AtMinIsr:
            return partition.isr.size() == min_insync_replicas(topic);
    }
    return false;
}

std::string describe_topic(const DescribedTopic& topic, const DescribeOptions& options,
                           const std::vector<BrokerId>& live_brokers) {
    const bool has_overrides = std::any_of(topic.configs.begin(), topic.configs.end(),
                                           [](const DescribedConfig& each) { return !each.is_default; });
    std::string text;
    if (options.filters.empty() && (!options.topics_with_overrides || has_overrides)) text += topic_line(topic);
    if (options.topics_with_overrides) return text;
    for (const DescribedPartition& partition : topic.partitions) {
        const bool wanted = options.filters.empty() ||
                            std::any_of(options.filters.begin(), options.filters.end(), [&](DescribeFilter filter) {
                                return passes(filter, topic, partition, live_brokers);
                            });
        if (wanted) text += partition_line(topic, partition);
    }
    return text;
}

std::vector<size_t> described_order(const std::vector<std::string>& names) {
    size_t capacity = 1;
    while (capacity < names.size()) capacity *= 2;
    if (names.size() * 4 > capacity * 3) capacity *= 2;
    std::vector<int32_t> hashes;
    for (const std::string& name : names) hashes.push_back(java::string_hash(name));
    return java::hash_map_order(hashes, capacity);
}

ReplicaAssignments parse_replica_assignment(const std::string& text) {
    ReplicaAssignments result;
    for (const std::string& partition : split(text, ',')) {
        std::vector<BrokerId> replicas;
        for (const std::string& broker : split(partition, ':')) {
            const std::optional<int64_t> id = whole_number(trim(broker), ArgumentType::Integer);
            if (!id)
                return assignment_failure("java.lang.NumberFormatException",
                                          fmt::format("For input string: \"{}\"", trim(broker)));
            const BrokerId replica{static_cast<int32_t>(*id)};
            if (contains(replicas, replica)) {
                return assignment_failure(
                    "kafka.common.AdminCommandFailedException",
                    fmt::format("Partition replica lists may not contain duplicate entries: {}", *id));
            }
            replicas.push_back(replica);
        }
        if (!result.partitions.empty() && replicas.size() != result.partitions.front().size()) {
            return assignment_failure(
                "kafka.admin.AdminOperationException",
                fmt::format("Partition {} has different replication factor: {}", result.partitions.size(), "[I@0"));
        }
        result.partitions.push_back(std::move(replicas));
    }
    return result;
}

}  // namespace kafkasim::tools
