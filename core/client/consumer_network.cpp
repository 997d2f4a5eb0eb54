// SPDX-License-Identifier: Apache-2.0
#include "core/client/consumer_network.hpp"

#include <algorithm>

namespace kafkasim::client {

uint64_t ConsumerNetwork::send(node::Env& env, const ClientNode& node, protocol::Body&& body,
                               std::optional<Duration> timeout) {
    const uint64_t what = next_what_++;
    const Duration limit = timeout.value_or(network_.config().request_timeout);
    unsent_[node.id].push_back({what, node, std::move(body), limit, env.now() + limit});
    return what;
}

void ConsumerNetwork::poll(node::Env& env, ClientResponses& responses) {
    network_.poll(env, responses);
    try_send(env);
    fail(env, responses);
    network_.poll(env, responses);
}

void ConsumerNetwork::try_send(node::Env& env) {
    for (auto& [node, queue] : unsent_) {
        while (!queue.empty() && network_.ready(env, queue.front().node)) {
            Unsent next = std::move(queue.front());
            queue.pop_front();
            network_.send(env, node, std::move(next.body), next.what, next.timeout);
        }
    }
}

/// checkDisconnects and failExpiredRequests.
void ConsumerNetwork::fail(node::Env& env, ClientResponses& responses) {
    for (auto& [node, queue] : unsent_) {
        const bool failed = network_.connection_failed(node);
        for (auto request = queue.begin(); request != queue.end();) {
            const bool expired = env.now() >= request->deadline;
            if (!failed && !expired) {
                ++request;
                continue;
            }
            responses.push_back({request->what, node, 0, true, expired, {}});
            request = queue.erase(request);
        }
    }
    std::erase_if(unsent_, [](const auto& each) { return each.second.empty(); });
}

std::optional<Instant> ConsumerNetwork::next_deadline(Instant now) const {
    std::optional<Instant> next = network_.next_deadline(now);
    for (const auto& [node, queue] : unsent_) {
        for (const Unsent& request : queue) {
            if (!next || request.deadline < *next) next = request.deadline;
        }
    }
    return next;
}

size_t ConsumerNetwork::pending(NodeId node) const {
    const auto found = unsent_.find(node);
    return network_.in_flight(node) + (found == unsent_.end() ? 0 : found->second.size());
}

bool ConsumerNetwork::has_pending(NodeId node) const { return pending(node) != 0; }

}  // namespace kafkasim::client
