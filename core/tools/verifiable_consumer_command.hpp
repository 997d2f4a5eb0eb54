// SPDX-License-Identifier: Apache-2.0
#pragma once
// bin/kafka-verifiable-consumer.sh: reads a topic as a member of a group and prints a line of JSON for everything that
// happens to it: partitions that come and go, records, commits. After each poll it commits what it has printed, unless
// --enable-autocommit. It ends after --max-messages, at Ctrl+C, or when poll or a commit tells it that it is fenced.
// Kafka 3.0.0: org.apache.kafka.tools.VerifiableConsumer.
// Simplified: a Ctrl+C during a commit waits for it, where the real tool sends the same commit once more.

#include "core/client/consumer.hpp"
#include "core/tools/argument_parser.hpp"
#include "core/tools/tool_process.hpp"

namespace kafkasim::tools {

/// Its options, and the words of its help.
const ArgumentTool& verifiable_consumer_tool();

class VerifiableConsumerCommand final : public ToolProcess {
public:
    using ToolProcess::ToolProcess;

    const client::Consumer* consumer() const override { return consuming_ ? &consumer_ : nullptr; }

private:
    using Thrown = std::optional<client::ClientFailure>;

    Task<int> run() override;
    /// Until --max-messages or Ctrl+C; what was thrown otherwise.
    Task<Thrown> consume();
    Task<client::ConsumerEvent> poll();
    /// Tells of the commit; what was thrown, if that ends the tool.
    Task<Thrown> commit(client::OffsetsToCommit offsets);
    Task<int> close();
    /// The exit code if it cannot be made.
    std::optional<int> create_consumer(const ParsedArguments& arguments);
    Thrown subscribe();
    /// Prints what a poll brought, up to --max-messages; what is to be committed of it.
    client::OffsetsToCommit receive(const std::vector<client::ConsumerRecord>& records);
    bool finished() const { return max_messages_ >= 0 && consumed_ >= max_messages_; }

    void print_event(std::string_view name, std::string_view fields = {});
    void print_record(const client::ConsumerRecord& record);
    void print_partitions(std::string_view name, const std::vector<TopicPartition>& partitions);
    void print_commit(const client::OffsetsToCommit& offsets, const Thrown& failure);
    /// Prints and takes away what the listener is told; the first event that is something else stays.
    void take_rebalances();

    void client_connected(node::ConnectionId connection, node::Tag tag) override {
        consumer_.on_connected(env(), connection, tag, events_);
    }
    void client_disconnected(node::ConnectionId connection, node::Tag tag, node::CloseReason reason) override {
        consumer_.on_disconnected(env(), connection, tag, reason, events_);
    }
    void client_message(node::ConnectionId connection, node::Tag tag, protocol::Message&& message) override {
        consumer_.on_message(env(), connection, tag, std::move(message), events_);
    }
    void client_timer(node::TimerId timer, node::Tag tag) override { consumer_.on_timer(env(), timer, tag, events_); }
    bool has_shutdown_hook() const override { return consuming_; }

    client::Consumer consumer_;
    client::ConsumerEvents events_;
    std::string topic_;
    int64_t max_messages_ = -1;
    int64_t consumed_ = 0;
    bool auto_commit_ = false;
    bool verbose_ = false;
    bool consuming_ = false;
};

}  // namespace kafkasim::tools
