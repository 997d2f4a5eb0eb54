// SPDX-License-Identifier: Apache-2.0
#pragma once
// The channel on which a broker asks the controller: for blocks of producer ids.
// One request at a time, in order; it looks the controller up in the metadata cache, and again when it was the wrong
// one or the connection is lost; what was not sent in request.timeout.ms is given up.
// Kafka 3.0.0: kafka.server.BrokerToControllerChannelManagerImpl (name=forwarding).
// Simplified: a controller that is silent while a request is under way is waited for until the connection ends.

#include <deque>

#include "core/base/ids.hpp"
#include "core/node/request_channel.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::broker {

class BrokerCall;

struct ForwardingChannel {
    struct Waiting {
        Instant created;
        protocol::Body request;
    };
    node::RequestChannel channel;
    BrokerId controller = kNoBroker;  // whom the channel goes to; kNoBroker: to be looked up
    std::deque<Waiting> queue;
    node::TimerId retry_timer = node::TimerId::None;
};

/// The answer goes to on_producer_ids_allocated.
void forward_to_controller(BrokerCall& call, protocol::Body&& request);

/// The metadata cache has changed: the channel remembers the controller if it has none yet. It looks again only
/// after a failure.
void forwarding_controller_known(BrokerCall& call);
void on_forwarding_connected(BrokerCall& call);
void on_forwarding_disconnected(BrokerCall& call);
void on_forwarding_message(BrokerCall& call, protocol::Message&& message);
void on_forwarding_timer(BrokerCall& call);

}  // namespace kafkasim::broker
