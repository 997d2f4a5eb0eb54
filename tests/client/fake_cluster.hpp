// SPDX-License-Identifier: Apache-2.0
#pragma once
// Brokers for a client under test: accept or refuse connections, answer ApiVersions and Metadata by themselves, and
// leave every other request in
// FakeEnv::sent, to be answered by the test with reply().

#include <set>

#include "core/base/check.hpp"
#include "tests/support/fake_env.hpp"

namespace kafkasim::test {

template <typename Client, typename Events>
struct FakeCluster {
    FakeEnv env;
    Client client;
    Events events;
    std::set<int32_t> ports;  // that somebody listens on
    protocol::MetadataResponse metadata;
    std::set<uint64_t> met;  // connections that were answered
    size_t metadata_requests = 0;

    explicit FakeCluster(Client under_test) : client(std::move(under_test)) {}

    void broker(int32_t id, int32_t port) {
        ports.insert(port);
        metadata.brokers.push_back({BrokerId{id}, "localhost", port, std::nullopt});
    }
    void topic(const std::string& name, const std::vector<int32_t>& leaders, int32_t epoch = 0) {
        protocol::MetadataResponse::MetadataResponseTopic topic;
        topic.name = TopicName(name);
        topic.topic_id = {1, 2};
        for (size_t p = 0; p < leaders.size(); ++p) {
            const ErrorCode error = leaders[p] < 0 ? ErrorCode::LeaderNotAvailable : ErrorCode::None;
            topic.partitions.push_back({error, static_cast<int32_t>(p), BrokerId{leaders[p]}, epoch, {}, {}, {}});
        }
        metadata.topics.push_back(std::move(topic));
    }

    /// Everything that is on its way arrives, until only requests are left that the test must answer.
    void settle() {
        for (bool moved = true; moved;) {
            moved = false;
            for (size_t i = 0; i < env.connections.size(); ++i) {
                const FakeEnv::Connection connection = env.connections[i];
                if (connection.closed || !met.insert(static_cast<uint64_t>(connection.id)).second) continue;
                moved = true;
                if (ports.contains(connection.to.port)) {
                    client.on_connected(env, connection.id, connection.tag, events);
                } else {
                    env.connections[i].closed = true;
                    client.on_disconnected(env, connection.id, connection.tag, node::CloseReason::Refused, events);
                }
            }
            if (auto asked = env.take_message<protocol::ApiVersionsRequest>()) {
                deliver(*asked, protocol::ApiVersionsResponse{});
                moved = true;
            }
            if (auto asked = env.take_message<protocol::MetadataRequest>()) {
                ++metadata_requests;
                deliver(*asked, answer(std::get<protocol::MetadataRequest>(asked->message.body)));
                moved = true;
            }
        }
    }
    protocol::MetadataResponse answer(const protocol::MetadataRequest& request) {
        protocol::MetadataResponse response = metadata;
        if (!request.topics) return response;
        response.topics.clear();
        for (const auto& wanted : *request.topics) {
            for (const auto& topic : metadata.topics) {
                if (topic.name == *wanted.name) response.topics.push_back(topic);
            }
        }
        return response;
    }
    void deliver(const FakeEnv::Sent& request, protocol::Body body) {
        const auto connection = std::find_if(env.connections.begin(), env.connections.end(),
                                             [&](const auto& c) { return c.id == request.connection; });
        if (connection->closed) return;
        protocol::Message message;
        message.correlation_id = request.message.correlation_id;
        message.body = std::move(body);
        client.on_message(env, connection->id, connection->tag, std::move(message), events);
    }
    void reply(const FakeEnv::Sent& request, protocol::Body body) {
        deliver(request, std::move(body));
        settle();
    }
    int32_t port_of(const FakeEnv::Sent& request) {
        for (const auto& c : env.connections) {
            if (c.id == request.connection) return c.to.port;
        }
        return -1;
    }
    /// The broker's process has gone: connections close, new ones are refused.
    void stop(int32_t port) {
        ports.erase(port);
        for (size_t i = 0; i < env.connections.size(); ++i) {
            const FakeEnv::Connection connection = env.connections[i];
            if (connection.closed || connection.to.port != port) continue;
            env.connections[i].closed = true;
            client.on_disconnected(env, connection.id, connection.tag, node::CloseReason::Closed, events);
        }
        settle();
    }
    /// In steps, so that what is sent on the way is answered in time.
    void pass(Duration time) {
        const Instant end = env.now() + time;
        while (true) {
            const auto next = env.next_timer(end);
            const Duration step =
                next ? std::max(Duration::zero(), *env.timers.at(*next).due - env.now()) : end - env.now();
            env.advance(step, [&](node::TimerId timer, node::Tag tag) { client.on_timer(env, timer, tag, events); });
            settle();
            if (!next) return;
        }
    }
    template <typename Event>
    std::vector<Event> take() {
        std::vector<Event> taken;
        for (const auto& event : events) {
            if (const auto* wanted = std::get_if<Event>(&event)) taken.push_back(*wanted);
        }
        std::erase_if(events, [](const auto& event) { return std::holds_alternative<Event>(event); });
        return taken;
    }
};

}  // namespace kafkasim::test
