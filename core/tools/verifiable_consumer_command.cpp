// SPDX-License-Identifier: Apache-2.0

#include "core/tools/verifiable_consumer_command.hpp"

#include <fmt/format.h>

#include "core/protocol/message.hpp"
#include "core/tools/java_charset.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::tools {
namespace {

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
    if (auto code = help_or_mistake(tool, parsed)) co_return *code;
    topic_ = parsed.text("--topic").value_or("");
    max_messages_ = parsed.number("--max-messages").value_or(-1);
    auto_commit_ = parsed.text("--enable-autocommit").has_value();
    verbose_ = parsed.text("--verbose").has_value();
    if (auto code = create_consumer(parsed)) co_return *code;
    print_event("startup_complete");
    Thrown thrown = subscribe();
    if (!thrown) thrown = co_await consume();
    if (thrown) {
        env().log(node::Level::Error, "org.apache.kafka.tools.VerifiableConsumer",
                  "Error during processing, terminating consumer process: ");
        err(fmt::format("{}{}{}\n", thrown->exception, thrown->message.empty() ? "" : ": ", thrown->message));
    }
    co_await close_consumer();
    print_event("shutdown_complete");
    co_return signal() ? exit_code_of_signal() : 0;
}

std::optional<int> VerifiableConsumerCommand::create_consumer(const ParsedArguments& arguments) {
    client::ClientProperties properties;
    const auto path = arguments.text("--consumer.config");
    if (auto code = add_properties(verifiable_consumer_tool(), path, properties)) return code;
    properties["group.id"] = arguments.text("--group-id").value_or("");
    if (const auto instance = arguments.text("--group-instance-id")) properties["group.instance.id"] = *instance;
    properties["bootstrap.servers"] =
        arguments.text("--bootstrap-server").value_or(arguments.text("--broker-list").value_or(""));
    properties["enable.auto.commit"] = auto_commit_ ? "true" : "false";
    properties["auto.offset.reset"] = arguments.text("--reset-policy").value_or("");
    properties["session.timeout.ms"] = std::to_string(arguments.number("--session-timeout").value_or(0));
    properties["partition.assignment.strategy"] = arguments.text("--assignment-strategy").value_or("");
    const auto exception = start_consumer(properties, {.listens = true});
    if (!exception) return std::nullopt;
    if (auto code = refused("kafka-verifiable-consumer.sh", *exception)) return code;
    return uncaught(*exception);
}

VerifiableConsumerCommand::Thrown VerifiableConsumerCommand::subscribe() {
    if (topic_.find_first_not_of(' ') == std::string::npos)
        return client::ClientFailure{"java.lang.IllegalArgumentException",
                                     "Topic collection to subscribe to cannot contain null or empty topic"};
    if (own_consumer().config().assignors.empty())
        return client::ClientFailure{"java.lang.IllegalStateException",
                                     "Must configure at least one partition assigner class name to "
                                     "partition.assignment.strategy configuration property"};
    own_consumer().subscribe(env(), {TopicName(topic_)});
    return std::nullopt;
}

Task<VerifiableConsumerCommand::Thrown> VerifiableConsumerCommand::consume() {
    while (!finished() && !signal()) {
        co_await await_poll(std::nullopt);
        const client::ConsumerEvent event = next_consumer_event();
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

Task<VerifiableConsumerCommand::Thrown> VerifiableConsumerCommand::commit(client::OffsetsToCommit offsets) {
    own_consumer().commit_sync(env(), offsets, events());
    take_events();
    while (events().empty()) co_await next_event();
    client::ConsumerEvent event = next_consumer_event();
    Thrown failure;
    if (auto* completed = std::get_if<client::CommitCompleted>(&event)) failure = std::move(completed->failure);
    if (failure && failure->exception == kFenced) co_return failure;
    print_commit(offsets, failure);
    co_return std::nullopt;
}

void VerifiableConsumerCommand::take_events() {
    std::erase_if(events(), [&](const client::ConsumerEvent& event) {
        if (const auto* assigned = std::get_if<client::PartitionsAssigned>(&event)) {
            print_partitions("partitions_assigned", assigned->partitions);
        } else if (const auto* revoked = std::get_if<client::PartitionsRevoked>(&event)) {
            print_partitions("partitions_revoked", revoked->partitions);
        } else if (const auto* lost = std::get_if<client::PartitionsLost>(&event)) {
            print_partitions("partitions_revoked", lost->partitions);  // the listener's default
        } else {
            return false;
        }
        return true;
    });
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
