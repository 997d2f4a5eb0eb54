// SPDX-License-Identifier: Apache-2.0
#include "core/tools/configs_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kafkasim::tools {
namespace {

struct Shortcut {
    std::string_view option;
    std::string_view type;
    bool of_default;
};
constexpr auto kShortcuts = std::to_array<Shortcut>({
    {"topic", "topics", false},
    {"client", "clients", false},
    {"user", "users", false},
    {"broker", "brokers", false},
    {"broker-logger", "broker-loggers", false},
    {"ip", "ips", false},
    {"client-defaults", "clients", true},
    {"user-defaults", "users", true},
    {"broker-defaults", "brokers", true},
    {"ip-defaults", "ips", true},
});
constexpr std::string_view kBrokerTypes[] = {"topics", "clients", "users", "brokers", "ips", "broker-loggers"};
constexpr std::string_view kZooKeeperTypes[] = {"users", "brokers"};

std::string trimmed(std::string_view text) {
    const size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

/// True unless the next bracket after `at` is a closing one.
bool outside_brackets(std::string_view text, size_t at) {
    const size_t bracket = text.find_first_of("[]", at);
    return bracket == std::string_view::npos || text[bracket] == '[';
}

std::vector<std::string> split_outside(std::string_view text, char separator) {
    std::vector<std::string> parts;
    size_t begin = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != separator || !outside_brackets(text, i + 1)) continue;
        parts.emplace_back(text.substr(begin, i - begin));
        begin = i + 1;
    }
    parts.emplace_back(text.substr(begin));
    return parts;
}

bool has_type(const std::vector<std::string>& types, std::string_view type) {
    return std::find(types.begin(), types.end(), type) != types.end();
}

std::optional<std::string> complaint_about_types(const ParsedOptions& options, const std::vector<std::string>& types) {
    std::vector<std::string> seen;
    std::string doubled;
    for (const std::string& type : types) {
        if (has_type(seen, type)) doubled += (doubled.empty() ? "" : ",") + type;
        seen.push_back(type);
    }
    if (!doubled.empty()) return "Duplicate entity type(s) specified: " + doubled;
    const bool by_brokers = options.has("bootstrap-server");
    const std::span<const std::string_view> allowed = by_brokers ? std::span<const std::string_view>(kBrokerTypes)
                                                                 : std::span<const std::string_view>(kZooKeeperTypes);
    for (const std::string& type : types) {
        if (std::find(allowed.begin(), allowed.end(), type) != allowed.end()) continue;
        std::string names;
        for (std::string_view each : allowed) names += fmt::format("{}{}", names.empty() ? "" : ", ", each);
        return fmt::format("Invalid entity type {}, the entity type must be one of {} with the {} argument", type,
                           names, by_brokers ? "--bootstrap-server" : "--zookeeper");
    }
    if (types.empty()) return "At least one entity type must be specified";
    if (types.size() > 1 && !(types.size() == 2 && has_type(types, "users") && has_type(types, "clients")))
        return "Only 'users' and 'clients' entity types may be specified together";
    return std::nullopt;
}

std::optional<std::string> complaint_about_servers(const ParsedOptions& options) {
    const bool general = options.has("entity-type") || options.has("entity-name") || options.has("entity-default");
    const bool shortcut = std::any_of(kShortcuts.begin(), kShortcuts.end(),
                                      [&](const Shortcut& each) { return options.has(each.option); });
    if (general && shortcut)
        return "--entity-{type,name,default} should not be used in conjunction with specific entity flags";
    if (!options.has("bootstrap-server") && !options.has("zookeeper"))
        return "One of the required --bootstrap-server or --zookeeper arguments must be specified";
    if (options.has("bootstrap-server") && options.has("zookeeper"))
        return "Only one of --bootstrap-server or --zookeeper must be specified";
    if (options.has("all") && options.has("zookeeper")) return "--bootstrap-server must be specified for --all";
    if (options.has("zk-tls-config-file") && !options.has("zookeeper"))
        return "Only the --zookeeper option can be used with the --zk-tls-config-file option.";
    return std::nullopt;
}

std::optional<std::string> complaint_about_names(const std::vector<std::string>& types,
                                                 const std::vector<std::string>& names) {
    if (!has_type(types, "brokers") && !has_type(types, "broker-loggers")) return std::nullopt;
    for (const std::string& name : names) {
        if (name.empty() || whole_number(name, ArgumentType::Integer)) continue;
        return fmt::format("The entity name for {} must be a valid integer broker id, but it is: {}", types.front(),
                           name);
    }
    return std::nullopt;
}

