// SPDX-License-Identifier: Apache-2.0

#include "core/tools/console_producer_command.hpp"

#include <fmt/format.h>

#include "core/tools/bootstrap.hpp"
#include "core/tools/options.hpp"

namespace kafkasim::tools {
namespace {

/// The stack of a line that cannot be read.
constexpr std::string_view kReadMessageFrames[] = {
    "kafka.tools.ConsoleProducer$LineMessageReader.readMessage(ConsoleProducer.scala:292)",
    "kafka.tools.ConsoleProducer$.main(ConsoleProducer.scala:51)",
    "kafka.tools.ConsoleProducer.main(ConsoleProducer.scala)",
};
constexpr std::string_view kErrorLogger = "org.apache.kafka.clients.producer.internals.ErrorLoggingCallback";

struct MergedOption {
    std::string_view option;
    std::string_view property;
};
constexpr MergedOption kMergedOptions[] = {
    {"timeout", "linger.ms"},
    {"request-required-acks", "acks"},
    {"request-timeout-ms", "request.timeout.ms"},
    {"message-send-max-retries", "retries"},
    {"retry-backoff-ms", "retry.backoff.ms"},
    {"socket-buffer-size", "send.buffer.bytes"},
    {"max-memory-bytes", "buffer.memory"},
    {"max-partition-memory-bytes", "batch.size"},
    {"metadata-expiry-ms", "metadata.max.age.ms"},
    {"max-block-ms", "max.block.ms"},
};

std::string size_text(const std::optional<size_t>& bytes) { return bytes ? fmt::format("{} bytes", *bytes) : "null"; }
std::string trace_of(const client::ClientFailure& failure) {
    return failure.message.empty() ? failure.exception : failure.exception + ": " + failure.message;
}

}  // namespace

client::ClientProperties console_producer_properties(ParsedOptions& options, const config::Properties& file) {
    client::ClientProperties properties(file.begin(), file.end());
    for (const auto& [name, value] : key_values(options.all("producer-property"))) properties[name] = value;
    properties["bootstrap.servers"] =
        options.text(options.has("bootstrap-server") ? "bootstrap-server" : "broker-list").value_or("");
    const std::string codec =
        options.has("compression-codec") ? options.text("compression-codec").value_or("gzip") : "none";
    properties["compression.type"] = codec.empty() ? "gzip" : codec;
    properties.emplace("client.id", "console-producer");
    for (const MergedOption& merged : kMergedOptions) {
        const std::string property(merged.property);
        if (!options.has(merged.option) && properties.count(property) != 0) continue;
        const std::string value = options.text(merged.option).value_or("");
        const bool is_text = merged.option == "request-required-acks";
        if (is_text || options.number(merged.option)) properties[property] = value;
    }
    return properties;
}

int ConsoleProducerCommand::thrown(std::string_view trace) {
    if (auto code = refused("kafka-console-producer.sh", trace)) return *code;
    err(fmt::format("{}\n", trace));
    return 1;
}

std::optional<int> ConsoleProducerCommand::check(ParsedOptions& options) {
    const auto table = console_producer_options();
    const bool help = options.has("help") || options.has("version");
    if (!help && !options.has("bootstrap-server") && !options.has("broker-list")) {
        return print_usage_and_die("Missing required option(s) [bootstrap-server]", table);
    }
    if (auto code = help_or_version(options, table,
                                    "This tool helps to read data from standard input and publish it to Kafka."))
        return code;
    if (auto missing = missing_required(options, {"topic"})) return print_usage_and_die(*missing, table);
    // In the order in which the real tool asks for them: the first that cannot be read is told.
    (void)options.text("topic");
    (void)options.text("bootstrap-server");
    (void)options.text("broker-list");
    const std::string hosts =
        options.text(options.has("bootstrap-server") ? "bootstrap-server" : "broker-list").value_or("");
    if (!options.error() && !has_valid_ports(hosts)) {
        err("Please provide valid host:port like host1:9091,host2:9092\n");
        return print_usage_and_die(" ", table);
    }
    (void)options.text("compression-codec");
    (void)options.number("batch-size");
    const std::string line_reader = options.text("line-reader").value_or("");
    if (options.error()) return thrown(options.error()->message);
    return check_line_reader(line_reader);
}

/// A class that nobody has put beside the tool's own is not found.
std::optional<int> ConsoleProducerCommand::check_line_reader(const std::string& name) {
    if (name == "kafka.tools.ConsoleProducer$LineMessageReader") return std::nullopt;
    for (std::string_view known : {"kafka.", "org.apache.", "java.", "scala."}) {
        if (name.starts_with(known)) return not_modelled("kafka-console-producer.sh --line-reader " + name);
    }
    return thrown("java.lang.ClassNotFoundException: " + name);
}

std::optional<int> ConsoleProducerCommand::create_producer(ParsedOptions& options) {
    config::Properties file;
    if (const auto path = options.text("producer.config")) {
        if (options.error()) return thrown(options.error()->message);
        auto loaded = load_properties(*path);
        if (!loaded) return thrown(loaded.error());
        file = std::move(loaded).value();
    }
    const client::ClientProperties properties = console_producer_properties(options, file);
    if (options.error()) return thrown(options.error()->message);
    if (const auto exception = start_producer(properties)) return thrown(*exception);
    return std::nullopt;
}

Task<int> ConsoleProducerCommand::run() {
    ParseOutcome parsed = parse_options(console_producer_options(), arguments());
    if (parsed.error) co_return print_usage_and_die(parsed.error->message, console_producer_options());
    ParsedOptions& options = parsed.options;
    if (auto code = check(options)) co_return *code;
    const std::optional<std::string> topic = options.text("topic");
    reader_ = LineReader(key_values(options.all("property")));
    if (auto code = create_producer(options)) co_return *code;
    sync_ = options.has("sync");
    producing_ = true;
    const int code = co_await produce(*topic);
    co_return co_await close(code);
}

Task<int> ConsoleProducerCommand::produce(std::string topic) {
    while (!signal()) {
        if (env().is_terminal()) out(">");
        const std::optional<std::string> line = co_await next_line();
        if (!line) break;
        auto read = reader_.read(*line);
        if (!read) {
            err(fmt::format("org.apache.kafka.common.KafkaException: {}\n", read.error()));
            for (std::string_view frame : kReadMessageFrames) err(fmt::format("\tat {}\n", frame));
            co_return 1;
        }
        client::ProducerRecord record;
        record.topic = TopicName(topic);
        record.key = read.value().key;
        record.value = read.value().value;
        const int code = co_await send(std::move(record));
        if (code != 0) co_return code;
    }
    co_return 0;
}

Task<int> ConsoleProducerCommand::send(client::ProducerRecord record) {
    answered_ = false;
    awaited_ = producer().send(env(), std::move(record), events());
    take_events();
    while (!answered_ && !signal()) co_await next_event();
    co_return send_threw_ ? 1 : 0;
}

Task<int> ConsoleProducerCommand::close(int exit_code) {
    producer().close(env(), events());
    take_events();
    while (!closed_) co_await next_event();
    co_return signal() ? exit_code_of_signal() : exit_code;
}

void ConsoleProducerCommand::take_events() {
    for (const client::ProducerEvent& event : std::exchange(events(), {})) {
        if (const auto* accepted = std::get_if<client::RecordAccepted>(&event)) {
            answered_ = answered_ || (!sync_ && accepted->record == awaited_);
        } else if (const auto* delivered = std::get_if<client::RecordDelivered>(&event)) {
            answered_ = answered_ || delivered->record == awaited_;
        } else if (const auto* failure = std::get_if<client::RecordFailed>(&event)) {
            take(*failure);
        } else if (const auto* threw = std::get_if<client::SendThrew>(&event)) {
            take(*threw);
        } else {
            closed_ = true;
        }
    }
}

/// With --sync the tool waits for the record and is thrown at; else the record's callback tells of it.
void ConsoleProducerCommand::take(const client::RecordFailed& failure) {
    answered_ = answered_ || failure.record == awaited_;
    const std::string trace = trace_of({failure.exception, failure.message});
    if (sync_) {
        send_threw_ = true;
        thrown(fmt::format("java.util.concurrent.ExecutionException: {0}\nCaused by: {0}", trace));
        return;
    }
    env().log(node::Level::Error, kErrorLogger,
              fmt::format("Error when sending message to topic {} with key: {}, value: {} with error:",
                          failure.topic.view(), size_text(failure.key_bytes), size_text(failure.value_bytes)));
    err(trace + "\n");
}

void ConsoleProducerCommand::take(const client::SendThrew& threw) {
    answered_ = answered_ || threw.record == awaited_;
    send_threw_ = true;
    thrown(trace_of(threw.failure) + (threw.cause ? "\nCaused by: " + trace_of(*threw.cause) : std::string()));
}

}  // namespace kafkasim::tools
