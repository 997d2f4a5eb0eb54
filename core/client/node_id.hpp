// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a client counts the nodes that it talks to: bootstrap addresses are -1, -2, ... (in the order in which they
// were given), brokers have their broker.id,
// and the coordinator of a group is a node of its own (Int.MAX - broker.id), so that heartbeats do not queue behind
// fetches.
// Kafka 3.0.0: org.apache.kafka.common.Node, AbstractCoordinator.FindCoordinatorResponseHandler.

#include <limits>
#include <string>

#include "core/node/env.hpp"

namespace kafkasim::client {

using NodeId = int32_t;

inline constexpr NodeId coordinator_node(NodeId broker) { return std::numeric_limits<int32_t>::max() - broker; }
inline constexpr NodeId broker_of_coordinator(NodeId node) { return std::numeric_limits<int32_t>::max() - node; }

struct ClientNode {
    NodeId id = -1;
    node::Endpoint endpoint;
    auto operator<=>(const ClientNode&) const = default;
};

/// "localhost:9092 (id: -1 rack: null)", as Node.toString.
std::string to_string(const ClientNode& node);
/// "localhost/127.0.0.1:9092"; "/127.0.0.1:9092" if the host is an address already (InetSocketAddress.toString).
std::string remote_address(const node::Endpoint& endpoint);

}  // namespace kafkasim::client
