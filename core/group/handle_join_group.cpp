// SPDX-License-Identifier: Apache-2.0
//
// JoinGroup: a new member gets an id first and comes again with it; a known one joins the rebalance, causes one, or
// is told the current generation.
// Kafka 3.0.0: GroupCoordinator.handleJoinGroup, doNewMemberJoinGroup, doCurrentMemberJoinGroup.

#include <fmt/format.h>

#include "core/group/coordinator.hpp"
#include "core/group/group_log.hpp"
#include "core/group/joining_member.hpp"
#include "core/group/rules.hpp"

namespace kafkasim::group {

protocol::JoinGroupResponse join_error(std::string member_id, ErrorCode error) {
    protocol::JoinGroupResponse response;
    response.error_code = error;
    response.member_id = std::move(member_id);
    return response;
}

protocol::JoinGroupResponse join_response(const GroupMetadata& group, const std::string& member_id) {
    protocol::JoinGroupResponse response;
    response.generation_id = group.generation_id;
    response.protocol_type = group.protocol_type;
    response.protocol_name = group.protocol_name;
    response.leader = group.leader_id.value_or("");
    response.member_id = member_id;
    if (!group.is_leader(member_id)) return response;
    const std::string protocol = group.protocol_name.value_or("");
    for (const MemberMetadata* member : group.members_in_order())
        response.members.push_back({member->member_id, member->group_instance_id, member->metadata(protocol)});
    return response;
}

void GroupCoordinator::handle_join_group(GroupHost& host, const node::RequestContext& context,
                                         protocol::JoinGroupRequest&& request, MemberIds knows_ids) {
    if (auto error = validate_group_status(request.group_id, AllowEmptyGroupId::No))
        return host.respond(context.token, join_error(request.member_id, *error));
    if (request.session_timeout_ms < host.config().group_min_session_timeout_ms ||
        request.session_timeout_ms > host.config().group_max_session_timeout_ms)
        return host.respond(context.token, join_error(request.member_id, ErrorCode::InvalidSessionTimeout));

    const bool is_new = request.member_id.empty();
    GroupMetadata* group = find_group(request.group_id);
    if (group == nullptr && !is_new)
        return host.respond(context.token, join_error(request.member_id, ErrorCode::UnknownMemberId));
    if (group == nullptr) group = &add_group(host, request.group_id);

