// SPDX-License-Identifier: Apache-2.0
// bin/kafka-topics.sh --alter (more partitions) and --delete. Kafka 3.0.0:
// kafka.admin.TopicCommand.TopicService.alterTopic, deleteTopic.

#include <algorithm>

#include "core/tools/topics_command.hpp"

namespace kafkasim::tools {
namespace {

using GrownTopic = protocol::CreatePartitionsRequest::CreatePartitionsTopic;

/// "--replica-assignment" names the replicas of all partitions: those that exist already are left out.
GrownTopic grown(const std::string& name, int32_t count, const std::optional<ReplicaAssignments>& replicas,
                 size_t existing) {
    GrownTopic topic;
    topic.name = TopicName(name);
    topic.count = count;
    if (!replicas) return topic;
    topic.assignments.emplace();
    for (size_t i = existing; i < replicas->partitions.size(); ++i)
        topic.assignments->push_back({replicas->partitions[i]});
    return topic;
}

}  // namespace

Task<int> TopicsCommand::alter(ParsedOptions options) {
    const std::optional<int64_t> partitions = options.number("partitions");
    const std::optional<std::string> assignment = options.text("replica-assignment");
    if (options.error()) co_return fail(options.error()->exception, options.error()->message);
    std::optional<ReplicaAssignments> replicas;
    if (assignment) replicas = parse_replica_assignment(*assignment);
    if (replicas && replicas->failure) co_return fail(replicas->failure->first, replicas->failure->second);

    const client::AdminResult listed = co_await list_topics();
    if (listed.error) co_return fail(*listed.error);
    const auto names = chosen_topics(listed, options);
    if (!names) co_return 1;
    if (auto code = complain_if_absent(options, *names)) co_return *code;
    if (names->empty()) co_return 0;

    std::vector<TopicName> topics;
    for (const std::string& name : *names) topics.emplace_back(name);
    client::AdminCall describe_request = client::describe_topics(topics);
    const client::AdminResult described = co_await call(std::move(describe_request));
    if (described.error) co_return fail(*described.error);
    std::vector<GrownTopic> growing;
    for (const auto& topic : body_of<protocol::MetadataResponse>(described).topics) {
        if (replicas && topic.error_code != ErrorCode::None) co_return fail(admin_error(topic.error_code));
        growing.push_back(
            grown(topic.name.str(), static_cast<int32_t>(*partitions), replicas, topic.partitions.size()));
    }
    client::AdminCall request = client::create_partitions(std::move(growing));
    const client::AdminResult result = co_await call(std::move(request));
    if (result.error) co_return fail(*result.error);
    for (const auto& each : body_of<protocol::CreatePartitionsResponse>(result).results) {
        if (each.error_code != ErrorCode::None) co_return fail(admin_error(each.error_code, each.error_message));
    }
    co_return 0;
}

Task<int> TopicsCommand::remove(ParsedOptions options) {
    const client::AdminResult listed = co_await list_topics();
    if (listed.error) co_return fail(*listed.error);
    const auto names = chosen_topics(listed, options);
    if (!names) co_return 1;
    if (auto code = complain_if_absent(options, *names)) co_return *code;
    if (names->empty()) co_return 0;

    std::vector<TopicName> topics;
    for (const std::string& name : *names) topics.emplace_back(name);
    client::AdminCall request = client::delete_topics(topics);
    const client::AdminResult result = co_await call(std::move(request));
    if (result.error) co_return fail(*result.error);
    for (const auto& each : body_of<protocol::DeleteTopicsResponse>(result).responses) {
        if (each.error_code != ErrorCode::None) co_return fail(admin_error(each.error_code, each.error_message));
    }
    co_return 0;
}

}  // namespace kafkasim::tools
