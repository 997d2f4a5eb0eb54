// SPDX-License-Identifier: Apache-2.0
//
// SyncGroup: the leader brings the assignment, the others wait for it; in a stable group the stored one is the
// answer.
// Kafka 3.0.0: GroupCoordinator.handleSyncGroup, validateSyncGroup, doSyncGroup.

#include "core/group/coordinator.hpp"

namespace kafkasim::group {

namespace {

protocol::SyncGroupResponse sync_error(ErrorCode error) {
    protocol::SyncGroupResponse response;
    response.error_code = error;
    return response;
}

/// Generation and protocol; the member is checked before.
std::optional<ErrorCode> check(const GroupMetadata& group, const protocol::SyncGroupRequest& request) {
    if (request.generation_id != group.generation_id) return ErrorCode::IllegalGeneration;
    if (request.protocol_type && request.protocol_type != group.protocol_type)
        return ErrorCode::InconsistentGroupProtocol;
    if (request.protocol_name && request.protocol_name != group.protocol_name)
        return ErrorCode::InconsistentGroupProtocol;
    return std::nullopt;
}

}  // namespace

void GroupCoordinator::handle_sync_group(GroupHost& host, const node::RequestContext& context,
                                         protocol::SyncGroupRequest&& request) {
    auto error = validate_group_status(request.group_id, AllowEmptyGroupId::No);
    // The rebalance that was running is lost with the old coordinator: the member must join again.
    if (error == ErrorCode::CoordinatorLoadInProgress) error = ErrorCode::RebalanceInProgress;
    GroupMetadata* group = error ? nullptr : find_group(request.group_id);
    if (!error && group == nullptr) error = ErrorCode::UnknownMemberId;
    if (!error && group->is(State::Dead)) error = ErrorCode::CoordinatorNotAvailable;
    if (!error)
        error = validate_current_member(host, *group, request.member_id, request.group_instance_id, "sync-group");
    if (!error) error = check(*group, request);
    if (error) return host.respond(context.token, sync_error(*error));

    MemberMetadata& member = *group->find(request.member_id);
    switch (group->state) {
        case State::Empty:
            return host.respond(context.token, sync_error(ErrorCode::UnknownMemberId));
        case State::PreparingRebalance:
            return host.respond(context.token, sync_error(ErrorCode::RebalanceInProgress));
        case State::CompletingRebalance:
            member.awaiting_sync = context.token;
            remove_pending_sync_member(host, *group, request.member_id);
            if (group->is_leader(request.member_id)) sync_received_from_leader(host, *group, std::move(request));
            return;
        case State::Stable:
            remove_pending_sync_member(host, *group, request.member_id);
            member.awaiting_sync = context.token;
            respond_sync(host, *group, member, ErrorCode::None);
            return schedule_session_expiration(host, *group, member);
        case State::Dead:
            return;
    }
}

}  // namespace kafkasim::group
