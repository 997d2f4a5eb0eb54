// SPDX-License-Identifier: Apache-2.0
#include "core/log/cleaner_rules.hpp"

#include <algorithm>
#include <limits>

namespace kafkasim::log {

namespace {

/// The segments from the one that holds `offset` on, without the active one. Kafka 3.0.0: nonActiveLogSegmentsFrom.
std::span<const LogSegment> inactive_from(std::span<const LogSegment> segments, int64_t offset) {
    if (segments.empty() || offset > segments.back().base_offset()) return {};
    size_t first = 0;
    while (first + 1 < segments.size() && segments[first + 1].base_offset() <= offset) ++first;
    return segments.subspan(first, segments.size() - 1 - first);
}

/// The bytes of the segments that hold something of [from, to). Kafka 3.0.0: logSegments(from, to).
int64_t bytes_between(std::span<const LogSegment> segments, int64_t from, int64_t to) {
    int64_t bytes = 0;
    for (size_t i = 0; i < segments.size(); ++i) {
        const bool ends_before = i + 1 < segments.size() && segments[i + 1].base_offset() <= from;
        if (!ends_before && segments[i].base_offset() < to) bytes += segments[i].size();
    }
    return bytes;
}

}  // namespace

CleanableOffsets cleanable_offsets(std::span<const LogSegment> segments, const LogBounds& bounds,
                                   std::optional<int64_t> checkpoint, int64_t min_compaction_lag_ms, int64_t now_ms) {
    CleanableOffsets result;
    result.first_dirty = checkpoint.value_or(bounds.log_start_offset);
    if (result.first_dirty < bounds.log_start_offset) result.checkpoint = CleanerCheckpoint::BelowStart;
    if (result.first_dirty > bounds.log_end_offset) result.checkpoint = CleanerCheckpoint::BeyondEnd;
    if (result.checkpoint != CleanerCheckpoint::Valid) result.first_dirty = bounds.log_start_offset;

    int64_t uncleanable = std::min(bounds.last_stable_offset, segments.back().base_offset());
    if (min_compaction_lag_ms > 0) {
        for (const LogSegment& segment : inactive_from(segments, result.first_dirty)) {
            if (segment.age_from() <= now_ms - min_compaction_lag_ms) continue;
            uncleanable = std::min(uncleanable, segment.base_offset());
            break;
        }
    }
    result.first_uncleanable = std::max(result.first_dirty, uncleanable);
    return result;
}

int64_t max_compaction_delay(std::span<const LogSegment> segments, int64_t first_dirty, int64_t max_compaction_lag_ms,
                             int64_t now_ms) {
    if (max_compaction_lag_ms == LogConfig::kNever) return 0;
    int64_t earliest = std::numeric_limits<int64_t>::max();
    for (const LogSegment& segment : inactive_from(segments, first_dirty)) {
        const int64_t first = segment.first_timestamp().value_or(-1);
        if (first > 0) earliest = std::min(earliest, first);
    }
    const int64_t clean_until = now_ms - max_compaction_lag_ms;
    return earliest < clean_until ? clean_until - earliest : 0;
}

LogToClean log_to_clean(std::span<const LogSegment> segments, const CleanableOffsets& offsets, bool need_now) {
    LogToClean log;
    log.first_dirty = offsets.first_dirty;
    const auto uncleanable = inactive_from(segments, offsets.first_uncleanable);
    log.first_uncleanable = uncleanable.empty() ? segments.back().base_offset() : uncleanable.front().base_offset();
    log.clean_bytes =
        log.first_dirty > segments.front().base_offset() ? bytes_between(segments, -1, log.first_dirty) : 0;
    log.cleanable_bytes =
        bytes_between(segments, std::min(log.first_dirty, log.first_uncleanable), log.first_uncleanable);
    log.need_compaction_now = need_now;
    return log;
}

bool is_cleanable(const LogToClean& log, int64_t min_cleanable_ratio) {
    if (log.total_bytes() == 0) return false;
    if (log.need_compaction_now && log.cleanable_bytes > 0) return true;
    // A log of many GB is looked at in KB, so that the product fits.
    const int64_t unit = log.total_bytes() > kWhole ? 1024 : 1;
    return log.cleanable_bytes / unit * kWhole > log.total_bytes() / unit * min_cleanable_ratio;
}

bool is_filthier(const LogToClean& log, const LogToClean& than) {
    const int64_t unit = std::max(log.total_bytes(), than.total_bytes()) > kWhole ? 1024 : 1;
    return log.cleanable_bytes / unit * (than.total_bytes() / unit) >
           than.cleanable_bytes / unit * (log.total_bytes() / unit);
}

std::vector<SegmentGroup> group_segments(std::span<const LogSegment> segments, int64_t max_bytes,
                                         int64_t max_index_bytes) {
    const auto offset_bytes = [](const LogSegment& segment) {
        return static_cast<int64_t>(segment.offset_index().size()) * OffsetEntry::kBytes;
    };
    const auto time_bytes = [](const LogSegment& segment) {
        return static_cast<int64_t>(segment.time_index().size()) * TimeEntry::kBytes;
    };
    std::vector<SegmentGroup> groups;
    for (size_t i = 0; i < segments.size();) {
        SegmentGroup group{i, i + 1};
        int64_t bytes = segments[i].size();
        int64_t offsets = offset_bytes(segments[i]);
        int64_t times = time_bytes(segments[i]);
        for (; group.end < segments.size(); ++group.end) {
            const LogSegment& next = segments[group.end];
            bytes += next.size();
            offsets += offset_bytes(next);
            times += time_bytes(next);
            const bool too_far = next.size() > 0 && next.next_offset() - 1 - segments[i].base_offset() >
                                                        std::numeric_limits<int32_t>::max();
            if (bytes > max_bytes || offsets > max_index_bytes || times > max_index_bytes || too_far) break;
        }
        i = group.end;
        groups.push_back(group);
    }
    return groups;
}

void OffsetMap::add(const protocol::RecordBatch& batch, int64_t from_offset) {
    if (!batch.is_control()) {
        for (const protocol::Record& record : batch.records()) {
            const int64_t offset = batch.offset_of(record);
            if (record.key && offset >= from_offset) last_offsets[*record.key] = offset;
        }
    }
    if (batch.last_offset() >= from_offset) latest_offset = batch.last_offset();
}

bool is_retained(const protocol::RecordBatch& batch, const protocol::Record& record, const OffsetMap& map,
                 bool retain_deletes) {
    const int64_t offset = batch.offset_of(record);
    if (offset > map.latest_offset) return true;
    if (!record.key) return false;
    const auto last = map.last_offsets.find(*record.key);
    const bool is_last = last == map.last_offsets.end() || offset >= last->second;
    return is_last && (record.value || retain_deletes);
}

std::optional<protocol::RecordBatch> cleaned_batch(const protocol::RecordBatch& batch, const OffsetMap& map,
                                                   bool retain_deletes, bool last_of_producer) {
    std::vector<protocol::Record> retained;
    for (const protocol::Record& record : batch.records()) {
        if (is_retained(batch, record, map, retain_deletes)) retained.push_back(record);
    }
    if (static_cast<int32_t>(retained.size()) == batch.record_count() && !retained.empty()) return batch;
    protocol::RecordBatch cleaned = batch;
    if (retained.empty()) {
        if (!last_of_producer) return std::nullopt;
        cleaned.body = nullptr;
        return cleaned;
    }
    // The timestamps count from the first record that is left.
    const int64_t shift = retained.front().timestamp_delta;
    cleaned.base_timestamp_ms += shift;
    int64_t greatest = -1;
    for (protocol::Record& record : retained) {
        record.timestamp_delta -= shift;
        greatest = std::max(greatest, cleaned.base_timestamp_ms + record.timestamp_delta);
    }
    if (!batch.is_log_append_time()) cleaned.max_timestamp_ms = greatest;
    cleaned.body = std::make_shared<const protocol::RecordBody>(std::move(retained));
    return cleaned;
}

}  // namespace kafkasim::log
