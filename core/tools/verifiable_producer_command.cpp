// SPDX-License-Identifier: Apache-2.0

#include "core/tools/verifiable_producer_command.hpp"

#include <fmt/format.h>

#include <limits>

#include "core/base/java_number.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::tools {
namespace {

constexpr uint16_t kOwnComponent = 2;
constexpr Duration kUnthrottledSend{10};

std::string json_or_null(const std::optional<std::string>& text) {
    return text ? zookeeper::json_string(*text) : "null";
}

}  // namespace

bool ThroughputThrottler::should_throttle(int64_t index, WallMillis send_start) const {
    const int64_t elapsed_ms = send_start.value - start_.value;
    constexpr int64_t kMillisPerSecond = 1000;
    return per_second_ >= 0 && elapsed_ms > 0 && index * kMillisPerSecond > per_second_ * elapsed_ms;
}

std::optional<Duration> ThroughputThrottler::sleep() {
    constexpr int64_t kNanosPerSecond = 1'000'000'000, kNanosPerMicro = 1000, kShortestSleepNanos = 2'000'000;
    if (per_second_ == 0) return std::nullopt;
    deficit_ns_ += kNanosPerSecond / per_second_;
    if (deficit_ns_ < kShortestSleepNanos) return Duration::zero();
    return Duration{std::exchange(deficit_ns_, 0) / kNanosPerMicro};
}

Task<int> VerifiableProducerCommand::run() {
    const ArgumentTool& tool = verifiable_producer_tool();
    const ParsedArguments parsed = parse_arguments(tool, arguments());
    if (auto code = help_or_mistake(tool, parsed)) co_return *code;
    if (auto code = create_producer(parsed)) co_return *code;
    topic_ = parsed.text("--topic").value_or("");
    value_prefix_ = parsed.number("--value-prefix");
    repeating_keys_ = parsed.number("--repeating-keys");
    constexpr int64_t kNow = -1;
    const int64_t create_time = parsed.number("--message-create-time").value_or(kNow);
    if (create_time != kNow) create_time_ms_ = create_time;
    throughput_ = parsed.number("--throughput").value_or(-1);
    start_ = env().wall_clock();
    throttler_ = ThroughputThrottler(throughput_, start_);
    timer_ = env().new_timer({kOwnComponent, 0, 0, 0});
    producing_ = true;
    const int64_t max_messages = parsed.number("--max-messages").value_or(-1);
    const int code = co_await produce(max_messages < 0 ? std::numeric_limits<int64_t>::max() : max_messages);
    co_await close();
    co_return signal() ? exit_code_of_signal() : code;
}

std::optional<int> VerifiableProducerCommand::create_producer(const ParsedArguments& arguments) {
    client::ClientProperties properties;
    properties["bootstrap.servers"] =
        arguments.text("--bootstrap-server").value_or(arguments.text("--broker-list").value_or(""));
    properties["acks"] = arguments.text("--acks").value_or("-1");
    properties["retries"] = "0";
    const auto path = arguments.text("--producer.config");
    if (auto code = add_properties(verifiable_producer_tool(), path, properties)) return code;
    const auto exception = start_producer(properties);
    if (!exception) return std::nullopt;
    if (auto code = refused("kafka-verifiable-producer.sh", *exception)) return code;
    return uncaught(*exception);
}

Task<int> VerifiableProducerCommand::produce(int64_t max_messages) {
    print_event("startup_complete");
    for (int64_t i = 0; i < max_messages && !signal(); ++i) {
        const WallMillis send_start = env().wall_clock();
        co_await send(next_key(), value_of(i));
        if (throttler_.should_throttle(i, send_start)) {
            co_await sleep(throttler_.sleep());
        } else {
            co_await sleep(kUnthrottledSend);
        }
    }
    co_return 0;
}

/// KafkaProducer.send: waits until the record is in a batch.
Task<int> VerifiableProducerCommand::send(std::optional<std::string> key, std::string value) {
    client::ProducerRecord record;
    record.topic = TopicName(topic_);
    record.key = key;
    record.value = value;
    record.timestamp_ms = create_time_ms_;
    if (create_time_ms_) *create_time_ms_ += env().wall_clock().value - start_.value;
    accepted_ = false;
    awaited_ = static_cast<uint64_t>(++sent_);  // the producer numbers its records from 1, too
    unanswered_[awaited_] = {std::move(key), std::move(value)};
    producer().send(env(), std::move(record), events());
    take_events();
    while (!accepted_ && !signal()) co_await next_event();
    co_return 0;
}

