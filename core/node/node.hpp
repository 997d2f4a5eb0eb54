// SPDX-License-Identifier: Apache-2.0
#pragma once
// A process: it is started once, then told of connections, messages, timers, input and signals, one at a time, each
// handled to its end. What it wants
// done it asks of the Env that comes with the call. Brokers, ZooKeeper and the command-line tools are nodes.

#include <string>

#include "core/node/env.hpp"

namespace kafkasim::node {

enum class Signal : uint8_t {
    Interrupt,
    Terminate
};  // SIGINT (Ctrl+C), SIGTERM; SIGKILL and SIGSTOP never reach a process

class Node {
public:
    virtual ~Node() = default;

    /// The node that does the work, when this one only reads the command line and starts it: for those who watch.
    virtual const Node* worker() const { return this; }

    virtual void start(Env& env) = 0;
    /// Somebody connected to a port that this node listens on. Later events of the connection carry an empty Tag.
    virtual void on_accepted(Env& env, ConnectionId connection, int32_t port) = 0;
    virtual void on_connected(Env& env, ConnectionId connection, Tag tag) = 0;
    virtual void on_disconnected(Env& env, ConnectionId connection, Tag tag, CloseReason reason) = 0;
    virtual void on_message(Env& env, ConnectionId connection, Tag tag, protocol::Message&& message) = 0;
    /// The timer has gone off and is no longer armed.
    virtual void on_timer(Env& env, TimerId timer, Tag tag) = 0;
    virtual void on_input(Env& env, std::string line) = 0;
    virtual void on_input_end(Env& env) = 0;
    virtual void on_signal(Env& env, Signal signal) = 0;
};

}  // namespace kafkasim::node
