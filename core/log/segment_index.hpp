// SPDX-License-Identifier: Apache-2.0
#pragma once
// The two indexes of a segment: where in the file some of its offsets are, and which offset some of its timestamps
// reach. An entry is made when more than index.interval.bytes were appended since the last one. The bytes of an entry
// are those of Kafka's files. Called by LogSegment, Log (the files) and kafka-dump-log.sh.
// Kafka 3.0.0: kafka.log.OffsetIndex, kafka.log.TimeIndex.
// Simplified: the files hold the entries only; Kafka keeps those of the active segment at their full length, zeros
// behind the entries.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kafkasim::log {

struct OffsetEntry {
    static constexpr int32_t kBytes = 8;
    int64_t offset = 0;
    int32_t position = 0;
    bool operator==(const OffsetEntry&) const = default;
};

struct TimeEntry {
    static constexpr int32_t kBytes = 12;
    int64_t timestamp = -1;
    int64_t offset = 0;
    bool operator==(const TimeEntry&) const = default;
};

/// Offsets are stored relative to the segment's base offset.
std::string encode(const OffsetEntry& entry, int64_t base_offset);
std::string encode(const TimeEntry& entry, int64_t base_offset);
/// Bytes behind the last whole entry are left out.
std::vector<OffsetEntry> decode_offset_index(std::string_view bytes, int64_t base_offset);
std::vector<TimeEntry> decode_time_index(std::string_view bytes, int64_t base_offset);

/// The position from which to look for `offset`: that of the last entry not beyond it, or 0.
int32_t lookup(const std::vector<OffsetEntry>& index, int64_t offset);

/// A time index takes an entry only if its timestamp is greater than the last one's.
bool wants(const std::vector<TimeEntry>& index, const TimeEntry& entry);

/// No more entries fit into files of this size: the segment is full.
bool is_full(size_t offset_entries, size_t time_entries, int32_t max_index_bytes);

}  // namespace kafkasim::log
