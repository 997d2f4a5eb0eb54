// SPDX-License-Identifier: Apache-2.0
#include "core/log/retention.hpp"

namespace kafkasim::log {

namespace {

template <typename Rule>
size_t oldest_while(std::span<const LogSegment> segments, int64_t high_watermark, Rule rule) {
    size_t count = 0;
    while (count < segments.size()) {
        const LogSegment& segment = segments[count];
        const bool last = count + 1 == segments.size();
        const int64_t end = last ? segment.next_offset() : segments[count + 1].base_offset();
        if (high_watermark < end || (last && segment.empty()) || !rule(count)) break;
        ++count;
    }
    return count;
}

}  // namespace

size_t segments_below_start(std::span<const LogSegment> segments, int64_t high_watermark, int64_t log_start_offset) {
    return oldest_while(segments, high_watermark, [&](size_t i) {
        return i + 1 < segments.size() && segments[i + 1].base_offset() <= log_start_offset;
    });
}

size_t segments_beyond_size(std::span<const LogSegment> segments, int64_t high_watermark, int64_t retention_bytes) {
    int64_t surplus = -retention_bytes;
    for (const LogSegment& segment : segments) surplus += segment.size();
    if (retention_bytes < 0 || surplus < 0) return 0;
    return oldest_while(segments, high_watermark, [&](size_t i) {
        if (surplus < segments[i].size()) return false;
        surplus -= segments[i].size();
        return true;
    });
}

size_t segments_beyond_time(std::span<const LogSegment> segments, int64_t high_watermark, int64_t retention_ms,
                            int64_t now_ms) {
    if (retention_ms < 0) return 0;
    return oldest_while(segments, high_watermark,
                        [&](size_t i) { return now_ms - segments[i].age_from() > retention_ms; });
}

}  // namespace kafkasim::log
