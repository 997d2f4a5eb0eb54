// SPDX-License-Identifier: Apache-2.0
#pragma once
// bin/kafka-broker-api-versions.sh: which versions of which requests each broker understands. It asks by a small client
// of its own: the bootstrap servers one after another for the brokers, then each broker, five seconds at the longest.
// Kafka 3.0.0: kafka.admin.BrokerApiVersionsCommand with its AdminClient, org.apache.kafka.clients.NodeApiVersions.

#include <optional>
#include <string>
#include <vector>

#include "core/tools/network_tool.hpp"

namespace kafkasim::tools {

std::span<const Option> broker_api_versions_options();

/// NodeApiVersions.toString with line breaks: "(\n\tProduce(0): 0 to 9 [usable: 9],\n ..\n)".
std::string api_versions_text(const protocol::ApiVersionsResponse& response);

class BrokerApiVersionsCommand final : public NetworkTool {
public:
    using NetworkTool::NetworkTool;

private:
    Task<int> run() override;
    /// The exception that is uncaught otherwise.
    std::optional<std::string> create_client(const std::string& bootstrap,
                                             const std::optional<std::string>& command_config);
    /// Cluster.nodes(): in an order that chance draws. Empty when no bootstrap server has answered.
    Task<std::vector<client::ClientNode>> find_brokers();
    Task<int> print_versions(client::ClientNode broker);
    /// The answer; nullptr when it has not come.
    template <typename Response>
    Task<const Response*> ask(client::ClientNode node, protocol::Body request);
    void draw_order(std::vector<client::ClientNode>& nodes);
};

}  // namespace kafkasim::tools
