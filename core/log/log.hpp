// SPDX-License-Identifier: Apache-2.0
#pragma once
// The log of one replica: batches in segments, the offsets that bound what may be read, the leader epochs. It
// decides which offsets records get,
// when a segment is full and what a truncation takes away. What is appended is in the file on disk when the call
// returns; only a machine's loss can
// take it back, up to the last flush. Batches are shared between memory, disk and responses.
// It makes log lines as Kafka does, and no notes: who calls knows in which role, and notes it.
// Called by Partition (as leader), ReplicaManager and the fetchers (as follower), and LogManager (load, close).
// Kafka 3.0.0: kafka.log.Log, kafka.log.LogLoader.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error_code.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/base/uuid.hpp"
#include "core/log/leader_epoch_cache.hpp"
#include "core/log/log_config.hpp"
#include "core/log/log_segment.hpp"
#include "core/log/producer_state.hpp"
#include "core/log/record_validation.hpp"
#include "core/node/env.hpp"
#include "core/protocol/record_batch.hpp"

namespace kafkasim::log {

struct AppendResult {
    ErrorCode error = ErrorCode::None;
    int64_t first_offset = -1;
    int64_t last_offset = -1;
    int64_t log_append_time_ms = -1;  // -1: the records keep their CreateTime
    int64_t log_start_offset = -1;
    int32_t record_count = 0;
    std::string error_message;
    std::vector<RecordError> record_errors;
    bool duplicate = false;  // of an idempotent producer: nothing was appended, the offsets are the old ones
};

/// An offset and where it is; segment and position are -1 where Kafka does not know them ("message offset only").
struct LogOffsetMetadata {
    int64_t offset = 0;
    int64_t segment_base_offset = -1;
    int64_t position = -1;
    bool operator==(const LogOffsetMetadata&) const = default;
};
/// "(offset=4 segment=[0:185])"
std::string to_string(const LogOffsetMetadata& offset);

struct TimestampOffset {
    int64_t timestamp = -1;
    int64_t offset = -1;
    int32_t leader_epoch = -1;
    bool operator==(const TimestampOffset&) const = default;
};

/// The files of a segment, and what they are called once it is in the log no more.
inline constexpr std::array<std::string_view, 5> kSegmentSuffixes{".log", ".index", ".timeindex", ".txnindex",
                                                                  ".snapshot"};
inline constexpr std::string_view kDeletedSuffix = ".deleted";

/// Segments that are in the log no more. Their files have the suffix ".deleted" until `due`.
struct DeletedSegments {
    Instant due;
    std::string dir;
    std::vector<int64_t> base_offsets;
    std::string shown;  // "LogSegment(baseOffset=0, ...),LogSegment(...)"
    std::string ident;  // "[Log partition=t-0, dir=/tmp/kafka-logs1] "
};

/// Where a log lives: `log_dir` is one of log.dirs.
struct LogPlace {
    TopicPartition partition;
    std::string log_dir;
    /// "/tmp/kafka-logs1/my-kafka-topic-0"
    std::string dir() const;
};

class Log {
public:
    /// An empty log with its files on disk.
    static Log create(node::Env& env, LogPlace place, const Uuid& topic_id, const LogConfig& config);
    /// What the files say. After an unclean stop every segment from the recovery point on is looked through.
    static Log load(node::Env& env, LogPlace place, const LogConfig& config, bool clean, int64_t recovery_point,
                    int64_t log_start_offset);

    const TopicPartition& partition() const { return place_.partition; }
    const std::string& log_dir() const { return place_.log_dir; }
    std::string dir() const;
    const Uuid& topic_id() const { return topic_id_; }
    /// Writes `partition.metadata` of a log that had no topic id.
    void assign_topic_id(node::Env& env, const Uuid& topic_id);
    const LogConfig& config() const { return config_; }
    void update_config(const LogConfig& config) { config_ = config; }

