// SPDX-License-Identifier: Apache-2.0

#include "core/tools/verifiable_consumer_command.hpp"

#include <fmt/format.h>

#include "core/client/unknown_configs.hpp"
#include "core/protocol/message.hpp"
#include "core/tools/java_charset.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::tools {
namespace {

constexpr uint16_t kListeningConsumer = 1;
constexpr std::string_view kFenced = "org.apache.kafka.common.errors.FencedInstanceIdException";

/// What a StringDeserializer makes of the bytes, as JSON.
std::string bytes_or_null(const std::optional<std::string>& bytes) {
    return bytes ? zookeeper::json_string(java_decoded(*bytes, "UTF-8").value_or(*bytes)) : "null";
}

std::string topic_and_partition(const TopicPartition& tp) {
    return fmt::format("\"topic\":{},\"partition\":{}", zookeeper::json_string(tp.topic.view()), tp.partition);
}

}  // namespace

Task<int> VerifiableConsumerCommand::run() {
    const ArgumentTool& tool = verifiable_consumer_tool();
    const ParsedArguments parsed = parse_arguments(tool, arguments());
    if (arguments().empty() || parsed.help) {
        out(fmt::format("{}{}", tool.usage, tool.help));
        co_return parsed.help ? 1 : 0;
    }
    if (parsed.error) {
        err(error_text(tool, *parsed.error));
        co_return 1;
    }
    topic_ = parsed.text("--topic").value_or("");
    max_messages_ = parsed.number("--max-messages").value_or(-1);
    auto_commit_ = parsed.text("--enable-autocommit").has_value();
    verbose_ = parsed.text("--verbose").has_value();
    if (auto code = create_consumer(parsed)) co_return *code;
    consuming_ = true;
    print_event("startup_complete");
    Thrown thrown = subscribe();
    if (!thrown) thrown = co_await consume();
    if (thrown) {
        env().log(node::Level::Error, "org.apache.kafka.tools.VerifiableConsumer",
                  "Error during processing, terminating consumer process: ");
        err(fmt::format("{}{}{}\n", thrown->exception, thrown->message.empty() ? "" : ": ", thrown->message));
    }
    co_await close();
    print_event("shutdown_complete");
    co_return signal() ? exit_code_of_signal() : 0;
}

std::optional<int> VerifiableConsumerCommand::create_consumer(const ParsedArguments& arguments) {
    client::ClientProperties properties;
    if (const auto path = arguments.text("--consumer.config")) {
        const auto file = load_properties(*path);
        if (!file) {
            // The parser tells the message of the IOException: of a missing file its name.
            const std::string& thrown = file.error();
            err(error_text(verifiable_consumer_tool(), {thrown.substr(thrown.find(": ") + 2)}));
            return 1;
        }
        properties.insert(file.value().begin(), file.value().end());
    }
    properties["group.id"] = arguments.text("--group-id").value_or("");
    if (const auto instance = arguments.text("--group-instance-id")) properties["group.instance.id"] = *instance;
    properties["bootstrap.servers"] =
        arguments.text("--bootstrap-server").value_or(arguments.text("--broker-list").value_or(""));
    properties["enable.auto.commit"] = auto_commit_ ? "true" : "false";
    properties["auto.offset.reset"] = arguments.text("--reset-policy").value_or("");
    properties["session.timeout.ms"] = std::to_string(arguments.number("--session-timeout").value_or(0));
    properties["partition.assignment.strategy"] = arguments.text("--assignment-strategy").value_or("");
    client::warn_of_unresolved_servers(env(), properties);
    auto config = client::ConsumerConfig::from_properties(properties);
    if (!config) {
        constexpr std::string_view kMark = "not modelled: ";
        const size_t at = config.error().find(kMark);
        if (at == std::string::npos) return uncaught(config.error());
        return not_modelled(
            fmt::format("kafka-verifiable-consumer.sh with {}", config.error().substr(at + kMark.size())));
    }
    client::ConsumerConfig listening = std::move(config).value();
    listening.listens = true;
    consumer_ = client::Consumer(std::move(listening), kListeningConsumer);
    consumer_.start(env());
    client::warn_of_unknown_configs(env(), client::ClientKind::Consumer, properties);
    return std::nullopt;
}

VerifiableConsumerCommand::Thrown VerifiableConsumerCommand::subscribe() {
    if (topic_.find_first_not_of(' ') == std::string::npos)
        return client::ClientFailure{"java.lang.IllegalArgumentException",
                                     "Topic collection to subscribe to cannot contain null or empty topic"};
    if (consumer_.config().assignors.empty())
        return client::ClientFailure{"java.lang.IllegalStateException",
                                     "Must configure at least one partition assigner class name to "
                                     "partition.assignment.strategy configuration property"};
    consumer_.subscribe(env(), {TopicName(topic_)});
    return std::nullopt;
}

Task<VerifiableConsumerCommand::Thrown> VerifiableConsumerCommand::consume() {
    while (!finished() && !signal()) {
        const client::ConsumerEvent event = co_await poll();
        if (const auto* failure = std::get_if<client::ConsumerFailed>(&event))
            co_return client::ClientFailure{failure->exception, failure->message};
        const auto* polled = std::get_if<client::PolledRecords>(&event);
        if (polled == nullptr || polled->woken) co_return std::nullopt;
        client::OffsetsToCommit offsets = receive(polled->records);
        if (auto_commit_) continue;
        if (auto thrown = co_await commit(std::move(offsets))) co_return thrown;
    }
    co_return std::nullopt;
}

