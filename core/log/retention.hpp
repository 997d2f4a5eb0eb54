// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which segments retention takes: always the oldest ones, as long as each is wholly below the high watermark and the
// rule holds for it; an empty last segment stays. Pure; tables of cases in tests/log/retention_test.cpp.
// Called by Log::delete_old_segments. Kafka 3.0.0: kafka.log.Log.deletableSegments and the predicates of
// deleteOldSegments.

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/log/log_segment.hpp"

namespace kafkasim::log {

/// How many segments from the oldest on are wholly below the start of the log.
size_t segments_below_start(std::span<const LogSegment> segments, int64_t high_watermark, int64_t log_start_offset);

/// As many as can go with at least `retention_bytes` left; none if it is negative.
size_t segments_beyond_size(std::span<const LogSegment> segments, int64_t high_watermark, int64_t retention_bytes);

/// Those whose greatest timestamp is more than `retention_ms` ago; none if it is negative. A timestamp in the future
/// keeps its segment and all behind it.
size_t segments_beyond_time(std::span<const LogSegment> segments, int64_t high_watermark, int64_t retention_ms,
                            int64_t now_ms);

}  // namespace kafkasim::log
