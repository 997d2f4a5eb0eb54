// SPDX-License-Identifier: Apache-2.0
// What kafka-reassign-partitions asks of the cluster. Kafka 3.0.0: kafka.admin.ReassignPartitionsCommand,
// org.apache.kafka.clients.admin.KafkaAdminClient.

#include <fmt/format.h>

#include <charconv>

#include "core/base/java.hpp"
#include "core/tools/reassign_partitions_command.hpp"

namespace kafkasim::tools {
namespace {

constexpr std::string_view kLeaderRate = "leader.replication.throttled.rate";
constexpr std::string_view kFollowerRate = "follower.replication.throttled.rate";
constexpr std::string_view kLogDirsRate = "replica.alter.log.dirs.io.max.bytes.per.second";
constexpr std::string_view kLeaderReplicas = "leader.replication.throttled.replicas";
constexpr std::string_view kFollowerReplicas = "follower.replication.throttled.replicas";
constexpr int8_t kSet = 0;
constexpr int8_t kDelete = 1;

using Resource = protocol::IncrementalAlterConfigsRequest::AlterConfigsResource;

Resource resource(int8_t type, std::string name) {
    Resource made;
    made.resource_type = type;
    made.resource_name = std::move(name);
    return made;
}

void set(Resource& of, std::string_view name, const std::string& value) {
    of.configs.push_back({std::string(name), kSet, value});
}

void remove(Resource& of, std::string_view name) { of.configs.push_back({std::string(name), kDelete, std::nullopt}); }

/// Of a broker its own call, to be answered by that broker; all others in one that any may answer.
std::vector<client::AdminCall> calls_for(std::vector<Resource> resources) {
    std::vector<client::AdminCall> calls;
    std::vector<Resource> others;
    for (Resource& each : resources) {
        if (each.resource_type != client::kBrokerResource) {
            others.push_back(std::move(each));
            continue;
        }
        client::NodeId node = -1;
        std::from_chars(each.resource_name.data(), each.resource_name.data() + each.resource_name.size(), node);
        std::vector<Resource> own;
        own.push_back(std::move(each));
        calls.push_back(client::incremental_alter_configs(std::move(own)));
        calls.back().route = client::AdminRoute::Node;
        calls.back().node = node;
    }
    if (!others.empty()) calls.push_back(client::incremental_alter_configs(std::move(others)));
    return calls;
}

}  // namespace

ToolProblem ReassignPartitionsCommand::failed(const client::AdminError& error) {
    return {error.text(), fmt::format("java.util.concurrent.ExecutionException: {0}\nCaused by: {0}", error.text())};
}

Task<ReassignPartitionsCommand::Answer<RunningReassignments>> ReassignPartitionsCommand::running(
    std::optional<std::vector<TopicPartition>> partitions) {
    client::AdminCall request = client::list_partition_reassignments(std::move(partitions));
    const client::AdminResult result = co_await call(std::move(request));
    if (result.error) co_return {{}, failed(*result.error)};
    const auto& response = body_of<protocol::ListPartitionReassignmentsResponse>(result);
    if (response.error_code != ErrorCode::None)
        co_return {{}, failed(admin_error(response.error_code, response.error_message))};
    RunningReassignments running;
    for (const auto& topic : response.topics) {
        for (const auto& partition : topic.partitions) {
            running[{topic.name, partition.partition_index}] = {partition.replicas, partition.adding_replicas,
                                                                partition.removing_replicas};
        }
    }
    co_return {std::move(running), std::nullopt};
}

/// In the order of the java.util.HashMap by id that the client keeps them in.
Task<ReassignPartitionsCommand::Answer<std::vector<broker::BrokerMetadata>>> ReassignPartitionsCommand::live_brokers() {
    client::AdminCall request = client::describe_cluster();
    const client::AdminResult result = co_await call(std::move(request));
    if (result.error) co_return {{}, failed(*result.error)};
    const auto& answered = body_of<protocol::DescribeClusterResponse>(result).brokers;
    std::vector<int32_t> hashes;
    for (const auto& each : answered) hashes.push_back(each.broker_id.value);
    std::vector<broker::BrokerMetadata> brokers;
    for (const size_t i : java::hash_map_order(hashes)) brokers.push_back({answered[i].broker_id, answered[i].rack});
    co_return {std::move(brokers), std::nullopt};
}

Task<ReassignPartitionsCommand::Answer<ReassignPartitionsCommand::Described>> ReassignPartitionsCommand::describe(
    std::vector<TopicName> topics) {
    if (topics.empty()) co_return {};
    client::AdminCall request = client::describe_topics(topics);
    const client::AdminResult result = co_await call(std::move(request));
    if (result.error) co_return {{}, failed(*result.error)};
    Described described;
    for (const auto& topic : body_of<protocol::MetadataResponse>(result).topics) {
        const TopicName& name = topic.name;
        if (topic.error_code != ErrorCode::None) {
            described.failed[name] = admin_error(topic.error_code);
            continue;
        }
        std::map<int32_t, std::vector<BrokerId>> partitions;
        for (const auto& partition : topic.partitions) partitions[partition.partition_index] = partition.replica_nodes;
        for (auto& [partition, replicas] : partitions) described.topics[name].push_back(std::move(replicas));
    }
    co_return {std::move(described), std::nullopt};
}

Task<ReassignPartitionsCommand::Answer<Assignment>> ReassignPartitionsCommand::assignment_of(
    std::vector<TopicName> topics) {
    std::vector<TopicName> wanted = topics;
    Answer<Described> answer = co_await describe(std::move(wanted));
    if (answer.problem) co_return {{}, std::move(answer.problem)};
    Assignment assignment;
    for (const TopicName& topic : topics) {
        if (const auto error = answer.value.failed.find(topic); error != answer.value.failed.end()) {
            client::AdminError shown = error->second;
            if (shown.code == ErrorCode::UnknownTopicOrPartition)
                shown.message = fmt::format("Topic {} not found.", topic.view());
            co_return {{}, failed(shown)};
        }
        int32_t partition = 0;
        for (const auto& replicas : answer.value.topics[topic]) assignment[{topic, partition++}] = replicas;
    }
    co_return {std::move(assignment), std::nullopt};
}

Task<ReassignPartitionsCommand::Answer<std::map<TopicPartition, std::string>>> ReassignPartitionsCommand::alter(
    Assignment wanted) {
    protocol::AlterPartitionReassignmentsRequest body;
    for (auto& [tp, replicas] : wanted) {
        if (body.topics.empty() || body.topics.back().name != tp.topic) body.topics.emplace_back().name = tp.topic;
        auto& partition = body.topics.back().partitions.emplace_back();
        partition.partition_index = tp.partition;
        if (!replicas.empty()) partition.replicas = replicas;
    }
    client::AdminCall request = client::alter_partition_reassignments(std::move(body));
    const client::AdminResult result = co_await call(std::move(request));
    std::map<TopicPartition, std::string> errors;
    std::optional<client::AdminError> error = result.error;
    if (!error) {
        const auto& response = body_of<protocol::AlterPartitionReassignmentsResponse>(result);
        if (response.error_code != ErrorCode::None) error = admin_error(response.error_code, response.error_message);
        for (const auto& topic : response.responses) {
            for (const auto& partition : topic.partitions) {
                if (partition.error_code == ErrorCode::None) continue;
                errors[{topic.name, partition.partition_index}] =
                    admin_error(partition.error_code, partition.error_message).message;
            }
        }
    }
    if (error) {
        for (const auto& [tp, replicas] : wanted) errors[tp] = error->message;
    }
    co_return {std::move(errors), std::nullopt};
}

Task<ReassignPartitionsCommand::Maybe> ReassignPartitionsCommand::alter_configs(std::vector<ConfigsOfOne> resources) {
    std::vector<uint64_t> waiting;
    for (client::AdminCall& each : calls_for(std::move(resources))) waiting.push_back(submit(std::move(each)));
    Maybe first;
    for (const uint64_t id : waiting) {
        const client::AdminResult result = co_await answer(id);
        if (result.error) {
            if (!first) first = failed(*result.error);
            continue;
        }
        for (const auto& each : body_of<protocol::IncrementalAlterConfigsResponse>(result).responses) {
            if (each.error_code != ErrorCode::None && !first)
                first = failed(admin_error(each.error_code, each.error_message));
        }
    }
    co_return first;
}

Task<ReassignPartitionsCommand::Maybe> ReassignPartitionsCommand::set_throttles(Moves moves, int64_t rate) {
    std::vector<Resource> topics;
    for (const auto& [topic, of_topic] : moves) {
        topics.push_back(resource(client::kTopicResource, topic.str()));
        set(topics.back(), kLeaderReplicas, leader_throttles(of_topic));
        set(topics.back(), kFollowerReplicas, follower_throttles(of_topic));
    }
    if (Maybe problem = co_await alter_configs(std::move(topics))) co_return problem;
    std::vector<Resource> brokers;
    for (const BrokerId id : brokers_in(moves)) {
        brokers.push_back(resource(client::kBrokerResource, to_string(id)));
        set(brokers.back(), kLeaderRate, std::to_string(rate));
        set(brokers.back(), kFollowerRate, std::to_string(rate));
    }
    if (Maybe problem = co_await alter_configs(std::move(brokers))) co_return problem;
    out(fmt::format("The inter-broker throttle limit was set to {} B/s\n", rate));
    co_return std::nullopt;
}

/// Of all brokers that live or are named: which took part is not known any more.
Task<ReassignPartitionsCommand::Maybe> ReassignPartitionsCommand::clear_throttles(ReassignmentFile file) {
    Answer<std::vector<broker::BrokerMetadata>> live = co_await live_brokers();
    if (live.problem) co_return std::move(live.problem);
    std::vector<BrokerId> brokers;
    for (const broker::BrokerMetadata& each : live.value) brokers.push_back(each.id);
    std::vector<TopicName> topics;
    for (const auto& [tp, replicas] : file.partitions) {
        brokers.insert(brokers.end(), replicas.begin(), replicas.end());
        topics.push_back(tp.topic);
    }
    brokers = in_set_order(brokers);
    topics = in_set_order(topics);
    out(fmt::format("Clearing broker-level throttles on broker{} {}\n", brokers.size() == 1 ? "" : "s", join(brokers)));
    std::vector<Resource> of_brokers;
    for (const BrokerId id : brokers) {
        of_brokers.push_back(resource(client::kBrokerResource, to_string(id)));
        for (const std::string_view name : {kLeaderRate, kFollowerRate, kLogDirsRate}) remove(of_brokers.back(), name);
    }
    if (Maybe problem = co_await alter_configs(std::move(of_brokers))) co_return problem;
    std::string names;
    std::vector<Resource> of_topics;
    for (const TopicName& topic : topics) {
        names += (names.empty() ? "" : ",") + topic.str();
        of_topics.push_back(resource(client::kTopicResource, topic.str()));
        for (const std::string_view name : {kLeaderReplicas, kFollowerReplicas}) remove(of_topics.back(), name);
    }
    out(fmt::format("Clearing topic-level throttles on topic{} {}\n", topics.size() == 1 ? "" : "s", names));
    Maybe problem = co_await alter_configs(std::move(of_topics));
    co_return problem;
}

}  // namespace kafkasim::tools