std::optional<std::string> complaint_about_alter(const ParsedOptions& options, const std::vector<std::string>& types,
                                                 const std::vector<std::string>& names) {
    const bool has_name = std::any_of(names.begin(), names.end(), [](const auto& name) { return !name.empty(); });
    const bool may_be_default =
        has_type(types, "users") || has_type(types, "clients") || has_type(types, "brokers") || has_type(types, "ips");
    if (may_be_default && names.empty())
        return "an entity-name or default entity must be specified with --alter of users, clients, brokers or ips";
    if (!may_be_default && !has_name)
        return fmt::format("an entity name must be specified with --alter of {}", fmt::join(types, ","));
    if (options.has("add-config") && options.has("add-config-file"))
        return "Only one of --add-config or --add-config-file must be specified";
    if (!options.has("add-config") && !options.has("add-config-file") && !options.has("delete-config"))
        return "At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter";
    return std::nullopt;
}

/// ConfigEntry.ConfigSource by its number.
std::string_view source_name(int8_t source) {
    constexpr std::string_view kNames[] = {"UNKNOWN",
                                           "DYNAMIC_TOPIC_CONFIG",
                                           "DYNAMIC_BROKER_CONFIG",
                                           "DYNAMIC_DEFAULT_BROKER_CONFIG",
                                           "STATIC_BROKER_CONFIG",
                                           "DEFAULT_CONFIG",
                                           "DYNAMIC_BROKER_LOGGER_CONFIG"};
    return source >= 0 && static_cast<size_t>(source) < std::size(kNames) ? kNames[source] : kNames[0];
}

}  // namespace

std::vector<std::string> entity_types(const ParsedOptions& options) {
    std::vector<std::string> types = options.all("entity-type");
    for (const Shortcut& each : kShortcuts) {
        if (options.has(each.option)) types.emplace_back(each.type);
    }
    return types;
}

std::vector<std::string> entity_names(const ParsedOptions& options) {
    std::vector<std::string> names = options.all("entity-name");
    if (options.has("entity-default")) names.emplace_back();
    for (const Shortcut& each : kShortcuts) {
        if (!options.has(each.option)) continue;
        const std::vector<std::string> given =
            each.of_default ? std::vector<std::string>{""} : options.all(each.option);
        names.insert(names.end(), given.begin(), given.end());
    }
    return names;
}

std::optional<std::string> complaint_about_configs_options(const ParsedOptions& options) {
    const std::vector<std::string> types = entity_types(options);
    const std::vector<std::string> names = entity_names(options);
    if (auto complaint = complaint_about_types(options, types)) return complaint;
    if (auto complaint = complaint_about_servers(options)) return complaint;
    for (const Shortcut& each : kShortcuts) {
        if (!each.of_default && options.all(each.option).size() > 1)
            return fmt::format("Found multiple arguments for option {}, but you asked for only one", each.option);
    }
    if (auto complaint = complaint_about_names(types, names)) return complaint;
    if (options.has("describe") && has_type(types, "broker-loggers") && names.empty())
        return fmt::format("an entity name must be specified with --describe of {}", fmt::join(types, ","));
    if (options.has("alter")) return complaint_about_alter(options, types, names);
    return std::nullopt;
}

Result<config::Properties> configs_to_add(const std::string& text) {
    std::vector<std::string> parts = split_outside(text, ',');
    while (parts.size() > 1 && parts.back().empty()) parts.pop_back();
    config::Properties configs;
    for (const std::string& part : parts) {
        std::vector<std::string> pair = split_outside(part, '=');
        if (pair.size() != 2) {
            return Error{
                "requirement failed: Invalid entity config: all configs to be added must be in the format "
                "\"key=val\"."};
        }
        std::erase_if(pair[1], [](char c) { return c == '[' || c == ']'; });
        configs.insert_or_assign(trimmed(pair[0]), trimmed(pair[1]));
    }
    return configs;
}

std::vector<std::string> configs_to_delete(const std::vector<std::string>& arguments) {
    std::vector<std::string> names;
    for (const std::string& argument : arguments) {
        std::string_view rest = argument;
        while (true) {
            const size_t comma = rest.find(',');
            names.push_back(trimmed(rest.substr(0, comma)));
            if (comma == std::string_view::npos) break;
            rest.remove_prefix(comma + 1);
        }
    }
    return names;
}

std::string config_line(const protocol::DescribeConfigsResponse::DescribeConfigsResourceResult& config) {
    std::string synonyms;
    for (const auto& synonym : config.synonyms) {
        synonyms += fmt::format("{}{}:{}={}", synonyms.empty() ? "" : ", ", source_name(synonym.source), synonym.name,
                                synonym.value.value_or("null"));
    }
    return fmt::format("  {}={} sensitive={} synonyms={{{}}}\n", config.name, config.value.value_or("null"),
                       config.is_sensitive, synonyms);
}

}  // namespace kafkasim::tools
