// SPDX-License-Identifier: Apache-2.0
#include "core/config/dynamic_broker_config.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "core/base/java.hpp"
#include "core/config/setting_choices.hpp"

namespace kafkasim::config {
namespace {

constexpr auto kText = SettingType::String;

constexpr auto kDynamic = std::to_array<DynamicSetting>({
    {"advertised.listeners", kText, "null", 0, 0, true},
    {"background.threads", SettingType::Int, "10", 1, BrokerConfig::kMaxInt, false},
    {"compression.type", kText, "producer", 0, 0, false},
    {"listener.security.protocol.map", kText,
     "PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL", 0, 0, true},
    {"listeners", kText, "null", 0, 0, true},
    {"log.cleaner.backoff.ms", SettingType::Long, "15000", 0, BrokerConfig::kMaxLong, false},
    {"log.cleaner.dedupe.buffer.size", SettingType::Long, "134217728", -BrokerConfig::kMaxLong, BrokerConfig::kMaxLong,
     false},
    {"log.cleaner.delete.retention.ms", SettingType::Long, "86400000", 0, BrokerConfig::kMaxLong, false},
    {"log.cleaner.io.buffer.load.factor", kText, "0.9", 0, 0, false},
    {"log.cleaner.io.buffer.size", SettingType::Int, "524288", 0, BrokerConfig::kMaxInt, false},
    {"log.cleaner.io.max.bytes.per.second", kText, "1.7976931348623157E308", 0, 0, false},
    {"log.cleaner.max.compaction.lag.ms", SettingType::Long, "9223372036854775807", 1, BrokerConfig::kMaxLong, false},
    {"log.cleaner.min.cleanable.ratio", kText, "0.5", 0, 0, false},
    {"log.cleaner.min.compaction.lag.ms", SettingType::Long, "0", 0, BrokerConfig::kMaxLong, false},
    {"log.cleaner.threads", SettingType::Int, "1", 0, BrokerConfig::kMaxInt, false},
    {"log.cleanup.policy", kText, "delete", 0, 0, false},
    {"log.flush.interval.messages", SettingType::Long, "9223372036854775807", 1, BrokerConfig::kMaxLong, false},
    {"log.flush.interval.ms", SettingType::Long, "null", -BrokerConfig::kMaxLong, BrokerConfig::kMaxLong, false},
    {"log.index.interval.bytes", SettingType::Int, "4096", 0, BrokerConfig::kMaxInt, false},
    {"log.index.size.max.bytes", SettingType::Int, "10485760", 4, BrokerConfig::kMaxInt, false},
    {"log.message.downconversion.enable", SettingType::Boolean, "true", 0, 0, false},
    {"log.message.timestamp.difference.max.ms", SettingType::Long, "9223372036854775807", 0, BrokerConfig::kMaxLong,
     false},
    {"log.message.timestamp.type", kText, "CreateTime", 0, 0, false},
    {"log.preallocate", SettingType::Boolean, "false", 0, 0, false},
    {"log.retention.bytes", SettingType::Long, "-1", -BrokerConfig::kMaxLong, BrokerConfig::kMaxLong, false},
    {"log.retention.ms", SettingType::Long, "null", -BrokerConfig::kMaxLong, BrokerConfig::kMaxLong, false},
    {"log.roll.jitter.ms", SettingType::Long, "null", -BrokerConfig::kMaxLong, BrokerConfig::kMaxLong, false},
    {"log.roll.ms", SettingType::Long, "null", -BrokerConfig::kMaxLong, BrokerConfig::kMaxLong, false},
    {"log.segment.bytes", SettingType::Int, "1073741824", 14, BrokerConfig::kMaxInt, false},
    {"log.segment.delete.delay.ms", SettingType::Long, "60000", 0, BrokerConfig::kMaxLong, false},
    {"max.connection.creation.rate", SettingType::Int, "2147483647", 0, BrokerConfig::kMaxInt, false},
    {"max.connections", SettingType::Int, "2147483647", 0, BrokerConfig::kMaxInt, false},
    {"max.connections.per.ip", SettingType::Int, "2147483647", 0, BrokerConfig::kMaxInt, false},
    {"max.connections.per.ip.overrides", kText, "", 0, 0, false},
    {"message.max.bytes", SettingType::Int, "1048588", 0, BrokerConfig::kMaxInt, false},
    {"metric.reporters", kText, "", 0, 0, false},
    {"min.insync.replicas", SettingType::Int, "1", 1, BrokerConfig::kMaxInt, false},
    {"num.io.threads", SettingType::Int, "8", 1, BrokerConfig::kMaxInt, false},
    {"num.network.threads", SettingType::Int, "3", 1, BrokerConfig::kMaxInt, false},
    {"num.recovery.threads.per.data.dir", SettingType::Int, "1", 1, BrokerConfig::kMaxInt, false},
    {"num.replica.fetchers", SettingType::Int, "1", -BrokerConfig::kMaxInt, BrokerConfig::kMaxInt, false},
    {"principal.builder.class", kText, "org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder", 0,
     0, true},
    {"sasl.enabled.mechanisms", kText, "GSSAPI", 0, 0, true},
    {"sasl.jaas.config", kText, "null", 0, 0, true},
    {"sasl.kerberos.kinit.cmd", kText, "/usr/bin/kinit", 0, 0, true},
    {"sasl.kerberos.min.time.before.relogin", SettingType::Long, "60000", -BrokerConfig::kMaxLong,
     BrokerConfig::kMaxLong, true},
    {"sasl.kerberos.principal.to.local.rules", kText, "DEFAULT", 0, 0, true},
    {"sasl.kerberos.service.name", kText, "null", 0, 0, true},
    {"sasl.kerberos.ticket.renew.jitter", kText, "0.05", 0, 0, true},
    {"sasl.kerberos.ticket.renew.window.factor", kText, "0.8", 0, 0, true},
    {"sasl.login.refresh.buffer.seconds", SettingType::Short, "300", 0, 3600, true},
    {"sasl.login.refresh.min.period.seconds", SettingType::Short, "60", 0, 900, true},
    {"sasl.login.refresh.window.factor", kText, "0.8", 0, 0, true},
    {"sasl.login.refresh.window.jitter", kText, "0.05", 0, 0, true},
    {"sasl.mechanism.inter.broker.protocol", kText, "GSSAPI", 0, 0, true},
    {"ssl.cipher.suites", kText, "", 0, 0, true},
    {"ssl.client.auth", kText, "none", 0, 0, true},
    {"ssl.enabled.protocols", kText, "TLSv1.2,TLSv1.3", 0, 0, true},
    {"ssl.endpoint.identification.algorithm", kText, "https", 0, 0, true},
    {"ssl.engine.factory.class", kText, "null", 0, 0, true},
    {"ssl.key.password", kText, "null", 0, 0, true},
    {"ssl.keymanager.algorithm", kText, "SunX509", 0, 0, true},
    {"ssl.keystore.certificate.chain", kText, "null", 0, 0, true},
    {"ssl.keystore.key", kText, "null", 0, 0, true},
    {"ssl.keystore.location", kText, "null", 0, 0, true},
    {"ssl.keystore.password", kText, "null", 0, 0, true},
    {"ssl.keystore.type", kText, "JKS", 0, 0, true},
    {"ssl.protocol", kText, "TLSv1.3", 0, 0, true},
    {"ssl.provider", kText, "null", 0, 0, true},
    {"ssl.secure.random.implementation", kText, "null", 0, 0, true},
    {"ssl.trustmanager.algorithm", kText, "PKIX", 0, 0, true},
    {"ssl.truststore.certificates", kText, "null", 0, 0, true},
    {"ssl.truststore.location", kText, "null", 0, 0, true},
    {"ssl.truststore.password", kText, "null", 0, 0, true},
    {"ssl.truststore.type", kText, "JKS", 0, 0, true},
    {"unclean.leader.election.enable", SettingType::Boolean, "false", 0, 0, false},
});

/// Those of the ssl settings that a listener may change by itself: only by their name with the listener's prefix.
constexpr auto kOnlyWithPrefix = std::to_array<std::string_view>({
    "ssl.key.password",
    "ssl.keystore.certificate.chain",
    "ssl.keystore.key",
    "ssl.keystore.location",
    "ssl.keystore.password",
    "ssl.keystore.type",
    "ssl.truststore.certificates",
    "ssl.truststore.location",
    "ssl.truststore.password",
    "ssl.truststore.type",
});

/// The read-only settings of KafkaConfig that broker_settings() does not have.
/// Settings that nothing here acts on and that a running broker cannot change.
struct ReadOnlySetting {
    std::string_view name;
    std::string_view default_value;  // "null": none
};
#define READ_ONLY(name, default_value) ReadOnlySetting{name, default_value},
constexpr auto kReadOnly = std::to_array<ReadOnlySetting>({
#include "core/config/read_only_settings.inc"
});
#undef READ_ONLY

/// Kafka has no default for these: the broker finds its value elsewhere.
constexpr auto kWithoutDefault = std::to_array<std::string_view>(
    {"advertised.listeners", "log.dirs", "zookeeper.connect", "zookeeper.connection.timeout.ms"});

/// Of type PASSWORD: their value is never told.
constexpr auto kPasswords = std::to_array<std::string_view>(
    {"delegation.token.master.key", "delegation.token.secret.key", "password.encoder.old.secret",
     "password.encoder.secret", "sasl.jaas.config", "ssl.key.password", "ssl.keystore.certificate.chain",
     "ssl.keystore.key", "ssl.keystore.password", "ssl.truststore.certificates", "ssl.truststore.password",
     "zookeeper.ssl.keystore.password", "zookeeper.ssl.truststore.password"});

const DynamicSetting* find_dynamic(std::string_view name) {
    const auto found =
        std::find_if(kDynamic.begin(), kDynamic.end(), [&](const DynamicSetting& each) { return each.name == name; });
    return found == kDynamic.end() ? nullptr : &*found;
}

/// "listener.name.internal.ssl.key.password" -> "ssl.key.password"; empty for a name without the prefix.
std::string_view without_listener_prefix(std::string_view name) {
    constexpr std::string_view kPrefix = "listener.name.";
    if (!name.starts_with(kPrefix)) return {};
    const size_t dot = name.find('.', kPrefix.size());
    return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

bool per_broker_only(std::string_view name) {
    const std::string_view base = without_listener_prefix(name);
    if (!base.empty()) return base != "max.connections" && base != "max.connection.creation.rate";
    const DynamicSetting* setting = find_dynamic(name);
    return setting != nullptr && setting->per_broker_only;
}

/// "text: Set(a, b)" of those names that are meant, in the order of a java.util.Properties; nullopt if there are
/// none.
template <typename IsMeant>
std::optional<std::string> names_complaint(const Properties& overrides, std::string_view text, IsMeant is_meant) {
    std::vector<std::string> names;
    std::vector<int32_t> hashes;
    for (const auto& [name, value] : overrides) {
        if (!is_meant(name)) continue;
        names.push_back(name);
        hashes.push_back(java::string_hash(name));
    }
    if (names.empty()) return std::nullopt;
    std::string shown;
    for (size_t index : java::hash_map_order(hashes)) shown += (shown.empty() ? "" : ", ") + names[index];
    return std::string(text) + ": " + (names.size() > 4 ? "HashSet(" : "Set(") + shown + ")";
}

std::optional<std::string> complaint_about_value(std::string_view name, std::string_view value) {
    const std::string_view base = without_listener_prefix(name);
    const DynamicSetting* setting = find_dynamic(base.empty() ? name : base);
    if (setting == nullptr) return std::nullopt;
    if (auto complaint = complaint_about_choice(setting->name, value)) return complaint;
    return complaint_about({setting->name, setting->type, "", setting->lowest, setting->highest, ""}, value);
}

/// A pool may at most double or halve.
std::optional<std::string> complaint_about_threads(std::string_view name, int64_t before, int64_t after) {
    const std::string head = "Dynamic thread count update validation failed for " + std::string(name) + "=" +
                             std::to_string(after) + ", value should ";
    if (after <= 0) return head + "be at least 1";
    if (after < before / 2) return head + "be at least half the current value " + std::to_string(before);
    if (after > before * 2) return head + "not be greater than double the current value " + std::to_string(before);
    return std::nullopt;
}

std::optional<std::string> complaint_about_cleaners(int64_t before, int64_t after) {
    if (after < 1) return "Log cleaner threads should be at least 1";
    if (after < before / 2)
        return "Log cleaner threads cannot be reduced to less than half the current value " + std::to_string(before);
    if (after > before * 2)
        return "Log cleaner threads cannot be increased to more than double the current value " +
               std::to_string(before);
    return std::nullopt;
}

std::string value_of(std::string_view name, const BrokerConfig& broker) {
    for (const Properties* level :
         {&broker.dynamic_properties, &broker.dynamic_default_properties, &broker.static_properties}) {
        if (const auto set = level->find(name); set != level->end()) return set->second;
    }
    const DynamicSetting* setting = find_dynamic(name);
    return setting == nullptr ? std::string() : std::string(setting->default_value);
}

std::optional<std::string> complaint_about_pools(const BrokerConfig& now, const BrokerConfig& then) {
    for (std::string_view name : {"num.io.threads", "num.network.threads", "num.replica.fetchers",
                                  "num.recovery.threads.per.data.dir", "background.threads", "log.cleaner.threads"}) {
        const int64_t before = parse_whole(value_of(name, now)).value_or(1);
        const int64_t after = parse_whole(value_of(name, then)).value_or(1);
        if (before == after) continue;
        const auto complaint = name == "log.cleaner.threads" ? complaint_about_cleaners(before, after)
                                                             : complaint_about_threads(name, before, after);
        if (complaint)
            return "Invalid value org.apache.kafka.common.config.ConfigException: " + *complaint +
                   " for configuration Invalid dynamic configuration";
    }
    return std::nullopt;
}

/// The names under which a setting may stand, strongest first. A weaker name says nothing of the stronger ones.
std::vector<std::string_view> synonyms_of(std::string_view name) {
    if (name == "log.retention.ms") return {name, "log.retention.minutes", "log.retention.hours"};
    if (name == "log.retention.minutes") return {name, "log.retention.hours"};
    if (name == "log.roll.ms") return {name, "log.roll.hours"};
    if (name == "log.roll.jitter.ms") return {name, "log.roll.jitter.hours"};
    if (name == "log.flush.interval.ms") return {name, "log.flush.scheduler.interval.ms"};
    return {name};
}

const ReadOnlySetting* find_read_only(std::string_view name) {
    const auto found = std::find_if(kReadOnly.begin(), kReadOnly.end(),
                                    [name](const ReadOnlySetting& setting) { return setting.name == name; });
    return found == kReadOnly.end() ? nullptr : &*found;
}

std::optional<std::string> default_of(std::string_view name) {
    if (std::find(kWithoutDefault.begin(), kWithoutDefault.end(), name) != kWithoutDefault.end()) return std::nullopt;
    if (const ReadOnlySetting* setting = find_read_only(name)) return std::string(setting->default_value);
    if (const Setting* setting = find_setting(name)) return setting->default_value;
    if (const DynamicSetting* setting = find_dynamic(name)) return std::string(setting->default_value);
    return std::nullopt;
}

bool is_known(std::string_view name) { return is_dynamic_setting(name) || is_read_only_setting(name); }

/// Of replication quotas, which exist only as dynamic configurations of a broker (kafka.server.DynamicConfig.Broker).
bool is_replication_throttle(std::string_view name) {
    return name == "leader.replication.throttled.rate" || name == "follower.replication.throttled.rate" ||
           name == "replica.alter.log.dirs.io.max.bytes.per.second";
}

void add_level(ConfigEntry& entry, const std::vector<std::string_view>& names, const Properties& level,
               ConfigSource source) {
    for (std::string_view name : names) {
        if (const auto set = level.find(name); set != level.end())
            entry.synonyms.push_back({std::string(name), set->second, source});
    }
}

BrokerConfigEntry described(const BrokerConfig& broker, std::string_view name) {
    BrokerConfigEntry described;
    ConfigEntry& entry = described.entry;
    entry.name = std::string(name);
    const std::vector<std::string_view> names = synonyms_of(name);
    add_level(entry, names, broker.dynamic_properties, ConfigSource::DynamicBrokerConfig);
    add_level(entry, names, broker.dynamic_default_properties, ConfigSource::DynamicDefaultBrokerConfig);
    add_level(entry, names, broker.static_properties, ConfigSource::StaticBrokerConfig);
    for (std::string_view each : names) {
        const auto value = default_of(each);
        if (value && *value != "null")
            entry.synonyms.push_back({std::string(each), *value, ConfigSource::DefaultConfig});
    }
    // What stands only under other names of the setting is not told.
    const auto first_own = std::find_if(entry.synonyms.begin(), entry.synonyms.end(),
                                        [&](const ConfigSynonym& each) { return each.name == name; });
    entry.synonyms.erase(entry.synonyms.begin(), first_own);
    entry.source = entry.synonyms.empty() ? ConfigSource::DefaultConfig : entry.synonyms.front().source;
    entry.value = entry.synonyms.empty() ? default_of(name).value_or("null") : entry.synonyms.front().value;
    described.read_only = !is_dynamic_setting(name);
    const bool password = std::find(kPasswords.begin(), kPasswords.end(), name) != kPasswords.end();
    described.sensitive = password || (!is_known(name) && !is_replication_throttle(name));
    return described;
}

}  // namespace

std::span<const DynamicSetting> dynamic_settings() { return kDynamic; }

bool is_dynamic_setting(std::string_view name) { return find_dynamic(name) != nullptr; }

bool is_read_only_setting(std::string_view name) {
    if (is_dynamic_setting(name)) return false;
    return find_setting(name) != nullptr || find_read_only(name) != nullptr;
}

std::optional<std::string> complaint_about_dynamic_configs(const BrokerConfig& now, const Properties& overrides,
                                                           bool per_broker) {
    if (auto complaint = names_complaint(overrides, "Cannot update these configs dynamically", is_read_only_setting))
        return complaint;
    const auto needs_prefix = [](std::string_view name) {
        return std::find(kOnlyWithPrefix.begin(), kOnlyWithPrefix.end(), name) != kOnlyWithPrefix.end();
    };
    if (auto complaint = names_complaint(
            overrides, "These security configs can be dynamically updated only per-listener using the listener prefix",
            needs_prefix))
        return complaint;
    for (const auto& [name, value] : overrides) {
        if (auto complaint = complaint_about_value(name, value)) return complaint;
    }
    if (!per_broker) {
        if (auto complaint = names_complaint(
                overrides, "Cannot update these configs at default cluster level, broker id must be specified",
                per_broker_only))
            return complaint;
    }
    const BrokerConfig then = per_broker ? with_dynamic_configs(now, now.dynamic_default_properties, overrides)
                                         : with_dynamic_configs(now, overrides, now.dynamic_properties);
    return complaint_about_pools(now, then);
}

BrokerConfig with_dynamic_configs(const BrokerConfig& broker, const Properties& of_default,
                                  const Properties& of_broker) {
    Properties merged = broker.static_properties;
    for (const Properties* level : {&of_default, &of_broker}) {
        for (const auto& [name, value] : *level) {
            if (is_dynamic_setting(name)) merged.insert_or_assign(name, value);
        }
    }
    auto changed = BrokerConfig::from_properties(merged);
    BrokerConfig config = changed ? std::move(changed).value() : broker;
    config.static_properties = broker.static_properties;
    config.dynamic_default_properties = of_default;
    config.dynamic_properties = of_broker;
    return config;
}

std::vector<BrokerConfigEntry> describe_broker_config(const BrokerConfig& broker) {
    std::set<std::string_view> names;
    for (const Setting& setting : broker_settings()) names.insert(setting.name);
    for (const DynamicSetting& setting : kDynamic) names.insert(setting.name);
    for (const ReadOnlySetting& setting : kReadOnly) names.insert(setting.name);
    for (const Properties* level :
         {&broker.static_properties, &broker.dynamic_default_properties, &broker.dynamic_properties}) {
        for (const auto& [name, value] : *level) names.insert(name);
    }
    std::vector<BrokerConfigEntry> entries;
    for (std::string_view name : names) entries.push_back(described(broker, name));
    return entries;
}

std::vector<BrokerConfigEntry> describe_default_broker_config(const BrokerConfig& broker) {
    std::vector<BrokerConfigEntry> entries;
    for (const auto& [name, value] : broker.dynamic_default_properties) {
        BrokerConfigEntry entry = described(broker, name);
        std::erase_if(entry.entry.synonyms, [](const ConfigSynonym& synonym) {
            return synonym.source != ConfigSource::DynamicDefaultBrokerConfig;
        });
        entry.entry.value = value;
        entry.entry.source = ConfigSource::DynamicDefaultBrokerConfig;
        entries.push_back(std::move(entry));
    }
    return entries;
}

}  // namespace kafkasim::config