    // Offsets.
    int64_t log_start_offset() const { return log_start_offset_; }
    int64_t log_end_offset() const { return log_end_offset_; }
    int64_t high_watermark() const { return high_watermark_.offset; }
    /// Without transactions the last stable offset is the high watermark.
    int64_t last_stable_offset() const { return high_watermark_.offset; }
    int64_t recovery_point() const { return recovery_point_; }
    LogOffsetMetadata log_end_offset_metadata() const;
    const LogOffsetMetadata& high_watermark_metadata() const { return high_watermark_; }
    bool in_range(int64_t offset) const { return offset >= log_start_offset() && offset <= log_end_offset(); }
    /// All bytes of the log, or those from the batch that holds `from` up to the one that holds `to`.
    int64_t size_in_bytes() const;
    int64_t size_in_bytes(int64_t from, int64_t to) const;
    int64_t max_timestamp() const;

    // Writing.
    AppendResult append_as_leader(node::Env& env, protocol::RecordBatches records, int32_t leader_epoch,
                                  int64_t now_ms);
    /// The batches keep their offsets and epochs, which must go on where the log ends.
    AppendResult append_as_follower(node::Env& env, const protocol::RecordBatches& records);

    // Reading.
    /// Whole batches, the first holding `offset`, all records below `upper_bound_offset`, together at most
    /// `max_bytes`; the first one may be larger if
    /// `min_one_message`. Empty if `offset` is not in_range (the caller answers OFFSET_OUT_OF_RANGE) or nothing is
    /// there yet. Of one segment only, as in Kafka.
    protocol::RecordBatches read(int64_t offset, int32_t max_bytes, int64_t upper_bound_offset,
                                 bool min_one_message) const;
    /// All batches of the log: for what loads a whole partition.
    protocol::RecordBatches read_all() const;
    /// The first record not older than `timestamp`, or nullopt.
    std::optional<TimestampOffset> offset_for_timestamp(int64_t timestamp) const;
    /// The greatest timestamp, with the last offset of its batch and the latest leader epoch, as 3.0.0 has it
    /// (ListOffsets with -3).
    std::optional<TimestampOffset> offset_of_max_timestamp() const;

    // High watermark.
    /// Clamped to [log start, log end]; may go back. What it became.
    int64_t update_high_watermark(node::Env& env, int64_t high_watermark);
    /// Only forward, or at the same offset into a newer segment; the former value if it moved.
    std::optional<int64_t> maybe_increment_high_watermark(node::Env& env, int64_t high_watermark);
    /// Raises the start of the log (retention, DeleteRecords, the leader's start). True if it moved. `reason` ends
    /// the log line.
    bool maybe_increment_log_start_offset(node::Env& env, int64_t offset, std::string_view reason);

    // Retention (log_retention.cpp).
    /// Takes away what is below the start of the log and, if the topic deletes what is old, what retention.bytes
    /// and retention.ms let go: whole segments from the oldest on, none beyond the high watermark.
    std::vector<DeletedSegments> delete_old_segments(node::Env& env);
    /// A cleaned segment takes the place of `count` segments from index `first` on.
    std::vector<DeletedSegments> replace_segments(node::Env& env, size_t first, size_t count, LogSegment cleaned);
    /// Whether a batch holds the last record of a producer that is still active: compaction keeps it, if only as an
    /// empty header.
    bool is_last_of_producer(const protocol::RecordBatch& batch) const;
    /// What truncations took away since this was last asked.
    std::vector<DeletedSegments> take_deleted() { return std::exchange(deleted_, {}); }
    /// The smallest offset the log was truncated to since this was last asked.
    std::optional<int64_t> take_truncation() { return std::exchange(truncated_to_, std::nullopt); }
    /// The broker stops: the indexes are completed, and what is known of producers goes to disk.
    void close(node::Env& env);

    // Truncation. truncate_to: true if records were taken away.
    bool truncate_to(node::Env& env, int64_t offset);
    void truncate_fully_and_start_at(node::Env& env, int64_t offset);

