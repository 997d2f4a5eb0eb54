// SPDX-License-Identifier: Apache-2.0
// bin/kafka-server-start.sh and what kafka.Kafka.main does before the server starts: the properties of the file,
// then those of --override.

#include <fmt/format.h>

#include <algorithm>

#include "core/broker/broker.hpp"
#include "core/config/protocol_version.hpp"
#include "core/node/log.hpp"
#include "core/tools/option_parser.hpp"
#include "core/tools/server_process.hpp"
#include "core/tools/usage.hpp"

namespace kafkasim::tools {
namespace {

constexpr Option kOptions[] = {
    {"override", Argument::Required, ArgumentType::String, "", "",
     "Optional property that should override values set in server.properties file"},
    {"version", Argument::None, ArgumentType::String, "", "", "Print version information and exit."},
};

std::unique_ptr<node::Node> usage(node::Env& env, std::string_view text) {
    env.print(node::Output::Stderr, fmt::format("{}\n{}", text, usage_table(kOptions)));
    env.exit(1);
    return nullptr;
}

std::unique_ptr<node::Node> fatal(node::Env& env, std::string_view exception) {
    env.log(node::Level::Error, "kafka.Kafka$", "Exiting Kafka due to fatal exception");
    env.print(node::Output::Stdout, fmt::format("{}\n", exception));
    env.exit(1);
    return nullptr;
}

/// What stands between `://` and the port must be a host, or nothing: "PLAINTEXT://:9093".
bool is_endpoint(std::string_view listener) {
    const size_t scheme = listener.find("://");
    const size_t colon = listener.rfind(':');
    if (scheme == std::string_view::npos || colon < scheme + 3 || colon == std::string_view::npos) return false;
    std::string_view host = listener.substr(scheme + 3, colon - scheme - 3);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    return config::parse_whole(listener.substr(colon + 1)).has_value() &&
           std::all_of(host.begin(), host.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      std::string_view("-%._:").find(c) != std::string_view::npos;
           });
}

/// The settings that are not Kafka's.
std::optional<std::string> complaint_about_rules(const config::Properties& properties) {
    const auto rules = properties.find(broker::kRulesSetting);
    if (rules != properties.end() && !broker::find_rules(rules->second))
        return fmt::format(
            "org.apache.kafka.common.config.ConfigException: Invalid value {} for configuration {}: "
            "String must be one of: {}",
            rules->second, broker::kRulesSetting, fmt::join(broker::rule_set_names(), ", "));
    const auto changes = properties.find(broker::kIsrChangesSetting);
    if (changes != properties.end() && !broker::find_isr_changes(changes->second))
        return fmt::format(
            "org.apache.kafka.common.config.ConfigException: Invalid value {} for configuration {}: "
            "String must be one of: alter-isr, zookeeper",
            changes->second, broker::kIsrChangesSetting);
    return std::nullopt;
}

/// KafkaConfig.validateValues, of what is modelled: the exception, if something is wrong.
std::optional<std::string> complaint_about_values(const config::BrokerConfig& config) {
    if (config.log_dirs.find_first_not_of(", ") == std::string::npos)
        return "java.lang.IllegalArgumentException: requirement failed: At least one log directory must be defined via "
               "log.dirs or log.dir.";
    const auto version = config::find_protocol_version(config.inter_broker_protocol_version);
    if (!version)
        return fmt::format("java.lang.IllegalArgumentException: Version `{}` is not a valid version",
                           config.inter_broker_protocol_version);
    const bool has_old_records =
        version->name.starts_with("0.8") || version->name.starts_with("0.9") || version->name.starts_with("0.10");
    if (has_old_records)
        return "java.lang.IllegalArgumentException: requirement failed: log.message.format.version 3.0-IV1 can only be "
               "used when inter.broker.protocol.version is set to version 0.11.0 or higher";
    if (auto complaint = complaint_about_rules(config.static_properties)) return complaint;
    if (is_endpoint(config.listeners)) return std::nullopt;
    return fmt::format(
        "java.lang.IllegalArgumentException: Error creating broker listeners from '{0}': Unable to parse {0} to a "
        "broker endpoint\nCaused by: org.apache.kafka.common.KafkaException: Unable to parse {0} to a broker "
        "endpoint\n\t... 8 more",
        config.listeners);
}

/// A word that belongs to no option; nullopt if there is none. After `--` all are such.
std::optional<std::string> stray_word(std::span<const std::string> words) {
    bool options_ended = false;
    for (size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (!options_ended && word == "--") {
            options_ended = true;
        } else if (options_ended || word.size() < 2 || word.front() != '-') {
            return word;
        } else if (word == "--override" || word == "-override") {
            ++i;
        }
    }
    return std::nullopt;
}

}  // namespace

std::unique_ptr<node::Node> KafkaServerStart::create(node::Env& env) {
    if (arguments().empty()) {
        env.print(node::Output::Stdout,
                  fmt::format("USAGE: {} [-daemon] server.properties [--override property=value]*\n", program()));
        env.exit(1);
        return nullptr;
    }
    node::info(env, "kafka.utils.Log4jControllerRegistration$", "Registered kafka:type=kafka.Log4jController MBean");
    for (const std::string& word : arguments()) {
        if (word == "--help")
            return usage(env, "USAGE: java [options] kafka.Kafka server.properties [--override property=value]*");
    }
    for (const std::string& word : arguments()) {
        if (word != "--version") continue;
        env.print(node::Output::Stdout, "3.0.0 (Commit:8cb0a5e9d3441962)\n");
        env.exit(0);
        return nullptr;
    }
    const std::string& file = arguments().front();
    if (env.disk().is_directory(file)) return fatal(env, "java.io.IOException: Is a directory");
    const std::optional<std::string> text = env.disk().read_text(file);
    if (!text) return fatal(env, fmt::format("java.nio.file.NoSuchFileException: {}", file));
    config::Properties properties = config::parse_properties(*text);
    const auto rest = arguments().subspan(1);
    const ParseOutcome parsed = parse_options(kOptions, rest);
    if (parsed.error) return fatal(env, parsed.error->exception + ": " + parsed.error->message);
    if (auto stray = stray_word(rest)) return usage(env, fmt::format("Found non argument parameters: {}", *stray));
    for (const auto& [name, value] : key_values(parsed.options.all("override"))) properties[name] = value;
    auto config = config::BrokerConfig::from_properties(properties);
    // A value that cannot be read is noticed before ZooKeeper's client classes are loaded.
    if (config || config.error().starts_with("Missing required configuration")) {
        node::info(env, "org.apache.zookeeper.common.X509Util",
                   "Setting -D jdk.tls.rejectClientInitiatedRenegotiation=true to disable client-initiated TLS "
                   "renegotiation");
    }
    if (!config) return fatal(env, fmt::format("org.apache.kafka.common.config.ConfigException: {}", config.error()));
    if (auto exception = complaint_about_values(config.value())) return fatal(env, *exception);
    return std::make_unique<broker::Broker>(std::move(config).value());
}

}  // namespace kafkasim::tools
