// SPDX-License-Identifier: Apache-2.0
//
// Leadership moves: what __consumer_offsets-P holds is read back into groups, or the groups of P are dropped. One
// scheduler thread does one partition
// after the other; from when it begins a partition until it is done, requests for its groups get
// COORDINATOR_LOAD_IN_PROGRESS. An election or resignation
// with an older leader epoch than the last seen for the partition is skipped (KAFKA-10614).
// Kafka 3.0.0: GroupCoordinator.{onElection, onResignation, onGroupLoaded, onGroupUnloaded},
// GroupMetadataManager.{loadGroupsAndOffsets,
// doLoadGroupsAndOffsets, removeGroupsAndOffsets, maybeUpdateCoordinatorEpoch}.
// Simplified: loading a partition takes a fixed short time whatever its length; the log is read at its end. Groups
// that only have offsets are loaded in the order of their ids when they are up to four, Kafka's is that of its hashes.

#include <fmt/format.h>

#include "core/base/java.hpp"
#include "core/group/coordinator.hpp"
#include "core/group/group_log.hpp"
#include "core/group/joining_member.hpp"
#include "core/group/offset_records.hpp"

namespace kafkasim::group {

namespace {

constexpr Duration kSchedulerLatency = 1ms;
constexpr Duration kLoadTime = 200us;

std::string epoch_text(std::optional<int32_t> epoch) { return epoch ? fmt::format("Some({})", *epoch) : "None"; }

/// What a partition's log says in the end.
struct LoadedLog {
    std::map<OffsetKey, CommittedOffset> offsets;
    std::map<std::string, GroupMetadata> groups;
    std::map<std::string, GroupMetadata> offset_groups;  // have offsets and no group record
    std::optional<std::string> failure;                  // the exception that ended the reading
};

std::string unknown_version(std::string_view of_what, std::string_view bytes) {
    return fmt::format("java.lang.IllegalStateException: Unknown {} message version: {}", of_what,
                       record_version(bytes));
}

void log_loaded_members(node::Env& env, const GroupMetadata& group) {
    if (!env.logs(node::Level::Info)) return;
    for (const MemberMetadata* member : group.members_in_order())
        node::info(env, kGroupObjectLogger, "Loaded member {} in group {} with generation {}.", to_string(*member),
                   group.group_id, group.generation_id);
}

void load_record(LoadedLog& loaded, node::Env& env, const protocol::Record& record, int64_t batch_offset) {
    if (!record.key) {
        loaded.failure =
            "java.lang.IllegalArgumentException: requirement failed: Group metadata/offset entry key should not be "
            "null";
        return;
    }
    const auto key = decode_key(*record.key);
    if (!key) {
        loaded.failure = unknown_version("group metadata", *record.key);
        return;
    }
    if (const auto* offset_key = std::get_if<OffsetKey>(&*key)) {
        const auto value = record.value ? decode_offset_value(*record.value) : std::nullopt;
        if (value)
            loaded.offsets[*offset_key] = {*value, batch_offset};
        else if (record.value)
            loaded.failure = unknown_version("offset", *record.value);
        else
            loaded.offsets.erase(*offset_key);
        return;
    }
    const std::string& group_id = std::get<GroupKey>(*key).group_id;
    auto group = record.value ? decode_group_value(group_id, *record.value) : std::nullopt;
    if (!group) {
        if (record.value) loaded.failure = unknown_version("group metadata", *record.value);
        loaded.groups.erase(group_id);
        return;
    }
    log_loaded_members(env, *group);  // of every version of the record, as Kafka does
    loaded.groups.insert_or_assign(group_id, std::move(*group));
}

LoadedLog read_log(node::Env& env, const protocol::RecordBatches& batches) {
    LoadedLog loaded;
    for (const auto& batch : batches) {
        if (batch.is_control()) continue;
        for (const auto& record : batch.records()) {
            load_record(loaded, env, record, batch.base_offset);
            if (loaded.failure) return loaded;
        }
    }
    return loaded;
}

/// Offsets go to their groups; a group that has only offsets is Empty with generation 0.
void distribute_offsets(LoadedLog& loaded, int64_t now_ms) {
    for (auto& [key, committed] : loaded.offsets) {
        if (auto group = loaded.groups.find(key.group_id); group != loaded.groups.end()) {
            group->second.offsets[key.partition] = committed;
            continue;
        }
        GroupMetadata& group = loaded.offset_groups[key.group_id];
        group.group_id = key.group_id;
        group.current_state_timestamp_ms = now_ms;
        group.offsets[key.partition] = committed;
    }
}

std::vector<int32_t> hashes_of_names(const std::map<std::string, GroupMetadata>& groups) {
    std::vector<int32_t> hashes;
    for (const auto& [id, group] : groups) hashes.push_back(java::string_hash(id));
    return hashes;
}

}  // namespace

void GroupCoordinator::on_elected(GroupHost& host, int32_t partition, int32_t leader_epoch) {
    log_coordinator(host, node::Level::Info, "Elected as the group coordinator for partition {} in epoch {}", partition,
                    leader_epoch);
    log_manager(host, node::Level::Info, "Scheduling loading of offsets and group metadata from {}-{} for epoch {}",
                kOffsetsTopic, partition, leader_epoch);
    schedule(host, {Task::Kind::Load, partition, leader_epoch, host.env().wall_clock().value, 0});
}

void GroupCoordinator::on_resigned(GroupHost& host, int32_t partition, std::optional<int32_t> leader_epoch) {
    log_coordinator(host, node::Level::Info, "Resigned as the group coordinator for partition {} in epoch {}",
                    partition, epoch_text(leader_epoch));
    log_manager(host, node::Level::Info, "Scheduling unloading of offsets and group metadata from {}-{}", kOffsetsTopic,
                partition);
    schedule(host, {Task::Kind::Unload, partition, leader_epoch, host.env().wall_clock().value, 0});
}

void GroupCoordinator::schedule(GroupHost& host, Task&& task) {
    if (!active_) return;
    tasks_.push_back(std::move(task));
    if (tasks_.size() == 1) arm_timer(host, scheduler_timer_, TimerKind::Scheduler, nullptr, {}, kSchedulerLatency);
}

void GroupCoordinator::run_next_task(GroupHost& host) {
    if (task_running_) {
        task_running_ = false;
        finish_load(host, tasks_.front());
        tasks_.pop_front();
    }
    while (!tasks_.empty()) {
        if (tasks_.front().kind == Task::Kind::Unload) {
            unload_groups_and_offsets(host, tasks_.front());
        } else if (begin_load(host, tasks_.front())) {
            task_running_ = true;
            return host.env().arm(scheduler_timer_, kLoadTime);
        }
        tasks_.pop_front();
    }
}

bool GroupCoordinator::begin_load(GroupHost& host, Task& task) {
    if (!maybe_update_coordinator_epoch(task.partition, task.leader_epoch)) {
        log_manager(host, node::Level::Info,
                    "Not loading offsets and group metadata for {}-{} in epoch {} since current epoch is {}",
                    kOffsetsTopic, task.partition, task.leader_epoch.value_or(-1),
                    epoch_for_partition_.at(task.partition));
        return false;
    }
    if (owned_.contains(task.partition)) {
        log_manager(host, node::Level::Info, "Already loading offsets and group metadata from {}-{}", kOffsetsTopic,
                    task.partition);
        return false;
    }
    task.started_at_ms = host.env().wall_clock().value;
    loading_.insert(task.partition);
    return true;
}

void GroupCoordinator::finish_load(GroupHost& host, const Task& task) {
    owned_.insert(task.partition);
    loading_.erase(task.partition);
    if (!load_groups_and_offsets(host, task.partition)) return;
    log_manager(host, node::Level::Info,
                "Finished loading offsets and group metadata from {}-{} in {} milliseconds for epoch {}, of which {} "
                "milliseconds was spent in the "
                "scheduler.",
                kOffsetsTopic, task.partition, host.env().wall_clock().value - task.scheduled_at_ms,
                task.leader_epoch.value_or(-1), task.started_at_ms - task.scheduled_at_ms);
}

bool GroupCoordinator::load_groups_and_offsets(GroupHost& host, int32_t partition) {
    LoadedLog loaded = read_log(host.env(), host.read_offsets_log(partition));
    if (loaded.failure) {
        log_manager(host, node::Level::Error, "Error loading offsets from {}-{}\n{}", kOffsetsTopic, partition,
                    *loaded.failure);
        return false;
    }
    distribute_offsets(loaded, host.env().wall_clock().value);
    for (size_t index : java::scala_mutable_order(hashes_of_names(loaded.groups)))
        load_group(host, std::move(std::next(loaded.groups.begin(), static_cast<std::ptrdiff_t>(index))->second));
    for (size_t index : java::scala_immutable_order(hashes_of_names(loaded.offset_groups)))
        load_group(host,
                   std::move(std::next(loaded.offset_groups.begin(), static_cast<std::ptrdiff_t>(index))->second));
    return true;
}

void GroupCoordinator::load_group(GroupHost& host, GroupMetadata&& group) {
    const std::string group_id = group.group_id;
    if (groups_.contains(group_id)) return;  // a group that is here already stays as it is
    group.incarnation = next_incarnation_++;
    GroupMetadata& loaded = groups_.emplace(group_id, std::move(group)).first->second;
    log_coordinator(host, node::Level::Info, "Loading group metadata for {} with generation {}", group_id,
                    loaded.generation_id);
    const config::BrokerConfig& config = host.config();
    if (static_cast<int64_t>(loaded.members.size()) > config.group_max_size) {
        // The text shows the whole object: the braces are missing in Kafka's.
        prepare_rebalance(host, loaded,
                          fmt::format("Freshly-loaded group is over capacity (GroupConfig({},{},{},{}).groupMaxSize). "
                                      "Rebalacing in order to give a chance for consumers to commit offsets",
                                      config.group_min_session_timeout_ms, config.group_max_session_timeout_ms,
                                      config.group_max_size, config.group_initial_rebalance_delay_ms));
    }
    for (const std::string& member_id : loaded.member_ids_in_order())
        schedule_session_expiration(host, loaded, *loaded.find(member_id));
}

void GroupCoordinator::unload_groups_and_offsets(GroupHost& host, const Task& task) {
    if (!maybe_update_coordinator_epoch(task.partition, task.leader_epoch)) {
        return log_manager(host, node::Level::Info,
                           "Not removing offsets and group metadata for {}-{} in epoch {} since current epoch is {}",
                           kOffsetsTopic, task.partition, epoch_text(task.leader_epoch),
                           epoch_for_partition_.at(task.partition));
    }
    owned_.erase(task.partition);
    loading_.erase(task.partition);
    size_t groups_removed = 0;
    size_t offsets_removed = 0;
    for (const std::string& group_id : group_ids_in_order()) {
        if (partition_for(group_id) != task.partition) continue;
        GroupMetadata& group = *find_group(group_id);
        on_group_unloaded(host, group);
        ++groups_removed;
        offsets_removed += group.offsets.size();
        free_timers(host, group);
        groups_.erase(groups_.find(group_id));
    }
    log_manager(host, node::Level::Info,
                "Finished unloading {}-{} for coordinator epoch {}. Removed {} cached offsets and {} cached groups.",
                kOffsetsTopic, task.partition, epoch_text(task.leader_epoch), offsets_removed, groups_removed);
}

void GroupCoordinator::on_group_unloaded(GroupHost& host, GroupMetadata& group) {
    log_coordinator(host, node::Level::Info, "Unloading group metadata for {} with generation {}", group.group_id,
                    group.generation_id);
    transition(host, group, State::Dead);
    for (const std::string& member_id : group.member_ids_in_order()) {
        MemberMetadata& member = *group.find(member_id);
        if (member.awaiting_join) respond_join(host, member, join_error(member_id, ErrorCode::NotCoordinator));
        if (member.awaiting_sync) respond_sync(host, group, member, ErrorCode::NotCoordinator);
    }
}

bool GroupCoordinator::maybe_update_coordinator_epoch(int32_t partition, std::optional<int32_t> leader_epoch) {
    if (!leader_epoch) return true;
    auto [known, is_first] = epoch_for_partition_.try_emplace(partition, *leader_epoch);
    if (!is_first && *leader_epoch > known->second) known->second = *leader_epoch;
    return known->second == *leader_epoch;
}

}  // namespace kafkasim::group