Task<int> VerifiableProducerCommand::sleep(std::optional<Duration> time) {
    if (time && *time <= Duration::zero()) co_return 0;
    asleep_ = true;
    if (time) env().arm(timer_, *time);
    while (asleep_ && !signal()) co_await next_event();
    co_return 0;
}

/// The shutdown hook.
Task<int> VerifiableProducerCommand::close() {
    producer().close(env(), events());
    take_events();
    while (!closed_) co_await next_event();
    print_event("shutdown_complete");
    print_tool_data();
    co_return 0;
}

std::optional<std::string> VerifiableProducerCommand::next_key() {
    if (!repeating_keys_) return std::nullopt;
    std::string key = std::to_string(key_counter_++);
    if (key_counter_ == *repeating_keys_) key_counter_ = 0;
    return key;
}

std::string VerifiableProducerCommand::value_of(int64_t number) const {
    return value_prefix_ ? fmt::format("{}.{}", *value_prefix_, number) : std::to_string(number);
}

/// `fields` as `,"key":null`, ...
void VerifiableProducerCommand::print_event(std::string_view name, std::string_view fields) {
    out(fmt::format("{{\"timestamp\":{},\"name\":\"{}\"{}}}\n", env().wall_clock().value, name, fields));
}

void VerifiableProducerCommand::print_delivered(const client::RecordDelivered& delivered) {
    const auto sent = unanswered_.find(delivered.record);
    if (sent == unanswered_.end()) return;
    ++acked_;
    print_event(
        "producer_send_success",
        fmt::format(",\"key\":{},\"value\":{},\"offset\":{},\"topic\":{},\"partition\":{}",
                    json_or_null(sent->second.key), zookeeper::json_string(sent->second.value), delivered.offset,
                    zookeeper::json_string(delivered.tp.topic.view()), delivered.tp.partition));
    unanswered_.erase(sent);
}

void VerifiableProducerCommand::print_failed(uint64_t record, const std::string& exception,
                                             const std::string& message) {
    const auto sent = unanswered_.find(record);
    if (sent == unanswered_.end()) return;
    print_event("producer_send_error",
                fmt::format(",\"topic\":{},\"key\":{},\"value\":{},\"exception\":\"class {}\",\"message\":{}",
                            zookeeper::json_string(topic_), json_or_null(sent->second.key),
                            zookeeper::json_string(sent->second.value), exception,
                            json_or_null(message.empty() ? std::nullopt : std::optional(message))));
    unanswered_.erase(sent);
}

void VerifiableProducerCommand::print_tool_data() {
    const auto elapsed_ms = static_cast<double>(env().wall_clock().value - start_.value);
    constexpr double kMillisPerSecond = 1000;
    const double per_second = kMillisPerSecond * (static_cast<double>(acked_) / elapsed_ms);
    const std::string text = java::to_string(per_second);
    const bool is_number = elapsed_ms > 0;
    print_event("tool_data", fmt::format(",\"sent\":{},\"acked\":{},\"target_throughput\":{},\"avg_throughput\":{}",
                                         sent_, acked_, throughput_, is_number ? text : "\"" + text + "\""));
}

void VerifiableProducerCommand::take_events() {
    for (const client::ProducerEvent& event : std::exchange(events(), {})) {
        if (const auto* accepted = std::get_if<client::RecordAccepted>(&event)) {
            accepted_ = accepted_ || accepted->record == awaited_;
        } else if (const auto* delivered = std::get_if<client::RecordDelivered>(&event)) {
            print_delivered(*delivered);
        } else if (const auto* failed = std::get_if<client::RecordFailed>(&event)) {
            accepted_ = accepted_ || failed->record == awaited_;
            print_failed(failed->record, failed->exception, failed->message);
        } else if (const auto* threw = std::get_if<client::SendThrew>(&event)) {
            accepted_ = accepted_ || threw->record == awaited_;
            print_failed(threw->record, threw->failure.exception, threw->failure.message);
        } else {
            closed_ = true;
        }
    }
}

}  // namespace kafkasim::tools
