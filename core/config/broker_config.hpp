// SPDX-License-Identifier: Apache-2.0
#pragma once
// A broker's settings: read from server.properties when it starts. Each setting is declared once, in
// broker_settings.inc; its field is its name with
// underscores. Units are in the names. Kafka 3.0.0: kafka.server.KafkaConfig.
// A setting of Kafka's that is not in the list is accepted and has no effect here (Kafka accepts unknown keys too).

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/config/properties.hpp"

namespace kafkasim::config {

enum class SettingType : uint8_t { Boolean, Short, Int, Long, String };

struct Setting {
    std::string_view name;
    SettingType type;
    std::string default_value;
    int64_t lowest;
    int64_t highest;
    std::string_view about;
};

/// All broker settings, in the order of their declaration.
const std::vector<Setting>& broker_settings();
/// nullptr if it is not one of them.
const Setting* find_setting(std::string_view name);

struct BrokerConfig {
    static constexpr int64_t kMaxInt = std::numeric_limits<int32_t>::max();
    static constexpr int64_t kMaxLong = std::numeric_limits<int64_t>::max();

    using boolean = bool;
    using integer = int32_t;
    using short_integer = int16_t;
    using long_integer = int64_t;
    using text = std::string;
    using optional_long = std::optional<int64_t>;
    using optional_text = std::optional<std::string>;
    static constexpr std::nullopt_t kUnset = std::nullopt;

#define SETTING(type, field, name, default_value, lowest, highest, about) type field = default_value;
#include "core/config/broker_settings.inc"
#undef SETTING

    /// As they stand in the file: the values that are set there.
    Properties static_properties;
    /// What /config/brokers/<default> and /config/brokers/N hold, as this broker last read them
    /// (dynamic_broker_config.hpp).
    Properties dynamic_default_properties;
    Properties dynamic_properties;

    int32_t port() const;
    std::string host() const { return "localhost"; }
    /// Topics have ids since inter.broker.protocol.version 2.8.
    bool uses_topic_ids() const;
    /// retention.ms of a topic that does not set it.
    int64_t retention_ms() const;
    /// segment.ms of a topic that does not set it.
    int64_t roll_ms() const;

    /// The first value that cannot be read is an error in Kafka's words: "Invalid value x for configuration
    /// broker.id: Not a number of type INT".
    static Result<BrokerConfig> from_properties(const Properties& properties);
};

/// A value against its setting: nullopt if it is fine, else Kafka's ConfigException text.
std::optional<std::string> complaint_about(const Setting& setting, std::string_view value);
std::optional<int64_t> parse_whole(std::string_view text);

}  // namespace kafkasim::config
