// SPDX-License-Identifier: Apache-2.0
// A process for tests of the world: it listens or connects, answers each request, and writes down what happens to it.
#pragma once

#include <string>
#include <vector>

#include "core/node/node.hpp"
#include "core/protocol/message.hpp"
#include "sim/world/world.hpp"

namespace kafkasim::sim {

class Probe final : public node::Node {
public:
    struct Plan {
        int32_t listens = 0;
        int32_t connects = 0;
        int requests = 0;     // sent when connected
        bool closes = false;  // after the answers
        Duration timer{};
    };

    Probe(Plan plan, std::vector<std::string>* log) : plan_(plan), log_(log) {}

    void start(node::Env& env) override {
        note(env, "start");
        if (plan_.listens != 0) env.listen(plan_.listens);
        if (plan_.connects != 0) env.connect({"localhost", plan_.connects}, {1, 2, 3, 4});
        if (plan_.timer > Duration{}) env.arm(env.new_timer({9, 9, 9, 9}), plan_.timer);
        env.read_input();
    }
    void on_accepted(node::Env& env, node::ConnectionId, int32_t port) override {
        note(env, "accepted " + std::to_string(port));
    }
    void on_connected(node::Env& env, node::ConnectionId connection, node::Tag tag) override {
        note(env, "connected tag " + std::to_string(tag.a));
        for (int i = 0; i < plan_.requests; ++i)
            env.send(connection, protocol::Message{i, {}, protocol::HeartbeatRequest{}});
    }
    void on_disconnected(node::Env& env, node::ConnectionId, node::Tag, node::CloseReason reason) override {
        note(env, reason == node::CloseReason::Refused ? "refused" : "closed");
    }
    void on_message(node::Env& env, node::ConnectionId connection, node::Tag, protocol::Message&& message) override {
        note(env, std::string(protocol::name_of(message.body)) + " " + std::to_string(message.correlation_id));
        if (plan_.listens != 0)
            env.send(connection, protocol::Message{message.correlation_id, {}, protocol::HeartbeatResponse{}});
        else if (plan_.closes && message.correlation_id + 1 == plan_.requests)
            env.close(connection);
    }
    void on_timer(node::Env& env, node::TimerId, node::Tag) override { note(env, "timer"); }
    void on_input(node::Env& env, std::string line) override {
        note(env, "line " + line);
        env.print(node::Output::Stdout, line + "\n");
    }
    void on_input_end(node::Env& env) override {
        note(env, "end of input");
        env.exit(0);
    }
    void on_signal(node::Env& env, node::Signal signal) override {
        env.exit(signal == node::Signal::Interrupt ? 130 : 143);
    }

private:
    void note(node::Env&, const std::string& text) { log_->push_back(text); }

    Plan plan_;
    std::vector<std::string>* log_;
};

inline ProcessId spawn_probe(World& world, const std::string& name, Probe::Plan plan, std::vector<std::string>* log) {
    ProcessOptions options;
    options.name = name;
    return world.spawn(std::make_unique<Probe>(plan, log), options);
}

}  // namespace kafkasim::sim
