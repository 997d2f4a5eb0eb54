// SPDX-License-Identifier: Apache-2.0
#include "core/controller/reading.hpp"

#include <algorithm>
#include <charconv>

#include "core/zookeeper/requests.hpp"

namespace kafkasim::controller {

namespace {

using protocol::Body;
using namespace zookeeper;

const protocol::ZkGetDataResponse* data_of(const Body& reply) {
    const auto* data = std::get_if<protocol::ZkGetDataResponse>(&reply);
    return data != nullptr && data->err == kOk && data->data ? data : nullptr;
}

std::vector<std::string> children_of(const Body& reply) {
    const auto* children = std::get_if<protocol::ZkGetChildrenResponse>(&reply);
    return children == nullptr ? std::vector<std::string>() : children->children;
}

}  // namespace

std::vector<BrokerId> broker_ids_in(const Body& reply) {
    std::vector<BrokerId> ids;
    for (const std::string& name : children_of(reply)) {
        BrokerId id;
        if (std::from_chars(name.data(), name.data() + name.size(), id.value).ec == std::errc()) ids.push_back(id);
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

std::map<BrokerId, LiveBroker> brokers_in(const std::vector<BrokerId>& ids, const std::vector<Body>& replies) {
    std::map<BrokerId, LiveBroker> found;
    for (size_t i = 0; i < ids.size() && i < replies.size(); ++i) {
        const protocol::ZkGetDataResponse* data = data_of(replies[i]);
        if (data == nullptr) continue;
        if (const auto info = decode_broker(ids[i], *data->data)) found[ids[i]] = {*info, data->stat.czxid};
    }
    return found;
}

std::vector<TopicName> topics_in(const Body& reply) {
    std::vector<TopicName> topics;
    for (const std::string& name : children_of(reply)) topics.emplace_back(name);
    std::sort(topics.begin(), topics.end());
    return topics;
}

std::optional<TopicAssignment> topic_in(const Body& reply) {
    const protocol::ZkGetDataResponse* data = data_of(reply);
    return data == nullptr ? std::nullopt : decode_topic(*data->data);
}

std::optional<LeaderIsrAndControllerEpoch> state_in(const Body& reply) {
    const protocol::ZkGetDataResponse* data = data_of(reply);
    if (data == nullptr) return std::nullopt;
    const auto state = decode_partition_state(*data->data, data->stat.version);
    if (!state) return std::nullopt;
    return LeaderIsrAndControllerEpoch{state->leader_and_isr, state->controller_epoch};
}

int32_t version_in(const Body& reply) {
    const auto* data = std::get_if<protocol::ZkGetDataResponse>(&reply);
    return data == nullptr ? kAnyVersion : data->stat.version;
}

void take_assignment(ControllerContext& context, const TopicName& topic, const TopicAssignment& assignment) {
    if (!assignment.topic_id.is_zero()) context.topic_ids[topic] = assignment.topic_id;
    for (const auto& [partition, replicas] : assignment.partitions) {
        const TopicPartition tp{topic, partition};
        context.assignments[tp] = replicas;
        context.assignments_as_read.insert(tp);
        if (replicas.being_reassigned()) context.partitions_being_reassigned.insert(tp);
    }
}

}  // namespace kafkasim::controller
