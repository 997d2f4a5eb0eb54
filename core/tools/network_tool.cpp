// SPDX-License-Identifier: Apache-2.0

#include "core/tools/network_tool.hpp"

#include <algorithm>
#include <utility>

namespace kafkasim::tools {
namespace {

constexpr uint16_t kToolTimer = 2;

}  // namespace

void NetworkTool::open_network(client::NetworkClientConfig config) {
    network_ = client::ConsumerNetwork(std::move(config));
    timer_ = env().new_timer({kComponent, kToolTimer, 0, 0});
}

void NetworkTool::close_network() {
    network().close(env());
    env().free_timer(timer_);
}

uint64_t NetworkTool::send(const client::ClientNode& node, protocol::Body request) {
    return network_.send(env(), node, std::move(request));
}

Task<int> NetworkTool::wait_for(uint64_t request, Instant deadline) {
    wake_at(deadline);
    while (!is_answered(request) && env().now() < deadline) co_await next_event();
    co_return 0;
}

Task<int> NetworkTool::sleep(Duration duration) {
    const Instant until = env().now() + duration;
    wake_at(until);
    while (env().now() < until) co_await next_event();
    co_return 0;
}

void NetworkTool::wake_at(Instant time) {
    wake_ = time;
    poll({});
}

void NetworkTool::poll(client::ClientResponses responses) {
    network_.poll(env(), responses);
    while (!responses.empty()) {
        for (client::ClientResponse& response : std::exchange(responses, {}))
            answers_[response.what] = std::move(response);
        network_.poll(env(), responses);
    }
    std::optional<Instant> next = network_.next_deadline(env().now());
    if (wake_ && *wake_ > env().now() && (!next || *wake_ < *next)) next = wake_;
    if (next) env().arm(timer_, std::max(*next - env().now(), Duration{1}));
}

void NetworkTool::client_connected(node::ConnectionId, node::Tag tag) {
    network().on_connected(env(), tag);
    poll({});
}

void NetworkTool::client_disconnected(node::ConnectionId, node::Tag tag, node::CloseReason) {
    client::ClientResponses responses;
    network().on_disconnected(env(), tag, responses);
    poll(std::move(responses));
}

void NetworkTool::client_message(node::ConnectionId, node::Tag tag, protocol::Message&& message) {
    client::ClientResponses responses;
    network().on_message(env(), tag, std::move(message), responses);
    poll(std::move(responses));
}

}  // namespace kafkasim::tools
