// SPDX-License-Identifier: Apache-2.0
#pragma once
// A program with one consumer, which it makes from properties, polls until Ctrl+C wakes it, and closes in its own time:
// kafka-console-consumer, kafka-verifiable-consumer, the consumers of workloads. What the consumer tells is kept until
// the program takes it. Its twin for producers is producer_tool.hpp.

#include "core/client/consumer.hpp"
#include "core/tools/tool_process.hpp"

namespace kafkasim::tools {

class ConsumerTool : public ToolProcess {
public:
    using ToolProcess::ToolProcess;

    const client::Consumer* consumer() const final { return consuming_ ? &consumer_ : nullptr; }

protected:
    /// What no property says, but the program does (client::ConsumerConfig).
    struct Habits {
        bool listens = false;
        bool commits_on_revoke = false;
    };

    /// Makes and starts the consumer; the exception, if the properties do not allow it.
    std::optional<std::string> start_consumer(const client::ClientProperties& properties, Habits habits);
    client::Consumer& own_consumer() { return consumer_; }
    client::ConsumerEvents& events() { return events_; }
    /// Polls and waits for the answer; a signal wakes the consumer, which is an answer too.
    Task<int> await_poll(std::optional<Duration> timeout);
    /// The oldest event that was not taken.
    client::ConsumerEvent next_consumer_event();
    /// The shutdown hook.
    Task<int> close_consumer();

    /// Called after everything that may make the consumer tell something: what the program takes at once.
    virtual void take_events() {}
    virtual bool poll_answered() const { return !events_.empty(); }
    virtual bool close_answered() const;
    /// A timer of the program itself.
    virtual void own_timer() {}

private:
    static constexpr uint16_t kConsumerComponent = 1;

    void client_connected(node::ConnectionId connection, node::Tag tag) final;
    void client_disconnected(node::ConnectionId connection, node::Tag tag, node::CloseReason reason) final;
    void client_message(node::ConnectionId connection, node::Tag tag, protocol::Message&& message) final;
    void client_timer(node::TimerId timer, node::Tag tag) final;
    bool has_shutdown_hook() const final { return consuming_; }

    client::Consumer consumer_;
    client::ConsumerEvents events_;
    bool consuming_ = false;
};

}  // namespace kafkasim::tools
