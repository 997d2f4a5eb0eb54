// SPDX-License-Identifier: Apache-2.0
//
// DeleteGroups: an empty group and its offsets go, with tombstones; each group has its own result.
// Kafka 3.0.0: GroupCoordinator.handleDeleteGroups.

#include <fmt/format.h>

#include "core/group/coordinator.hpp"
#include "core/group/group_log.hpp"

namespace kafkasim::group {

namespace {

std::vector<TopicPartition> partitions_of(const GroupMetadata& group) {
    std::vector<TopicPartition> partitions;
    for (const auto& [tp, committed] : group.offsets) partitions.push_back(tp);
    for (const auto& [tp, pending] : group.pending_offset_commits) {
        if (!group.offsets.contains(tp)) partitions.push_back(tp);
    }
    return partitions;
}

}  // namespace

ErrorCode GroupCoordinator::mark_for_deletion(GroupHost& host, const std::string& group_id) {
    if (auto error = validate_group_status(group_id, AllowEmptyGroupId::Yes)) return *error;
    GroupMetadata* group = find_group(group_id);
    if (group == nullptr || group->is(State::Dead)) return ErrorCode::GroupIdNotFound;
    if (!group->is(State::Empty)) return ErrorCode::NonEmptyGroup;
    transition(host, *group, State::Dead);
    return ErrorCode::None;
}

void GroupCoordinator::handle_delete_groups(GroupHost& host, const node::RequestContext& context,
                                            protocol::DeleteGroupsRequest&& request) {
    protocol::DeleteGroupsResponse response;
    std::vector<std::string> deleted;
    for (const std::string& group_id : request.groups_names) {
        const ErrorCode error = mark_for_deletion(host, group_id);
        response.results.push_back({group_id, error});
        if (error == ErrorCode::None) deleted.push_back(group_id);
    }
    int64_t offsets_removed = 0;
    for (const std::string& group_id : deleted) {
        GroupMetadata& group = *find_group(group_id);
        offsets_removed += cleanup_group(host, group_id, group.remove_offsets(partitions_of(group)));
    }
    if (!deleted.empty())
        log_coordinator(host, node::Level::Info,
                        "The following groups were deleted: {}. A total of {} offsets were removed.",
                        fmt::join(deleted, ", "), offsets_removed);
    host.respond(context.token, std::move(response));
}

}  // namespace kafkasim::group
