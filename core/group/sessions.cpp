// SPDX-License-Identifier: Apache-2.0
//
// Who is still there: one timer per member, restarted by whatever shows that it lives, and what its end causes.
// Kafka 3.0.0: GroupCoordinator.{completeAndScheduleNextExpiration, onExpireHeartbeat, removeMemberAndUpdateGroup},
// kafka.coordinator.group.DelayedHeartbeat.

#include <fmt/format.h>

#include "core/group/coordinator.hpp"
#include "core/group/group_log.hpp"
#include "core/group/joining_member.hpp"

namespace kafkasim::group {

namespace {

/// A new member cannot send heartbeats while its JoinGroup waits; its request may wait this long
/// (NewMemberJoinTimeoutMs).
constexpr Duration kNewMemberJoinTimeout = Seconds{300};

}  // namespace

void GroupCoordinator::schedule_session_expiration(GroupHost& host, GroupMetadata& group, MemberMetadata& member) {
    const Duration timeout = member.is_new ? kNewMemberJoinTimeout : from_millis(member.session_timeout_ms);
    arm_timer(host, member.session_timer, TimerKind::Session, &group, member.member_id, timeout);
}

void GroupCoordinator::on_session_expired(GroupHost& host, GroupMetadata& group, const std::string& member_id) {
    if (group.is(State::Dead))
        return log_coordinator(host, node::Level::Info,
                               "Received notification of heartbeat expiration for member {} after group {} had already "
                               "been unloaded or deleted.",
                               member_id, group.group_id);
    const MemberMetadata* member = group.find(member_id);
    if (member == nullptr || member->waits_for_rebalance()) return;
    log_coordinator(host, node::Level::Info, "Member {} in group {} has failed, removing it from the group", member_id,
                    group.group_id);
    remove_member_and_update_group(host, group, member_id,
                                   fmt::format("removing member {} on heartbeat expiration", member_id));
}

void GroupCoordinator::on_pending_member_expired(GroupHost& host, GroupMetadata& group, const std::string& member_id) {
    if (!group.is_pending(member_id)) return;
    log_coordinator(host, node::Level::Info,
                    "Pending member {} in group {} has been removed after session timeout expiration.", member_id,
                    group.group_id);
    remove_pending_member_and_update_group(host, group, member_id);
}

void GroupCoordinator::remove_member_and_update_group(GroupHost& host, GroupMetadata& group,
                                                      const std::string& member_id, std::string_view reason) {
    MemberMetadata* member = group.find(member_id);
    if (member != nullptr && member->awaiting_join)
        respond_join(host, *member, join_error("", ErrorCode::UnknownMemberId));
    drop_member(host, group, member_id);
    switch (group.state) {
        case State::Dead:
        case State::Empty:
            return;
        case State::Stable:
        case State::CompletingRebalance:
            return maybe_prepare_rebalance(host, group, reason);
        case State::PreparingRebalance:
            return try_complete_join(host, group);
    }
}

void GroupCoordinator::remove_pending_member_and_update_group(GroupHost& host, GroupMetadata& group,
                                                              const std::string& member_id) {
    drop_member(host, group, member_id);
    if (group.is(State::PreparingRebalance)) try_complete_join(host, group);
}

void GroupCoordinator::drop_member(GroupHost& host, GroupMetadata& group, const std::string& member_id) {
    if (MemberMetadata* member = group.find(member_id)) free_timer(host, member->session_timer);
    if (auto pending = group.pending_members.find(member_id); pending != group.pending_members.end())
        free_timer(host, pending->second);
    group.remove(member_id);
}

}  // namespace kafkasim::group
