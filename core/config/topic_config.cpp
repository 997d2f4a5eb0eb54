// SPDX-License-Identifier: Apache-2.0
#include "core/config/topic_config.hpp"

#include <array>

#include "core/config/setting_choices.hpp"

namespace kafkasim::config {

namespace {

struct TopicSetting {
    std::string_view name;
    SettingType type;
    std::string_view broker_name;  // the broker's setting for topics that do not set it; empty: none
    std::string_view default_value;
    int64_t lowest;
    int64_t highest;
};

/// In the order of the broker's hash map, as kafka-topics.sh --describe shows it (spec/06).
constexpr std::array<TopicSetting, 29> kTopicSettings{{
    {"compression.type", SettingType::String, "compression.type", "producer", 0, 0},
    {"leader.replication.throttled.replicas", SettingType::String, "", "", 0, 0},
    {"remote.storage.enable", SettingType::Boolean, "", "false", 0, 0},
    {"message.downconversion.enable", SettingType::Boolean, "log.message.downconversion.enable", "true", 0, 0},
    {"min.insync.replicas", SettingType::Int, "min.insync.replicas", "1", 1, BrokerConfig::kMaxInt},
    {"segment.jitter.ms", SettingType::Long, "", "0", 0, BrokerConfig::kMaxLong},
    {"local.retention.ms", SettingType::Long, "", "-2", -2, BrokerConfig::kMaxLong},
    {"cleanup.policy", SettingType::String, "log.cleanup.policy", "delete", 0, 0},
    {"flush.ms", SettingType::Long, "", "9223372036854775807", 0, BrokerConfig::kMaxLong},
    {"follower.replication.throttled.replicas", SettingType::String, "", "", 0, 0},
    {"segment.bytes", SettingType::Int, "log.segment.bytes", "1073741824", 14, BrokerConfig::kMaxInt},
    {"retention.ms", SettingType::Long, "log.retention.ms", "604800000", -1, BrokerConfig::kMaxLong},
    {"flush.messages", SettingType::Long, "log.flush.interval.messages", "9223372036854775807", 0,
     BrokerConfig::kMaxLong},
    {"message.format.version", SettingType::String, "log.message.format.version", "3.0-IV1", 0, 0},
    {"max.compaction.lag.ms", SettingType::Long, "log.cleaner.max.compaction.lag.ms", "9223372036854775807", 1,
     BrokerConfig::kMaxLong},
    {"file.delete.delay.ms", SettingType::Long, "log.segment.delete.delay.ms", "60000", 0, BrokerConfig::kMaxLong},
    {"max.message.bytes", SettingType::Int, "message.max.bytes", "1048588", 0, BrokerConfig::kMaxInt},
    {"min.compaction.lag.ms", SettingType::Long, "log.cleaner.min.compaction.lag.ms", "0", 0, BrokerConfig::kMaxLong},
    {"message.timestamp.type", SettingType::String, "log.message.timestamp.type", "CreateTime", 0, 0},
    {"local.retention.bytes", SettingType::Long, "", "-2", -2, BrokerConfig::kMaxLong},
    {"preallocate", SettingType::Boolean, "log.preallocate", "false", 0, 0},
    {"min.cleanable.dirty.ratio", SettingType::String, "log.cleaner.min.cleanable.ratio", "0.5", 0, 0},
    {"index.interval.bytes", SettingType::Int, "log.index.interval.bytes", "4096", 0, BrokerConfig::kMaxInt},
    {"unclean.leader.election.enable", SettingType::Boolean, "unclean.leader.election.enable", "false", 0, 0},
    {"retention.bytes", SettingType::Long, "log.retention.bytes", "-1", BrokerConfig::kMaxLong * -1,
     BrokerConfig::kMaxLong},
    {"delete.retention.ms", SettingType::Long, "log.cleaner.delete.retention.ms", "86400000", 0,
     BrokerConfig::kMaxLong},
    {"segment.ms", SettingType::Long, "log.roll.ms", "604800000", 1, BrokerConfig::kMaxLong},
    {"message.timestamp.difference.max.ms", SettingType::Long, "log.message.timestamp.difference.max.ms",
     "9223372036854775807", 0, BrokerConfig::kMaxLong},
    {"segment.index.bytes", SettingType::Int, "log.index.size.max.bytes", "10485760", 4, BrokerConfig::kMaxInt},
}};

ConfigEntry describe(const TopicSetting& setting, const BrokerConfig& broker, const Properties& overrides) {
    ConfigEntry entry{std::string(setting.name), "", ConfigSource::DefaultConfig, {}};
    if (const auto set = overrides.find(setting.name); set != overrides.end()) {
        entry.synonyms.push_back({entry.name, set->second, ConfigSource::TopicConfig});
    }
    const auto add = [&](const Properties& level, ConfigSource source) {
        const auto set = level.find(setting.broker_name);
        if (!setting.broker_name.empty() && set != level.end())
            entry.synonyms.push_back({std::string(setting.broker_name), set->second, source});
    };
    add(broker.dynamic_properties, ConfigSource::DynamicBrokerConfig);
    add(broker.dynamic_default_properties, ConfigSource::DynamicDefaultBrokerConfig);
    add(broker.static_properties, ConfigSource::StaticBrokerConfig);
    const bool has_default_synonym =
        setting.name != "retention.ms" && setting.name != "segment.ms" && setting.name != "flush.ms";
    if (!setting.broker_name.empty() && has_default_synonym) {
        entry.synonyms.push_back(
            {std::string(setting.broker_name), std::string(setting.default_value), ConfigSource::DefaultConfig});
    }
    entry.value = entry.synonyms.empty() ? std::string(setting.default_value) : entry.synonyms.front().value;
    if (!entry.synonyms.empty()) entry.source = entry.synonyms.front().source;
    return entry;
}

template <typename Number>
void take(const Properties& overrides, std::string_view name, Number& field) {
    const auto set = overrides.find(name);
    if (set == overrides.end()) return;
    if (const auto number = parse_whole(set->second)) field = static_cast<Number>(*number);
}

void take(const Properties& overrides, std::string_view name, std::string& field) {
    const auto set = overrides.find(name);
    if (set != overrides.end()) field = set->second;
}

/// Kafka 3.0.0: org.apache.kafka.common.utils.ConfigUtils.configMapToRedactedString, where only texts are quoted.
std::string overridden_text(const Properties& overrides) {
    std::string text;
    for (const auto& [name, value] : overrides) {
        const bool is_text =
            name == "compression.type" || name == "message.timestamp.type" || name == "message.format.version";
        text += text.empty() ? "" : ", ";
        text += name + (is_text ? "=\"" + value + "\"" : "=" + value);
    }
    return "{" + text + "}";
}

}  // namespace

TopicConfig TopicConfig::of(const BrokerConfig& broker, const Properties& overrides) {
    TopicConfig config;
    config.overridden = overridden_text(overrides);
    config.segment_bytes = broker.log_segment_bytes;
    config.segment_ms = broker.roll_ms();
    config.retention_ms = broker.retention_ms();
    config.retention_bytes = broker.log_retention_bytes;
    config.max_message_bytes = broker.message_max_bytes;
    config.min_insync_replicas = broker.min_insync_replicas;
    config.unclean_leader_election_enable = broker.unclean_leader_election_enable;
    config.cleanup_policy = broker.log_cleanup_policy;
    config.compression_type = broker.compression_type;
    config.message_timestamp_type = broker.log_message_timestamp_type;
    config.message_timestamp_difference_max_ms = broker.log_message_timestamp_difference_max_ms;
    config.file_delete_delay_ms = broker.log_segment_delete_delay_ms;
    config.segment_index_bytes = broker.log_index_size_max_bytes;
    config.index_interval_bytes = broker.log_index_interval_bytes;
    config.flush_messages = broker.log_flush_interval_messages;
    config.flush_ms = broker.log_flush_interval_ms.value_or(broker.log_flush_scheduler_interval_ms);
    config.min_cleanable_dirty_ratio = broker.log_cleaner_min_cleanable_ratio;
    config.delete_retention_ms = broker.log_cleaner_delete_retention_ms;
    config.min_compaction_lag_ms = broker.log_cleaner_min_compaction_lag_ms;
    config.max_compaction_lag_ms = broker.log_cleaner_max_compaction_lag_ms;
    config.transactional_id_expiration_ms = broker.transactional_id_expiration_ms;
    take(overrides, "segment.bytes", config.segment_bytes);
    take(overrides, "segment.ms", config.segment_ms);
    take(overrides, "retention.ms", config.retention_ms);
    take(overrides, "retention.bytes", config.retention_bytes);
    take(overrides, "max.message.bytes", config.max_message_bytes);
    take(overrides, "min.insync.replicas", config.min_insync_replicas);
    if (const auto set = overrides.find("unclean.leader.election.enable"); set != overrides.end()) {
        config.unclean_leader_election_enable = set->second == "true";
    }
    take(overrides, "cleanup.policy", config.cleanup_policy);
    take(overrides, "compression.type", config.compression_type);
    take(overrides, "message.timestamp.type", config.message_timestamp_type);
    take(overrides, "message.timestamp.difference.max.ms", config.message_timestamp_difference_max_ms);
    take(overrides, "file.delete.delay.ms", config.file_delete_delay_ms);
    take(overrides, "segment.index.bytes", config.segment_index_bytes);
    take(overrides, "index.interval.bytes", config.index_interval_bytes);
    take(overrides, "flush.messages", config.flush_messages);
    take(overrides, "flush.ms", config.flush_ms);
    take(overrides, "min.cleanable.dirty.ratio", config.min_cleanable_dirty_ratio);
    take(overrides, "delete.retention.ms", config.delete_retention_ms);
    take(overrides, "min.compaction.lag.ms", config.min_compaction_lag_ms);
    take(overrides, "max.compaction.lag.ms", config.max_compaction_lag_ms);
    return config;
}

std::vector<ConfigEntry> describe_topic_config(const BrokerConfig& broker, const Properties& overrides) {
    std::vector<ConfigEntry> entries;
    entries.reserve(kTopicSettings.size());
    for (const TopicSetting& setting : kTopicSettings) entries.push_back(describe(setting, broker, overrides));
    return entries;
}

std::optional<std::string> complaint_about_topic_setting(std::string_view name, std::string_view value) {
    for (const TopicSetting& setting : kTopicSettings) {
        if (setting.name != name) continue;
        if (auto complaint = complaint_about_choice(name, value)) return complaint;
        return complaint_about(Setting{setting.name, setting.type, std::string(setting.default_value), setting.lowest,
                                       setting.highest, ""},
                               value);
    }
    return "Unknown topic config name: " + std::string(name);
}

Properties offsets_topic_config(const BrokerConfig& broker) {
    return {{"cleanup.policy", "compact"},
            {"compression.type", "producer"},
            {"segment.bytes", std::to_string(broker.offsets_topic_segment_bytes)}};
}

}  // namespace kafkasim::config
