// SPDX-License-Identifier: Apache-2.0
// Reading a log, by offset and by time. Kafka 3.0.0: kafka.log.Log.read, fetchOffsetByTimestamp.
#include <algorithm>

#include "core/log/log.hpp"

namespace kafkasim::log {

const LogSegment& Log::segment_of(int64_t offset) const {
    const auto after = std::partition_point(segments_.begin(), segments_.end(),
                                            [&](const LogSegment& segment) { return segment.base_offset() <= offset; });
    return after == segments_.begin() ? segments_.front() : *std::prev(after);
}

protocol::RecordBatches Log::read(int64_t offset, int32_t max_bytes, int64_t upper_bound_offset,
                                  bool min_one_message) const {
    if (!in_range(offset) || offset >= upper_bound_offset) return {};
    const LogSegment* segment = &segment_of(offset);
    while (segment->find(offset) ==
           segment->batches().size()) {  // nothing at or after `offset` in it: a gap after compaction, or the end
        if (segment == &segments_.back()) return {};
        ++segment;
    }
    const auto& batches = segment->batches();
    const size_t first = segment->find(offset);
    size_t end = first;
    int64_t bytes = 0;
    while (end < batches.size() && batches[end].last_offset() < upper_bound_offset) {
        bytes += batches[end].size_in_bytes();
        const bool may_exceed = min_one_message && end == first;
        if (bytes > max_bytes && !may_exceed) break;
        ++end;
    }
    if (end == first) return {};
    return protocol::RecordBatches(std::vector<protocol::RecordBatch>(
        batches.begin() + static_cast<std::ptrdiff_t>(first), batches.begin() + static_cast<std::ptrdiff_t>(end)));
}

protocol::RecordBatches Log::read_all() const {
    std::vector<protocol::RecordBatch> all;
    for (const LogSegment& segment : segments_) {
        for (const protocol::RecordBatch& batch : segment.batches()) {
            if (batch.last_offset() >= log_start_offset_) all.push_back(batch);
        }
    }
    return all.empty() ? protocol::RecordBatches() : protocol::RecordBatches(std::move(all));
}

namespace {

/// The first record of the batch for which `wanted(timestamp, offset)` holds.
template <typename Wanted>
std::optional<TimestampOffset> first_record(const protocol::RecordBatch& batch, Wanted wanted) {
    for (const protocol::Record& record : batch.records()) {
        const int64_t timestamp = batch.timestamp_ms_of(record);
        if (wanted(timestamp, batch.offset_of(record)))
            return TimestampOffset{timestamp, batch.offset_of(record), batch.partition_leader_epoch};
    }
    return std::nullopt;
}

}  // namespace

std::optional<TimestampOffset> Log::offset_for_timestamp(int64_t timestamp) const {
    for (const LogSegment& segment : segments_) {
        if (segment.age_from() < timestamp) continue;
        for (const protocol::RecordBatch& batch : segment.batches()) {
            if (batch.max_timestamp_ms < timestamp || batch.last_offset() < log_start_offset_) continue;
            auto found = first_record(
                batch, [&](int64_t at, int64_t offset) { return at >= timestamp && offset >= log_start_offset_; });
            if (found) return found;
        }
        return std::nullopt;  // only the first segment that is young enough is looked at
    }
    return std::nullopt;
}

std::optional<TimestampOffset> Log::offset_of_max_timestamp() const {
    const auto latest = std::max_element(
        segments_.begin(), segments_.end(),
        [](const LogSegment& a, const LogSegment& b) { return a.largest_timestamp() < b.largest_timestamp(); });
    if (latest->largest_timestamp() < 0) return std::nullopt;
    return TimestampOffset{latest->largest_timestamp(), latest->offset_of_largest(),
                           epochs_.latest_epoch().value_or(kUndefinedEpoch)};
}

}  // namespace kafkasim::log
