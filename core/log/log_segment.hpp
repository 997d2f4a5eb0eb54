// SPDX-License-Identifier: Apache-2.0
#pragma once
// A stretch of a log in one file, named after its first offset. It shares its batches with the file on the host's
// disk: nothing is copied. It knows its indexes, how old it is and whether it is full. Times are wall-clock ms.
// Called by Log and the cleaner. Kafka 3.0.0: kafka.log.LogSegment, kafka.log.Log.filenamePrefixFromOffset.
// Simplified: after a start the time of the last change of the file is taken to be its greatest timestamp.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/log/segment_index.hpp"
#include "core/protocol/record_batch.hpp"

namespace kafkasim::log {

struct LogConfig;

/// What is about to be appended.
struct RollParams {
    int64_t bytes = 0;
    int64_t max_timestamp_ms = -1;
    int64_t last_offset = 0;
    int64_t now_ms = 0;
};

class LogSegment {
public:
    explicit LogSegment(int64_t base_offset, int64_t created_ms = 0)
        : base_offset_(base_offset), created_ms_(created_ms), last_modified_ms_(created_ms) {}

    int64_t base_offset() const { return base_offset_; }
    int64_t size() const { return size_; }
    bool empty() const { return batches_.empty(); }
    const std::vector<protocol::RecordBatch>& batches() const { return batches_; }
    /// One past the last offset; the base offset if empty.
    int64_t next_offset() const;
    /// Of the records; -1 if there are none.
    int64_t largest_timestamp() const { return largest_timestamp_; }
    /// The last offset of the batch that has it.
    int64_t offset_of_largest() const { return offset_of_largest_; }
    /// The greatest timestamp, or when the file was last changed if no record has one: what retention counts from.
    int64_t age_from() const { return largest_timestamp_ >= 0 ? largest_timestamp_ : last_modified_ms_; }
    int64_t last_modified_ms() const { return last_modified_ms_; }
    void set_last_modified_ms(int64_t when_ms) { last_modified_ms_ = when_ms; }
    /// The greatest timestamp of what was appended first, or of the first batch after a start.
    std::optional<int64_t> first_timestamp() const;

    /// Batches that come together are indexed together. True if an entry was added to the indexes.
    bool append(std::span<const protocol::RecordBatch> batches, int32_t index_interval_bytes, int64_t now_ms);
    /// Drops the batches from the one that holds `offset` on; how many are left.
    size_t truncate_to(int64_t offset, int64_t now_ms);
    /// By size, by age counted from the first record's timestamp, or because an index is full.
    bool should_roll(const LogConfig& config, const RollParams& next) const;
    /// The end of its life as active segment: the time index gets its last entry. True if there is one.
    bool finish_time_index();

    /// Index of the first batch whose last offset is `offset` or more; batches().size() if none.
    size_t find(int64_t offset) const;
    /// Bytes before the batch that holds `offset`; size() if none does.
    int64_t position_of(int64_t offset) const;

    /// Which of its index files there are.
    struct IndexFiles {
        bool offsets = false;
        bool times = false;
    };
    IndexFiles index_files() const { return index_files_; }
    void set_index_files(IndexFiles files) { index_files_ = files; }
    const std::vector<OffsetEntry>& offset_index() const { return offset_index_; }
    const std::vector<TimeEntry>& time_index() const { return time_index_; }
    /// The indexes as they were found on disk.
    void take_indexes(std::vector<OffsetEntry> offset_index, std::vector<TimeEntry> time_index);

private:
    void note_largest(const protocol::RecordBatch& batch);

    int64_t base_offset_;
    int64_t created_ms_;
    int64_t last_modified_ms_;
    int64_t size_ = 0;
    int64_t largest_timestamp_ = -1;
    int64_t offset_of_largest_ = -1;
    std::optional<int64_t> first_timestamp_;
    int64_t bytes_since_index_ = 0;
    IndexFiles index_files_;
    std::vector<protocol::RecordBatch> batches_;
    std::vector<int64_t> positions_;  // of each batch
    std::vector<OffsetEntry> offset_index_;
    std::vector<TimeEntry> time_index_;
};

/// "LogSegment(baseOffset=0, size=185, lastModifiedTime=1640967000000, largestRecordTimestamp=Some(1640966999000))"
std::string to_string(const LogSegment& segment);

/// "00000000000000000012" + suffix (".log", ".index", ...)
std::string segment_file(int64_t base_offset, std::string_view suffix);

}  // namespace kafkasim::log
