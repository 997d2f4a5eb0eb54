// SPDX-License-Identifier: Apache-2.0
#pragma once
// The settings of a broker that may be changed while it runs: which ones, at which level (one broker, or the
// default of all), what is refused, and what a
// broker's configuration is with them. Strongest first: /config/brokers/N, /config/brokers/<default>,
// server.properties, Kafka's default. Pure.
// Called by the broker (AlterConfigs, DescribeConfigs, notifications of /config/changes) and by kafka-configs.sh's
// help.
// Kafka 3.0.0: kafka.server.DynamicBrokerConfig, DynamicThreadPool, kafka.log.LogCleaner.validateReconfiguration.
// Simplified: the settings that the simulator does not act on are kept and shown, but change nothing.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/topic_config.hpp"

namespace kafkasim::config {

/// A dynamic setting that is not among broker_settings() has its type and default here.
struct DynamicSetting {
    std::string_view name;
    SettingType type;
    std::string_view default_value;  // "null": none
    int64_t lowest;
    int64_t highest;
    bool per_broker_only;
};
std::span<const DynamicSetting> dynamic_settings();
bool is_dynamic_setting(std::string_view name);
/// A setting of Kafka's that a running broker cannot change.
bool is_read_only_setting(std::string_view name);

/// nullopt: the whole set `overrides` may stand at this level; else Kafka's text.
std::optional<std::string> complaint_about_dynamic_configs(const BrokerConfig& now, const Properties& overrides,
                                                           bool per_broker);

/// The broker's configuration with other dynamic settings: `of_broker` over `of_default` over its file.
BrokerConfig with_dynamic_configs(const BrokerConfig& broker, const Properties& of_default,
                                  const Properties& of_broker);

struct BrokerConfigEntry {
    ConfigEntry entry;
    bool read_only = true;
    bool sensitive = false;  // its value is not told: a name that Kafka does not know
};
/// All settings of a broker, and what is set besides.
std::vector<BrokerConfigEntry> describe_broker_config(const BrokerConfig& broker);
/// The dynamic defaults of all brokers as this one has them.
std::vector<BrokerConfigEntry> describe_default_broker_config(const BrokerConfig& broker);

}  // namespace kafkasim::config
