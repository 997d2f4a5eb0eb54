// SPDX-License-Identifier: Apache-2.0
#pragma once
// What compaction decides: from where to where a log can be cleaned, which log is the filthiest, which segments become
// one, which records survive. Pure; tables of cases in tests/log/cleaner_rules_test.cpp.
// Called by LogCleaner. Kafka 3.0.0: kafka.log.LogCleanerManager (cleanableOffsets, maxCompactionDelay,
// grabFilthiestCompactedLog), kafka.log.Cleaner (groupSegmentsBySize, shouldRetainRecord, cleanInto).
// Simplified: the map of keys has no limit (log.cleaner.dedupe.buffer.size), and there are no transactions.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/log/log_config.hpp"
#include "core/log/log_segment.hpp"

namespace kafkasim::log {

/// The bounds of a log when the cleaner looks at it.
struct LogBounds {
    int64_t log_start_offset = 0;
    int64_t log_end_offset = 0;
    int64_t last_stable_offset = 0;
};

enum class CleanerCheckpoint : uint8_t { Valid, BelowStart, BeyondEnd };

struct CleanableOffsets {
    int64_t first_dirty = 0;
    int64_t first_uncleanable = 0;
    CleanerCheckpoint checkpoint = CleanerCheckpoint::Valid;  // otherwise it is to be written anew
    bool operator==(const CleanableOffsets&) const = default;
};

/// From the offset up to which the log was clean (`checkpoint`, or its start) to the first that must not be cleaned:
/// the last stable offset, the active segment, or the first segment with a record younger than min.compaction.lag.ms.
CleanableOffsets cleanable_offsets(std::span<const LogSegment> segments, const LogBounds& bounds,
                                   std::optional<int64_t> checkpoint, int64_t min_compaction_lag_ms, int64_t now_ms);

/// How long the oldest dirty segment is overdue by max.compaction.lag.ms; 0: it is not.
int64_t max_compaction_delay(std::span<const LogSegment> segments, int64_t first_dirty, int64_t max_compaction_lag_ms,
                             int64_t now_ms);

struct LogToClean {
    int64_t first_dirty = 0;
    int64_t first_uncleanable = 0;  // the base offset of a segment
    int64_t clean_bytes = 0;
    int64_t cleanable_bytes = 0;
    bool need_compaction_now = false;

    int64_t total_bytes() const { return clean_bytes + cleanable_bytes; }
    bool operator==(const LogToClean&) const = default;
};

LogToClean log_to_clean(std::span<const LogSegment> segments, const CleanableOffsets& offsets, bool need_now);

/// Dirtier than min.cleanable.dirty.ratio (parts per billion) allows, or overdue.
bool is_cleanable(const LogToClean& log, int64_t min_cleanable_ratio);
/// By the share that is cleanable; cross-multiplied, so that no fraction is rounded.
bool is_filthier(const LogToClean& log, const LogToClean& than);

/// Neighbours that fit together into one segment, by the sizes of the file and of its indexes. Ranges [first, end).
struct SegmentGroup {
    size_t first = 0;
    size_t end = 0;
    bool operator==(const SegmentGroup&) const = default;
};
std::vector<SegmentGroup> group_segments(std::span<const LogSegment> segments, int64_t max_bytes,
                                         int64_t max_index_bytes);

/// The last offset of each key in what is dirty.
struct OffsetMap {
    std::map<std::string, int64_t, std::less<>> last_offsets;
    int64_t latest_offset = -1;

    void add(const protocol::RecordBatch& batch, int64_t from_offset);
};

/// Whether a record survives: it is beyond the map, or the last of its key and, if it is a tombstone, too young to go.
bool is_retained(const protocol::RecordBatch& batch, const protocol::Record& record, const OffsetMap& map,
                 bool retain_deletes);

/// The batch with the records that survive, at its old offsets; nullopt if none does. One that holds the last record of
/// an active producer stays as an empty header.
std::optional<protocol::RecordBatch> cleaned_batch(const protocol::RecordBatch& batch, const OffsetMap& map,
                                                   bool retain_deletes, bool last_of_producer);

}  // namespace kafkasim::log
