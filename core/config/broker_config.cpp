// SPDX-License-Identifier: Apache-2.0
#include "core/config/broker_config.hpp"

#include <charconv>

#include "core/config/protocol_version.hpp"

namespace kafkasim::config {

namespace {

// One overload per type of field: how its default is written and how a value is stored.
SettingType type_of(const bool&) { return SettingType::Boolean; }
SettingType type_of(const int16_t&) { return SettingType::Short; }
SettingType type_of(const int32_t&) { return SettingType::Int; }
SettingType type_of(const int64_t&) { return SettingType::Long; }
SettingType type_of(const std::optional<int64_t>&) { return SettingType::Long; }
SettingType type_of(const std::string&) { return SettingType::String; }
SettingType type_of(const std::optional<std::string>&) { return SettingType::String; }

std::string text_of(bool value) { return value ? "true" : "false"; }
std::string text_of(int64_t value) { return std::to_string(value); }
std::string text_of(int32_t value) { return std::to_string(value); }
std::string text_of(int16_t value) { return std::to_string(value); }
std::string text_of(const std::optional<int64_t>& value) { return value ? std::to_string(*value) : "null"; }
std::string text_of(const std::string& value) { return value; }
std::string text_of(const std::optional<std::string>& value) { return value.value_or("null"); }

void store(bool& field, std::string_view value) { field = value == "true" || value == "TRUE" || value == "True"; }
void store(int16_t& field, std::string_view value) { field = static_cast<int16_t>(parse_whole(value).value_or(0)); }
void store(int32_t& field, std::string_view value) { field = static_cast<int32_t>(parse_whole(value).value_or(0)); }
void store(int64_t& field, std::string_view value) { field = parse_whole(value).value_or(0); }
void store(std::optional<int64_t>& field, std::string_view value) { field = parse_whole(value); }
void store(std::string& field, std::string_view value) { field = std::string(value); }
void store(std::optional<std::string>& field, std::string_view value) { field = std::string(value); }

std::string_view kind_name(SettingType type) {
    switch (type) {
        case SettingType::Boolean:
            return "BOOLEAN";
        case SettingType::Short:
            return "SHORT";
        case SettingType::Int:
            return "INT";
        case SettingType::Long:
            return "LONG";
        case SettingType::String:
            return "STRING";
    }
    return "?";
}

bool fits(SettingType type, int64_t value) {
    if (type == SettingType::Short)
        return value >= std::numeric_limits<int16_t>::min() && value <= std::numeric_limits<int16_t>::max();
    if (type == SettingType::Int)
        return value >= std::numeric_limits<int32_t>::min() && value <= std::numeric_limits<int32_t>::max();
    return true;
}

}  // namespace

std::optional<int64_t> parse_whole(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return value;
}

const std::vector<Setting>& broker_settings() {
    static const std::vector<Setting> settings = [] {
        constexpr int64_t kMaxInt = BrokerConfig::kMaxInt;
        constexpr int64_t kMaxLong = BrokerConfig::kMaxLong;
        const BrokerConfig defaults;
        std::vector<Setting> table;
#define SETTING(type, field, name, default_value, lowest, highest, about) \
    table.push_back(Setting{name, type_of(defaults.field), text_of(defaults.field), lowest, highest, about});
#include "core/config/broker_settings.inc"
#undef SETTING
        return table;
    }();
    return settings;
}

const Setting* find_setting(std::string_view name) {
    for (const Setting& setting : broker_settings()) {
        if (setting.name == name) return &setting;
    }
    return nullptr;
}

std::optional<std::string> complaint_about(const Setting& setting, std::string_view value) {
    const std::string head =
        "Invalid value " + std::string(value) + " for configuration " + std::string(setting.name) + ": ";
    if (setting.type == SettingType::String) return std::nullopt;
    if (setting.type == SettingType::Boolean) {
        std::string lower(value);
        for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        if (lower == "true" || lower == "false") return std::nullopt;
        return head + "Expected value to be either true or false";
    }
    const auto number = parse_whole(value);
    if (!number || !fits(setting.type, *number))
        return head + "Not a number of type " + std::string(kind_name(setting.type));
    if (*number < setting.lowest) return head + "Value must be at least " + std::to_string(setting.lowest);
    if (*number > setting.highest) return head + "Value must be no more than " + std::to_string(setting.highest);
    return std::nullopt;
}

int32_t BrokerConfig::port() const {
    const size_t colon = listeners.rfind(':');
    if (colon == std::string::npos) return 0;
    return static_cast<int32_t>(parse_whole(std::string_view(listeners).substr(colon + 1)).value_or(0));
}

bool BrokerConfig::uses_topic_ids() const {
    const auto version = find_protocol_version(inter_broker_protocol_version);
    return !version || version->topic_ids;
}

int64_t BrokerConfig::retention_ms() const {
    if (log_retention_ms) return *log_retention_ms;
    if (log_retention_minutes) return *log_retention_minutes < 0 ? -1 : *log_retention_minutes * 60000;
    return log_retention_hours < 0 ? -1 : int64_t{log_retention_hours} * 3600000;
}

int64_t BrokerConfig::roll_ms() const { return log_roll_ms.value_or(int64_t{log_roll_hours} * 3600000); }

Result<BrokerConfig> BrokerConfig::from_properties(const Properties& properties) {
    BrokerConfig config;
    config.static_properties = properties;
    for (const auto& [name, value] : properties) {
        const Setting* setting = find_setting(name);
        if (setting == nullptr) continue;
        if (auto complaint = complaint_about(*setting, value)) return Error{*complaint};
    }
#define SETTING(type, field, name, default_value, lowest, highest, about) \
    if (const auto set = properties.find(name); set != properties.end()) store(config.field, set->second);
#include "core/config/broker_settings.inc"
#undef SETTING
    if (config.zookeeper_connect.empty()) {
        return Error{"Missing required configuration `zookeeper.connect` which has no default value."};
    }
    return config;
}

}  // namespace kafkasim::config
