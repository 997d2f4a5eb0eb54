// SPDX-License-Identifier: Apache-2.0
#pragma once
// One connection on which requests go out and responses come back in order: what brokers use among themselves
// (fetchers, the controller's send
// threads, the alterIsr and forwarding channels). It connects when asked, matches responses to what was asked, and
// reports what was lost. Who owns it
// routes the node's events to it (the `Tag` it was made with tells which) and decides about retries and back-off.
// Kafka 3.0.0: org.apache.kafka.clients.NetworkClient as used through kafka.utils.NetworkClientBlockingSender.

#include <deque>
#include <optional>

#include "core/node/env.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::node {

class RequestChannel {
public:
    struct Response {
        uint64_t what = 0;  // as given to send()
        protocol::Body body;
    };

    RequestChannel() = default;
    RequestChannel(Endpoint endpoint, SharedText client_id, Tag tag)
        : endpoint_(std::move(endpoint)), client_id_(std::move(client_id)), tag_(tag) {}

    const Endpoint& endpoint() const { return endpoint_; }
    bool connected() const { return state_ == State::Connected; }
    bool connecting() const { return state_ == State::Connecting; }
    bool idle() const { return in_flight_.empty(); }
    size_t in_flight() const { return in_flight_.size(); }
    ConnectionId connection() const { return connection_; }

    /// Begins to connect unless connected or connecting.
    void connect(Env& env);
    /// Sends at once. The channel must be connected. `what` comes back with the response.
    void send(Env& env, protocol::Body&& body, uint64_t what);
    /// Closes; what was in flight is forgotten.
    void close(Env& env);

    void on_connected();
    /// The connection is gone: what was in flight is returned (oldest first) and forgotten.
    std::deque<uint64_t> on_disconnected();
    /// The response to the oldest request in flight; nullopt if it answers nothing that is in flight.
    std::optional<Response> on_message(protocol::Message&& message);

private:
    enum class State : uint8_t { Idle, Connecting, Connected };
    struct InFlight {
        int32_t correlation_id;
        uint64_t what;
    };

    Endpoint endpoint_;
    SharedText client_id_;
    Tag tag_;
    State state_ = State::Idle;
    ConnectionId connection_ = ConnectionId::None;
    int32_t next_correlation_id_ = 0;
    std::deque<InFlight> in_flight_;
};

}  // namespace kafkasim::node
