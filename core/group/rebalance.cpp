// SPDX-License-Identifier: Apache-2.0
//
// The join phase: it begins when membership or metadata change, waits for the members, and ends in a new
// generation. The waits are Kafka's
// InitialDelayedJoin (a group that was empty: only time ends it) and DelayedJoin (ends when everybody has joined
// and no handed-out id is unused).
// Kafka 3.0.0: GroupCoordinator.{addMemberAndRebalance, prepareRebalance, tryCompleteJoin, onCompleteJoin},
// kafka.coordinator.group.DelayedJoin.

#include <fmt/format.h>

#include <algorithm>

#include "core/group/coordinator.hpp"
#include "core/group/group_log.hpp"
#include "core/group/joining_member.hpp"

namespace kafkasim::group {

namespace {

/// A delay of 0 ends on the purgatory's own thread, about a millisecond later.
constexpr int64_t kShortestWaitMs = 1;

Duration wait_of(int64_t ms) { return from_millis(std::max(ms, kShortestWaitMs)); }

}  // namespace

void GroupCoordinator::add_member_and_rebalance(GroupHost& host, GroupMetadata& group, std::string member_id,
                                                JoiningMember&& joining) {
    if (auto pending = group.pending_members.find(member_id); pending != group.pending_members.end())
        free_timer(host, pending->second);
    MemberMetadata member;
    member.member_id = member_id;
    member.group_instance_id = joining.group_instance_id;
    member.client_id = std::move(joining.client_id);
    member.client_host = std::move(joining.client_host);
    member.rebalance_timeout_ms = joining.rebalance_timeout_ms;
    member.session_timeout_ms = joining.session_timeout_ms;
    member.protocol_type = std::move(joining.protocol_type);
    member.supported_protocols = std::move(joining.protocols);
    member.awaiting_join = joining.token;
    member.is_new = true;
    if (group.is(State::PreparingRebalance) && group.generation_id == 0) group.new_member_added = true;
    group.add(std::move(member));
    schedule_session_expiration(host, group, *group.find(member_id));
    maybe_prepare_rebalance(host, group,
                            fmt::format("Adding new member {} with group instance id {}", member_id,
                                        option_text(joining.group_instance_id)));
}

void GroupCoordinator::update_member_and_rebalance(GroupHost& host, GroupMetadata& group, MemberMetadata& member,
                                                   JoiningMember&& joining, std::string_view reason) {
    member.supported_protocols = std::move(joining.protocols);
    member.awaiting_join = joining.token;
    maybe_prepare_rebalance(host, group, reason);
}

void GroupCoordinator::maybe_prepare_rebalance(GroupHost& host, GroupMetadata& group, std::string_view reason) {
    if (can_rebalance(group.state)) prepare_rebalance(host, group, reason);
}

void GroupCoordinator::prepare_rebalance(GroupHost& host, GroupMetadata& group, std::string_view reason) {
    if (group.is(State::CompletingRebalance))
        reset_and_propagate_assignment_error(host, group, ErrorCode::RebalanceInProgress);
    group.pending_sync_members.clear();
    free_timer(host, group.sync_timer);
    const bool was_empty = group.is(State::Empty);
    transition(host, group, State::PreparingRebalance);
    log_coordinator(host, node::Level::Info,
                    "Preparing to rebalance group {} in state {} with old generation {} ({}-{}) (reason: {})",
                    group.group_id, name_of(group.state), group.generation_id, kOffsetsTopic,
                    partition_for(group.group_id), reason);
    if (was_empty) {
        const int64_t delay_ms = host.config().group_initial_rebalance_delay_ms;
        group.join_wait = GroupMetadata::JoinWait::Initial;
        group.initial_delay_ms = delay_ms;
        group.initial_remaining_ms = std::max<int64_t>(group.rebalance_timeout_ms() - delay_ms, 0);
        return arm_timer(host, group.join_timer, TimerKind::Join, &group, {}, wait_of(delay_ms));
    }
    group.join_wait = GroupMetadata::JoinWait::Delayed;
    arm_timer(host, group.join_timer, TimerKind::Join, &group, {}, wait_of(group.rebalance_timeout_ms()));
    try_complete_join(host, group);
}

void GroupCoordinator::try_complete_join(GroupHost& host, GroupMetadata& group) {
    if (group.join_wait != GroupMetadata::JoinWait::Delayed || !group.has_all_members_joined()) return;
    on_complete_join(host, group);
}

void GroupCoordinator::on_join_timer(GroupHost& host, GroupMetadata& group) {
    if (group.join_wait == GroupMetadata::JoinWait::Initial && group.new_member_added &&
        group.initial_remaining_ms != 0) {
        group.new_member_added = false;
        const int64_t delay_ms =
            std::min<int64_t>(host.config().group_initial_rebalance_delay_ms, group.initial_remaining_ms);
        group.initial_remaining_ms = std::max<int64_t>(group.initial_remaining_ms - group.initial_delay_ms, 0);
        group.initial_delay_ms = delay_ms;
        return arm_timer(host, group.join_timer, TimerKind::Join, &group, {}, wait_of(delay_ms));
    }
    if (group.join_wait != GroupMetadata::JoinWait::None) on_complete_join(host, group);
}

void GroupCoordinator::on_complete_join(GroupHost& host, GroupMetadata& group) {
    group.join_wait = GroupMetadata::JoinWait::None;
    free_timer(host, group.join_timer);
    remove_members_who_have_not_joined(host, group);
    if (group.is(State::Dead))
        return log_coordinator(host, node::Level::Info, "Group {} is dead, skipping rebalance stage", group.group_id);
    if (!maybe_elect_new_joined_leader(host, group) && !group.members.empty()) {
        // Only static members are left and none has joined: wait on, until their sessions end.
        log_coordinator(host, node::Level::Error, "Group {} could not complete rebalance because no members rejoined",
                        group.group_id);
        group.join_wait = GroupMetadata::JoinWait::Delayed;
        return arm_timer(host, group.join_timer, TimerKind::Join, &group, {}, wait_of(group.rebalance_timeout_ms()));
    }
    transition(host, group, group.init_next_generation());
    if (group.is(State::Empty)) {
        log_coordinator(host, node::Level::Info, "Group {} with generation {} is now empty ({}-{})", group.group_id,
                        group.generation_id, kOffsetsTopic, partition_for(group.group_id));
        return store_group(host, group, {}, EmptyGroupWrite{});
    }
    start_generation(host, group);
}

void GroupCoordinator::remove_members_who_have_not_joined(GroupHost& host, GroupMetadata& group) {
    std::vector<std::string> removed;
    for (const MemberMetadata* member : group.members_in_order()) {
        if (!member->awaiting_join && !member->is_static()) removed.push_back(member->member_id);
    }
    if (removed.empty()) return;
    log_coordinator(host, node::Level::Info, "Group {} removed dynamic members who haven't joined: {}", group.group_id,
                    set_text(removed));
    for (const std::string& member_id : removed) drop_member(host, group, member_id);
}

bool GroupCoordinator::maybe_elect_new_joined_leader(GroupHost& host, GroupMetadata& group) {
    if (!group.leader_id) return false;
    const MemberMetadata* leader = group.find(*group.leader_id);
    if (leader == nullptr) return false;
    if (leader->awaiting_join) return true;
    const std::string failed =
        fmt::format("Group leader [member.id: {}, group.instance.id: {}] failed to join before rebalance timeout, ",
                    leader->member_id, option_text(leader->group_instance_id));
    for (const MemberMetadata* member : group.members_in_order()) {
        if (!member->awaiting_join) continue;
        group.leader_id = member->member_id;
        node::info(host.env(), kGroupLogger, "{}while new leader {} was elected.", failed, to_string(*member));
        return true;
    }
    node::info(host.env(), kGroupLogger, "{}and the group couldn't proceed to next generationbecause no member joined.",
               failed);  // sic
    return false;
}

void GroupCoordinator::start_generation(GroupHost& host, GroupMetadata& group) {
    log_coordinator(host, node::Level::Info, "Stabilized group {} generation {} ({}-{}) with {} members",
                    group.group_id, group.generation_id, kOffsetsTopic, partition_for(group.group_id),
                    group.members.size());
    for (const std::string& member_id : group.member_ids_in_order()) {
        MemberMetadata& member = *group.find(member_id);
        if (member.awaiting_join) respond_join(host, member, join_response(group, member_id));
        member.is_new = false;
        schedule_session_expiration(host, group, member);
        group.pending_sync_members.insert(member_id);
    }
    arm_timer(host, group.sync_timer, TimerKind::Sync, &group, {}, from_millis(group.rebalance_timeout_ms()));
}

void GroupCoordinator::respond_join(GroupHost& host, MemberMetadata& member, protocol::JoinGroupResponse&& response) {
    const node::RequestToken token = *member.awaiting_join;
    member.awaiting_join.reset();
    host.respond(token, std::move(response));
}

}  // namespace kafkasim::group
