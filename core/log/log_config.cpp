// SPDX-License-Identifier: Apache-2.0
#include "core/log/log_config.hpp"

#include "core/config/topic_config.hpp"

namespace kafkasim::log {

LogConfig log_config_of(const config::TopicConfig& topic) {
    LogConfig config;
    config.segment_bytes = topic.segment_bytes;
    config.max_message_bytes = topic.max_message_bytes;
    config.compacted = topic.is_compacted();
    config.log_append_time = topic.message_timestamp_type == "LogAppendTime";
    return config;
}

}  // namespace kafkasim::log
