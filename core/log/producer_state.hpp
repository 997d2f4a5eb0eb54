// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one log knows of the producers that write to it idempotently: per producer id its epoch and its last five
// batches. It decides whether a batch is new, a duplicate (its old offsets are the answer), out of order or of an old
// epoch, and when a producer is forgotten. Snapshots on disk let a restarted broker or a truncated log know it again.
// Called by Log, as leader with the origin Client, as follower and when loading with Replication. A value.
// Kafka 3.0.0: kafka.log.ProducerStateManager, ProducerStateEntry, ProducerAppendInfo.
// Simplified: transactions (their markers, the first unstable offset) are not modelled: no client begins one.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "core/base/error_code.hpp"
#include "core/base/ids.hpp"
#include "core/node/env.hpp"
#include "core/protocol/record_batch.hpp"

namespace kafkasim::log {

inline constexpr int16_t kNoProducerEpoch = -1;
inline constexpr int32_t kNoSequence = -1;

/// Sequences go round from the largest int to 0. Kafka 3.0.0: DefaultRecordBatch.incrementSequence.
int32_t increment_sequence(int32_t sequence, int32_t by);
int32_t decrement_sequence(int32_t sequence, int32_t by);

struct BatchMetadata {
    int32_t last_sequence = kNoSequence;
    int64_t last_offset = -1;
    int32_t offset_delta = 0;
    int64_t timestamp = -1;

    int32_t first_sequence() const { return decrement_sequence(last_sequence, offset_delta); }
    int64_t first_offset() const { return last_offset - offset_delta; }
    bool operator==(const BatchMetadata&) const = default;
};

struct ProducerStateEntry {
    static constexpr size_t kBatchesToRetain = 5;

    std::deque<BatchMetadata> batches;  // in the order of their sequences
    int16_t producer_epoch = kNoProducerEpoch;
    int32_t coordinator_epoch = -1;
    int64_t last_timestamp = -1;

    int32_t last_sequence() const { return batches.empty() ? kNoSequence : batches.back().last_sequence; }
    int64_t last_data_offset() const { return batches.empty() ? -1 : batches.back().last_offset; }
    int32_t last_offset_delta() const { return batches.empty() ? 0 : batches.back().offset_delta; }
    /// The remembered batch of the same epoch with exactly these sequences.
    std::optional<BatchMetadata> find_duplicate(const protocol::RecordBatch& batch) const;
    /// A new epoch forgets the batches of the old one.
    void add_batch(int16_t epoch, const BatchMetadata& batch);
    void update(const ProducerStateEntry& next);
    bool operator==(const ProducerStateEntry&) const = default;
};

enum class AppendOrigin : uint8_t { Client, Replication };

/// Batches of one producer that are about to be appended, checked one after another.
class ProducerAppendInfo {
public:
    ProducerAppendInfo(TopicPartition tp, int64_t producer_id, ProducerStateEntry current, AppendOrigin origin);

    struct Refusal {
        ErrorCode error = ErrorCode::None;
        std::string message;
    };
    /// With the origin Replication nothing is refused; an old epoch is only remarked (`message` without an error).
    Refusal append(const protocol::RecordBatch& batch);
    const ProducerStateEntry& to_entry() const { return updated_; }

private:
    Refusal check_epoch(const protocol::RecordBatch& batch) const;
    Refusal check_sequence(const protocol::RecordBatch& batch) const;

    TopicPartition tp_;
    int64_t producer_id_;
    ProducerStateEntry current_;
    ProducerStateEntry updated_;
    AppendOrigin origin_;
};

/// What is to become of an append: refused, already there, or new (then `updates` are to be applied after it).
struct ProducerCheck {
    ErrorCode error = ErrorCode::None;
    std::string error_message;
    std::optional<BatchMetadata> duplicate;
    std::map<int64_t, ProducerAppendInfo> updates;
};

class ProducerStateManager {
public:
    static constexpr int64_t kDefaultExpirationMs = 604800000;  // transactional.id.expiration.ms

    ProducerStateManager() = default;
    ProducerStateManager(TopicPartition tp, std::string dir, int64_t expiration_ms = kDefaultExpirationMs);

    // Batches with their offsets, before and after they are appended.
    ProducerCheck check(node::Env& env, std::span<const protocol::RecordBatch> batches, AppendOrigin origin) const;
    void update(const std::map<int64_t, ProducerAppendInfo>& updates);
    /// Batches of the log itself.
    void load(node::Env& env, std::span<const protocol::RecordBatch> batches);
    const std::map<int64_t, ProducerStateEntry>& producers() const { return producers_; }
    const ProducerStateEntry* entry_of(int64_t producer_id) const;
    bool empty() const { return producers_.empty(); }
    void remove_expired(int64_t now_ms);

    // How far the log has been taken in, and the snapshot files.
    int64_t map_end_offset() const { return last_map_offset_; }
    void update_map_end_offset(int64_t offset) { last_map_offset_ = offset; }
    const std::set<int64_t>& snapshots() const { return snapshots_; }
    /// Writes what is known as a file, unless there is one for this offset.
    void take_snapshot(node::Env& env);
    /// Finds the files of the folder.
    void find_snapshots(node::Env& env);
    /// The files that begin no segment go, but the largest one beyond all segments (of a clean shutdown) stays.
    void remove_stray_snapshots(node::Env& env, const std::set<int64_t>& segment_base_offsets);
    /// The file went with its segment.
    void forget_snapshot(int64_t offset) { snapshots_.erase(offset); }
    void move_to(std::string dir) { dir_ = std::move(dir); }

    // The log changed its bounds.
    /// What is left is loaded from the newest snapshot not beyond the end; what lies behind it the caller loads.
    void truncate_and_reload(node::Env& env, int64_t log_start_offset, int64_t log_end_offset);
    void truncate_fully_and_start_at(node::Env& env, int64_t offset);
    void on_log_start_offset_incremented(int64_t log_start_offset);

private:
    std::string snapshot_path(int64_t offset) const;
    void load_from_snapshot(node::Env& env, int64_t log_start_offset);
    void delete_snapshot(node::Env& env, int64_t offset);
    bool expired(const ProducerStateEntry& entry, int64_t now_ms) const {
        return now_ms - entry.last_timestamp >= expiration_ms_;
    }

    TopicPartition tp_;
    std::string dir_;
    int64_t expiration_ms_ = kDefaultExpirationMs;
    std::map<int64_t, ProducerStateEntry> producers_;
    std::set<int64_t> snapshots_;
    int64_t last_map_offset_ = 0;
    int64_t last_snap_offset_ = 0;
};

}  // namespace kafkasim::log
