// SPDX-License-Identifier: Apache-2.0
//
// Offsets that go without anybody asking: those that nobody has used for offsets.retention.minutes, and those of
// deleted topics. An empty group
// that has none left is dead.
// Kafka 3.0.0: GroupMetadataManager.cleanupGroupMetadata, GroupMetadata.removeExpiredOffsets,
// GroupCoordinator.handleDeletedPartitions.

#include <fmt/format.h>

#include "core/group/coordinator.hpp"
#include "core/group/group_log.hpp"
#include "core/group/offset_records.hpp"

namespace kafkasim::group {

int64_t GroupCoordinator::cleanup_group(GroupHost& host, const std::string& group_id,
                                        const std::vector<TopicPartition>& removed) {
    GroupMetadata& group = *find_group(group_id);
    if (group.is(State::Empty) && !group.has_offsets()) {
        log_manager(host, node::Level::Info, "Group {} transitioned to Dead in generation {}", group_id,
                    group.generation_id);
        transition(host, group, State::Dead);
    }
    const int64_t now_ms = host.env().wall_clock().value;
    protocol::RecordBatchBuilder tombstones;
    size_t count = removed.size();
    for (const auto& tp : removed) tombstones.append(now_ms, encode_key(OffsetKey{group_id, tp}), std::nullopt);
    // A group of generation 0 only ever kept offsets here: there is no group record to take back.
    if (group.is(State::Dead) && group.generation_id > 0) {
        tombstones.append(now_ms, encode_key(GroupKey{group_id}), std::nullopt);
        ++count;
    }
    if (!tombstones.empty()) append(host, group, tombstones.build(), TombstoneWrite{count});
    if (group.is(State::Dead)) {
        free_timers(host, group);
        groups_.erase(groups_.find(group_id));
    }
    return static_cast<int64_t>(removed.size());
}

void GroupCoordinator::remove_expired_offsets(GroupHost& host) {
    const int64_t now_ms = host.env().wall_clock().value;
    const int64_t retention_ms = int64_t{host.config().offsets_retention_minutes} * 60'000;
    int64_t removed = 0;
    for (const std::string& group_id : group_ids_in_order()) {
        GroupMetadata& group = *find_group(group_id);
        removed += cleanup_group(host, group_id, group.remove_offsets(group.expired_offsets(now_ms, retention_ms)));
    }
    if (removed > 0)
        log_manager(host, node::Level::Info, "Removed {} expired offsets in {} milliseconds.", removed,
                    host.env().wall_clock().value - now_ms);
    arm_timer(host, expiration_timer_, TimerKind::Expiration, nullptr, {},
              from_millis(host.config().offsets_retention_check_interval_ms));
}

void GroupCoordinator::on_topics_deleted(GroupHost& host, const std::vector<TopicPartition>& partitions) {
    int64_t removed = 0;
    for (const std::string& group_id : group_ids_in_order()) {
        GroupMetadata& group = *find_group(group_id);
        removed += cleanup_group(host, group_id, group.remove_offsets(partitions));
    }
    std::vector<std::string> names;
    for (const auto& tp : partitions) names.push_back(to_string(tp));
    log_coordinator(host, node::Level::Info, "Removed {} offsets associated with deleted partitions: {}.", removed,
                    fmt::join(names, ", "));
}

}  // namespace kafkasim::group
