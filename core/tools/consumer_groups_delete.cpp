// SPDX-License-Identifier: Apache-2.0
// kafka-consumer-groups.sh --delete and --delete-offsets. Kafka 3.0.0:
// kafka.admin.ConsumerGroupCommand.ConsumerGroupService.deleteGroups, deleteOffsets.

#include <fmt/format.h>

#include <algorithm>

#include "core/tools/consumer_groups_command.hpp"

namespace kafkasim::tools {
namespace {

/// What is said before the table, by the error of the whole.
std::string deletion_remark(ErrorCode error, const std::string& group, const std::vector<std::string>& topics) {
    if (error == ErrorCode::None)
        return fmt::format("Request succeed for deleting offsets with topic {} group {}\n", fmt::join(topics, ", "),
                           group);
    if (error == ErrorCode::InvalidGroupId) return fmt::format("\nError: '{}' is not valid.\n", group);
    if (error == ErrorCode::GroupIdNotFound) return fmt::format("\nError: '{}' does not exist.\n", group);
    if (error == ErrorCode::NonEmptyGroup)
        return fmt::format(
            "\nError: Deleting offsets of a consumer group '{}' is forbidden if the group is not empty.\n", group);
    if (error == ErrorCode::GroupSubscribedToTopic || error == ErrorCode::UnknownTopicOrPartition)
        return "\nError: Encounter some partition level error, see the follow-up details:\n";
    return fmt::format("\nError: Encounter some unknown error: {}\n", name(error));
}

ErrorCode error_of(const protocol::OffsetDeleteResponse& response, const TopicPartition& tp) {
    if (response.error_code != ErrorCode::None) return response.error_code;
    for (const auto& topic : response.topics) {
        for (const auto& partition : topic.partitions) {
            if (topic.name == tp.topic && partition.partition_index == tp.partition) return partition.error_code;
        }
    }
    return ErrorCode::UnknownServerError;
}

}  // namespace

Task<ConsumerGroupsCommand::Outcome<int>> ConsumerGroupsCommand::delete_groups(ParsedOptions options) {
    const Outcome<std::vector<std::string>> groups = co_await chosen_groups(options);
    if (groups.failure) co_return Outcome<int>{groups.failure, 0};
    std::vector<uint64_t> calls;
    for (const std::string& group : groups.value) calls.push_back(submit(timed(client::delete_consumer_groups(group))));
    std::vector<DeletedGroup> deleted;
    for (size_t i = 0; i < calls.size(); ++i) {
        const client::AdminResult result = co_await answer(calls[i]);
        std::optional<client::AdminError> error = result.error;
        if (!error) {
            for (const auto& each : body_of<protocol::DeleteGroupsResponse>(result).results) {
                if (each.error_code != ErrorCode::None) error = admin_error(each.error_code);
            }
        }
        deleted.push_back({groups.value[i], error ? "java.util.concurrent.ExecutionException: " + error->text() : ""});
    }
    out(deletion_text(std::move(deleted)));
    co_return Outcome<int>{};
}

Task<ConsumerGroupsCommand::Outcome<int>> ConsumerGroupsCommand::delete_offsets(ParsedOptions options) {
    const std::optional<std::string> group = options.text("group");
    if (options.error()) co_return Outcome<int>{thrown_by_parser(*options.error()), 0};
    const std::vector<std::string> arguments = options.all("topic");
    const TopicArguments parsed = parse_topic_arguments(arguments);
    if (parsed.illegal) co_return Outcome<int>{illegal_argument(*parsed.illegal), 0};
    std::vector<TopicPartition> partitions = parsed.partitions;
    std::vector<DeletedOffset> rows;
    const std::vector<TopicPartitions> topics = co_await described_topics(parsed.topics);
    for (const TopicPartitions& topic : topics) {
        if (topic.error) rows.push_back({{TopicName(topic.topic), -1}, topic.error->text()});
        partitions.insert(partitions.end(), topic.partitions.begin(), topic.partitions.end());
    }
    std::sort(partitions.begin(), partitions.end());
    partitions.erase(std::unique(partitions.begin(), partitions.end()), partitions.end());

    client::AdminCall request = timed(client::delete_consumer_group_offsets(*group, partitions));
    const client::AdminResult result = co_await call(std::move(request));
    ErrorCode whole = ErrorCode::None;
    if (result.error) {
        whole = result.error->code;
    } else if (partitions.empty()) {
        whole = body_of<protocol::OffsetDeleteResponse>(result).error_code;
    }
    for (const TopicPartition& tp : partitions) {
        std::optional<client::AdminError> error = result.error;
        if (!error) {
            const ErrorCode code = error_of(body_of<protocol::OffsetDeleteResponse>(result), tp);
            if (code != ErrorCode::None) error = admin_error(code);
        }
        if (error && whole == ErrorCode::None) whole = error->code;
        rows.push_back({tp, error ? error->text() : ""});
    }
    out(deletion_remark(whole, *group, arguments));
    out(deleted_offsets_table(std::move(rows)));
    co_return Outcome<int>{};
}

}  // namespace kafkasim::tools
