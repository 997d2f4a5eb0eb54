// SPDX-License-Identifier: Apache-2.0

#include "core/tools/cluster_command.hpp"

#include <fmt/format.h>

namespace kafkasim::tools {
namespace {

constexpr std::string_view kUsage = "usage: kafka-cluster [-h] {cluster-id,unregister} ...\n";
constexpr std::string_view kHelp =
    "\nThe Kafka cluster tool.\n\npositional arguments:\n  {cluster-id,unregister}\n    cluster-id           Get "
    "information about the ID of a cluster.\n    unregister           Unregister a broker.\n\noptional arguments:\n  "
    "-h, --help             show this help message and exit\n";
constexpr std::string_view kHelpOfClusterId =
    "usage: kafka-cluster cluster-id [-h] [--bootstrap-server BOOTSTRAP_SERVER]\n                     [--config "
    "CONFIG]\n\noptional arguments:\n  -h, --help             show this help message and exit\n  --bootstrap-server "
    "BOOTSTRAP_SERVER, -b BOOTSTRAP_SERVER\n                         A list of host/port pairs  to use for "
    "establishing\n                         the connection to the kafka cluster.\n  --config CONFIG, -c CONFIG\n"
    "                         A property file  containing  configs  to passed to\n                         "
    "AdminClient.\n";

bool is_one_of(std::string_view word, std::string_view longer, std::string_view shorter) {
    return word == longer || word == shorter;
}

}  // namespace

Task<int> ClusterCommand::run() {
    const std::span<const std::string> words = arguments();
    if (words.empty()) {
        err(fmt::format("{}kafka-cluster: error: too few arguments\n", kUsage));
        co_return 1;
    }
    if (is_one_of(words.front(), "--help", "-h")) {
        out(fmt::format("{}{}", kUsage, kHelp));
        co_return 1;
    }
    if (words.front() != "cluster-id") co_return not_modelled(fmt::format("kafka-cluster.sh {}", words.front()));
    std::optional<std::string> bootstrap;
    std::optional<std::string> config;
    for (size_t i = 1; i < words.size(); ++i) {
        if (is_one_of(words[i], "--help", "-h")) {
            out(kHelpOfClusterId);
            co_return 1;
        }
        const bool has_value = i + 1 < words.size();
        if (has_value && is_one_of(words[i], "--bootstrap-server", "-b")) {
            bootstrap = words[++i];
        } else if (has_value && is_one_of(words[i], "--config", "-c")) {
            config = words[++i];
        } else {
            co_return not_modelled(fmt::format("kafka-cluster.sh cluster-id with {}", words[i]));
        }
    }
    co_return co_await print_cluster_id(bootstrap, config);
}

Task<int> ClusterCommand::print_cluster_id(std::optional<std::string> bootstrap, std::optional<std::string> config) {
    if (config) {
        const auto loaded = load_properties(*config);
        if (!loaded) co_return uncaught(loaded.error());
    }
    if (!bootstrap) {
        err("Please specify --bootstrap-server.\n");
        co_return 1;
    }
    if (auto exception = create_admin(*bootstrap, config)) co_return uncaught(*exception);
    client::AdminCall request = client::describe_cluster();
    const client::AdminResult result = co_await call(std::move(request));
    close_admin();
    if (result.error)
        co_return uncaught(fmt::format("java.util.concurrent.ExecutionException: {}", result.error->text()));
    out(fmt::format("Cluster ID: {}\n", body_of<protocol::DescribeClusterResponse>(result).cluster_id));
    co_return 0;
}

}  // namespace kafkasim::tools
