// SPDX-License-Identifier: Apache-2.0
#include "core/node/request_channel.hpp"

#include "core/base/check.hpp"

namespace kafkasim::node {

void RequestChannel::connect(Env& env) {
    if (state_ != State::Idle) return;
    state_ = State::Connecting;
    connection_ = env.connect(endpoint_, tag_);
}

void RequestChannel::send(Env& env, protocol::Body&& body, uint64_t what) {
    CHECK_INVARIANT(connected(), "a request on a channel that is not connected");
    protocol::Message message;
    message.correlation_id = next_correlation_id_++;
    message.client_id = client_id_;
    message.body = std::move(body);
    in_flight_.push_back({message.correlation_id, what});
    env.send(connection_, std::move(message));
}

void RequestChannel::close(Env& env) {
    if (state_ != State::Idle) env.close(connection_);
    on_disconnected();
}

void RequestChannel::on_connected() { state_ = State::Connected; }

std::deque<uint64_t> RequestChannel::on_disconnected() {
    std::deque<uint64_t> lost;
    for (const InFlight& request : in_flight_) lost.push_back(request.what);
    in_flight_.clear();
    state_ = State::Idle;
    connection_ = ConnectionId::None;
    return lost;
}

std::optional<RequestChannel::Response> RequestChannel::on_message(protocol::Message&& message) {
    if (in_flight_.empty() || in_flight_.front().correlation_id != message.correlation_id) return std::nullopt;
    Response response{in_flight_.front().what, std::move(message.body)};
    in_flight_.pop_front();
    return response;
}

}  // namespace kafkasim::node
