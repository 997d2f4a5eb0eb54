// SPDX-License-Identifier: Apache-2.0
// bin/zookeeper-server-start.sh and what QuorumPeerMain does before the server starts.

#include <fmt/format.h>

#include <map>
#include <optional>

#include "core/config/broker_config.hpp"
#include "core/config/properties.hpp"
#include "core/node/log.hpp"
#include "core/tools/server_process.hpp"
#include "core/zookeeper/server.hpp"

namespace kafkasim::tools {
namespace {

constexpr std::string_view kMain = "org.apache.zookeeper.server.quorum.QuorumPeerMain";
constexpr std::string_view kConfig = "org.apache.zookeeper.server.quorum.QuorumPeerConfig";
constexpr std::string_view kStandalone = "org.apache.zookeeper.server.ZooKeeperServerMain";
constexpr int kInvalidInvocation = 2;

void exit_jvm(node::Env& env) {
    node::info(env, "org.apache.zookeeper.audit.ZKAuditProvider", "ZooKeeper audit is disabled.");
    node::error(env, "org.apache.zookeeper.util.ServiceUtils", "Exiting JVM with code {}", kInvalidInvocation);
    env.exit(kInvalidInvocation);
}

/// QuorumPeerConfig.parse: what is wrong with the settings.
std::optional<std::string> complaint_about(const std::map<std::string, std::string>& settings) {
    if (const auto port = settings.find("clientPort"); port != settings.end() && !config::parse_whole(port->second))
        return fmt::format("java.lang.NumberFormatException: For input string: \"{}\"", port->second);
    if (!settings.contains("dataDir")) return "java.lang.IllegalArgumentException: dataDir is not set";
    return std::nullopt;
}

void invalid_config(node::Env& env, const std::string& file, std::string_view cause) {
    node::info(env, kConfig, "Reading configuration from: {}", file);
    if (!file.starts_with('/') && !file.starts_with("./"))
        node::warn(env, kConfig, "{} is relative. Prepend ./ to indicate that you're sure!", file);
    node::error(env, kMain, "Invalid config, exiting abnormally");
    env.print(
        node::Output::Stdout,
        fmt::format("{}$ConfigException: Error processing {}\nCaused by: {}\n\t... 2 more\n", kConfig, file, cause));
    env.print(node::Output::Stderr, "Invalid config, exiting abnormally\n");
    exit_jvm(env);
}

/// `PORT DATADIR ..` instead of a file: not modelled, unless there is no port.
void several_words(node::Env& env, const std::string& first) {
    constexpr std::string_view kPurge = "org.apache.zookeeper.server.DatadirCleanupManager";
    constexpr std::string_view kServerUsage =
        "Usage: ZooKeeperServerMain configfile | port datadir [ticktime] [maxcnxns]";
    if (config::parse_whole(first)) {
        env.print(node::Output::Stderr, "kafkasim: zookeeper-server-start.sh with a port is not modelled yet\n");
        return env.exit(64);
    }
    node::info(env, kPurge, "autopurge.snapRetainCount set to 3");
    node::info(env, kPurge, "autopurge.purgeInterval set to 0");
    node::info(env, kPurge, "Purge task is not scheduled.");
    node::warn(env, kMain, "Either no config or no quorum defined in config, running in standalone mode");
    node::info(env, "org.apache.zookeeper.jmx.ManagedUtil", "Log4j 1.2 jmx support found and enabled.");
    node::error(env, kStandalone, "Invalid arguments, exiting abnormally");
    env.print(node::Output::Stdout, fmt::format("java.lang.NumberFormatException: For input string: \"{}\"\n", first));
    node::info(env, kStandalone, "{}", kServerUsage);
    env.print(node::Output::Stderr, fmt::format("{}\n", kServerUsage));
    exit_jvm(env);
}

}  // namespace

std::unique_ptr<node::Node> ZooKeeperServerStart::create(node::Env& env) {
    if (arguments().empty()) {
        env.print(node::Output::Stdout, fmt::format("USAGE: {} [-daemon] zookeeper.properties\n", program()));
        env.exit(1);
        return nullptr;
    }
    const std::string& file = arguments().front();
    if (arguments().size() > 1) {
        several_words(env, file);
        return nullptr;
    }
    const std::optional<std::string> text = env.disk().read_text(file);
    const config::Properties properties = config::parse_properties(text.value_or(""));
    const std::map<std::string, std::string> settings(properties.begin(), properties.end());
    const std::optional<std::string> complaint =
        text ? complaint_about(settings) : fmt::format("java.lang.IllegalArgumentException: {} file is missing", file);
    if (complaint) {
        invalid_config(env, file, *complaint);
        return nullptr;
    }
    return std::make_unique<zookeeper::ZooKeeperServer>(zookeeper::ZooKeeperConfig::from_properties(settings, file));
}

}  // namespace kafkasim::tools
