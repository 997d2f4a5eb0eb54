// SPDX-License-Identifier: Apache-2.0
#pragma once
// The consumer's requests on their way: one may be handed over before its node is connected; it then waits here
// until the connection stands, fails or the
// request's time is over. Used by Fetcher and GroupMember.
// Kafka 3.0.0: org.apache.kafka.clients.consumer.internals.ConsumerNetworkClient.

#include <deque>
#include <map>
#include <optional>

#include "core/client/network_client.hpp"

namespace kafkasim::client {

class ConsumerNetwork {
public:
    ConsumerNetwork() = default;
    explicit ConsumerNetwork(NetworkClientConfig config) : network_(std::move(config)) {}

    /// Sent as soon as the node is ready. The answer carries the number that is returned.
    uint64_t send(node::Env& env, const ClientNode& node, protocol::Body&& body,
                  std::optional<Duration> timeout = std::nullopt);
    /// Sends what can be sent, refreshes metadata; what failed is pushed into `responses`.
    void poll(node::Env& env, ClientResponses& responses);
    std::optional<Instant> next_deadline(Instant now) const;
    bool has_pending(NodeId node) const;
    size_t pending(NodeId node) const;
    /// Drops the node's connection; what was sent on it fails.
    void disconnect(node::Env& env, NodeId node, ClientResponses& responses) {
        network_.disconnect(env, node, responses);
    }
    void try_connect(node::Env& env, const ClientNode& node) { network_.ready(env, node); }

    NetworkClient& network() { return network_; }
    const NetworkClient& network() const { return network_; }
    ClusterMetadata& metadata() { return network_.metadata(); }
    const ClusterMetadata& metadata() const { return network_.metadata(); }

private:
    struct Unsent {
        uint64_t what;
        ClientNode node;
        protocol::Body body;
        Duration timeout;
        Instant deadline;
    };
    void try_send(node::Env& env);
    void fail(node::Env& env, ClientResponses& responses);

    NetworkClient network_;
    std::map<NodeId, std::deque<Unsent>> unsent_;
    uint64_t next_what_ = 1;
};

}  // namespace kafkasim::client