    // Leader epochs. assign_epoch writes the checkpoint; epochs() answers.
    const LeaderEpochCache& epochs() const { return epochs_; }
    void assign_epoch(node::Env& env, int32_t epoch, int64_t start_offset);
    std::optional<int32_t> latest_epoch() const { return epochs_.latest_epoch(); }
    EpochEndOffset end_offset_for_epoch(int32_t epoch) const { return epochs_.end_offset_for(epoch, log_end_offset()); }

    /// What idempotent producers have written (log_producers.cpp).
    const ProducerStateManager& producers() const { return producers_; }

    /// Makes everything durable: recovery point = log end.
    void flush(node::Env& env);
    /// Wall clock of the last flush (of the start, if there was none): flush.ms counts from it.
    int64_t last_flush_ms() const { return last_flush_ms_; }
    const std::vector<LogSegment>& segments() const { return segments_; }
    /// After the folder was renamed (deletion).
    void rename_dir(node::Env& env, const std::string& name);

    /// "Log(dir=/tmp/kafka-logs1/t-0, topicId=..., topic=t, partition=0, highWatermark=0, ...)"
    std::string description() const;

private:
    Log(LogPlace place, const LogConfig& config) : place_(std::move(place)), config_(config) {}

    std::string path(std::string_view file) const;
    std::string ident() const;
    std::string loader_ident() const;
    /// nullopt, or why they did not get to the disk: nothing is appended, and the log dir has failed.
    std::optional<std::string> append_batches(node::Env& env, std::span<const protocol::RecordBatch> batches,
                                              int64_t now_ms);
    /// "Error while <what> for t-0 in dir /tmp/kafka-logs1", if a write since `before` failed.
    void report_failure(node::Env& env, bool failed_before, std::string_view what) const;
    void write_new_index_entries(node::Env& env, size_t time_entries_before);
    void finish_time_index(node::Env& env);
    void roll(node::Env& env);
    void open_segment(node::Env& env, int64_t base_offset);
    /// The index files of a rolled segment come into being when they are first looked at.
    void make_index_files(node::Env& env, LogSegment& segment, LogSegment::IndexFiles wanted);
    void remove_segment_files(node::Env& env, int64_t base_offset);
    DeletedSegments delete_segments(node::Env& env, size_t count);
    void delete_truncated(node::Env& env, size_t first);
    DeletedSegments mark_deleted(node::Env& env, size_t first, size_t count, bool replaced = false);
    void write_indexes(node::Env& env, const LogSegment& segment);
    void write_epochs(node::Env& env);
    void set_high_watermark(node::Env& env, const LogOffsetMetadata& high_watermark);
    void move_log_end(node::Env& env, int64_t offset);
    void rebuild_producer_state(node::Env& env, ProducerStateManager& producers, int64_t last_offset, bool clean,
                                const std::string& ident) const;
    void load_producers(node::Env& env, ProducerStateManager& producers, int64_t last_offset) const;
    void recover_producers(node::Env& env, int64_t segment_base_offset, ProducerStateManager& producers) const;
    void start_producer_state(node::Env& env, bool clean);
    void expire_producers(node::Env& env);
    ProducerStateManager new_producer_state() const;
    void load_segments(node::Env& env, bool clean, int64_t recovery_point);
    bool lacks_index(node::Env& env, int64_t base_offset) const;
    bool load_segment(node::Env& env, int64_t base_offset, bool recover);
    const LogSegment& segment_of(int64_t offset) const;
    LogOffsetMetadata metadata_of(int64_t offset) const;

    LogPlace place_;
    LogConfig config_;
    std::string renamed_dir_;  // the folder's name once the log is to be deleted
    Uuid topic_id_;
    std::vector<LogSegment> segments_;
    int64_t log_start_offset_ = 0;
    int64_t log_end_offset_ = 0;
    int64_t recovery_point_ = 0;
    int64_t last_flush_ms_ = 0;
    std::optional<int64_t> truncated_to_;
    std::vector<DeletedSegments> deleted_;
    LogOffsetMetadata high_watermark_{0, -1, -1};
    LeaderEpochCache epochs_;
    ProducerStateManager producers_;
    Instant next_producer_expiry_{};  // of the periodic check
};

}  // namespace kafkasim::log
