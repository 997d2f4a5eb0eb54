// SPDX-License-Identifier: Apache-2.0
#pragma once
// The settings of one topic that its logs heed. Times in ms. Kafka 3.0.0: kafka.log.LogConfig.
// Simplified: segment.jitter.ms, preallocate, message.format.version and message.downconversion.enable have no effect.

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "core/protocol/compression_type.hpp"

namespace kafkasim::config {
struct TopicConfig;
}

namespace kafkasim::log {

/// A ratio of 1 in parts per billion.
inline constexpr int64_t kWhole = 1000000000;

struct LogConfig {
    static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

    int32_t segment_bytes = 1073741824;
    int64_t segment_ms = 604800000;
    int32_t segment_index_bytes = 10485760;
    int32_t index_interval_bytes = 4096;
    int64_t flush_messages = kNever;
    int64_t flush_ms = kNever;  // heeded every log.flush.scheduler.interval.ms
    int32_t max_message_bytes = 1048588;
    bool log_append_time = false;  // message.timestamp.type=LogAppendTime: the leader stamps its own time
    int64_t timestamp_difference_max_ms = kNever;
    bool compacted = false;   // cleanup.policy names "compact": records need a key
    bool deletes_old = true;  // cleanup.policy names "delete"
    int64_t retention_ms = 604800000;
    int64_t retention_bytes = -1;
    int64_t file_delete_delay_ms = 60000;
    int64_t min_cleanable_ratio = kWhole / 2;  // parts per billion
    int64_t delete_retention_ms = 86400000;
    int64_t min_compaction_lag_ms = 0;
    int64_t max_compaction_lag_ms = kNever;
    std::optional<protocol::CompressionType> compression;  // compression.type; nullopt: as the producer sent it
    int64_t producer_id_expiration_ms = 604800000;         // transactional.id.expiration.ms of the broker
    bool operator==(const LogConfig&) const = default;

    /// The age at which a segment is full: what is to be compacted in time must leave the active segment in time.
    int64_t max_segment_ms() const;
};

LogConfig log_config_of(const config::TopicConfig& topic);

/// "0.5" in parts per billion, as far as nine digits reach; `otherwise` for what is no such number.
int64_t parts_per_billion(std::string_view text, int64_t otherwise);

}  // namespace kafkasim::log
