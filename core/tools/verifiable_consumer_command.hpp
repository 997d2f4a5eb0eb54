// SPDX-License-Identifier: Apache-2.0
#pragma once
// bin/kafka-verifiable-consumer.sh: reads a topic as a member of a group and prints a line of JSON for everything that
// happens to it: partitions that come and go, records, commits. After each poll it commits what it has printed, unless
// --enable-autocommit. It ends after --max-messages, at Ctrl+C, or when poll or a commit tells it that it is fenced.
// Kafka 3.0.0: org.apache.kafka.tools.VerifiableConsumer.
// Simplified: a Ctrl+C during a commit waits for it, where the real tool sends the same commit once more.

#include "core/tools/argument_parser.hpp"
#include "core/tools/consumer_tool.hpp"

namespace kafkasim::tools {

/// Its options, and the words of its help.
const ArgumentTool& verifiable_consumer_tool();

class VerifiableConsumerCommand final : public ConsumerTool {
public:
    using ConsumerTool::ConsumerTool;

private:
    using Thrown = std::optional<client::ClientFailure>;

    Task<int> run() override;
    /// Until --max-messages or Ctrl+C; what was thrown otherwise.
    Task<Thrown> consume();
    /// Tells of the commit; what was thrown, if that ends the tool.
    Task<Thrown> commit(client::OffsetsToCommit offsets);
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
    /// Prints and takes away what the listener is told.
    void take_events() override;

    std::string topic_;
    int64_t max_messages_ = -1;
    int64_t consumed_ = 0;
    bool auto_commit_ = false;
    bool verbose_ = false;
};

}  // namespace kafkasim::tools
