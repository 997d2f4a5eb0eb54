// SPDX-License-Identifier: Apache-2.0
#pragma once
// Requests on the connections that others made: the next request of a connection is taken only when the one before
// has been answered; then it goes to its
// handler. Connections are accepted from the moment the port is open, requests are taken from the moment the
// processors run.
// Kafka 3.0.0: kafka.network.Processor (muting), kafka.server.KafkaApis.handle. Simplified: no quotas, no size
// limits of a queue.

#include <deque>
#include <map>
#include <vector>

#include "core/node/request_token.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::broker {

class BrokerCall;

struct RequestQueues {
    struct Connection {
        bool busy = false;           // a request is being worked on
        int32_t correlation_id = 0;  // of that request
        std::deque<protocol::Message> waiting;
    };
    enum class State : uint8_t { Starting, Running, Stopped };

    State state = State::Starting;
    std::map<node::ConnectionId, Connection> connections;
    std::deque<node::ConnectionId> ready;  // not busy, with something waiting
};

void accept_connection(BrokerCall& call, node::ConnectionId connection);
void forget_connection(BrokerCall& call, node::ConnectionId connection);
void receive_request(BrokerCall& call, node::ConnectionId connection, protocol::Message&& message);
/// Answers the request that the connection waits for; anything else is dropped. std::monostate{} answers without
/// sending.
void answer_request(BrokerCall& call, const node::RequestToken& to, protocol::Body&& body);
/// Takes one waiting request; false if there is none.
bool take_next_request(BrokerCall& call);
/// From now on requests are taken.
void run_processors(BrokerCall& call);
/// The port is closed and every connection with it.
void stop_processors(BrokerCall& call);

/// To the handler of the request. What the simulator does not model is named in a note and the connection closed.
void dispatch(BrokerCall& call, const node::RequestContext& context, protocol::Body&& body);
/// Requests that a 3.0.0 broker knows and this one does not (docs/fidelity.md), and whatever is no request.
void not_modelled(BrokerCall& call, const node::RequestContext& context, std::string_view what);

}  // namespace kafkasim::broker
