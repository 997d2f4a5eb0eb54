// SPDX-License-Identifier: Apache-2.0
#include "core/log/segment_index.hpp"

#include <algorithm>

namespace kafkasim::log {

namespace {

void put(std::string& bytes, uint64_t value, int count) {
    for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift));
}

uint64_t take(std::string_view bytes, size_t from, size_t count) {
    uint64_t value = 0;
    for (size_t i = 0; i < count; ++i) value = value << 8 | static_cast<uint8_t>(bytes[from + i]);
    return value;
}

}  // namespace

std::string encode(const OffsetEntry& entry, int64_t base_offset) {
    std::string bytes;
    put(bytes, static_cast<uint64_t>(entry.offset - base_offset), 4);
    put(bytes, static_cast<uint64_t>(entry.position), 4);
    return bytes;
}

std::string encode(const TimeEntry& entry, int64_t base_offset) {
    std::string bytes;
    put(bytes, static_cast<uint64_t>(entry.timestamp), 8);
    put(bytes, static_cast<uint64_t>(entry.offset - base_offset), 4);
    return bytes;
}

std::vector<OffsetEntry> decode_offset_index(std::string_view bytes, int64_t base_offset) {
    std::vector<OffsetEntry> entries;
    for (size_t at = 0; at + OffsetEntry::kBytes <= bytes.size(); at += OffsetEntry::kBytes) {
        entries.push_back(
            {base_offset + static_cast<int32_t>(take(bytes, at, 4)), static_cast<int32_t>(take(bytes, at + 4, 4))});
    }
    return entries;
}

std::vector<TimeEntry> decode_time_index(std::string_view bytes, int64_t base_offset) {
    std::vector<TimeEntry> entries;
    for (size_t at = 0; at + TimeEntry::kBytes <= bytes.size(); at += TimeEntry::kBytes) {
        entries.push_back(
            {static_cast<int64_t>(take(bytes, at, 8)), base_offset + static_cast<int32_t>(take(bytes, at + 8, 4))});
    }
    return entries;
}

int32_t lookup(const std::vector<OffsetEntry>& index, int64_t offset) {
    const auto after = std::partition_point(index.begin(), index.end(),
                                            [&](const OffsetEntry& entry) { return entry.offset <= offset; });
    return after == index.begin() ? 0 : std::prev(after)->position;
}

bool wants(const std::vector<TimeEntry>& index, const TimeEntry& entry) {
    return entry.timestamp > (index.empty() ? -1 : index.back().timestamp);
}

bool is_full(size_t offset_entries, size_t time_entries, int32_t max_index_bytes) {
    const auto limit = [&](int32_t entry) { return static_cast<size_t>(max_index_bytes / entry); };
    return offset_entries >= limit(OffsetEntry::kBytes) || time_entries + 1 >= limit(TimeEntry::kBytes);
}

}  // namespace kafkasim::log
