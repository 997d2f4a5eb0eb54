// SPDX-License-Identifier: Apache-2.0
#pragma once
// A topic's settings: what the topic overrides (znode /config/topics/T) over what the broker has. Kafka 3.0.0:
// kafka.log.LogConfig,
// kafka.server.ConfigHelper (describe).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/broker_config.hpp"

namespace kafkasim::config {

struct TopicConfig {
    int32_t segment_bytes = 1073741824;
    int64_t segment_ms = 604800000;
    int64_t retention_ms = 604800000;
    int64_t retention_bytes = -1;
    int32_t max_message_bytes = 1048588;
    int32_t min_insync_replicas = 1;
    bool unclean_leader_election_enable = false;
    std::string cleanup_policy = "delete";
    std::string compression_type = "producer";
    std::string message_timestamp_type = "CreateTime";
    int64_t message_timestamp_difference_max_ms = BrokerConfig::kMaxLong;
    int64_t file_delete_delay_ms = 60000;
    int32_t segment_index_bytes = 10485760;
    int32_t index_interval_bytes = 4096;
    int64_t flush_messages = BrokerConfig::kMaxLong;
    int64_t flush_ms = BrokerConfig::kMaxLong;
    std::string min_cleanable_dirty_ratio = "0.5";
    int64_t delete_retention_ms = 86400000;
    int64_t min_compaction_lag_ms = 0;
    int64_t max_compaction_lag_ms = BrokerConfig::kMaxLong;
    int64_t transactional_id_expiration_ms = 604800000;  // the broker's; no topic sets it
    std::string overridden = "{}";                       // as a log line names it: {min.insync.replicas=2}
    bool operator==(const TopicConfig&) const = default;

    bool deletes_old() const { return cleanup_policy.find("delete") != std::string::npos; }
    bool is_compacted() const { return cleanup_policy.find("compact") != std::string::npos; }
    static TopicConfig of(const BrokerConfig& broker, const Properties& overrides);
};

/// Where a value comes from, strongest first; the numbers are those of DescribeConfigs.
enum class ConfigSource : int8_t {
    TopicConfig = 1,
    DynamicBrokerConfig = 2,
    DynamicDefaultBrokerConfig = 3,
    StaticBrokerConfig = 4,
    DefaultConfig = 5,
};

struct ConfigSynonym {
    std::string name;
    std::string value;
    ConfigSource source;
};

struct ConfigEntry {
    std::string name;
    std::string value;
    ConfigSource source;
    std::vector<ConfigSynonym> synonyms;
};

/// All settings of a topic in the order in which a 3.0.0 broker describes them (its hash map's).
std::vector<ConfigEntry> describe_topic_config(const BrokerConfig& broker, const Properties& overrides);

/// nullopt if a topic may have this setting with this value; else Kafka's text: "Unknown topic config name: foo",
/// "Invalid value abc for ...".
std::optional<std::string> complaint_about_topic_setting(std::string_view name, std::string_view value);

/// What a broker gives __consumer_offsets when it creates it.
Properties offsets_topic_config(const BrokerConfig& broker);

}  // namespace kafkasim::config
