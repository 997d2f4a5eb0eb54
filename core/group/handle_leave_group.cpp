// SPDX-License-Identifier: Apache-2.0
//
// LeaveGroup: members that go, each with its own result. Static ones may be named by their instance id alone
// (removal by an administrator).
// Kafka 3.0.0: GroupCoordinator.handleLeaveGroup.

#include <fmt/format.h>

#include "core/group/coordinator.hpp"
#include "core/group/group_log.hpp"

namespace kafkasim::group {

void GroupCoordinator::remove_current_member(GroupHost& host, GroupMetadata& group, const std::string& member_id) {
    const MemberMetadata* member = group.find(member_id);
    if (member == nullptr) return;
    const std::string text = to_string(*member);  // the line comes after what the removal causes
    remove_member_and_update_group(host, group, member_id, fmt::format("Removing member {} on LeaveGroup", member_id));
    log_coordinator(host, node::Level::Info, "Member {} has left group {} through explicit `LeaveGroup` request", text,
                    group.group_id);
}

ErrorCode GroupCoordinator::leave(GroupHost& host, GroupMetadata& group,
                                  const protocol::LeaveGroupRequest::MemberIdentity& leaving) {
    if (leaving.member_id.empty()) {
        const auto current =
            leaving.group_instance_id ? group.static_member_id(*leaving.group_instance_id) : std::nullopt;
        if (!current) return ErrorCode::UnknownMemberId;
        remove_current_member(host, group, *current);
        return ErrorCode::None;
    }
    if (group.is_pending(leaving.member_id)) {
        remove_pending_member_and_update_group(host, group, leaving.member_id);
        log_coordinator(host, node::Level::Info,
                        "Pending member with memberId={} has left group {} through explicit `LeaveGroup` request",
                        leaving.member_id, group.group_id);
        return ErrorCode::None;
    }
    if (auto error = validate_current_member(host, group, leaving.member_id, leaving.group_instance_id, "leave-group"))
        return *error;
    remove_current_member(host, group, leaving.member_id);
    return ErrorCode::None;
}

void GroupCoordinator::handle_leave_group(GroupHost& host, const node::RequestContext& context,
                                          protocol::LeaveGroupRequest&& request) {
    protocol::LeaveGroupResponse response;
    GroupMetadata* group = nullptr;
    if (auto error = validate_group_status(request.group_id, AllowEmptyGroupId::No)) {
        response.error_code = *error;
        return host.respond(context.token, std::move(response));
    }
    group = find_group(request.group_id);
    if (group != nullptr && group->is(State::Dead)) {
        response.error_code = ErrorCode::CoordinatorNotAvailable;
        return host.respond(context.token, std::move(response));
    }
    for (const auto& leaving : request.members) {
        const ErrorCode error = group == nullptr ? ErrorCode::UnknownMemberId : leave(host, *group, leaving);
        response.members.push_back({leaving.member_id, leaving.group_instance_id, error});
    }
    host.respond(context.token, std::move(response));
}

}  // namespace kafkasim::group
