// SPDX-License-Identifier: Apache-2.0

#include "core/tools/get_offsets_command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/client/client_failure.hpp"
#include "core/node/log.hpp"
#include "core/tools/bootstrap.hpp"
#include "core/tools/options.hpp"
#include "core/tools/reset_offsets.hpp"

namespace kafkasim::tools {
namespace {

constexpr std::string_view kFetcher = "org.apache.kafka.clients.consumer.internals.Fetcher";
constexpr std::string_view kPrefix = "[Consumer clientId=GetOffsetShell, groupId=null] ";
constexpr Duration kRequestTimeout = 30s;
constexpr Duration kDefaultApiTimeout = 60s;
constexpr Duration kRetryBackOff = 100ms;
constexpr int64_t kMaxTimestamp = -3;

struct KnownPartition {
    TopicPartition tp;
    int32_t leader = -1;
};

/// What the metadata knows, with the leaders that are there.
std::vector<KnownPartition> partitions_in(const protocol::MetadataResponse& metadata) {
    std::vector<KnownPartition> partitions;
    for (const auto& topic : metadata.topics) {
        for (const auto& partition : topic.partitions) {
            const bool live = std::any_of(metadata.brokers.begin(), metadata.brokers.end(),
                                          [&](const auto& broker) { return broker.node_id == partition.leader_id; });
            partitions.push_back(
                {{topic.name, partition.partition_index}, live ? partition.leader_id.value : kNoBroker.value});
        }
    }
    std::sort(partitions.begin(), partitions.end(), [](const auto& a, const auto& b) { return a.tp < b.tp; });
    return partitions;
}

bool is_internal(const TopicName& topic) {
    return topic.view() == "__consumer_offsets" || topic.view() == "__transaction_state";
}

/// The request to one leader.
client::AdminCall question(int32_t leader, const std::vector<client::OffsetQuery>& queries) {
    client::AdminCall call = client::list_offsets(queries);
    call.route = client::AdminRoute::Node;
    call.node = leader;
    return call;
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
    if (auto complaint = missing_required(options, {brokers_option})) co_return print_usage_and_die(*complaint, table);
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
    const config::Properties fixed{{"client.id", "GetOffsetShell"}};
    if (auto exception = create_admin(*brokers, command_config, fixed, kPrefix)) co_return uncaught(*exception);
    PartitionFilter chosen = std::move(filter).value();
    const int code = co_await fetch_offsets(std::move(chosen), options.has("exclude-internal-topics"), *timestamp);
    close_admin();
    co_return code;
}

Task<int> GetOffsetsCommand::fetch_offsets(PartitionFilter filter, bool exclude_internal_topics, int64_t timestamp) {
    client::AdminCall listing = client::list_topics();
    const client::AdminResult listed = co_await call(std::move(listing));
    if (listed.error) co_return failed("Timeout expired while fetching topic metadata");
    Search search;
    search.timestamp = timestamp;
    const bool by_time = timestamp != client::kLatestTimestamp && timestamp != client::kEarliestTimestamp;
    search.timeout = by_time ? kDefaultApiTimeout : kRequestTimeout;
    bool any = false;
    for (const KnownPartition& known : partitions_in(body_of<protocol::MetadataResponse>(listed))) {
        if (!filter.allows(known.tp) || (exclude_internal_topics && is_internal(known.tp.topic))) continue;
        any = true;
        if (known.leader >= 0) {
            search.remaining.push_back(known.tp);
            continue;
        }
        err(fmt::format("Error: topic-partition {}:{} does not have a leader. Skip getting offsets\n",
                        known.tp.topic.view(), known.tp.partition));
    }
    if (!any) co_return failed("Could not match any topic-partitions with the specified filters");
    if (timestamp <= kMaxTimestamp && !search.remaining.empty())
        co_return failed(fmt::format("The target time for partition {} is {}. The target time cannot be negative.",
                                     to_string(search.remaining.front()), timestamp));
    const Instant began = env().now();
    while (!search.remaining.empty() && env().now() < began + search.timeout) {
        (void)co_await ask_leaders(&search, began + search.timeout);
        if (!search.remaining.empty()) (void)co_await pause(kRetryBackOff);
    }
    if (!search.remaining.empty())
        co_return failed(fmt::format("Failed to get offsets by times in {}ms", millis_of(env().now() - began)));
    for (const auto& [tp, offset] : search.found)
        out(fmt::format("{}:{}:{}\n", tp.topic.view(), tp.partition, offset < 0 ? "" : fmt::format("{}", offset)));
    co_return 0;
}

Task<int> GetOffsetsCommand::ask_leaders(Search* search, Instant deadline) {
    std::vector<TopicName> topics;
    for (const TopicPartition& tp : search->remaining) {
        if (topics.empty() || !(topics.back() == tp.topic)) topics.push_back(tp.topic);
    }
    client::AdminCall asked = client::describe_topics(topics);
    asked.timeout = std::max(Duration{1}, deadline - env().now());
    const client::AdminResult metadata = co_await call(std::move(asked));
    if (metadata.error) co_return 0;
    std::map<int32_t, std::vector<client::OffsetQuery>> by_leader;
    for (const KnownPartition& known : partitions_in(body_of<protocol::MetadataResponse>(metadata))) {
        const bool wanted =
            std::find(search->remaining.begin(), search->remaining.end(), known.tp) != search->remaining.end();
        if (wanted && known.leader >= 0) by_leader[known.leader].push_back({known.tp, search->timestamp});
    }
    std::vector<uint64_t> calls;
    for (const auto& [leader, queries] : by_leader) {
        client::AdminCall request = question(leader, queries);
        request.timeout = std::max(Duration{1}, deadline - env().now());
        calls.push_back(submit(std::move(request)));
    }
    for (uint64_t id : calls) {
        const client::AdminResult result = co_await answer(id);
        if (!result.error) take(*search, body_of<protocol::ListOffsetsResponse>(result));
    }
    co_return 0;
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
                    kPrefix, to_string(tp), admin_error(error).message);
            }
        }
    }
}

Task<int> GetOffsetsCommand::pause(Duration duration) {
    const Instant until = env().now() + duration;
    const node::TimerId timer = own_timer();
    env().arm(timer, duration);
    while (env().now() < until) co_await next_event();
    env().free_timer(timer);
    co_return 0;
}

}  // namespace kafkasim::tools
