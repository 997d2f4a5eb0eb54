// SPDX-License-Identifier: Apache-2.0
#pragma once
// A Kafka broker as a process: registers in ZooKeeper, serves requests on its port, replicates, coordinates groups,
// may be the controller. It only
// routes: an event goes to the part that owns it (by the component in its Tag), a request to its handler; what
// parts have to tell each other in between is
// passed on before the event ends. Start-up, registration and shutdown are state machines of their own.
// Kafka 3.0.0: kafka.server.KafkaServer, kafka.Kafka.

#include "core/broker/broker_state.hpp"
#include "core/node/node.hpp"

namespace kafkasim::broker {

class BrokerCall;

class Broker : public node::Node {
public:
    explicit Broker(config::BrokerConfig config);

    void start(node::Env& env) override;
    void on_accepted(node::Env& env, node::ConnectionId connection, int32_t port) override;
    void on_connected(node::Env& env, node::ConnectionId connection, node::Tag tag) override;
    void on_disconnected(node::Env& env, node::ConnectionId connection, node::Tag tag,
                         node::CloseReason reason) override;
    void on_message(node::Env& env, node::ConnectionId connection, node::Tag tag, protocol::Message&& message) override;
    void on_timer(node::Env& env, node::TimerId timer, node::Tag tag) override;
    void on_input(node::Env&, std::string) override {}
    void on_input_end(node::Env&) override {}
    void on_signal(node::Env& env, node::Signal signal) override;

    // For tests and for those who look on; other nodes never read it.
    const BrokerState& state() const { return state_; }
    BrokerId id() const { return state_.id; }
    bool started() const { return state_.startup.done(); }

private:
    /// Passes on what the parts reported and takes the next requests of connections that were answered, until
    /// nothing is left.
    void settle(BrokerCall& call);
    void on_zookeeper(BrokerCall& call, std::vector<zookeeper::ZkClientEvent>&& events);

    BrokerState state_;
};

}  // namespace kafkasim::broker
