// SPDX-License-Identifier: Apache-2.0
#include "sim/invariants/concerned.hpp"

#include <charconv>

#include "core/zookeeper/znodes.hpp"

namespace kafkasim::sim::invariants {

namespace {

template <typename... Kinds>
bool is_one_of(const protocol::Body& message) {
    return (std::holds_alternative<Kinds>(message) || ...);
}

}  // namespace

bool may_change_replicas(const protocol::Body& message) {
    using namespace protocol;
    if (const auto* fetch = std::get_if<FetchRequest>(&message)) return !fetch->topics.empty();
    if (const auto* fetched = std::get_if<FetchResponse>(&message))
        return !fetched->responses.empty() || fetched->error_code != ErrorCode::None;
    return !is_one_of<ApiVersionsRequest, ApiVersionsResponse, MetadataRequest, UpdateMetadataRequest,
                      UpdateMetadataResponse, LeaderAndIsrResponse, StopReplicaResponse, FindCoordinatorRequest,
                      HeartbeatRequest, OffsetFetchRequest, ListOffsetsRequest, DescribeConfigsRequest,
                      DescribeGroupsRequest, ListGroupsRequest, ZkPingResponse>(message);
}

std::optional<TopicPartition> partition_of_state_path(std::string_view path) {
    constexpr std::string_view kPartitions = "/partitions/";
    constexpr std::string_view kState = "/state";
    if (!path.starts_with(zookeeper::kTopicsPath) || !path.ends_with(kState)) return std::nullopt;
    path.remove_prefix(zookeeper::kTopicsPath.size());
    path.remove_suffix(kState.size());
    const size_t at = path.find(kPartitions);
    if (at == std::string_view::npos || at < 2) return std::nullopt;
    const std::string_view number = path.substr(at + kPartitions.size());
    int32_t partition = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), partition);
    if (error != std::errc() || end != number.data() + number.size()) return std::nullopt;
    return TopicPartition{TopicName(path.substr(1, at - 1)), partition};
}

std::vector<TopicPartition> state_znodes_written(const protocol::Body& request) {
    std::vector<TopicPartition> written;
    const auto add = [&](std::string_view path) {
        if (auto partition = partition_of_state_path(path)) written.push_back(std::move(*partition));
    };
    if (const auto* set = std::get_if<protocol::ZkSetDataRequest>(&request)) add(set->path);
    if (const auto* create = std::get_if<protocol::ZkCreateRequest>(&request)) add(create->path);
    if (const auto* remove = std::get_if<protocol::ZkDeleteRequest>(&request)) add(remove->path);
    if (const auto* multi = std::get_if<protocol::ZkMultiRequest>(&request)) {
        for (const protocol::ZkMultiOp& op : multi->ops) add(op.path);
    }
    return written;
}

}  // namespace kafkasim::sim::invariants