Task<client::ConsumerEvent> VerifiableConsumerCommand::poll() {
    consumer_.poll(env(), std::nullopt, events_);
    take_rebalances();
    bool woken = false;
    while (events_.empty()) {
        if (signal() && !woken) {
            woken = true;
            consumer_.wakeup(env(), events_);
        } else {
            co_await next_event();
        }
        take_rebalances();
    }
    client::ConsumerEvent event = std::move(events_.front());
    events_.erase(events_.begin());
    co_return event;
}

Task<VerifiableConsumerCommand::Thrown> VerifiableConsumerCommand::commit(client::OffsetsToCommit offsets) {
    consumer_.commit_sync(env(), offsets, events_);
    take_rebalances();
    while (events_.empty()) {
        co_await next_event();
        take_rebalances();
    }
    Thrown failure;
    if (auto* completed = std::get_if<client::CommitCompleted>(&events_.front()))
        failure = std::move(completed->failure);
    events_.erase(events_.begin());
    if (failure && failure->exception == kFenced) co_return failure;
    print_commit(offsets, failure);
    co_return std::nullopt;
}

Task<int> VerifiableConsumerCommand::close() {
    consumer_.close(env(), events_);
    take_rebalances();
    while (events_.empty() || !std::holds_alternative<client::ConsumerClosed>(events_.front())) {
        if (events_.empty()) {
            co_await next_event();
        } else {
            events_.erase(events_.begin());
        }
        take_rebalances();
    }
    co_return 0;
}

void VerifiableConsumerCommand::take_rebalances() {
    size_t taken = 0;
    for (; taken < events_.size(); ++taken) {
        const client::ConsumerEvent& event = events_[taken];
        if (const auto* assigned = std::get_if<client::PartitionsAssigned>(&event)) {
            print_partitions("partitions_assigned", assigned->partitions);
        } else if (const auto* revoked = std::get_if<client::PartitionsRevoked>(&event)) {
            print_partitions("partitions_revoked", revoked->partitions);
        } else if (const auto* lost = std::get_if<client::PartitionsLost>(&event)) {
            print_partitions("partitions_revoked", lost->partitions);  // the listener's default
        } else {
            break;
        }
    }
    events_.erase(events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(taken));
}

client::OffsetsToCommit VerifiableConsumerCommand::receive(const std::vector<client::ConsumerRecord>& records) {
    client::OffsetsToCommit offsets;
    std::string summaries;
    for (size_t begin = 0, end = 0; begin < records.size() && (begin == 0 || !finished()); begin = end) {
        const TopicPartition& tp = records[begin].tp;
        while (end < records.size() && records[end].tp == tp) ++end;
        auto count = static_cast<int64_t>(end - begin);
        if (max_messages_ >= 0) count = std::min(count, max_messages_ - consumed_);
        if (count == 0) continue;
        const int64_t min_offset = records[begin].offset;
        const int64_t max_offset = records[begin + static_cast<size_t>(count) - 1].offset;
        for (size_t i = begin; verbose_ && i < begin + static_cast<size_t>(count); ++i) print_record(records[i]);
        offsets.emplace_back(tp, client::OffsetAndMetadata{max_offset + 1, -1, ""});
        summaries += fmt::format("{}{{{},\"count\":{},\"minOffset\":{},\"maxOffset\":{}}}",
                                 summaries.empty() ? "" : ",", topic_and_partition(tp), count, min_offset, max_offset);
        consumed_ += count;
    }
    print_event("records_consumed", fmt::format(",\"count\":{},\"partitions\":[{}]", records.size(), summaries));
    return offsets;
}

/// `fields` as `,"count":1`, ...
void VerifiableConsumerCommand::print_event(std::string_view name, std::string_view fields) {
    out(fmt::format("{{\"timestamp\":{},\"name\":\"{}\"{}}}\n", env().wall_clock().value, name, fields));
}

void VerifiableConsumerCommand::print_record(const client::ConsumerRecord& record) {
    print_event("record_data",
                fmt::format(",\"key\":{},\"value\":{},{},\"offset\":{}", bytes_or_null(record.record().key),
                            bytes_or_null(record.record().value), topic_and_partition(record.tp), record.offset));
}

void VerifiableConsumerCommand::print_partitions(std::string_view name, const std::vector<TopicPartition>& partitions) {
    std::string list;
    for (const TopicPartition& tp : partitions)
        list += fmt::format("{}{{{}}}", list.empty() ? "" : ",", topic_and_partition(tp));
    print_event(name, fmt::format(",\"partitions\":[{}]", list));
}

void VerifiableConsumerCommand::print_commit(const client::OffsetsToCommit& offsets, const Thrown& failure) {
    std::string list;
    for (const auto& [tp, committed] : offsets) {
        list +=
            fmt::format("{}{{{},\"offset\":{}}}", list.empty() ? "" : ",", topic_and_partition(tp), committed.offset);
    }
    const bool has_text = failure && !failure->message.empty();  // a null message is left out
    const std::string error = has_text ? ",\"error\":" + zookeeper::json_string(failure->message) : "";
    print_event("offsets_committed", fmt::format(",\"offsets\":[{}]{},\"success\":{}", list, error, !failure));
}

}  // namespace kafkasim::tools
