// SPDX-License-Identifier: Apache-2.0
#pragma once
// A tool with one producer, which it makes from properties, feeds, and closes in its own time after Ctrl+C:
// kafka-console-producer, kafka-verifiable-producer. What the producer tells is kept until the tool takes it.

#include "core/client/producer.hpp"
#include "core/tools/tool_process.hpp"

namespace kafkasim::tools {

class ProducerTool : public ToolProcess {
public:
    using ToolProcess::ToolProcess;

protected:
    /// The component that the producer's connections and timers carry.
    static constexpr uint16_t kProducerComponent = 1;

    /// Makes and starts the producer; the exception, if the properties do not allow it.
    std::optional<std::string> start_producer(const client::ClientProperties& properties);
    client::Producer& producer() { return producer_; }
    client::ProducerEvents& events() { return events_; }
    /// What the producer told since the last call. Called after everything that may make it tell something.
    virtual void take_events() = 0;
    /// A timer of the tool itself.
    virtual void own_timer() {}

private:
    void client_connected(node::ConnectionId connection, node::Tag tag) final;
    void client_disconnected(node::ConnectionId connection, node::Tag tag, node::CloseReason reason) final;
    void client_message(node::ConnectionId connection, node::Tag tag, protocol::Message&& message) final;
    void client_timer(node::TimerId timer, node::Tag tag) final;

    client::Producer producer_;
    client::ProducerEvents events_;
};

}  // namespace kafkasim::tools
