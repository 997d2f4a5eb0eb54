// SPDX-License-Identifier: Apache-2.0
#include "core/tools/producer_tool.hpp"

#include <fmt/format.h>

#include "core/client/unknown_configs.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::tools {

std::optional<std::string> ProducerTool::start_producer(const client::ClientProperties& properties) {
    client::warn_of_unresolved_servers(env(), properties);
    auto config = client::ProducerConfig::from_properties(properties);
    if (!config) return config.error();
    producer_ = client::Producer(std::move(config).value(), kProducerComponent);
    producer_.start(env());
    client::warn_of_unknown_configs(env(), client::ClientKind::Producer, properties);
    return std::nullopt;
}

void ProducerTool::client_connected(node::ConnectionId connection, node::Tag tag) {
    producer_.on_connected(env(), connection, tag, events_);
    take_events();
}
void ProducerTool::client_disconnected(node::ConnectionId connection, node::Tag tag, node::CloseReason reason) {
    producer_.on_disconnected(env(), connection, tag, reason, events_);
    take_events();
}
void ProducerTool::client_message(node::ConnectionId connection, node::Tag tag, protocol::Message&& message) {
    producer_.on_message(env(), connection, tag, std::move(message), events_);
    take_events();
}
void ProducerTool::client_timer(node::TimerId timer, node::Tag tag) {
    if (tag.component != kProducerComponent) return own_timer();
    producer_.on_timer(env(), timer, tag, events_);
    take_events();
}

}  // namespace kafkasim::tools
