// SPDX-License-Identifier: Apache-2.0
#include "core/log/log_config.hpp"

#include <algorithm>

#include "core/config/topic_config.hpp"

namespace kafkasim::log {

int64_t LogConfig::max_segment_ms() const {
    return compacted && max_compaction_lag_ms > 0 ? std::min(max_compaction_lag_ms, segment_ms) : segment_ms;
}

LogConfig log_config_of(const config::TopicConfig& topic) {
    LogConfig config;
    config.segment_bytes = topic.segment_bytes;
    config.segment_ms = topic.segment_ms;
    config.segment_index_bytes = topic.segment_index_bytes;
    config.index_interval_bytes = topic.index_interval_bytes;
    config.flush_messages = topic.flush_messages;
    config.flush_ms = topic.flush_ms;
    config.max_message_bytes = topic.max_message_bytes;
    config.log_append_time = topic.message_timestamp_type == "LogAppendTime";
    config.timestamp_difference_max_ms = topic.message_timestamp_difference_max_ms;
    config.compacted = topic.is_compacted();
    config.deletes_old = topic.deletes_old();
    config.retention_ms = topic.retention_ms;
    config.retention_bytes = topic.retention_bytes;
    config.file_delete_delay_ms = topic.file_delete_delay_ms;
    config.min_cleanable_ratio = parts_per_billion(topic.min_cleanable_dirty_ratio, config.min_cleanable_ratio);
    config.delete_retention_ms = topic.delete_retention_ms;
    config.min_compaction_lag_ms = topic.min_compaction_lag_ms;
    config.max_compaction_lag_ms = topic.max_compaction_lag_ms;
    config.compression = topic.compression_type == "uncompressed"
                             ? protocol::CompressionType::None
                             : protocol::compression_for_name(topic.compression_type);
    config.producer_id_expiration_ms = topic.transactional_id_expiration_ms;
    return config;
}

int64_t parts_per_billion(std::string_view text, int64_t otherwise) {
    int64_t value = 0;
    int64_t unit = kWhole;  // what the next digit's place is worth: kWhole before the point
    bool behind_point = false;
    bool any_digit = false;
    for (char c : text) {
        if (c == '.' && !behind_point) {
            behind_point = true;
            continue;
        }
        if (c < '0' || c > '9') return otherwise;
        any_digit = true;
        if (!behind_point) {
            if (value > 9 * kWhole) return otherwise;
            value = value * 10 + (c - '0') * kWhole;
        } else {
            unit /= 10;
            value += (c - '0') * unit;
        }
    }
    return any_digit ? value : otherwise;
}

}  // namespace kafkasim::log