    const MemberMetadata* known = group->find(request.member_id);
    const RoomCheck room{group->state,
                         known != nullptr,
                         known != nullptr && known->awaiting_join,
                         static_cast<int64_t>(group->members.size()),
                         static_cast<int64_t>(group->awaiting_join()),
                         host.config().group_max_size};
    const int32_t rebalance_timeout_ms =
        request.rebalance_timeout_ms < 0 ? request.session_timeout_ms : request.rebalance_timeout_ms;
    JoiningMember joining{context.token,
                          request.member_id,
                          std::move(request.group_instance_id),
                          context.client_id.str(),
                          context.client_host,
                          rebalance_timeout_ms,
                          request.session_timeout_ms,
                          std::move(request.protocol_type),
                          std::move(request.protocols)};
    if (!accepts_joining_member(room)) {
        drop_member(host, *group, request.member_id);
        host.respond(context.token, join_error("", ErrorCode::GroupMaxSizeReached));
    } else if (is_new) {
        join_new_member(host, *group, std::move(joining), knows_ids);
    } else {
        join_current_member(host, *group, std::move(joining));
    }
    if (group->is(State::PreparingRebalance)) try_complete_join(host, *group);
}

void GroupCoordinator::join_new_member(GroupHost& host, GroupMetadata& group, JoiningMember&& joining,
                                       MemberIds knows_ids) {
    if (group.is(State::Dead)) return host.respond(joining.token, join_error("", ErrorCode::CoordinatorNotAvailable));
    if (!group.supports_protocols(joining.protocol_type, joining.protocols))
        return host.respond(joining.token, join_error("", ErrorCode::InconsistentGroupProtocol));
    const std::string uuid = host.env().chance().uuid(node::Stream::MemberIds).hyphenated();
    joining.member_id = fmt::format("{}-{}", joining.group_instance_id.value_or(joining.client_id), uuid);
    if (joining.group_instance_id) return join_new_static_member(host, group, std::move(joining));
    join_new_dynamic_member(host, group, std::move(joining), knows_ids);
}

void GroupCoordinator::join_new_dynamic_member(GroupHost& host, GroupMetadata& group, JoiningMember&& joining,
                                               MemberIds knows_ids) {
    if (knows_ids == MemberIds::GivenAtOnce) {
        log_coordinator(host, node::Level::Info,
                        "Dynamic Member with unknown member id joins group {} in {} state. Created a new member id {} "
                        "for this member and add to the group.",
                        group.group_id, name_of(group.state), joining.member_id);
        std::string member_id = joining.member_id;
        return add_member_and_rebalance(host, group, std::move(member_id), std::move(joining));
    }
    // KIP-394: the member must come again with its id, so that lost replies leave no ghosts behind.
    log_coordinator(host, node::Level::Info,
                    "Dynamic member with unknown member id joins group {} in {} state. Created a new member id {} and "
                    "request the member to rejoin with this id.",
                    group.group_id, name_of(group.state), joining.member_id);
    node::TimerId& timer = group.pending_members[joining.member_id];
    arm_timer(host, timer, TimerKind::PendingMember, &group, joining.member_id,
              from_millis(joining.session_timeout_ms));
    host.respond(joining.token, join_error(joining.member_id, ErrorCode::MemberIdRequired));
}

void GroupCoordinator::join_current_member(GroupHost& host, GroupMetadata& group, JoiningMember&& joining) {
    if (group.is(State::Dead))
        return host.respond(joining.token, join_error(joining.member_id, ErrorCode::CoordinatorNotAvailable));
    if (!group.supports_protocols(joining.protocol_type, joining.protocols))
        return host.respond(joining.token, join_error(joining.member_id, ErrorCode::InconsistentGroupProtocol));
    if (group.is_pending(joining.member_id)) {
        // Only dynamic members are ever pending. Kafka throws, and the client is told no more than this.
        if (joining.group_instance_id)
            return host.respond(joining.token, join_error("", ErrorCode::UnknownServerError));
        std::string member_id = joining.member_id;
        return add_member_and_rebalance(host, group, std::move(member_id), std::move(joining));
    }
    if (auto error = validate_current_member(host, group, joining.member_id, joining.group_instance_id, "join-group"))
        return host.respond(joining.token, join_error(joining.member_id, *error));
    rejoin(host, group, *group.find(joining.member_id), std::move(joining));
}

void GroupCoordinator::rejoin(GroupHost& host, GroupMetadata& group, MemberMetadata& member, JoiningMember&& joining) {
    const std::string state(name_of(group.state));
    const std::string id = member.member_id;
    switch (rejoin_action(group.state, group.is_leader(id), member.matches(joining.protocols))) {
        case RejoinAction::JoinRebalance:
            return update_member_and_rebalance(host, group, member, std::move(joining),
                                               fmt::format("Member {} joining group during {}", id, state));
        case RejoinAction::ReturnGeneration:
            return host.respond(joining.token, join_response(group, id));
        case RejoinAction::LeaderRebalance:
            return update_member_and_rebalance(host, group, member, std::move(joining),
                                               fmt::format("Leader {} re-joining group during {}", id, state));
        case RejoinAction::MetadataRebalance:
            return update_member_and_rebalance(host, group, member, std::move(joining),
                                               fmt::format("Updating metadata for member {} during {}", id, state));
        case RejoinAction::UnknownMember:
            log_coordinator(host, node::Level::Warn,
                            "Attempt to add rejoining member {} of group {} in unexpected group state {}", id,
                            group.group_id, state);
            return host.respond(joining.token, join_error(id, ErrorCode::UnknownMemberId));
    }
}

}  // namespace kafkasim::group
