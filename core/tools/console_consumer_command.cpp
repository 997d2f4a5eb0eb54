// SPDX-License-Identifier: Apache-2.0

#include "core/tools/console_consumer_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/client/admin_calls.hpp"
#include "core/protocol/message.hpp"
#include "core/tools/loggers.hpp"
#include "core/tools/options.hpp"

namespace kafkasim::tools {
namespace {

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
    (void)options.text("bootstrap-server");
    arguments.topic = options.text("topic").value_or("");
    if (options.has("include") || options.has("whitelist"))
        arguments.include = options.text(options.has("include") ? "include" : "whitelist");
    if (options.error()) return std::nullopt;
    if (options.has("topic") == arguments.include.has_value()) {
        return fmt::format("Exactly one of --include/--topic is required. {}",
                           options.has("whitelist")
                               ? "--whitelist is DEPRECATED use --include instead; ignored if --include specified."
                               : "()");
    }
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
    log_systest_events_ = options.has("enable-systest-events");
    skip_message_on_error_ = options.has("skip-message-on-error");
    const auto threw = [&] { return uncaught(options.error()->exception + ": " + options.error()->message); };
    if (const auto path = options.text("consumer.config")) {
        if (options.error()) return threw();
        auto loaded = load_properties(*path);
        if (!loaded) return uncaught(loaded.error());
        file_ = std::move(loaded).value();
    }
    (void)options.number("partition");
    if (options.error()) return threw();
    if (auto code = create_formatter(options)) return code;
    const std::optional<std::string> complaint = read_console_consumer_arguments(options, arguments_);
    if (options.error()) return threw();
    if (complaint) return print_usage_and_die(*complaint, table);
    const auto compiled = java::Pattern::compile(arguments_.include.value_or(""));
    const auto* failure = std::get_if<java::PatternFailure>(&compiled);
    if (failure == nullptr || failure->not_modelled.empty()) return std::nullopt;
    return not_modelled(fmt::format("kafka-console-consumer.sh with {} in an expression", failure->not_modelled));
}

std::optional<int> ConsoleConsumerCommand::create_formatter(ParsedOptions& options) {
    config::Properties properties = key_values(options.all("property"));
    const std::string name = options.text("formatter").value_or("");
    const std::string key = options.text("key-deserializer").value_or("");
    const std::string value = options.text("value-deserializer").value_or("");
    if (options.error()) return uncaught(options.error()->exception + ": " + options.error()->message);
    if (!key.empty()) properties["key.deserializer"] = key;
    if (!value.empty()) properties["value.deserializer"] = value;
    auto made = MessageFormatter::make(name, properties);
    if (const auto* failure = std::get_if<FormatterFailure>(&made)) {
        return failure->thrown.empty()
                   ? not_modelled(fmt::format("kafka-console-consumer.sh with {}", failure->not_modelled))
                   : uncaught(failure->thrown);
    }
    formatter_ = std::move(std::get<MessageFormatter>(made));
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
    const config::Properties extra = key_values(options.all("consumer-property"));
    client::ClientProperties properties(file_.begin(), file_.end());
    for (const auto& [name, value] : extra) properties[name] = value;
    (void)options.text("group");
    const std::optional<std::string> isolation = options.text("isolation-level");
    if (options.error()) return uncaught(options.error()->exception + ": " + options.error()->message);
    if (auto code = add_group(options, file_, extra, properties)) return code;
    if (auto code = add_reset(properties)) return code;
    properties["bootstrap.servers"] = options.text("bootstrap-server").value_or("");
    if (options.has("isolation-level") || properties.count("isolation.level") == 0)
        properties["isolation.level"] = *isolation;
    const auto exception = start_consumer(properties, {});
    if (!exception) return std::nullopt;
    const int code = run_failed(*exception);
    return exception->find("not modelled") != std::string::npos ? kNotModelled : code;
}

std::optional<std::string> ConsoleConsumerCommand::subscribe() {
    if (arguments_.include) {
        if (arguments_.include->empty())
            return "java.lang.IllegalArgumentException: Topic pattern to subscribe to cannot be empty";
        auto compiled = java::Pattern::compile(*arguments_.include);
        if (const auto* failure = std::get_if<java::PatternFailure>(&compiled))
            return "java.util.regex.PatternSyntaxException: " + failure->message();
        own_consumer().subscribe(env(), std::get<java::Pattern>(compiled));
        return std::nullopt;
    }
    const TopicName topic(arguments_.topic);
    if (!arguments_.partition) {
        if (arguments_.topic.find_first_not_of(' ') == std::string::npos)
            return "java.lang.IllegalArgumentException: Topic collection to subscribe to cannot contain null or empty "
                   "topic";
        own_consumer().subscribe(env(), {topic});
        return std::nullopt;
    }
    const TopicPartition partition{topic, *arguments_.partition};
    own_consumer().assign(env(), {partition});
    if (arguments_.offset == client::kEarliestTimestamp) {
        own_consumer().seek_to_beginning(partition);
    } else if (arguments_.offset == client::kLatestTimestamp) {
        own_consumer().seek_to_end(partition);
    } else {
        own_consumer().seek(partition, arguments_.offset);
    }
    return std::nullopt;
}

Task<int> ConsoleConsumerCommand::run() {
    ParseOutcome parsed = parse_options(console_consumer_options(), arguments());
    if (parsed.error) co_return print_usage_and_die(parsed.error->message, console_consumer_options());
    if (auto code = check(parsed.options)) co_return *code;
    if (auto code = create_consumer(parsed.options)) co_return *code;
    if (auto thrown = subscribe()) co_return run_failed(*thrown);
    const std::optional<std::string> thrown = co_await consume();
    co_await close_consumer();
    err(fmt::format("Processed a total of {} messages\n", count_));
    co_return end(thrown ? run_failed(*thrown) : signal() ? exit_code_of_signal() : 0);
}

/// The shutdown hook: it runs however the program ends.
int ConsoleConsumerCommand::end(int code) {
    if (log_systest_events_) out("shutdown_complete\n");
    return code;
}

Task<std::optional<std::string>> ConsoleConsumerCommand::consume() {
    constexpr std::string_view kTerminating = "Error processing message, terminating consumer process: ";
    while (!enough() && !signal()) {
        co_await await_poll(arguments_.timeout);
        const client::ConsumerEvent event = next_consumer_event();
        if (const auto* failure = std::get_if<client::ConsumerFailed>(&event)) {
            failed(kTerminating,
                   failure->message.empty() ? failure->exception : failure->exception + ": " + failure->message);
            break;
        }
        const auto* polled = std::get_if<client::PolledRecords>(&event);
        if (polled == nullptr || polled->woken) break;
        if (polled->records.empty()) {
            failed(kTerminating, "org.apache.kafka.common.errors.TimeoutException");
            break;
        }
        if (auto thrown = print(polled->records)) co_return thrown;
    }
    co_return std::nullopt;
}

std::optional<std::string> ConsoleConsumerCommand::print(const std::vector<client::ConsumerRecord>& records) {
    std::map<TopicPartition, int64_t> unconsumed;
    std::optional<std::string> thrown;
    for (const client::ConsumerRecord& record : records) {
        if (enough() || thrown) {
            unconsumed.try_emplace(record.tp, record.offset);
        } else {
            thrown = print(record);
        }
    }
    for (const auto& [partition, offset] : unconsumed) own_consumer().seek(partition, offset);
    return thrown;
}

std::optional<std::string> ConsoleConsumerCommand::print(const client::ConsumerRecord& record) {
    ++count_;
    Written written = formatter_.write(
        {record.tp.partition, record.offset, record.timestamp_ms, record.log_append_time, &record.record()});
    if (!written.text.empty()) out(written.text);
    if (!written.thrown || !skip_message_on_error_) return std::move(written.thrown);
    failed("Error processing message, skipping this message: ", *written.thrown);
    return std::nullopt;
}

void ConsoleConsumerCommand::failed(std::string_view message, std::string_view trace) {
    env().log(node::Level::Error, kConsoleConsumerLogger, message);
    err(fmt::format("{}\n", trace));
}

int ConsoleConsumerCommand::run_failed(std::string_view trace) {
    failed("Unknown error when running consumer: ", trace);
    return 1;
}

}  // namespace kafkasim::tools
