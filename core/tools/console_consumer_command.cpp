// SPDX-License-Identifier: Apache-2.0

#include "core/tools/console_consumer_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/client/admin_calls.hpp"
#include "core/protocol/message.hpp"
#include "core/tools/options.hpp"

namespace kafkasim::tools {
namespace {

constexpr uint16_t kConsumerComponent = 1;
constexpr std::string_view kLogger = "kafka.tools.ConsoleConsumer$";
constexpr uint64_t kGeneratedGroups = 100000;

std::string in_lower_case(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

/// nullopt if the text is no offset.
std::optional<int64_t> read_offset(const std::string& text) {
    if (text == "earliest") return client::kEarliestTimestamp;
    if (text == "latest") return client::kLatestTimestamp;
    const std::optional<int64_t> offset = whole_number(text, ArgumentType::Long);
    return offset && *offset >= 0 ? offset : std::nullopt;
}

std::string quoted_list(const std::vector<std::string>& words) { return fmt::format("'{}'", fmt::join(words, "', '")); }

}  // namespace

std::optional<std::string> read_console_consumer_arguments(ParsedOptions& options,
                                                           ConsoleConsumerArguments& arguments) {
    arguments.from_beginning = options.has("from-beginning");
    if (const auto partition = options.number("partition")) arguments.partition = static_cast<int32_t>(*partition);
    arguments.max_messages = options.number("max-messages");
    if (arguments.max_messages == -1) arguments.max_messages = std::nullopt;
    if (const auto timeout = options.number("timeout-ms"); timeout && *timeout >= 0)
        arguments.timeout = from_millis(*timeout);
    const bool includes = options.has("include") || options.has("whitelist");
    if (options.error()) return std::nullopt;
    if (options.has("topic") == includes) {
        return fmt::format("Exactly one of --include/--topic is required. {}",
                           options.has("whitelist")
                               ? "--whitelist is DEPRECATED use --include instead; ignored if --include specified."
                               : "()");
    }
    arguments.topic = options.text("topic").value_or("");
    if (options.has("partition")) {
        if (!options.has("topic")) return "The topic is required when partition is specified.";
        if (arguments.from_beginning && options.has("offset"))
            return "Options from-beginning and offset cannot be specified together.";
    } else if (options.has("offset")) {
        return "The partition is required when offset is specified.";
    }
    arguments.offset = arguments.from_beginning ? client::kEarliestTimestamp : client::kLatestTimestamp;
    if (options.has("offset")) {
        const std::string text = in_lower_case(options.text("offset").value_or(""));
        const std::optional<int64_t> offset = read_offset(text);
        if (!offset)
            return fmt::format(
                "The provided offset value '{}' is incorrect. Valid values are 'earliest', 'latest', or a non-negative "
                "long.",
                text);
        arguments.offset = *offset;
    }
    return missing_required(options, {"bootstrap-server"});
}

std::vector<std::string> group_ids(ParsedOptions& options, const config::Properties& file,
                                   const config::Properties& extra) {
    std::vector<std::string> ids;
    auto add = [&](const std::string& id) {
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    };
    if (const auto group = options.text("group")) add(*group);
    for (const config::Properties* properties : {&file, &extra}) {
        if (auto found = properties->find("group.id"); found != properties->end()) add(found->second);
    }
    return ids;
}

std::optional<int> ConsoleConsumerCommand::check(ParsedOptions& options) {
    const auto table = console_consumer_options();
    if (auto code = help_or_version(
            options, table, "This tool helps to read data from Kafka topics and outputs it to standard output."))
        return code;
    const std::optional<std::string> complaint = read_console_consumer_arguments(options, arguments_);
    if (options.error()) return uncaught(options.error()->exception + ": " + options.error()->message);
    if (complaint) return print_usage_and_die(*complaint, table);
    if (!options.has("topic")) return not_modelled("kafka-console-consumer.sh --include");
    if (options.text("formatter") != "kafka.tools.DefaultMessageFormatter")
        return not_modelled("kafka-console-consumer.sh --formatter");
    for (std::string_view option : {"key-deserializer", "value-deserializer", "enable-systest-events"}) {
        if (options.has(option)) return not_modelled(fmt::format("kafka-console-consumer.sh --{}", option));
    }
    return std::nullopt;
}

std::optional<int> ConsoleConsumerCommand::add_group(ParsedOptions& options, const config::Properties& file,
                                                     const config::Properties& extra,
                                                     client::ClientProperties& properties) {
    const std::vector<std::string> groups = group_ids(options, file, extra);
    if (groups.size() > 1) {
        return print_usage_and_die(fmt::format("The group ids provided in different places (directly using '--group', "
                                               "via '--consumer-property', or via "
                                               "'--consumer.config') do not match. Detected group ids: {}",
                                               quoted_list(groups)),
                                   console_consumer_options());
    }
    if (groups.empty()) {
        properties["group.id"] =
            fmt::format("console-consumer-{}", env().chance().below(node::Stream::GroupIds, kGeneratedGroups));
        if (file.find("enable.auto.commit") == file.end() && extra.find("enable.auto.commit") == extra.end())
            properties["enable.auto.commit"] = "false";
        return std::nullopt;
    }
    properties["group.id"] = groups.front();
    if (arguments_.partition)
        return print_usage_and_die("Options group and partition cannot be specified together.",
                                   console_consumer_options());
    return std::nullopt;
}

std::optional<int> ConsoleConsumerCommand::add_reset(client::ClientProperties& properties) {
    const auto found = properties.find("auto.offset.reset");
    if (found == properties.end()) {
        properties["auto.offset.reset"] = arguments_.from_beginning ? "earliest" : "latest";
    } else if (arguments_.from_beginning && found->second != "earliest") {
        err(fmt::format(
            "Can't simultaneously specify --from-beginning and 'auto.offset.reset={}', please remove one option\n",
            found->second));
        return 1;
    }
    return std::nullopt;
}

std::optional<int> ConsoleConsumerCommand::create_consumer(ParsedOptions& options) {
    config::Properties file;
    if (const auto path = options.text("consumer.config")) {
        auto loaded = load_properties(*path);
        if (!loaded) return uncaught(loaded.error());
        file = std::move(loaded).value();
    }
    const config::Properties extra = key_values(options.all("consumer-property"));
    client::ClientProperties properties(file.begin(), file.end());
    for (const auto& [name, value] : extra) properties[name] = value;
    if (auto code = add_group(options, file, extra, properties)) return code;
    if (auto code = add_reset(properties)) return code;
    properties["bootstrap.servers"] = options.text("bootstrap-server").value_or("");
    const std::optional<std::string> isolation = options.text("isolation-level");
    if (options.error()) return uncaught(options.error()->exception + ": " + options.error()->message);
    if (options.has("isolation-level") || properties.count("isolation.level") == 0)
        properties["isolation.level"] = *isolation;
    auto config = client::ConsumerConfig::from_properties(properties);
    if (!config) {
        env().log(node::Level::Error, kLogger, "Unknown error when running consumer: ");
        err(fmt::format("org.apache.kafka.common.config.ConfigException: {}\n", config.error()));
        return config.error().find("not modelled") != std::string::npos ? kNotModelled : 1;
    }
    consumer_ = client::Consumer(std::move(config).value(), kConsumerComponent);
    consumer_.start(env());
    return std::nullopt;
}

void ConsoleConsumerCommand::subscribe() {
    const TopicName topic(arguments_.topic);
    if (!arguments_.partition) return consumer_.subscribe(env(), {topic});
    const TopicPartition partition{topic, *arguments_.partition};
    consumer_.assign(env(), {partition});
    if (arguments_.offset == client::kEarliestTimestamp) return consumer_.seek_to_beginning(partition);
    if (arguments_.offset == client::kLatestTimestamp) return consumer_.seek_to_end(partition);
    consumer_.seek(partition, arguments_.offset);
}

Task<int> ConsoleConsumerCommand::run() {
    ParseOutcome parsed = parse_options(console_consumer_options(), arguments());
    if (parsed.error) co_return print_usage_and_die(parsed.error->message, console_consumer_options());
    if (auto code = check(parsed.options)) co_return *code;
    formatter_ = MessageFormatter(key_values(parsed.options.all("property")));
    if (auto code = create_consumer(parsed.options)) co_return *code;
    subscribe();
    consuming_ = true;
    co_await consume();
    co_await close();
    err(fmt::format("Processed a total of {} messages\n", count_));
    co_return signal() ? exit_code_of_signal() : 0;
}

Task<int> ConsoleConsumerCommand::consume() {
    while (!enough() && !signal()) {
        const client::ConsumerEvent event = co_await poll();
        if (const auto* failure = std::get_if<client::ConsumerFailed>(&event)) {
            failed(failure->message.empty() ? failure->exception : failure->exception + ": " + failure->message);
            break;
        }
        const auto* polled = std::get_if<client::PolledRecords>(&event);
        if (polled == nullptr || polled->woken) break;
        if (polled->records.empty()) {
            failed("org.apache.kafka.common.errors.TimeoutException");
            break;
        }
        print(polled->records);
    }
    co_return 0;
}

Task<client::ConsumerEvent> ConsoleConsumerCommand::poll() {
    consumer_.poll(env(), arguments_.timeout, events_);
    bool woken = false;
    while (events_.empty()) {
        if (signal() && !woken) {
            woken = true;
            consumer_.wakeup(env(), events_);
            continue;
        }
        co_await next_event();
    }
    client::ConsumerEvent event = std::move(events_.front());
    events_.erase(events_.begin());
    co_return event;
}

Task<int> ConsoleConsumerCommand::close() {
    consumer_.close(env(), events_);
    auto closed = [&] {
        return std::any_of(events_.begin(), events_.end(), [](const client::ConsumerEvent& event) {
            return std::holds_alternative<client::ConsumerClosed>(event);
        });
    };
    while (!closed()) co_await next_event();
    co_return 0;
}

void ConsoleConsumerCommand::print(const std::vector<client::ConsumerRecord>& records) {
    std::map<TopicPartition, int64_t> unconsumed;
    for (const client::ConsumerRecord& record : records) {
        if (enough()) {
            unconsumed.try_emplace(record.tp, record.offset);
            continue;
        }
        out(formatter_.format(
            {record.tp.partition, record.offset, record.timestamp_ms, record.log_append_time, &record.record()}));
        ++count_;
    }
    for (const auto& [partition, offset] : unconsumed) consumer_.seek(partition, offset);
}

void ConsoleConsumerCommand::failed(std::string_view trace) {
    env().log(node::Level::Error, kLogger, "Error processing message, terminating consumer process: ");
    err(fmt::format("{}\n", trace));
}

}  // namespace kafkasim::tools
