// SPDX-License-Identifier: Apache-2.0
#pragma once
// bin/kafka-console-consumer.sh: prints the records of a topic until Ctrl+C, --max-messages or --timeout-ms, then
// closes the consumer (which may commit and leaves
// the group) and says how many there were. Kafka 3.0.0: kafka.tools.ConsoleConsumer.
// Simplified: of other formatters and deserializers only those that come with Kafka; read_committed reads the same as
// read_uncommitted, since nobody writes transactions.

#include "core/tools/consumer_tool.hpp"
#include "core/tools/message_formatter.hpp"

namespace kafkasim::tools {

/// What the command line says, beside the consumer's properties.
struct ConsoleConsumerArguments {
    std::string topic;
    std::optional<std::string> include;  // --include, else --whitelist
    std::optional<int32_t> partition;
    int64_t offset = 0;  // kEarliestTimestamp, kLatestTimestamp or an offset
    std::optional<int64_t> max_messages;
    std::optional<Duration> timeout;  // of each poll
    bool from_beginning = false;
};

/// ConsoleConsumer.ConsumerConfig: the first complaint that ends in the usage text. Sets `arguments`, not the group.
std::optional<std::string> read_console_consumer_arguments(ParsedOptions& options, ConsoleConsumerArguments& arguments);
/// All group ids that were given, each once, in the order in which they are looked for.
std::vector<std::string> group_ids(ParsedOptions& options, const config::Properties& file,
                                   const config::Properties& extra);

class ConsoleConsumerCommand final : public ConsumerTool {
public:
    using ConsumerTool::ConsumerTool;

private:
    Task<int> run() override;
    Task<std::optional<std::string>> consume();
    std::optional<int> check(ParsedOptions& options);
    std::optional<int> create_consumer(ParsedOptions& options);
    std::optional<int> add_group(ParsedOptions& options, const config::Properties& file,
                                 const config::Properties& extra, client::ClientProperties& properties);
    std::optional<int> add_reset(client::ClientProperties& properties);
    std::optional<int> create_formatter(ParsedOptions& options);
    /// The exception, if the topic or the pattern is none that can be subscribed to.
    std::optional<std::string> subscribe();
    /// Prints records up to --max-messages; what is left over is unread again: the first offset of each partition.
    /// Returns what the formatter threw, unless such records are skipped.
    std::optional<std::string> print(const std::vector<client::ConsumerRecord>& records);
    std::optional<std::string> print(const client::ConsumerRecord& record);
    bool enough() const { return arguments_.max_messages && count_ >= *arguments_.max_messages; }
    void failed(std::string_view message, std::string_view trace);
    int run_failed(std::string_view trace);
    int end(int code);

    ConsoleConsumerArguments arguments_;
    MessageFormatter formatter_;
    bool skip_message_on_error_ = false;
    bool log_systest_events_ = false;
    config::Properties file_;  // --consumer.config
    int64_t count_ = 0;
};

}  // namespace kafkasim::tools
