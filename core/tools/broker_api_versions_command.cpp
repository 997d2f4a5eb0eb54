// SPDX-License-Identifier: Apache-2.0

#include "core/tools/broker_api_versions_command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/client/admin_client.hpp"
#include "core/protocol/api_catalog.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::tools {
namespace {

constexpr Duration kRequestTimeout = 5s;
constexpr Duration kReconnectBackOff = 50ms;

client::NetworkClientConfig network_config(std::vector<node::Endpoint> bootstrap, uint16_t component) {
    client::NetworkClientConfig network;
    network.log_prefix = "[LegacyAdminClient clientId=admin-1] ";
    network.client_id = SharedText("admin-1");
    network.bootstrap = std::move(bootstrap);
    network.component = component;
    network.allow_auto_creation = false;
    network.request_timeout = kRequestTimeout;
    network.reconnect_back_off = kReconnectBackOff;
    network.reconnect_back_off_max = kReconnectBackOff;
    return network;
}

std::vector<client::ClientNode> bootstrap_nodes(const std::vector<node::Endpoint>& servers) {
    std::vector<client::ClientNode> nodes;
    client::NodeId id = -1;
    for (const node::Endpoint& server : servers) nodes.push_back({id--, server});
    return nodes;
}

std::string range_text(int16_t lowest, int16_t newest) {
    return lowest == newest ? fmt::format("{}", lowest) : fmt::format("{} to {}", lowest, newest);
}

}  // namespace

std::string api_versions_text(const protocol::ApiVersionsResponse& response) {
    const std::vector<protocol::ApiRange> known = protocol::zk_broker_apis();
    std::vector<protocol::ApiVersionsResponse::ApiVersion> sorted(response.api_keys.begin(), response.api_keys.end());
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.api_key < b.api_key; });
    std::string text;
    for (const auto& api : sorted) {
        const auto own = std::find_if(known.begin(), known.end(),
                                      [&](const protocol::ApiRange& each) { return each.key == api.api_key; });
        const std::string range = range_text(api.min_version, api.max_version);
        text += text.empty() ? "\n\t" : ",\n\t";
        if (own == known.end()) {
            text += fmt::format("UNKNOWN({}): {}", api.api_key, range);
        } else if (own->newest_version < api.min_version || own->lowest_version > api.max_version) {
            text += fmt::format("{}({}): {} [unusable: node too {}]", own->name, api.api_key, range,
                                own->newest_version < api.min_version ? "new" : "old");
        } else {
            text += fmt::format("{}({}): {} [usable: {}]", own->name, api.api_key, range,
                                std::min(own->newest_version, api.max_version));
        }
    }
    return fmt::format("({}\n)", text);
}

Task<int> BrokerApiVersionsCommand::run() {
    const auto table = broker_api_versions_options();
    ParseOutcome parsed = parse_options(table, arguments());
    if (parsed.error) {
        co_return parse_failed(*parsed.error,
                               {"kafka.admin.BrokerApiVersionsCommand$BrokerVersionCommandOptions.<init>("
                                "BrokerApiVersionsCommand.scala:93)",
                                "kafka.admin.BrokerApiVersionsCommand$.execute(BrokerApiVersionsCommand.scala:59)",
                                "kafka.admin.BrokerApiVersionsCommand$.main(BrokerApiVersionsCommand.scala:55)",
                                "kafka.admin.BrokerApiVersionsCommand.main(BrokerApiVersionsCommand.scala)"});
    }
    ParsedOptions options = std::move(parsed.options);
    if (auto code = help_or_version(options, table, "This tool helps to retrieve broker version information."))
        co_return *code;
    if (auto complaint = missing_required(options, {"bootstrap-server"}))
        co_return print_usage_and_die(*complaint, table);
    const std::optional<std::string> command_config = options.text("command-config");
    const std::optional<std::string> bootstrap = options.text("bootstrap-server");
    if (options.error()) co_return uncaught(options.error()->exception + ": " + options.error()->message);
    if (auto exception = create_client(*bootstrap, command_config)) co_return uncaught(*exception);
    const std::vector<client::ClientNode> brokers = co_await find_brokers();
    if (brokers.empty()) {
        std::string servers;
        for (const client::ClientNode& each : bootstrap_nodes(network().config().bootstrap))
            servers += fmt::format("{}{}", servers.empty() ? "" : ", ", to_string(each));
        co_return uncaught(
            fmt::format("java.lang.RuntimeException: Request METADATA failed on brokers List({})", servers));
    }
    for (const client::ClientNode& broker : brokers) (void)co_await print_versions(broker);
    close_network();
    co_return 0;
}

std::optional<std::string> BrokerApiVersionsCommand::create_client(const std::string& bootstrap,
                                                                   const std::optional<std::string>& command_config) {
    const auto properties = client_properties(command_config, bootstrap);
    if (!properties) return properties.error();
    client::warn_of_unresolved_servers(env(), properties.value());
    auto config = client::AdminConfig::from_properties(properties.value());
    if (!config) return fmt::format("org.apache.kafka.common.config.ConfigException: {}", config.error());
    open_network(network_config(config.value().bootstrap, kComponent));
    return std::nullopt;
}

Task<std::vector<client::ClientNode>> BrokerApiVersionsCommand::find_brokers() {
    constexpr Duration kPause = 50ms;
    std::vector<client::ClientNode> servers = bootstrap_nodes(network().config().bootstrap);
    draw_order(servers);
    bool answered = true;
    while (answered) {  // until somebody knows a broker
        answered = false;
        for (const client::ClientNode& server : servers) {
            protocol::Body request = protocol::MetadataRequest{};
            const auto* metadata = co_await ask<protocol::MetadataResponse>(server, std::move(request));
            if (metadata == nullptr) continue;
            answered = true;
            std::vector<client::ClientNode> brokers;
            for (const auto& broker : metadata->brokers)
                brokers.push_back({broker.node_id.value, {broker.host, broker.port}});
            draw_order(brokers);
            if (!brokers.empty()) co_return brokers;
            break;
        }
        if (answered) (void)co_await sleep(kPause);
    }
    co_return std::vector<client::ClientNode>{};
}

Task<int> BrokerApiVersionsCommand::print_versions(client::ClientNode broker) {
    protocol::Body request = protocol::ApiVersionsRequest{};
    const auto* answer = co_await ask<protocol::ApiVersionsResponse>(broker, std::move(request));
    out(fmt::format(
        "{} -> {}\n", to_string(broker),
        answer == nullptr ? "ERROR: org.apache.kafka.common.errors.DisconnectException" : api_versions_text(*answer)));
    co_return 0;
}

template <typename Response>
Task<const Response*> BrokerApiVersionsCommand::ask(client::ClientNode node, protocol::Body request) {
    const uint64_t what = send(node, std::move(request));
    (void)co_await wait_for(what, env().now() + kRequestTimeout);
    co_return answer_to<Response>(what);
}

void BrokerApiVersionsCommand::draw_order(std::vector<client::ClientNode>& nodes) {
    for (size_t i = nodes.size(); i > 1; --i)
        std::swap(nodes[i - 1], nodes[env().chance().below(node::Stream::Nodes, i)]);
}

}  // namespace kafkasim::tools
