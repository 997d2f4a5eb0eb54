// SPDX-License-Identifier: Apache-2.0
//
// OffsetDelete: takes offsets away from a group, except those of topics that its members are subscribed to.
// Kafka 3.0.0: GroupCoordinator.handleDeleteOffsets.

#include <fmt/format.h>

#include "core/group/coordinator.hpp"
#include "core/group/group_log.hpp"

namespace kafkasim::group {

namespace {

using Topic = protocol::OffsetDeleteResponse::OffsetDeleteResponseTopic;

Topic& entry_of(protocol::OffsetDeleteResponse& response, const TopicName& topic) {
    for (Topic& each : response.topics) {
        if (each.name == topic) return each;
    }
    response.topics.emplace_back().name = topic;
    return response.topics.back();
}

}  // namespace

void GroupCoordinator::handle_offset_delete(GroupHost& host, const node::RequestContext& context,
                                            protocol::OffsetDeleteRequest&& request,
                                            protocol::OffsetDeleteResponse&& response) {
    auto error = validate_group_status(request.group_id, AllowEmptyGroupId::No);
    GroupMetadata* group = error ? nullptr : find_group(request.group_id);
    if (!error && (group == nullptr || group->is(State::Dead))) error = ErrorCode::GroupIdNotFound;
    if (!error && !group->is(State::Empty) && !group->is_consumer_group()) error = ErrorCode::NonEmptyGroup;
    if (error) {
        response.topics.clear();
        response.error_code = *error;
        return host.respond(context.token, std::move(response));
    }
    std::vector<TopicPartition> to_delete;
    for (const auto& topic : request.topics) {
        auto& out = entry_of(response, topic.name);
        const bool in_use = !group->is(State::Empty) && group->is_subscribed_to(topic.name.view());
        for (const auto& partition : topic.partitions) {
            out.partitions.push_back(
                {partition.partition_index, in_use ? ErrorCode::GroupSubscribedToTopic : ErrorCode::None});
            if (!in_use) to_delete.push_back({topic.name, partition.partition_index});
        }
    }
    if (!to_delete.empty()) {
        const int64_t removed = cleanup_group(host, request.group_id, group->remove_offsets(to_delete));
        std::vector<std::string> names;
        for (const auto& tp : to_delete) names.push_back(to_string(tp));
        log_coordinator(host, node::Level::Info,
                        "The following offsets of the group {} were deleted: {}. A total of {} offsets were removed.",
                        request.group_id, fmt::join(names, ", "), removed);
    }
    host.respond(context.token, std::move(response));
}

}  // namespace kafkasim::group
