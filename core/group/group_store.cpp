// SPDX-License-Identifier: Apache-2.0
//
// What goes to __consumer_offsets: group records and offsets, each as one batch with acks=-1. The cache changes,
// and the client is answered, only when
// the append has been acknowledged.
// Kafka 3.0.0: GroupMetadataManager.storeGroup, storeOffsets, appendForGroup.

#include "core/group/coordinator.hpp"
#include "core/group/group_log.hpp"
#include "core/group/offset_records.hpp"
#include "core/group/rules.hpp"

namespace kafkasim::group {

void GroupCoordinator::append(GroupHost& host, const GroupMetadata& group, protocol::RecordBatch&& batch,
                              PendingWrite::What&& what) {
    const uint64_t token = next_token_++;
    pending_writes_[token] = {group.group_id, group.incarnation, std::move(what)};
    const bool waits = !std::holds_alternative<TombstoneWrite>(pending_writes_[token].what);
    host.append_to_offsets(partition_for(group.group_id), std::move(batch),
                           waits ? host.config().offsets_commit_required_acks : int16_t{0},
                           from_millis(host.config().offsets_commit_timeout_ms), token);
}

void GroupCoordinator::store_group(GroupHost& host, GroupMetadata& group,
                                   const std::map<std::string, std::string>& assignment, PendingWrite::What&& what) {
    protocol::RecordBatchBuilder batch;
    batch.append(host.env().wall_clock().value, encode_key(GroupKey{group.group_id}), encode_value(group, assignment));
    append(host, group, batch.build(), std::move(what));
}

void GroupCoordinator::store_offsets(GroupHost& host, GroupMetadata& group, OffsetCommitWrite&& write) {
    if (write.offsets.empty()) return host.respond(write.token, std::move(write.response));
    protocol::RecordBatchBuilder batch;
    for (const auto& [tp, value] : write.offsets) {
        batch.append(host.env().wall_clock().value, encode_key(OffsetKey{group.group_id, tp}), encode_value(value));
        group.pending_offset_commits[tp] = value;
    }
    for (const auto& [tp, value] : write.too_long) group.pending_offset_commits[tp] = value;
    protocol::RecordBatch records = batch.build();
    records.base_sequence = 0;  // as the real coordinator does, though there is no producer id
    append(host, group, std::move(records), std::move(write));
}

GroupMetadata* GroupCoordinator::writer_of(const PendingWrite& write) {
    GroupMetadata* group = find_group(write.group_id);
    if (group == nullptr || group->incarnation != write.incarnation || group->is(State::Dead)) return nullptr;
    return group;
}

void GroupCoordinator::on_appended(GroupHost& host, uint64_t token, ErrorCode error, int64_t base_offset) {
    auto found = pending_writes_.find(token);
    if (found == pending_writes_.end()) return;
    const PendingWrite write = std::move(found->second);
    pending_writes_.erase(found);
    GroupMetadata* group = writer_of(write);

    if (const auto* offsets = std::get_if<OffsetCommitWrite>(&write.what))
        return on_offsets_stored(host, group, *offsets, error, base_offset);
    if (const auto* tombstones = std::get_if<TombstoneWrite>(&write.what)) {
        if (error != ErrorCode::None)
            log_manager(host, node::Level::Error,
                        "Failed to append {} tombstones to {}-{} for expired/deleted offsets and/or metadata for group "
                        "{}.\norg.apache.kafka.common.errors.{}: {}",
                        tombstones->count, kOffsetsTopic, partition_for(write.group_id), write.group_id,
                        exception_name(error), default_message(error));
        return;
    }
    const ErrorCode group_error = group_error_of_append(error);
    if (std::holds_alternative<EmptyGroupWrite>(write.what) && group_error != ErrorCode::None)
        log_coordinator(host, node::Level::Warn, "Failed to write empty metadata for group {}: {}", write.group_id,
                        default_message(group_error));
    if (group == nullptr) return;  // unloaded or deleted meanwhile; who waited has been answered then
    if (const auto* assignment = std::get_if<AssignmentWrite>(&write.what))
        on_assignment_stored(host, *group, *assignment, group_error);
    if (const auto* replacement = std::get_if<StaticReplacement>(&write.what))
        on_static_replacement_stored(host, *group, *replacement, group_error);
}

void GroupCoordinator::on_offsets_stored(GroupHost& host, GroupMetadata* group, const OffsetCommitWrite& write,
                                         ErrorCode error, int64_t base_offset) {
    for (const auto& [tp, value] : write.offsets) {
        if (error != ErrorCode::None) {
            if (group != nullptr) group->fail_offset_commit(tp, value);
            continue;
        }
        if (group == nullptr) continue;
        group->complete_offset_commit(tp, value, base_offset);
        if (host.env().observed())
            host.env().note({node::NoteKind::OffsetsCommitted,
                             {{"group", group->group_id},
                              {"topic", tp.topic.str()},
                              {"partition", int64_t{tp.partition}},
                              {"offset", value.offset}}});
    }
    protocol::OffsetCommitResponse response = write.response;
    for (auto& topic : response.topics) {
        for (auto& partition : topic.partitions) {
            if (partition.error_code == ErrorCode::None) partition.error_code = commit_error_of_append(error);
        }
    }
    host.respond(write.token, std::move(response));
}

}  // namespace kafkasim::group
