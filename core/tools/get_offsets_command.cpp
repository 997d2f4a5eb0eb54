// SPDX-License-Identifier: Apache-2.0

#include "core/tools/get_offsets_command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/client/admin_calls.hpp"
#include "core/client/client_failure.hpp"
#include "core/node/log.hpp"
#include "core/tools/bootstrap.hpp"
#include "core/tools/options.hpp"
#include "core/tools/reset_offsets.hpp"

namespace kafkasim::tools {
namespace {

constexpr std::string_view kFetcher = "org.apache.kafka.clients.consumer.internals.Fetcher";
constexpr std::string_view kPrefix = "[Consumer clientId=GetOffsetShell, groupId=null] ";
constexpr int64_t kMaxTimestamp = -3;

bool is_internal(const TopicName& topic) {
    return topic.view() == "__consumer_offsets" || topic.view() == "__transaction_state";
}

/// Throwable.getMessage of what would be printed as a trace.
std::string_view message_of(std::string_view exception) {
    const std::string_view line = exception.substr(0, exception.find('\n'));
    const size_t colon = line.find(": ");
    return colon == std::string_view::npos ? "null" : line.substr(colon + 2);
}

/// Errors for which the list of topics is asked for again; an unknown topic is left out.
bool asks_again(ErrorCode error) {
    return error != ErrorCode::None && error != ErrorCode::UnknownTopicOrPartition && retriable(error);
}

}  // namespace

int GetOffsetsCommand::failed(std::string_view message) {
    out(fmt::format("Error occurred: {}\n", message));
    return 1;
}

Task<int> GetOffsetsCommand::run() {
    const auto table = get_offsets_options();
    if (arguments().empty())
        co_return print_usage_and_die("An interactive shell for getting topic-partition offsets.", table);
    ParseOutcome parsed = parse_options(table, arguments());
    if (parsed.error) co_return failed(parsed.error->message);
    ParsedOptions options = std::move(parsed.options);
    const std::string brokers_option = options.has("bootstrap-server") ? "bootstrap-server" : "broker-list";
    if (!options.has(brokers_option)) co_return failed("Missing required option(s) [bootstrap-server]");
    const std::optional<std::string> brokers = options.text(brokers_option);
    if (options.error()) co_return failed(options.error()->message);
    if (!has_valid_ports(*brokers)) {
        err("Please provide valid host:port like host1:9091,host2:9092\n ");
        co_return print_usage_and_die("", table);
    }
    if (options.has("topic-partitions") && (options.has("topic") || options.has("partitions")))
        co_return failed("--topic-partitions cannot be used with --topic or --partitions");
    const std::optional<int64_t> timestamp = options.number("time");
    const std::optional<std::string> rules = options.text("topic-partitions");
    const std::optional<std::string> topic = options.text("topic");
    const std::optional<std::string> partitions = options.text("partitions");
    const std::optional<std::string> command_config = options.text("command-config");
    if (options.error()) co_return failed(options.error()->message);
    auto filter = rules ? PartitionFilter::of_rules(*rules) : PartitionFilter::of_topic(topic, partitions);
    if (!filter) co_return failed(filter.error());
    if (auto exception = create_consumer(*brokers, command_config)) co_return failed(message_of(*exception));
    PartitionFilter chosen = std::move(filter).value();
    const int code = co_await print_offsets(std::move(chosen), options.has("exclude-internal-topics"), *timestamp);
    close_network();
    co_return code;
}

std::optional<std::string> GetOffsetsCommand::create_consumer(const std::string& brokers,
                                                              const std::optional<std::string>& command_config) {
    auto loaded = client_properties(command_config, brokers);
    if (!loaded) return loaded.error();
    client::ClientProperties properties = std::move(loaded).value();
    properties["client.id"] = "GetOffsetShell";
    client::warn_of_unresolved_servers(env(), properties);
    auto config = client::ConsumerConfig::from_properties(properties);
    if (!config) return config.error();
    config_ = std::move(config).value();
    open_network(client::network_config(config_, kPrefix, kComponent));
    return std::nullopt;
}

Task<int> GetOffsetsCommand::print_offsets(PartitionFilter filter, bool exclude_internal_topics, int64_t timestamp) {
    const std::optional<protocol::MetadataResponse> topics = co_await list_topics();
    if (!topics) co_return failed("Timeout expired while fetching topic metadata");
    Search search;
    search.timestamp = timestamp;
    if (!choose(*topics, filter, exclude_internal_topics, search))
        co_return failed("Could not match any topic-partitions with the specified filters");
    if (timestamp <= kMaxTimestamp && !search.remaining.empty())
        co_return failed(fmt::format("The target time for partition {} is {}. The target time cannot be negative.",
                                     to_string(search.remaining.front()), timestamp));
    const bool by_time = timestamp != client::kLatestTimestamp && timestamp != client::kEarliestTimestamp;
    const Instant began = env().now();
    search.deadline = began + (by_time ? config_.default_api_timeout : config_.request_timeout);
    for (const TopicPartition& tp : search.remaining) metadata().want(tp.topic);
    (void)co_await search_offsets(&search);
    if (!search.remaining.empty())
        co_return failed(fmt::format("Failed to get offsets by times in {}ms", millis_of(env().now() - began)));
    for (const auto& [tp, offset] : search.found)
        out(fmt::format("{}:{}:{}\n", tp.topic.view(), tp.partition, offset < 0 ? "" : fmt::format("{}", offset)));
    co_return 0;
}

Task<std::optional<protocol::MetadataResponse>> GetOffsetsCommand::list_topics() {
    const Instant deadline = env().now() + config_.default_api_timeout;
    while (env().now() < deadline) {
        if (const auto node = network().least_loaded_node(env())) {
            const uint64_t request = send(*node, protocol::MetadataRequest{});
            (void)co_await wait_for(request, deadline);
            auto* listed = answer_to<protocol::MetadataResponse>(request);
            if (listed != nullptr && std::none_of(listed->topics.begin(), listed->topics.end(),
                                                  [](const auto& topic) { return asks_again(topic.error_code); }))
                co_return std::move(*listed);
        }
        (void)co_await sleep(config_.retry_back_off);
    }
    co_return std::nullopt;
}

bool GetOffsetsCommand::choose(const protocol::MetadataResponse& topics, const PartitionFilter& filter,
                               bool exclude_internal_topics, Search& search) {
    std::map<TopicPartition, bool> chosen;  // whether it has a leader that is there
    for (const auto& topic : topics.topics) {
        if (topic.error_code != ErrorCode::None || (exclude_internal_topics && is_internal(topic.name))) continue;
        for (const auto& partition : topic.partitions) {
            const TopicPartition tp{topic.name, partition.partition_index};
            if (!filter.allows(tp)) continue;
            chosen[tp] = std::any_of(topics.brokers.begin(), topics.brokers.end(),
                                     [&](const auto& broker) { return broker.node_id == partition.leader_id; });
        }
    }
    for (const auto& [tp, has_leader] : chosen) {
        if (has_leader) {
            search.remaining.push_back(tp);
        } else {
            err(fmt::format("Error: topic-partition {}:{} does not have a leader. Skip getting offsets\n",
                            tp.topic.view(), tp.partition));
        }
    }
    return !chosen.empty();
}

Task<int> GetOffsetsCommand::search_offsets(Search* search) {
    while (!search->remaining.empty() && env().now() < search->deadline) {
        const std::vector<uint64_t> requests = ask_leaders(*search);
        for (uint64_t request : requests) {
            (void)co_await wait_for(request, search->deadline);
            if (!is_answered(request)) co_return 0;  // the time is over
            if (const auto* listed = answer_to<protocol::ListOffsetsResponse>(request)) take(*search, *listed);
            forget(request);
        }
        if (!search->remaining.empty()) (void)co_await await_metadata(search->deadline);
    }
    co_return 0;
}

std::vector<uint64_t> GetOffsetsCommand::ask_leaders(const Search& search) {
    const client::ClusterMetadata& known = metadata();
    std::map<client::NodeId, protocol::ListOffsetsRequest> requests;
    for (const TopicPartition& tp : search.remaining) {
        const client::ClientNode* leader = known.leader_node(tp);
        if (leader == nullptr || network().in_back_off(leader->id, env().now())) continue;
        protocol::ListOffsetsRequest& request = requests[leader->id];
        request.replica_id = kNoBroker;
        if (request.topics.empty() || !(request.topics.back().name == tp.topic))
            request.topics.push_back({tp.topic, {}});
        request.topics.back().partitions.push_back({tp.partition, known.current_leader(tp).epoch, search.timestamp});
    }
    std::vector<uint64_t> sent;
    for (auto& [node, request] : requests) sent.push_back(send(*known.node(node), std::move(request)));
    return sent;
}

void GetOffsetsCommand::take(Search& search, const protocol::ListOffsetsResponse& response) {
    for (const auto& topic : response.topics) {
        for (const auto& partition : topic.partitions) {
            const TopicPartition tp{topic.name, partition.partition_index};
            const ErrorCode error = partition.error_code;
            if (error == ErrorCode::None) {
                search.found[tp] = partition.offset;
                std::erase(search.remaining, tp);
            } else if (error == ErrorCode::UnknownTopicOrPartition) {
                node::warn(env(), kFetcher,
                           "{}Received unknown topic or partition error in ListOffset request for partition {}",
                           kPrefix, to_string(tp));
            } else if (!retriable(error)) {
                node::warn(
                    env(), kFetcher,
                    "{}Attempt to fetch offsets for partition {} failed due to unexpected exception: {}, retrying.",
                    kPrefix, to_string(tp), client::failure_of(error, {}).message);
            }
        }
    }
}

Task<int> GetOffsetsCommand::await_metadata(Instant deadline) {
    metadata().request_update();
    const int64_t version = metadata().version();
    wake_at(deadline);
    while (metadata().version() == version && env().now() < deadline) co_await next_event();
    co_return 0;
}

}  // namespace kafkasim::tools
