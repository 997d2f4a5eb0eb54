// SPDX-License-Identifier: Apache-2.0
#include "core/group/coordinator.hpp"

#include "core/base/check.hpp"
#include "core/base/java.hpp"
#include "core/group/group_log.hpp"

namespace kafkasim::group {

void GroupCoordinator::startup(GroupHost& host, int32_t offsets_partition_count) {
    log_coordinator(host, node::Level::Info, "Starting up.");
    partition_count_ = offsets_partition_count;
    active_ = true;
    arm_timer(host, expiration_timer_, TimerKind::Expiration, nullptr, {},
              from_millis(host.config().offsets_retention_check_interval_ms));
    log_coordinator(host, node::Level::Info, "Startup complete.");
}

void GroupCoordinator::shutdown(GroupHost& host) {
    if (!active_) return;
    log_coordinator(host, node::Level::Info, "Shutting down.");
    active_ = false;
    tasks_.clear();
    task_running_ = false;
    free_timer(host, scheduler_timer_);
    free_timer(host, expiration_timer_);
    for (auto& [id, group] : groups_) free_timers(host, group);
    log_coordinator(host, node::Level::Info, "Shutdown complete.");
}

int32_t GroupCoordinator::partition_for(std::string_view group_id) const {
    CHECK_INVARIANT(partition_count_ > 0, "the group coordinator has not been started");
    return java::partition_for_group(group_id, partition_count_);
}

const GroupMetadata* GroupCoordinator::find(std::string_view group_id) const {
    auto found = groups_.find(group_id);
    return found == groups_.end() ? nullptr : &found->second;
}

GroupMetadata* GroupCoordinator::find_group(std::string_view group_id) {
    auto found = groups_.find(group_id);
    return found == groups_.end() ? nullptr : &found->second;
}

GroupMetadata& GroupCoordinator::add_group(GroupHost& host, std::string group_id) {
    GroupMetadata group;
    group.group_id = group_id;
    group.incarnation = next_incarnation_++;
    group.current_state_timestamp_ms = host.env().wall_clock().value;
    return groups_.insert_or_assign(std::move(group_id), std::move(group)).first->second;
}

std::vector<std::string> GroupCoordinator::group_ids_in_order() const {
    std::vector<const std::string*> ids;
    std::vector<int32_t> hashes;
    for (const auto& [id, group] : groups_) {
        ids.push_back(&id);
        hashes.push_back(java::string_hash(id));
    }
    std::vector<std::string> ordered;
    for (size_t index : java::hash_map_order(hashes)) ordered.push_back(*ids[index]);
    return ordered;
}

std::optional<ErrorCode> GroupCoordinator::validate_group_status(std::string_view group_id,
                                                                 AllowEmptyGroupId allow_empty) const {
    if (group_id.empty() && allow_empty == AllowEmptyGroupId::No) return ErrorCode::InvalidGroupId;
    if (!active_) return ErrorCode::CoordinatorNotAvailable;
    const int32_t partition = partition_for(group_id);
    if (loading_.contains(partition)) return ErrorCode::CoordinatorLoadInProgress;
    if (!owned_.contains(partition)) return ErrorCode::NotCoordinator;
    return std::nullopt;
}

std::optional<ErrorCode> GroupCoordinator::validate_current_member(GroupHost& host, const GroupMetadata& group,
                                                                   std::string_view member_id,
                                                                   const std::optional<std::string>& instance_id,
                                                                   std::string_view operation) const {
    if (instance_id) {
        const auto current = group.static_member_id(*instance_id);
        if (!current) return ErrorCode::UnknownMemberId;
        if (*current != member_id) {
            log_coordinator(host, node::Level::Info,
                            "Request memberId={} for static member with groupInstanceId={} is fenced by current "
                            "memberId={} during operation {}",
                            member_id, *instance_id, *current, operation);
            return ErrorCode::FencedInstanceId;
        }
    }
    if (!group.has(member_id)) return ErrorCode::UnknownMemberId;
    return std::nullopt;
}

void GroupCoordinator::transition(GroupHost& host, GroupMetadata& group, State to) {
    CHECK_INVARIANT(may_follow(group.state, to), "a group changed into a state that may not follow its own");
    const State from = group.state;
    group.state = to;
    group.current_state_timestamp_ms = host.env().wall_clock().value;
    if (!host.env().observed()) return;
    host.env().note({node::NoteKind::GroupState,
                     {{"group", group.group_id},
                      {"from", std::string(name_of(from))},
                      {"to", std::string(name_of(to))},
                      {"generation", int64_t{group.generation_id}},
                      {"members", static_cast<int64_t>(group.members.size())}}});
}

void GroupCoordinator::arm_timer(GroupHost& host, node::TimerId& timer, TimerKind kind, const GroupMetadata* group,
                                 std::string_view member_id, Duration after) {
    if (timer == node::TimerId::None) {
        timer = host.env().new_timer({component_, static_cast<uint16_t>(kind), 0, 0});
        timers_[timer] = {kind, group == nullptr ? std::string() : group->group_id, std::string(member_id)};
    }
    host.env().arm(timer, after);
}

void GroupCoordinator::free_timer(GroupHost& host, node::TimerId& timer) {
    if (timer == node::TimerId::None) return;
    host.env().free_timer(timer);
    timers_.erase(timer);
    timer = node::TimerId::None;
}

void GroupCoordinator::free_timers(GroupHost& host, GroupMetadata& group) {
    free_timer(host, group.join_timer);
    free_timer(host, group.sync_timer);
    for (auto& [id, member] : group.members) free_timer(host, member.session_timer);
    for (auto& [id, timer] : group.pending_members) free_timer(host, timer);
}

void GroupCoordinator::on_timer(GroupHost& host, node::TimerId timer, node::Tag /*tag*/) {
    auto found = timers_.find(timer);
    if (found == timers_.end()) return;
    const TimerTarget target = found->second;
    if (target.kind == TimerKind::Scheduler) return run_next_task(host);
    if (target.kind == TimerKind::Expiration) return remove_expired_offsets(host);
    GroupMetadata* group = find_group(target.group_id);
    if (group == nullptr) return;
    switch (target.kind) {
        case TimerKind::Session:
            return on_session_expired(host, *group, target.member_id);
        case TimerKind::PendingMember:
            return on_pending_member_expired(host, *group, target.member_id);
        case TimerKind::Join:
            return on_join_timer(host, *group);
        case TimerKind::Sync:
            return on_sync_timer(host, *group);
        case TimerKind::Scheduler:
        case TimerKind::Expiration:
            return;
    }
}

}  // namespace kafkasim::group
