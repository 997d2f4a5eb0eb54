// SPDX-License-Identifier: Apache-2.0
// bin/zookeeper-server-start.sh and what QuorumPeerMain does before the server starts.

#include <fmt/format.h>

#include "core/config/properties.hpp"
#include "core/node/log.hpp"
#include "core/tools/server_process.hpp"
#include "core/zookeeper/server.hpp"

namespace kafkasim::tools {

std::unique_ptr<node::Node> ZooKeeperServerStart::create(node::Env& env) {
    if (arguments().empty()) {
        env.print(node::Output::Stdout, fmt::format("USAGE: {} [-daemon] zookeeper.properties\n", program()));
        env.exit(1);
        return nullptr;
    }
    const std::string& file = arguments().front();
    const std::optional<std::string> text = env.disk().read_text(file);
    if (!text) {
        constexpr std::string_view kLogger = "org.apache.zookeeper.server.quorum.QuorumPeerMain";
        node::info(env, "org.apache.zookeeper.server.quorum.QuorumPeerConfig", "Reading configuration from: {}", file);
        node::error(env, kLogger, "Invalid config, exiting abnormally");
        env.print(
            node::Output::Stdout,
            fmt::format("org.apache.zookeeper.server.quorum.QuorumPeerConfig$ConfigException: Error processing {0}\n"
                        "Caused by: java.lang.IllegalArgumentException: {0} file is missing\n",
                        file));
        node::info(env, kLogger, "Usage: QuorumPeerMain configfile");
        env.print(node::Output::Stderr, "Invalid config, exiting abnormally\n");
        env.exit(2);
        return nullptr;
    }
    const config::Properties properties = config::parse_properties(*text);
    const std::map<std::string, std::string> settings(properties.begin(), properties.end());
    return std::make_unique<zookeeper::ZooKeeperServer>(zookeeper::ZooKeeperConfig::from_properties(settings, file));
}

}  // namespace kafkasim::tools
