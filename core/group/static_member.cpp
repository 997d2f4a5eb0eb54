// SPDX-License-Identifier: Apache-2.0
//
// Static members (group.instance.id) that join without a member id: new ones are added at once; one that comes back
// takes its old place, and in a
// stable group whose protocol stays the same nobody else notices.
// Kafka 3.0.0: GroupCoordinator.doStaticNewMemberJoinGroup, updateStaticMemberAndRebalance;
// GroupMetadata.replaceStaticMember.

#include <fmt/format.h>

#include "core/group/coordinator.hpp"
#include "core/group/group_log.hpp"
#include "core/group/joining_member.hpp"
#include "core/group/protocol_vote.hpp"

namespace kafkasim::group {

void GroupCoordinator::join_new_static_member(GroupHost& host, GroupMetadata& group, JoiningMember&& joining) {
    const std::string instance = *joining.group_instance_id;
    const auto old_member_id = group.static_member_id(instance);
    if (old_member_id) {
        log_coordinator(host, node::Level::Info,
                        "Static member with groupInstanceId={} and unknown member id joins group {} in {} state. "
                        "Replacing previously mapped member {} "
                        "with this groupInstanceId.",
                        instance, group.group_id, name_of(group.state), *old_member_id);
        return update_static_member_and_rebalance(host, group, *old_member_id, std::move(joining));
    }
    log_coordinator(host, node::Level::Info,
                    "Static member with groupInstanceId={} and unknown member id joins group {} in {} state. Created a "
                    "new member id {} for this member "
                    "and add to the group.",
                    instance, group.group_id, name_of(group.state), joining.member_id);
    std::string member_id = joining.member_id;
    add_member_and_rebalance(host, group, std::move(member_id), std::move(joining));
}

MemberMetadata& GroupCoordinator::replace_static_member(GroupHost& host, GroupMetadata& group,
                                                        const std::string& instance_id,
                                                        const std::string& old_member_id,
                                                        const std::string& new_member_id) {
    auto entry = group.members.extract(group.members.find(old_member_id));
    MemberMetadata& member = entry.mapped();
    // Whoever still waits under the old id is fenced.
    if (member.awaiting_join)
        host.respond(*member.awaiting_join, join_error(old_member_id, ErrorCode::FencedInstanceId));
    if (member.awaiting_sync) respond_sync(host, group, member, ErrorCode::FencedInstanceId);
    member.awaiting_join.reset();
    free_timer(host, member.session_timer);  // it carries the old id
    member.member_id = new_member_id;
    entry.key() = new_member_id;
    if (group.is_leader(old_member_id)) group.leader_id = new_member_id;
    group.static_members[instance_id] = new_member_id;
    return group.members.insert(std::move(entry)).position->second;
}

void GroupCoordinator::update_static_member_and_rebalance(GroupHost& host, GroupMetadata& group,
                                                          const std::string& old_member_id, JoiningMember&& joining) {
    // A group without members knows no instance ids. Kafka throws, and the client is told no more than this.
    if (group.is(State::Empty)) return host.respond(joining.token, join_error("", ErrorCode::UnknownServerError));
    const std::string instance = *joining.group_instance_id;
    StaticReplacement replacement{instance, old_member_id, joining.member_id, group.leader_id.value_or(""),
                                  joining.token};
    MemberMetadata& member = replace_static_member(host, group, instance, old_member_id, joining.member_id);
    schedule_session_expiration(host, group, member);
    member.supported_protocols = std::move(joining.protocols);
    member.awaiting_join = joining.token;

    if (group.is(State::CompletingRebalance)) {
        // The leader may be computing an assignment with the old member id in it.
        return prepare_rebalance(
            host, group,
            fmt::format("Updating metadata for static member {} with instance id {}", member.member_id, instance));
    }
    if (!group.is(State::Stable)) return;
    if (group.protocol_name != select_protocol(group.members_in_order())) {
        return maybe_prepare_rebalance(host, group,
                                       fmt::format("Group's selectedProtocol will change because static member {} with "
                                                   "instance id {} joined with change of protocol",
                                                   member.member_id, instance));
    }
    log_coordinator(
        host, node::Level::Info,
        "Static member which joins during Stable stage and doesn't affect selectProtocol will not trigger rebalance.");
    store_replaced_static_member(host, group, std::move(replacement));
}

void GroupCoordinator::store_replaced_static_member(GroupHost& host, GroupMetadata& group,
                                                    StaticReplacement&& replacement) {
    std::map<std::string, std::string> assignment;
    for (const auto& [id, member] : group.members) assignment[id] = member.assignment;
    store_group(host, group, assignment, std::move(replacement));
}

void GroupCoordinator::on_static_replacement_stored(GroupHost& host, GroupMetadata& group,
                                                    const StaticReplacement& replacement, ErrorCode error) {
    MemberMetadata* member = group.find(replacement.new_member_id);
    if (member == nullptr) return;
    if (error == ErrorCode::None) {
        if (!member->awaiting_join) return;
        protocol::JoinGroupResponse response = join_response(group, replacement.new_member_id);
        response.members.clear();
        response.leader =
            replacement
                .leader_id;  // never the new id, so that the member does not take itself for the leader and assign
        return respond_join(host, *member, std::move(response));
    }
    log_coordinator(host, node::Level::Warn, "Failed to persist metadata for group {}: {}", group.group_id,
                    default_message(error));
    member->awaiting_join.reset();
    // The member keeps its new protocols: 3.0.0 remembers the old ones after it has put the new ones in their place.
    MemberMetadata& old = replace_static_member(host, group, replacement.instance_id, replacement.new_member_id,
                                                replacement.old_member_id);
    schedule_session_expiration(host, group, old);
    protocol::JoinGroupResponse response = join_response(group, "");
    response.error_code = error;
    response.leader = replacement.leader_id;
    host.respond(replacement.token, std::move(response));
}

}  // namespace kafkasim::group
