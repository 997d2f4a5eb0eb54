// SPDX-License-Identifier: Apache-2.0
#pragma once
// bin/kafka-verifiable-producer.sh: sends increasing integers and prints a line of JSON for each that was acknowledged
// or given up, so that whoever reads its output knows what must be in the topic. It ends after --max-messages or at
// Ctrl+C, closes its producer, which sends what is left, and says how many there were.
// Kafka 3.0.0: org.apache.kafka.tools.VerifiableProducer, ThroughputThrottler.
// Simplified: without --throughput a send takes 10 µs: how many a second a JVM makes depends on the machine.

#include <map>

#include "core/tools/argument_parser.hpp"
#include "core/tools/producer_tool.hpp"

namespace kafkasim::tools {

/// Its options, and the words of its help.
const ArgumentTool& verifiable_producer_tool();

/// Decides how long the tool sleeps between two sends. Kafka 3.0.0: org.apache.kafka.tools.ThroughputThrottler.
class ThroughputThrottler {
public:
    ThroughputThrottler() = default;
    ThroughputThrottler(int64_t per_second, WallMillis start) : per_second_(per_second), start_(start) {}

    /// Message `index` (from 0) was begun at `send_start`, and all before it were sent.
    bool should_throttle(int64_t index, WallMillis send_start) const;
    /// nullopt: for ever (--throughput 0).
    std::optional<Duration> sleep();

private:
    int64_t per_second_ = -1;
    WallMillis start_;
    int64_t deficit_ns_ = 0;
};

class VerifiableProducerCommand final : public ProducerTool {
public:
    using ProducerTool::ProducerTool;

private:
    struct Sent {
        std::optional<std::string> key;
        std::string value;
    };

    Task<int> run() override;
    Task<int> produce(int64_t max_messages);
    Task<int> send(std::optional<std::string> key, std::string value);
    Task<int> sleep(std::optional<Duration> time);
    Task<int> close();
    /// The exit code if it cannot be made.
    std::optional<int> create_producer(const ParsedArguments& arguments);
    std::optional<std::string> next_key();
    std::string value_of(int64_t number) const;
    void print_event(std::string_view name, std::string_view fields = {});
    void print_delivered(const client::RecordDelivered& delivered);
    void print_failed(uint64_t record, const std::string& exception, const std::string& message);
    void print_tool_data();
    void take_events() override;

    void own_timer() override { asleep_ = false; }
    bool has_shutdown_hook() const override { return producing_; }

    ThroughputThrottler throttler_;
    std::string topic_;
    std::optional<int64_t> value_prefix_;
    std::optional<int64_t> repeating_keys_;
    std::optional<int64_t> create_time_ms_;
    WallMillis start_;
    int64_t key_counter_ = 0;
    int64_t throughput_ = -1;
    int64_t sent_ = 0;
    int64_t acked_ = 0;
    std::map<uint64_t, Sent> unanswered_;  // by the producer's number of the record
    node::TimerId timer_ = node::TimerId::None;
    bool asleep_ = false;
    bool producing_ = false;
    uint64_t awaited_ = 0;  // the record that send() waits for
    bool accepted_ = false;
    bool closed_ = false;
};

}  // namespace kafkasim::tools
