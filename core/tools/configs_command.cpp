// SPDX-License-Identifier: Apache-2.0
#include "core/tools/configs_command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/java.hpp"
#include "core/client/client_failure.hpp"
#include "core/config/topic_config.hpp"

namespace kafkasim::tools {
namespace {

constexpr Duration kDescribePatience = 30s;
constexpr Duration kAlterTimeout = 30s;
constexpr int8_t kSet = 0;
constexpr int8_t kDelete = 1;

int8_t resource_type(std::string_view type) {
    return type == "topics" ? client::kTopicResource : client::kBrokerResource;
}

/// The level at which a change of this entity stands.
config::ConfigSource own_source(std::string_view type, std::string_view name) {
    if (type == "topics") return config::ConfigSource::TopicConfig;
    return name.empty() ? config::ConfigSource::DynamicDefaultBrokerConfig : config::ConfigSource::DynamicBrokerConfig;
}

template <typename T, typename NameOf>
std::vector<T> in_hash_order(const std::vector<T>& items, NameOf name_of) {
    std::vector<int32_t> hashes;
    for (const T& item : items) hashes.push_back(java::string_hash(name_of(item)));
    std::vector<T> ordered;
    for (size_t index : java::hash_map_order(hashes)) ordered.push_back(items[index]);
    return ordered;
}

/// The exception of a key in a response. An empty text is a text too: "...UnknownTopicOrPartitionException: ".
std::string exception_of(ErrorCode code, const std::optional<std::string>& message) {
    if (message && message->empty()) return client::exception_class(code) + ": ";
    return admin_error(code, message).text();
}

std::string bare_type(std::string_view type) { return std::string(type.substr(0, type.size() - 1)); }

client::AdminCall alter_configs(std::string_view name,
                                const std::vector<protocol::AlterConfigsRequest::AlterableConfig>& configs) {
    protocol::AlterConfigsRequest request;
    request.resources.push_back({client::kBrokerResource, std::string(name), configs});
    client::AdminCall call;
    call.name = "alterConfigs";
    if (const auto id = whole_number(name, ArgumentType::Integer); id && !name.empty()) {
        call.route = client::AdminRoute::Node;
        call.node = static_cast<client::NodeId>(*id);
    }
    call.request = std::move(request);
    call.timeout = kAlterTimeout;
    return call;
}

}  // namespace

Task<int> ConfigsCommand::run() {
    const auto table = configs_options();
    ParseOutcome parsed = parse_options(table, arguments());
    if (parsed.error) co_return complain(parsed.error->message);
    ParsedOptions options = std::move(parsed.options);
    if (auto code = help_or_version(options, table,
                                    "This tool helps to manipulate and describe entity config for a topic, client, "
                                    "user, broker or ip"))
        co_return *code;
    if (options.has("describe") == options.has("alter"))
        co_return print_usage_and_die("Command must include exactly one action: --describe, --alter", table);
    if (auto text = invalid_together(options, "describe", {"add-config", "delete-config"}))
        co_return print_usage_and_die(*text, table);
    if (auto complaint = complaint_about_configs_options(options)) co_return complain(*complaint);
    if (options.has("zookeeper")) co_return not_modelled("kafka-configs.sh --zookeeper");

    const std::optional<std::string> bootstrap = options.text("bootstrap-server");
    const std::optional<std::string> command_config = options.text("command-config");
    if (options.error()) co_return complain(options.error()->message);
    if (auto exception = create_admin(*bootstrap, command_config)) co_return fail_here(*exception);
    const int code = co_await act(options);
    close_admin();
    co_return code;
}

Task<int> ConfigsCommand::act(ParsedOptions options) {
    if (options.has("alter") && entity_types(options).size() != entity_names(options).size())
        co_return complain("An entity name must be specified for every entity type");
    const std::string type = entity_types(options).front();
    if (type != "topics" && type != "brokers")
        co_return not_modelled(fmt::format("kafka-configs.sh --entity-type {}", type));
    if (options.has("alter")) co_return co_await alter(options);
    co_return co_await describe(options);
}

// --- describe

Task<int> ConfigsCommand::describe(ParsedOptions options) {
    const std::string type = entity_types(options).front();
    std::vector<std::string> names = entity_names(options);
    if (names.empty()) {
        const std::optional<int> code = co_await find_entities(type, &names);
        if (code) co_return *code;
    } else {
        names.resize(1);
    }
    const bool all = options.has("all");
    for (const std::string& name : names) {
        const int code = co_await describe_one(type, name, all);
        if (code != 0) co_return code;
    }
    co_return 0;
}

Task<int> ConfigsCommand::describe_one(std::string type, std::string name, bool all) {
    if (name.empty()) {
        out(fmt::format("Default configs for {} in the cluster are:\n", type));
    } else {
        out(fmt::format("{} configs for {} {} are:\n", all ? "All" : "Dynamic", bare_type(type), name));
    }
    std::vector<Config> configs;
    const std::optional<int> code = co_await read_configs(type, name, all, Site::Describing, &configs);
    if (code) co_return *code;
    for (const Config& config : configs) out(config_line(config));
    co_return 0;
}

Task<std::optional<int>> ConfigsCommand::find_entities(std::string type, std::vector<std::string>* names) {
    client::AdminCall request = type == "topics" ? client::list_topics() : client::describe_cluster();
    const client::AdminResult result = co_await call(std::move(request));
    if (result.error) co_return fail(*result.error, Site::ListingTopics);
    if (type == "topics") {
        for (const auto& topic : body_of<protocol::MetadataResponse>(result).topics) names->push_back(topic.name.str());
        *names = in_hash_order(*names, [](const std::string& name) -> const std::string& { return name; });
    } else {
        std::vector<int32_t> ids;
        for (const auto& broker : body_of<protocol::DescribeClusterResponse>(result).brokers)
            ids.push_back(broker.broker_id.value);
        std::sort(ids.begin(), ids.end());
        for (int32_t id : ids) names->push_back(std::to_string(id));
        names->emplace_back();
    }
    co_return std::nullopt;
}

Task<std::optional<int>> ConfigsCommand::read_configs(std::string type, std::string name, bool all, Site site,
                                                      std::vector<Config>* configs) {
    const Instant asked = env().now();
    std::vector<protocol::DescribeConfigsRequest::DescribeConfigsResource> resources;
    resources.push_back({resource_type(type), name, std::nullopt});
    client::AdminCall request = client::describe_configs(std::move(resources), site == Site::Describing);
    const client::AdminResult result = co_await call(std::move(request));
    // The tool itself has given up after 30 s, but its admin client does not close before the call has ended.
    if (env().now() - asked >= kDescribePatience) co_return fail("java.util.concurrent.TimeoutException", site, true);
    if (result.error) co_return fail(*result.error, site);
    const auto& answer = body_of<protocol::DescribeConfigsResponse>(result).results.front();
    if (answer.error_code != ErrorCode::None)
        co_return fail(exception_of(answer.error_code, answer.error_message), site);
    const auto own = static_cast<int8_t>(own_source(type, name));
    const auto ordered =
        in_hash_order(answer.configs, [](const Config& each) -> const std::string& { return each.name; });
    for (const Config& config : ordered) {
        if (all || config.config_source == own) configs->push_back(config);
    }
    co_return std::nullopt;
}

// --- alter

std::optional<int> ConfigsCommand::read_change(ParsedOptions& options, Change& change) {
    if (const auto file = options.text("add-config-file")) {
        auto loaded = load_properties(*file);
        if (!loaded) return fail_here(loaded.error());
        change.add = std::move(loaded).value();
    }
    if (const auto text = options.text("add-config")) {
        auto added = configs_to_add(*text);
        if (!added) return complain(added.error());
        for (const auto& [name, value] : added.value()) change.add.insert_or_assign(name, value);
    }
    if (options.error()) return complain(options.error()->message);
    if (const auto version = change.add.find("message.format.version"); version != change.add.end()) {
        out(
            fmt::format("WARNING: The configuration message.format.version={} is specified. This configuration will be "
                        "ignored if the version is newer than the inter.broker.protocol.version specified in the "
                        "broker or if the inter.broker.protocol.version is 3.0 or newer. This configuration is "
                        "deprecated and it will be removed in Apache Kafka 4.0.\n",
                        version->second));
    }
    change.remove = configs_to_delete(options.all("delete-config"));
    return std::nullopt;
}

Task<int> ConfigsCommand::alter(ParsedOptions options) {
    const std::string type = entity_types(options).front();
    const std::string name = entity_names(options).front();
    Change change;
    if (auto code = read_change(options, change)) co_return *code;
    const int code = type == "topics" ? co_await alter_topic(name, std::move(change))
                                      : co_await alter_broker(name, std::move(change));
    if (code != 0) co_return code;
    out(name.empty() ? fmt::format("Completed updating default config for {} in the cluster.\n", type)
                     : fmt::format("Completed updating config for {} {}.\n", bare_type(type), name));
    co_return 0;
}

/// What is to be deleted must be there.
std::optional<int> ConfigsCommand::check_removed(const Change& change, const std::vector<Config>& configs) {
    std::vector<std::string> missing;
    for (const std::string& name : change.remove) {
        const bool there =
            std::any_of(configs.begin(), configs.end(), [&](const Config& each) { return each.name == name; });
        if (!there) missing.push_back(name);
    }
    if (missing.empty()) return std::nullopt;
    return complain(fmt::format("Invalid config(s): {}", fmt::join(missing, ",")));
}

Task<int> ConfigsCommand::alter_topic(std::string name, Change change) {
    std::vector<Config> configs;
    const std::optional<int> unread = co_await read_configs("topics", name, false, Site::ReadingTopic, &configs);
    if (unread) co_return *unread;
    if (auto code = check_removed(change, configs)) co_return *code;
    protocol::IncrementalAlterConfigsRequest::AlterConfigsResource resource;
    resource.resource_type = client::kTopicResource;
    resource.resource_name = name;
    for (const auto& [key, value] : change.add) resource.configs.push_back({key, kSet, value});
    for (const std::string& key : change.remove) resource.configs.push_back({key, kDelete, ""});
    std::vector<protocol::IncrementalAlterConfigsRequest::AlterConfigsResource> resources;
    resources.push_back(std::move(resource));
    client::AdminCall request = client::incremental_alter_configs(std::move(resources));
    request.timeout = kAlterTimeout;
    const client::AdminResult result = co_await call(std::move(request));
    if (result.error) co_return fail(*result.error, Site::AlteringTopic);
    const auto& answer = body_of<protocol::IncrementalAlterConfigsResponse>(result).responses.front();
    if (answer.error_code == ErrorCode::None) co_return 0;
    co_return fail(exception_of(answer.error_code, answer.error_message), Site::AlteringTopic);
}

Task<int> ConfigsCommand::alter_broker(std::string name, Change change) {
    std::vector<Config> configs;
    const std::optional<int> unread = co_await read_configs("brokers", name, false, Site::ReadingBroker, &configs);
    if (unread) co_return *unread;
    if (auto code = check_removed(change, configs)) co_return *code;
    std::string hidden;
    config::Properties whole;
    for (const Config& config : configs) {
        const bool removed = std::find(change.remove.begin(), change.remove.end(), config.name) != change.remove.end();
        if (removed || change.add.contains(config.name)) continue;
        if (!config.value) hidden += (hidden.empty() ? "" : ", ") + config.name;
        whole.insert_or_assign(config.name, config.value.value_or(""));
    }
    if (!hidden.empty()) {
        co_return complain(fmt::format(
            "All sensitive broker config entries must be specified for --alter, missing entries: Set({})", hidden));
    }
    for (const auto& [key, value] : change.add) whole.insert_or_assign(key, value);
    for (const std::string& key : change.remove) whole.erase(key);
    std::vector<protocol::AlterConfigsRequest::AlterableConfig> entries;
    for (const auto& [key, value] : whole) entries.push_back({key, value});
    client::AdminCall request = alter_configs(name, entries);
    const client::AdminResult result = co_await call(std::move(request));
    if (result.error) co_return fail(*result.error, Site::AlteringBroker);
    const auto& answer = body_of<protocol::AlterConfigsResponse>(result).responses.front();
    if (answer.error_code == ErrorCode::None) co_return 0;
    co_return fail(exception_of(answer.error_code, answer.error_message), Site::AlteringBroker);
}

// --- failures

int ConfigsCommand::complain(std::string_view message) {
    err(fmt::format("{}\n", message));
    return 1;
}

int ConfigsCommand::fail_here(std::string_view exception) {
    err(fmt::format("Error while executing config command with args '{}'\n{}\n", fmt::join(arguments(), " "),
                    exception));
    return 1;
}

int ConfigsCommand::fail(const client::AdminError& error, Site site) { return fail(error.text(), site); }

int ConfigsCommand::fail(const std::string& exception, Site site, bool timed_out) {
    struct Frames {
        Site site;
        std::string_view text;
    };
    static constexpr std::string_view kReading =
        "\tat kafka.admin.ConfigCommand$.getResourceConfig(ConfigCommand.scala:577)\n";
    static constexpr Frames kFrames[] = {
        {Site::Describing,
         "\tat kafka.admin.ConfigCommand$.$anonfun$describeResourceConfig$4(ConfigCommand.scala:537)\n"
         "\tat kafka.admin.ConfigCommand$.$anonfun$describeResourceConfig$4$adapted(ConfigCommand.scala:529)\n"
         "\tat scala.collection.immutable.List.foreach(List.scala:333)\n"
         "\tat kafka.admin.ConfigCommand$.describeResourceConfig(ConfigCommand.scala:529)\n"
         "\tat kafka.admin.ConfigCommand$.describeConfig(ConfigCommand.scala:509)\n"},
        {Site::ListingTopics,
         "\tat kafka.admin.ConfigCommand$.describeResourceConfig(ConfigCommand.scala:523)\n"
         "\tat kafka.admin.ConfigCommand$.describeConfig(ConfigCommand.scala:509)\n"},
        {Site::ReadingTopic, "\tat kafka.admin.ConfigCommand$.alterConfig(ConfigCommand.scala:347)\n"},
        {Site::ReadingBroker, "\tat kafka.admin.ConfigCommand$.alterConfig(ConfigCommand.scala:363)\n"},
        {Site::AlteringTopic, "\tat kafka.admin.ConfigCommand$.alterConfig(ConfigCommand.scala:360)\n"},
        {Site::AlteringBroker, "\tat kafka.admin.ConfigCommand$.alterConfig(ConfigCommand.scala:379)\n"},
    };
    const bool reading = site == Site::Describing || site == Site::ReadingTopic || site == Site::ReadingBroker;
    const bool describing = site == Site::Describing || site == Site::ListingTopics;
    const auto frames =
        std::find_if(std::begin(kFrames), std::end(kFrames), [&](const Frames& each) { return each.site == site; });
    err(fmt::format("Error while executing config command with args '{}'\n", fmt::join(arguments(), " ")));
    err(
        fmt::format("{}{}\n\tat java.base/java.util.concurrent.CompletableFuture.{}\n\tat "
                    "java.base/java.util.concurrent.CompletableFuture.get(CompletableFuture.java:{})\n\tat "
                    "org.apache.kafka.common.internals.KafkaFutureImpl.get(KafkaFutureImpl.java:180)\n{}{}\tat "
                    "kafka.admin.ConfigCommand$.processCommand(ConfigCommand.scala:{})\n\tat "
                    "kafka.admin.ConfigCommand$.main(ConfigCommand.scala:98)\n\tat "
                    "kafka.admin.ConfigCommand.main(ConfigCommand.scala)\n",
                    timed_out ? "" : "java.util.concurrent.ExecutionException: ", exception,
                    timed_out ? "timedGet(CompletableFuture.java:1960)" : "reportGet(CompletableFuture.java:396)",
                    timed_out ? 2095 : 2096, reading ? kReading : "", frames->text, describing ? 329 : 327));
    if (!timed_out) err(fmt::format("Caused by: {}\n", exception));
    return 1;
}

}  // namespace kafkasim::tools
