// SPDX-License-Identifier: Apache-2.0
//
// The sync phase: the leader's assignment is stored in __consumer_offsets and then handed to everybody; who never
// asks for it is removed.
// Kafka 3.0.0: GroupCoordinator.{doSyncGroup, propagateAssignment, onExpirePendingSync},
// kafka.coordinator.group.DelayedSync (KAFKA-12890).

#include <fmt/format.h>

#include "core/group/coordinator.hpp"
#include "core/group/group_log.hpp"
#include "core/group/rules.hpp"

namespace kafkasim::group {

void GroupCoordinator::respond_sync(GroupHost& host, const GroupMetadata& group, MemberMetadata& member,
                                    ErrorCode error) {
    protocol::SyncGroupResponse response;
    response.error_code = error;
    if (error == ErrorCode::None) {
        response.protocol_type = group.protocol_type;
        response.protocol_name = group.protocol_name;
        response.assignment = member.assignment;
    }
    const node::RequestToken token = *member.awaiting_sync;
    member.awaiting_sync.reset();
    host.respond(token, std::move(response));
}

void GroupCoordinator::propagate_assignment(GroupHost& host, GroupMetadata& group, ErrorCode error) {
    for (const std::string& member_id : group.member_ids_in_order()) {
        MemberMetadata& member = *group.find(member_id);
        if (member.assignment.empty() && error == ErrorCode::None)
            log_coordinator(host, node::Level::Warn,
                            "Sending empty assignment to member {} of {} for generation {} with no errors", member_id,
                            group.group_id, group.generation_id);
        if (!member.awaiting_sync) continue;
        respond_sync(host, group, member, error);
        schedule_session_expiration(host, group, member);
    }
}

void GroupCoordinator::reset_and_propagate_assignment_error(GroupHost& host, GroupMetadata& group, ErrorCode error) {
    for (auto& [id, member] : group.members) member.assignment.clear();
    propagate_assignment(host, group, error);
}

void GroupCoordinator::sync_received_from_leader(GroupHost& host, GroupMetadata& group,
                                                 protocol::SyncGroupRequest&& request) {
    log_coordinator(host, node::Level::Info,
                    "Assignment received from leader {} for group {} for generation {}. The group has {} members, {} "
                    "of which are static.",
                    request.member_id, group.group_id, group.generation_id, group.members.size(),
                    group.static_members.size());
    AssignmentWrite write{request.member_id, request.generation_id, {}};
    for (auto& each : request.assignments) write.assignment[each.member_id] = std::move(each.assignment);
    std::vector<std::string> missing;
    for (const std::string& member_id : group.member_ids_in_order()) {
        if (write.assignment.try_emplace(member_id).second) missing.push_back(member_id);
    }
    if (!missing.empty())
        log_coordinator(host, node::Level::Warn, "Setting empty assignments for members {} of {} for generation {}",
                        set_text(missing), group.group_id, group.generation_id);
    const auto assignment = write.assignment;
    store_group(host, group, assignment, std::move(write));
}

void GroupCoordinator::on_assignment_stored(GroupHost& host, GroupMetadata& group, const AssignmentWrite& write,
                                            ErrorCode error) {
    // Another member may have joined while the append was on its way; then this assignment is void.
    if (!group.is(State::CompletingRebalance) || group.generation_id != write.generation_id) return;
    if (error != ErrorCode::None) {
        reset_and_propagate_assignment_error(host, group, error);
        return maybe_prepare_rebalance(
            host, group,
            fmt::format("Error when storing group assignment during SyncGroup (member: {})", write.leader_id));
    }
    for (auto& [id, member] : group.members) {
        auto found = write.assignment.find(id);
        member.assignment = found == write.assignment.end() ? std::string() : found->second;
    }
    propagate_assignment(host, group, ErrorCode::None);
    transition(host, group, State::Stable);
}

void GroupCoordinator::remove_pending_sync_member(GroupHost& host, GroupMetadata& group, std::string_view member_id) {
    auto found = group.pending_sync_members.find(member_id);
    if (found == group.pending_sync_members.end()) return;
    group.pending_sync_members.erase(found);
    if (group.pending_sync_members.empty()) free_timer(host, group.sync_timer);
}

void GroupCoordinator::on_sync_timer(GroupHost& host, GroupMetadata& group) {
    if ((!group.is(State::CompletingRebalance) && !group.is(State::Stable)) || group.pending_sync_members.empty())
        return;
    std::vector<std::string> late(group.pending_sync_members.begin(), group.pending_sync_members.end());
    for (const std::string& member_id : late) drop_member(host, group, member_id);
    prepare_rebalance(host, group, fmt::format("Removing {} on pending sync request expiration", set_text(late)));
}

}  // namespace kafkasim::group
