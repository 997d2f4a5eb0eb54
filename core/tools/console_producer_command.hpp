// SPDX-License-Identifier: Apache-2.0
#pragma once
// bin/kafka-console-producer.sh: sends each line of standard input as a record. On a terminal it shows a `>` where it
// waits for a line. At the end of input, or at Ctrl+C, it closes the producer, which sends what is left, and ends.
// Kafka 3.0.0: kafka.tools.ConsoleProducer.
// Simplified: the line reader is the only one; other classes of Kafka are refused by name.

#include "core/tools/line_reader.hpp"
#include "core/tools/producer_tool.hpp"

namespace kafkasim::tools {

/// ConsoleProducer.producerProps: the file, then --producer-property, then options (an option's default only where
/// nothing else says anything).
client::ClientProperties console_producer_properties(ParsedOptions& options, const config::Properties& file);

class ConsoleProducerCommand final : public ProducerTool {
public:
    using ProducerTool::ProducerTool;

private:
    Task<int> run() override;
    Task<int> produce(std::string topic);
    /// KafkaProducer.send: waits until the record is in a batch, with --sync until it is answered. 1 if the tool
    /// must end.
    Task<int> send(client::ProducerRecord record);
    Task<int> close(int exit_code);
    std::optional<int> check(ParsedOptions& options);
    std::optional<int> check_line_reader(const std::string& name);
    std::optional<int> create_producer(ParsedOptions& options);
    /// main() catches it: its trace, exit code 1.
    int thrown(std::string_view trace);
    /// What the producer told: the callbacks of records, which print failures, and what send() and close() wait for.
    void take_events() override;
    void take(const client::RecordFailed& failure);
    void take(const client::SendThrew& threw);

    bool has_shutdown_hook() const override { return producing_; }

    LineReader reader_;
    bool sync_ = false;
    bool producing_ = false;
    uint64_t awaited_ = 0;  // the record that send() waits for
    bool answered_ = false;
    bool send_threw_ = false;
    bool closed_ = false;
};

}  // namespace kafkasim::tools
