// SPDX-License-Identifier: Apache-2.0

#include "core/tools/topics_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/config/topic_config.hpp"
#include "core/node/log.hpp"
#include "core/tools/loggers.hpp"
#include "core/tools/options.hpp"
#include "core/tools/topic_pattern.hpp"

namespace kafkasim::tools {
namespace {

constexpr std::string_view kIllegalArgument = "java.lang.IllegalArgumentException";
constexpr std::string_view kInvalidTopic = "org.apache.kafka.common.errors.InvalidTopicException";

struct FilterOption {
    std::string_view name;
    DescribeFilter filter;
};
constexpr FilterOption kFilters[] = {
    {"under-replicated-partitions", DescribeFilter::UnderReplicated},
    {"under-min-isr-partitions", DescribeFilter::UnderMinIsr},
    {"at-min-isr-partitions", DescribeFilter::AtMinIsr},
    {"unavailable-partitions", DescribeFilter::Unavailable},
};

DescribeOptions describe_options(const ParsedOptions& options) {
    DescribeOptions wanted;
    for (const FilterOption& each : kFilters) {
        if (options.has(each.name)) wanted.filters.push_back(each.filter);
    }
    wanted.topics_with_overrides = options.has("topics-with-overrides");
    return wanted;
}

std::optional<std::string> complaint_about_filters(const ParsedOptions& options) {
    for (const FilterOption& each : kFilters) {
        if (auto text = invalid_together(options, each.name, {"alter", "create", "list", "delete"})) return text;
        for (const FilterOption& other : kFilters) {
            if (other.filter == each.filter) continue;
            if (auto text = invalid_together(options, each.name, {other.name})) return text;
        }
        if (auto text = invalid_together(options, each.name, {"topics-with-overrides"})) return text;
    }
    return invalid_together(options, "topics-with-overrides", {"alter", "create", "list", "delete"});
}

const DescribedConfig described_config(const protocol::DescribeConfigsResponse::DescribeConfigsResourceResult& config) {
    return {config.name, config.value.value_or("null"),
            config.config_source == static_cast<int8_t>(config::ConfigSource::DefaultConfig)};
}

const protocol::DescribeConfigsResponse::DescribeConfigsResult* configs_of(
    const protocol::DescribeConfigsResponse& response, std::string_view topic) {
    const auto found = std::find_if(response.results.begin(), response.results.end(),
                                    [&](const auto& each) { return each.resource_name == topic; });
    return found == response.results.end() ? nullptr : &*found;
}

std::optional<Reassignment> reassignment_of(const protocol::ListPartitionReassignmentsResponse& response,
                                            std::string_view topic, int32_t partition) {
    for (const auto& each : response.topics) {
        if (each.name.view() != topic) continue;
        for (const auto& going_on : each.partitions) {
            if (going_on.partition_index == partition)
                return Reassignment{going_on.adding_replicas, going_on.removing_replicas};
        }
    }
    return std::nullopt;
}

bool is_broker_of(const protocol::MetadataResponse& metadata, BrokerId id) {
    return std::any_of(metadata.brokers.begin(), metadata.brokers.end(),
                       [id](const auto& broker) { return broker.node_id == id; });
}

DescribedTopic described_topic(const protocol::MetadataResponse& metadata,
                               const protocol::MetadataResponse::MetadataResponseTopic& topic,
                               const protocol::ListPartitionReassignmentsResponse& reassignments) {
    DescribedTopic described;
    described.name = topic.name.str();
    described.id = topic.topic_id;
    for (const auto& partition : topic.partitions) {
        DescribedPartition shown{partition.partition_index, kNoBroker, partition.replica_nodes, partition.isr_nodes,
                                 std::nullopt};
        if (is_broker_of(metadata, partition.leader_id)) shown.leader = partition.leader_id;
        shown.reassignment = reassignment_of(reassignments, described.name, shown.partition);
        described.partitions.push_back(std::move(shown));
    }
    std::sort(described.partitions.begin(), described.partitions.end(),
              [](const auto& a, const auto& b) { return a.partition < b.partition; });
    return described;
}

}  // namespace

std::optional<std::string> complaint_about_topics_options(const ParsedOptions& options) {
    if (!options.has("list") && !options.has("describe")) {
        if (auto text = missing_required(options, {"topic"})) return text;
    }
    if (options.has("create") && !options.has("replica-assignment")) {
        if (auto text = missing_required(options, {"partitions", "replication-factor"})) return text;
    }
    if (options.has("alter")) {
        if (options.has("config")) {
            return "Option combination \"[bootstrap-server],[config]\" can't be used with option \"[alter]\" (the "
                   "kafka-configs CLI supports altering topic configs with "
                   "a --bootstrap-server option)";
        }
        if (auto text = missing_required(options, {"partitions"})) return text;
    }
    if (auto text = invalid_together(options, "config", {"describe", "list", "delete"})) return text;
    if (auto text =
            invalid_together(options, "delete-config", {"create", "describe", "list", "delete", "bootstrap-server"}))
        return text;
    if (auto text = invalid_together(options, "partitions", {"describe", "list", "delete"})) return text;
    if (auto text = invalid_together(options, "replication-factor", {"alter", "describe", "list", "delete"}))
        return text;
    if (auto text = invalid_together(options, "replica-assignment", {"describe", "list", "delete"})) return text;
    if (options.has("create")) {
        if (auto text = invalid_together(options, "replica-assignment", {"partitions", "replication-factor"}))
            return text;
    }
    if (auto text = complaint_about_filters(options)) return text;
    if (auto text = invalid_together(options, "if-exists", {"create", "list"})) return text;
    if (auto text = invalid_together(options, "if-not-exists", {"alter", "describe", "list", "delete"})) return text;
    return invalid_together(options, "exclude-internal", {"alter", "create", "delete"});
}

Task<int> TopicsCommand::run() {
    const auto table = topics_options();
    ParseOutcome parsed = parse_options(table, arguments());
    if (parsed.error) {
        co_return parse_failed(*parsed.error,
                               {"kafka.admin.TopicCommand$TopicCommandOptions.<init>(TopicCommand.scala:517)",
                                "kafka.admin.TopicCommand$.main(TopicCommand.scala:47)",
                                "kafka.admin.TopicCommand.main(TopicCommand.scala)"});
    }
    ParsedOptions options = std::move(parsed.options);
    if (arguments().empty()) co_return print_usage_and_die("Create, delete, describe, or change a topic.", table);
    if (auto code = help_or_version(options, table, "This tool helps to create, delete, describe, or change a topic."))
        co_return *code;
    int actions = 0;
    for (std::string_view action : {"create", "list", "alter", "describe", "delete"})
        actions += options.has(action) ? 1 : 0;
    if (actions != 1) {
        co_return print_usage_and_die(
            "Command must include exactly one action: --list, --describe, --create, --alter or --delete", table);
    }
    if (!options.has("bootstrap-server"))
        co_return uncaught("java.lang.IllegalArgumentException: --bootstrap-server must be specified");
    if (auto complaint = complaint_about_topics_options(options)) co_return print_usage_and_die(*complaint, table);

    const std::optional<std::string> bootstrap = options.text("bootstrap-server");
    const std::optional<std::string> command_config = options.text("command-config");
    if (options.error()) co_return uncaught(options.error()->exception + ": " + options.error()->message);
    if (auto exception = create_admin(*bootstrap, command_config)) co_return uncaught(*exception);
    const int code = co_await act(options);
    close_admin();
    co_return code;
}

Task<int> TopicsCommand::act(ParsedOptions options) {
    if (options.has("create")) co_return co_await create(options);
    if (options.has("alter")) co_return co_await alter(options);
    if (options.has("delete")) co_return co_await remove(options);
    if (options.has("list")) co_return co_await list(options);
    co_return co_await describe(options);
}

std::optional<int> TopicsCommand::check_new_topic(const std::optional<int64_t>& partitions,
                                                  const std::optional<int64_t>& replication_factor) {
    if (replication_factor && (*replication_factor > std::numeric_limits<int16_t>::max() || *replication_factor < 1)) {
        return fail(std::string(kIllegalArgument), "The replication factor must be between 1 and 32767 inclusive");
    }
    if (partitions && *partitions < 1)
        return fail(std::string(kIllegalArgument), "The partitions must be greater than 0");
    return std::nullopt;
}

std::optional<int> TopicsCommand::read_configs(const std::vector<std::string>& words, config::Properties& configs) {
    for (const std::string& word : words) {
        const size_t equals = word.find('=');
        const std::string name = word.substr(0, word.find_last_not_of(' ', equals == 0 ? 0 : equals - 1) + 1);
        const bool pair =
            equals != std::string::npos && equals + 1 < word.size() && word.find('=', equals + 1) == std::string::npos;
        if (!pair) {
            return fail(
                std::string(kIllegalArgument),
                "requirement failed: Invalid topic config: all configs to be added must be in the format \"key=val\".");
        }
        configs[name.substr(name.find_first_not_of(' '))] =
            word.substr(std::min(word.find_first_not_of(' ', equals + 1), word.size()));
    }
    std::optional<std::string> bad_value;
    for (const auto& [name, value] : configs) {
        const std::optional<std::string> complaint = config::complaint_about_topic_setting(name, value);
        if (!complaint) continue;
        if (complaint->starts_with("Unknown topic config name"))
            return fail("org.apache.kafka.common.errors.InvalidConfigurationException", *complaint);
        if (!bad_value) bad_value = complaint;
    }
    if (bad_value) return fail("org.apache.kafka.common.config.ConfigException", *bad_value);
    return std::nullopt;
}

Task<int> TopicsCommand::create(ParsedOptions options) {
    const std::optional<std::string> name = options.text("topic");
    const std::optional<int64_t> partitions = options.number("partitions");
    const std::optional<int64_t> replication_factor = options.number("replication-factor");
    const std::optional<std::string> assignment = options.text("replica-assignment");
    if (options.error()) co_return fail(options.error()->exception, options.error()->message);

    protocol::CreateTopicsRequest::CreatableTopic topic;
    topic.name = TopicName(*name);
    const bool assigned = assignment && !assignment->empty();
    if (assigned) {
        ReplicaAssignments replicas = parse_replica_assignment(*assignment);
        if (replicas.failure) co_return fail(replicas.failure->first, replicas.failure->second);
        for (size_t i = 0; i < replicas.partitions.size(); ++i)
            topic.assignments.push_back({static_cast<int32_t>(i), replicas.partitions[i]});
    }
    config::Properties configs;
    if (auto code = read_configs(options.all("config"), configs)) co_return *code;
    for (const auto& [key, value] : configs) topic.configs.push_back({key, value});
    if (name->find_first_of("._") != std::string::npos) {
        out("WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could "
            "collide. To avoid issues it is best to use either, but "
            "not both.\n");
    }
    if (auto code = check_new_topic(partitions, replication_factor)) co_return *code;
    if (name->empty())
        co_return fail(std::string(kInvalidTopic), "The given topic name '' cannot be represented in a request.");
    topic.num_partitions = assigned ? -1 : static_cast<int32_t>(partitions.value_or(-1));
    topic.replication_factor = assigned ? int16_t{-1} : static_cast<int16_t>(replication_factor.value_or(-1));

    std::vector<protocol::CreateTopicsRequest::CreatableTopic> topics;
    topics.push_back(std::move(topic));
    client::AdminCall request = client::create_topics(std::move(topics));
    const client::AdminResult result = co_await call(std::move(request));
    if (result.error) co_return fail(*result.error);
    for (const auto& created : body_of<protocol::CreateTopicsResponse>(result).topics) {
        if (created.error_code == ErrorCode::None) continue;
        if (created.error_code == ErrorCode::TopicAlreadyExists && options.has("if-not-exists")) co_return 0;
        co_return fail(admin_error(created.error_code, created.error_message));
    }
    out(fmt::format("Created topic {}.\n", *name));
    co_return 0;
}

Task<client::AdminResult> TopicsCommand::list_topics() {
    client::AdminCall request = client::list_topics();
    client::AdminResult result = co_await call(std::move(request));
    co_return result;
}

std::optional<std::vector<std::string>> TopicsCommand::chosen_topics(const client::AdminResult& listed,
                                                                     ParsedOptions& options) {
    const std::optional<std::string> wanted = options.text("topic");
    if (options.error()) {
        fail(options.error()->exception, options.error()->message);
        return std::nullopt;
    }
    std::optional<TopicPattern> pattern;
    if (wanted) {
        auto read = TopicPattern::include_list(*wanted);
        if (!read) {
            fail("java.lang.RuntimeException", read.error());
            return std::nullopt;
        }
        pattern = std::move(read).value();
    }
    const bool exclude_internal = options.has("exclude-internal");
    std::vector<std::string> names;
    for (const auto& topic : body_of<protocol::MetadataResponse>(listed).topics) {
        if (exclude_internal && (topic.is_internal || is_internal_topic(topic.name.view()))) continue;
        if (!pattern || pattern->matches(topic.name.view())) names.push_back(topic.name.str());
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::optional<int> TopicsCommand::complain_if_absent(ParsedOptions& options, const std::vector<std::string>& found) {
    const std::optional<std::string> wanted = options.text("topic");
    if (!wanted || !found.empty() || options.has("if-exists")) return std::nullopt;
    return fail(std::string(kIllegalArgument), fmt::format("Topic '{}' does not exist as expected", *wanted));
}

Task<int> TopicsCommand::list(ParsedOptions options) {
    const client::AdminResult listed = co_await list_topics();
    if (listed.error) co_return fail(*listed.error);
    const auto names = chosen_topics(listed, options);
    if (!names) co_return 1;
    out(fmt::format("{}\n", fmt::join(*names, "\n")));
    co_return 0;
}

Task<int> TopicsCommand::describe(ParsedOptions options) {
    const client::AdminResult listed = co_await list_topics();
    if (listed.error) co_return fail(*listed.error);
    const auto names = chosen_topics(listed, options);
    if (!names) co_return 1;
    if (auto code = complain_if_absent(options, *names)) co_return *code;
    if (names->empty()) co_return 0;

    std::vector<TopicName> topics;
    std::vector<protocol::DescribeConfigsRequest::DescribeConfigsResource> resources;
    for (const std::string& name : *names) {
        topics.emplace_back(name);
        resources.push_back({client::kTopicResource, name, std::nullopt});
    }
    const uint64_t configs_call = submit(client::describe_configs(std::move(resources), false));
    client::AdminCall cluster_request = client::describe_cluster();
    const client::AdminResult cluster = co_await call(std::move(cluster_request));
    if (cluster.error) co_return fail(*cluster.error);
    client::AdminCall topics_request = client::describe_topics(topics);
    const client::AdminResult answered = co_await call(std::move(topics_request));
    if (answered.error) co_return fail(*answered.error);
    client::AdminCall reassignments_request = client::list_partition_reassignments();
    const client::AdminResult reassignments = co_await call(std::move(reassignments_request));
    if (reassignments.error) co_return fail(*reassignments.error);
    const client::AdminResult configs = co_await answer(configs_call);
    if (configs.error) co_return fail(*configs.error);

    std::vector<DescribedTopic> described;
    if (auto code = read_described(answered, configs, reassignments, described)) co_return *code;
    std::vector<BrokerId> live_brokers;
    for (const auto& broker : body_of<protocol::DescribeClusterResponse>(cluster).brokers)
        live_brokers.push_back(broker.broker_id);
    for (size_t i : described_order(*names)) {
        const auto found = std::find_if(described.begin(), described.end(),
                                        [&](const DescribedTopic& each) { return each.name == (*names)[i]; });
        if (found != described.end()) out(describe_topic(*found, describe_options(options), live_brokers));
    }
    co_return 0;
}

std::optional<int> TopicsCommand::read_described(const client::AdminResult& topics, const client::AdminResult& configs,
                                                 const client::AdminResult& reassignments,
                                                 std::vector<DescribedTopic>& described) {
    const auto& metadata = body_of<protocol::MetadataResponse>(topics);
    for (const auto& topic : metadata.topics) {
        if (topic.error_code != ErrorCode::None) return fail(admin_error(topic.error_code));
        DescribedTopic shown =
            described_topic(metadata, topic, body_of<protocol::ListPartitionReassignmentsResponse>(reassignments));
        const auto* answer_of_topic = configs_of(body_of<protocol::DescribeConfigsResponse>(configs), shown.name);
        if (answer_of_topic != nullptr) {
            if (answer_of_topic->error_code != ErrorCode::None)
                return fail(admin_error(answer_of_topic->error_code, answer_of_topic->error_message));
            for (const auto& config : answer_of_topic->configs) shown.configs.push_back(described_config(config));
        }
        described.push_back(std::move(shown));
    }
    return std::nullopt;
}

int TopicsCommand::fail(const std::string& exception, const std::string& message) {
    out(fmt::format("Error while executing topic command : {}\n", message.empty() ? "null" : message));
    const std::string trace = message.empty() ? exception : exception + ": " + message;
    env().log(node::Level::Error, kTopicCommandLogger, trace + node::kLineEnd);
    return 1;
}

}  // namespace kafkasim::tools
