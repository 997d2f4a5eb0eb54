// SPDX-License-Identifier: Apache-2.0
#include "core/log/producer_state.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "core/log/log_segment.hpp"
#include "core/log/loggers.hpp"
#include "core/log/producer_snapshot.hpp"
#include "core/node/log.hpp"

namespace kafkasim::log {

namespace {

constexpr std::string_view kSnapshotSuffix = ".snapshot";
constexpr int32_t kMaxSequence = std::numeric_limits<int32_t>::max();

int32_t last_sequence_of(const protocol::RecordBatch& batch) {
    return batch.base_sequence == kNoSequence ? kNoSequence
                                              : increment_sequence(batch.base_sequence, batch.last_offset_delta);
}

bool in_sequence(int32_t last, int32_t next) {
    return next == int64_t{last} + 1 || (next == 0 && last == kMaxSequence);
}

std::string ident(const TopicPartition& tp) {
    return fmt::format("[ProducerStateManager partition={}] ", to_string(tp));
}

}  // namespace

int32_t increment_sequence(int32_t sequence, int32_t by) {
    return sequence > kMaxSequence - by ? by - (kMaxSequence - sequence) - 1 : sequence + by;
}

int32_t decrement_sequence(int32_t sequence, int32_t by) {
    return sequence < by ? kMaxSequence - (by - sequence) + 1 : sequence - by;
}

// --- one producer

std::optional<BatchMetadata> ProducerStateEntry::find_duplicate(const protocol::RecordBatch& batch) const {
    if (batch.producer_epoch != producer_epoch) return std::nullopt;
    for (const BatchMetadata& known : batches) {
        if (known.first_sequence() == batch.base_sequence && known.last_sequence == last_sequence_of(batch))
            return known;
    }
    return std::nullopt;
}

void ProducerStateEntry::add_batch(int16_t epoch, const BatchMetadata& batch) {
    if (epoch != producer_epoch) batches.clear();
    producer_epoch = epoch;
    if (batches.size() == kBatchesToRetain) batches.pop_front();
    batches.push_back(batch);
    last_timestamp = batch.timestamp;
}

void ProducerStateEntry::update(const ProducerStateEntry& next) {
    if (next.producer_epoch != producer_epoch) batches.clear();
    producer_epoch = next.producer_epoch;
    for (const BatchMetadata& batch : next.batches) {
        if (batches.size() == kBatchesToRetain) batches.pop_front();
        batches.push_back(batch);
    }
    coordinator_epoch = next.coordinator_epoch;
    last_timestamp = next.last_timestamp;
}

ProducerAppendInfo::ProducerAppendInfo(TopicPartition tp, int64_t producer_id, ProducerStateEntry current,
                                       AppendOrigin origin)
    : tp_(std::move(tp)), producer_id_(producer_id), current_(std::move(current)), updated_(current_), origin_(origin) {
    updated_.batches.clear();
}

ProducerAppendInfo::Refusal ProducerAppendInfo::append(const protocol::RecordBatch& batch) {
    Refusal refusal = check_epoch(batch);
    if (refusal.error == ErrorCode::None && origin_ == AppendOrigin::Client) refusal = check_sequence(batch);
    if (refusal.error != ErrorCode::None) return refusal;
    updated_.add_batch(batch.producer_epoch,
                       {last_sequence_of(batch), batch.last_offset(), batch.last_offset_delta, batch.max_timestamp_ms});
    return refusal;
}

ProducerAppendInfo::Refusal ProducerAppendInfo::check_epoch(const protocol::RecordBatch& batch) const {
    if (batch.producer_epoch >= updated_.producer_epoch) return {};
    const ErrorCode error = origin_ == AppendOrigin::Replication ? ErrorCode::None : ErrorCode::InvalidProducerEpoch;
    return {error, fmt::format("Epoch of producer {} at offset {} in {} is {}, which is smaller than the last seen "
                               "epoch {}",
                               producer_id_, batch.base_offset, to_string(tp_), batch.producer_epoch,
                               updated_.producer_epoch)};
}

/// Of a producer that is not known, or was forgotten, any sequence is taken.
ProducerAppendInfo::Refusal ProducerAppendInfo::check_sequence(const protocol::RecordBatch& batch) const {
    if (batch.producer_epoch != updated_.producer_epoch) {
        if (batch.base_sequence == 0 || updated_.producer_epoch == kNoProducerEpoch) return {};
        return {ErrorCode::OutOfOrderSequenceNumber,
                fmt::format("Invalid sequence number for new epoch of producer {} at offset {} in partition {}: {} "
                            "(request epoch), {} (seq. number), {} (current producer epoch)",
                            producer_id_, batch.base_offset, to_string(tp_), batch.producer_epoch, batch.base_sequence,
                            updated_.producer_epoch)};
    }
    const bool here = !updated_.batches.empty();
    const bool before = batch.producer_epoch == current_.producer_epoch;
    const int32_t last = here ? updated_.last_sequence() : before ? current_.last_sequence() : kNoSequence;
    if (current_.producer_epoch == kNoProducerEpoch || in_sequence(last, batch.base_sequence)) return {};
    return {ErrorCode::OutOfOrderSequenceNumber,
            fmt::format("Out of order sequence number for producer {} at offset {} in partition {}: {} (incoming seq. "
                        "number), {} (current end sequence number)",
                        producer_id_, batch.base_offset, to_string(tp_), batch.base_sequence, last)};
}

// --- all producers of a log

ProducerStateManager::ProducerStateManager(TopicPartition tp, std::string dir, int64_t expiration_ms)
    : tp_(std::move(tp)), dir_(std::move(dir)), expiration_ms_(expiration_ms) {}

const ProducerStateEntry* ProducerStateManager::entry_of(int64_t producer_id) const {
    const auto found = producers_.find(producer_id);
    return found == producers_.end() ? nullptr : &found->second;
}

/// Kafka 3.0.0: kafka.log.Log.analyzeAndValidateProducerState. A duplicate anywhere makes all of it a duplicate.
ProducerCheck ProducerStateManager::check(node::Env& env, std::span<const protocol::RecordBatch> batches,
                                          AppendOrigin origin) const {
    ProducerCheck check;
    for (const protocol::RecordBatch& batch : batches) {
        if (!batch.has_producer_id() || batch.is_control()) continue;
        const ProducerStateEntry* known = entry_of(batch.producer_id);
        if (origin == AppendOrigin::Client && known != nullptr) {
            check.duplicate = known->find_duplicate(batch);
            if (check.duplicate) return check;
        }
        ProducerAppendInfo& info =
            check.updates
                .try_emplace(batch.producer_id, tp_, batch.producer_id, known ? *known : ProducerStateEntry{}, origin)
                .first->second;
        ProducerAppendInfo::Refusal refusal = info.append(batch);
        if (refusal.error != ErrorCode::None) {
            check.error = refusal.error;
            check.error_message = std::move(refusal.message);
            return check;
        }
        if (!refusal.message.empty()) node::warn(env, "kafka.log.ProducerAppendInfo", "{}", refusal.message);
    }
    return check;
}

void ProducerStateManager::update(const std::map<int64_t, ProducerAppendInfo>& updates) {
    for (const auto& [id, info] : updates) {
        const auto [known, is_new] = producers_.try_emplace(id, info.to_entry());
        if (!is_new) known->second.update(info.to_entry());
    }
}

void ProducerStateManager::load(node::Env& env, std::span<const protocol::RecordBatch> batches) {
    update(check(env, batches, AppendOrigin::Replication).updates);
}

void ProducerStateManager::remove_expired(int64_t now_ms) {
    std::erase_if(producers_, [&](const auto& each) { return expired(each.second, now_ms); });
}

// --- snapshots

std::string ProducerStateManager::snapshot_path(int64_t offset) const {
    return fmt::format("{}/{}", dir_, segment_file(offset, kSnapshotSuffix));
}

void ProducerStateManager::take_snapshot(node::Env& env) {
    if (last_map_offset_ <= last_snap_offset_) return;
    env.disk().write_text(snapshot_path(last_map_offset_), encode_producer_snapshot(producers_));
    env.disk().flush(snapshot_path(last_map_offset_));
    if (env.disk().failure(snapshot_path(last_map_offset_))) return;
    node::info(env, kProducerStateManagerLogger, "{}Wrote producer snapshot at offset {} with {} producer ids in 0 ms.",
               ident(tp_), last_map_offset_, producers_.size());
    snapshots_.insert(last_map_offset_);
    last_snap_offset_ = last_map_offset_;
}

void ProducerStateManager::find_snapshots(node::Env& env) {
    snapshots_.clear();
    for (const std::string& name : env.disk().list(dir_).value_or(std::vector<std::string>{})) {
        if (!name.ends_with(kSnapshotSuffix)) continue;
        int64_t offset = 0;
        const char* const end = name.data() + name.size() - kSnapshotSuffix.size();
        const auto parsed = std::from_chars(name.data(), end, offset);
        if (parsed.ec == std::errc() && parsed.ptr == end) snapshots_.insert(offset);
    }
}

void ProducerStateManager::delete_snapshot(node::Env& env, int64_t offset) {
    if (snapshots_.erase(offset) == 0) return;
    const std::string path = snapshot_path(offset);
    if (env.disk().exists(path)) {
        env.disk().remove(path);
        node::info(env, "kafka.log.SnapshotFile", "Deleted producer state snapshot {}", path);
    } else {
        node::info(env, "kafka.log.SnapshotFile",
                   "Failed to delete producer state snapshot {} because it does not exist.", path);
    }
}

void ProducerStateManager::remove_stray_snapshots(node::Env& env, const std::set<int64_t>& segment_base_offsets) {
    find_snapshots(env);
    std::vector<int64_t> strays;
    for (const int64_t offset : snapshots_) {
        if (!segment_base_offsets.contains(offset)) strays.push_back(offset);
    }
    if (strays.empty()) return;
    const bool newest_stays = segment_base_offsets.empty() || strays.back() >= *segment_base_offsets.rbegin();
    if (newest_stays) strays.pop_back();
    for (const int64_t offset : strays) delete_snapshot(env, offset);
}

/// A file that cannot be read is deleted, and the one before it taken.
void ProducerStateManager::load_from_snapshot(node::Env& env, int64_t log_start_offset) {
    while (!snapshots_.empty()) {
        const int64_t offset = *snapshots_.rbegin();
        const std::string path = snapshot_path(offset);
        node::info(env, kProducerStateManagerLogger,
                   "{}Loading producer state from snapshot file 'SnapshotFile({},{})'", ident(tp_), path, offset);
        auto loaded = decode_producer_snapshot(env.disk().read_text(path).value_or(""));
        if (loaded) {
            producers_ = std::move(loaded).value();
            remove_expired(env.wall_clock().value);
            last_snap_offset_ = last_map_offset_ = offset;
            return;
        }
        node::warn(env, kProducerStateManagerLogger, "{}Failed to load producer snapshot from '{}': {}", ident(tp_),
                   path, loaded.error());
        delete_snapshot(env, offset);
    }
    last_snap_offset_ = last_map_offset_ = log_start_offset;
}

void ProducerStateManager::truncate_and_reload(node::Env& env, int64_t log_start_offset, int64_t log_end_offset) {
    const std::set<int64_t> found = snapshots_;
    for (const int64_t offset : found) {
        if (offset > log_end_offset || offset <= log_start_offset) delete_snapshot(env, offset);
    }
    if (log_end_offset == last_map_offset_) return on_log_start_offset_incremented(log_start_offset);
    producers_.clear();
    load_from_snapshot(env, log_start_offset);
}

void ProducerStateManager::truncate_fully_and_start_at(node::Env& env, int64_t offset) {
    producers_.clear();
    const std::set<int64_t> found = snapshots_;
    for (const int64_t each : found) delete_snapshot(env, each);
    last_snap_offset_ = 0;
    last_map_offset_ = offset;
}

void ProducerStateManager::on_log_start_offset_incremented(int64_t log_start_offset) {
    last_map_offset_ = std::max(last_map_offset_, log_start_offset);
    last_snap_offset_ = snapshots_.empty() ? log_start_offset : *snapshots_.rbegin();
}

}  // namespace kafkasim::log
