// SPDX-License-Identifier: Apache-2.0
#pragma once
// The settings of one topic that its logs heed. Kafka 3.0.0: kafka.log.LogConfig.

#include <cstdint>

namespace kafkasim::config {
struct TopicConfig;
}

namespace kafkasim::log {

struct LogConfig {
    int32_t segment_bytes = 1073741824;
    int32_t max_message_bytes = 1048588;
    bool compacted = false;        // cleanup.policy names "compact": records need a key
    bool log_append_time = false;  // message.timestamp.type=LogAppendTime: the leader stamps its own time
    bool operator==(const LogConfig&) const = default;
};

LogConfig log_config_of(const config::TopicConfig& topic);

}  // namespace kafkasim::log
