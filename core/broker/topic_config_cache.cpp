// SPDX-License-Identifier: Apache-2.0
#include "core/broker/topic_config_cache.hpp"

#include <algorithm>

#include "core/broker/dynamic_configs.hpp"
#include "core/broker/handlers.hpp"
#include "core/node/log.hpp"
#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::broker {

namespace {

enum ConfigsToken : uint64_t { kChanges, kNotifications, kConfigs, kBrokerConfigs };

constexpr std::string_view kTopicPrefix = "topics/";

protocol::Body read_config_of(const TopicName& topic) {
    return zookeeper::zk_get_data(zookeeper::config_entity_path("topics", topic.view()), false);
}

/// "brokers/<default>" or "brokers/N" of this broker.
bool is_of_this_broker(const BrokerCall& call, std::string_view entity) {
    return entity == "brokers/<default>" || entity == "brokers/" + std::to_string(call.broker_id().value);
}

void on_changes(BrokerCall& call, const protocol::Body& reply) {
    const auto* children = std::get_if<protocol::ZkGetChildrenResponse>(&reply);
    if (children == nullptr || children->err != zookeeper::kOk) return;
    TopicConfigCache& cache = call.state().topic_configs;
    std::vector<std::string> names = children->children;
    std::sort(names.begin(), names.end());
    std::vector<protocol::Body> reads;
    for (const std::string& name : names) {
        const std::optional<int64_t> sequence = zookeeper::sequence_of(name);
        if (!sequence || *sequence <= cache.last_change) continue;
        cache.last_change = *sequence;
        reads.push_back(zookeeper::zk_get_data(std::string(zookeeper::kConfigChangesPath) + "/" + name, false));
    }
    if (reads.empty() || !call.state().startup.done()) return;
    node::info(call.env(), "kafka.common.ZkNodeChangeNotificationListener",
               "Processing notification(s) to /config/changes");
    call.zk_call(ZkCaller::TopicConfigs, kNotifications, std::move(reads));
}

void on_notifications(BrokerCall& call, const std::vector<protocol::Body>& replies) {
    std::vector<TopicName> topics;
    std::vector<protocol::Body> reads;
    bool of_broker = false;
    for (const protocol::Body& reply : replies) {
        const auto* data = std::get_if<protocol::ZkGetDataResponse>(&reply);
        if (data == nullptr || data->err != zookeeper::kOk || !data->data) continue;
        const std::optional<std::string> entity = zookeeper::decode_config_change(*data->data);
        of_broker = of_broker || (entity && is_of_this_broker(call, *entity));
        if (!entity || !entity->starts_with(kTopicPrefix)) continue;
        topics.emplace_back(std::string_view(*entity).substr(kTopicPrefix.size()));
        reads.push_back(read_config_of(topics.back()));
    }
    if (of_broker) call.zk_call(ZkCaller::TopicConfigs, kBrokerConfigs, read_broker_configs(call));
    if (topics.empty()) return;
    call.state().topic_configs.being_read.push_back(std::move(topics));
    call.zk_call(ZkCaller::TopicConfigs, kConfigs, std::move(reads));
}

void on_configs(BrokerCall& call, const std::vector<protocol::Body>& replies) {
    TopicConfigCache& cache = call.state().topic_configs;
    const std::vector<TopicName> topics = std::move(cache.being_read.front());
    cache.being_read.pop_front();
    for (size_t i = 0; i < topics.size(); ++i) {
        const int32_t error = zookeeper::error_of(replies[i]);
        if (error != zookeeper::kOk && error != zookeeper::kNoNode)
            continue;  // the session ended: the new one reads again
        const bool unclean_before = call.topic_config(topics[i]).unclean_leader_election_enable;
        cache.overrides[topics[i]] = overrides_of(replies[i]);
        std::string shown;
        for (const auto& [name, value] : cache.overrides[topics[i]])
            shown += (shown.empty() ? "" : ", ") + name + " -> " + value;
        node::info(call.env(), "kafka.server.DynamicConfigManager",
                   "Processing override for entityPath: topics/{} with config: HashMap({})", topics[i].view(), shown);
        topic_config_changed(call, topics[i]);
        if (!unclean_before && call.topic_config(topics[i]).unclean_leader_election_enable) {
            call.state().controller.enable_unclean_leader_election(call, topics[i]);
        }
    }
}

}  // namespace

config::Properties overrides_of(const protocol::Body& reply) {
    const auto* data = std::get_if<protocol::ZkGetDataResponse>(&reply);
    if (data == nullptr || data->err != zookeeper::kOk || !data->data) return {};
    const auto decoded = zookeeper::decode_config(*data->data);
    if (!decoded) return {};
    return config::Properties(decoded->begin(), decoded->end());
}

void watch_config_changes(BrokerCall& call) {
    call.zk_call(ZkCaller::TopicConfigs, kChanges,
                 {zookeeper::zk_get_children(std::string(zookeeper::kConfigChangesPath), true)});
}

void on_topic_config_replies(BrokerCall& call, uint64_t token, std::vector<protocol::Body>&& replies) {
    switch (static_cast<ConfigsToken>(token)) {
        case kChanges:
            on_changes(call, replies.front());
            return;
        case kNotifications:
            on_notifications(call, replies);
            return;
        case kConfigs:
            on_configs(call, replies);
            return;
        case kBrokerConfigs:
            broker_configs_changed(call, replies.front(), replies.back());
            return;
    }
}

void park_for_topic_configs(BrokerCall& call, const node::RequestContext& context, protocol::Body&& body,
                            std::vector<TopicName>&& topics) {
    TopicConfigCache& cache = call.state().topic_configs;
    std::vector<protocol::Body> reads;
    for (const TopicName& topic : topics) reads.push_back(read_config_of(topic));
    const uint64_t token = cache.next_parked++;
    cache.parked.emplace(token, ParkedRequest{context, std::move(body), std::move(topics)});
    call.zk_call(ZkCaller::ParkedRequest, token, std::move(reads));
}

void on_parked_replies(BrokerCall& call, uint64_t token, std::vector<protocol::Body>&& replies) {
    TopicConfigCache& cache = call.state().topic_configs;
    const auto found = cache.parked.find(token);
    if (found == cache.parked.end()) return;
    ParkedRequest request = std::move(found->second);
    cache.parked.erase(found);
    TopicOverrides overrides;
    for (size_t i = 0; i < request.topics.size(); ++i) overrides[request.topics[i]] = overrides_of(replies[i]);
    if (auto* leader_and_isr = std::get_if<protocol::LeaderAndIsrRequest>(&request.body)) {
        finish_leader_and_isr(call, request.context, std::move(*leader_and_isr), std::move(overrides));
    } else if (const auto* describe = std::get_if<protocol::DescribeConfigsRequest>(&request.body)) {
        finish_describe_configs(call, request.context, *describe, overrides);
    }
}

}  // namespace kafkasim::broker
