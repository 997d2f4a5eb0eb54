// SPDX-License-Identifier: Apache-2.0
#include "core/controller/channel_manager.hpp"

#include "core/controller/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::controller {

namespace {

constexpr Duration kRetryBackOff = 100ms;

std::vector<TopicPartition> partitions_to_delete(const protocol::Body& request) {
    std::vector<TopicPartition> found;
    const auto* stop = std::get_if<protocol::StopReplicaRequest>(&request);
    if (stop == nullptr) return found;
    for (const auto& topic : stop->topic_states) {
        for (const auto& state : topic.partition_states) {
            if (state.delete_partition) found.push_back({topic.topic_name, state.partition_index});
        }
    }
    return found;
}

/// "localhost:9093 (id: 2 rack: null)", as Kafka prints a Node.
std::string node_text(BrokerId id, const node::Endpoint& endpoint) {
    return endpoint.host + ":" + std::to_string(endpoint.port) + " (id: " + to_string(id) + " rack: null)";
}

}  // namespace

void ChannelManager::add_broker(node::Env& env, const LiveBroker& live) {
    const BrokerId id = live.info.id;
    if (channels_.contains(id)) return;
    node::log(env, node::Level::Debug, kChannelManagerLogger,
              "[Channel manager on controller {0}]: Controller {0} trying to connect to broker {1}", controller_.value,
              id.value);
    const uint64_t generation = next_generation_++;
    BrokerChannel broker;
    broker.generation = generation;
    broker.channel = node::RequestChannel({live.info.host, live.info.port}, SharedText(to_string(controller_)),
                                          {component_, kSendThread, id.value, generation});
    broker.timer = env.new_timer({component_, kSendTimer, id.value, generation});
    channels_.emplace(id, std::move(broker));
    node::info(env, kSendThreadLogger, "[RequestSendThread controllerId={}] Starting", controller_.value);
}

void ChannelManager::remove_broker(node::Env& env, BrokerId id) {
    const auto found = channels_.find(id);
    if (found == channels_.end()) return;
    node::info(env, kSendThreadLogger, "[RequestSendThread controllerId={}] Shutting down", controller_.value);
    found->second.channel.close(env);
    env.free_timer(found->second.timer);
    channels_.erase(found);
    node::info(env, kSendThreadLogger, "[RequestSendThread controllerId={}] Stopped", controller_.value);
    node::info(env, kSendThreadLogger, "[RequestSendThread controllerId={}] Shutdown completed", controller_.value);
}

void ChannelManager::shutdown(node::Env& env) {
    while (!channels_.empty()) remove_broker(env, channels_.begin()->first);
}

size_t ChannelManager::queued(BrokerId id) const {
    const auto found = channels_.find(id);
    return found == channels_.end() ? 0 : found->second.queue.size();
}

void ChannelManager::send(node::Env& env, BrokerId to, protocol::Body&& body, Duration request_timeout,
                          int32_t controller_epoch) {
    request_timeout_ = request_timeout;
    controller_epoch_ = controller_epoch;
    const auto found = channels_.find(to);
    if (found == channels_.end()) {
        node::warn(env, kChannelManagerLogger,
                   "[Channel manager on controller {}]: Not sending request {} to broker {}, since it is offline.",
                   controller_.value, protocol::name_of(body), to.value);
        return;
    }
    found->second.queue.push_back(std::move(body));
    work(env, to, found->second);
}

ChannelManager::BrokerChannel* ChannelManager::find(const node::Tag& tag) {
    const auto found = channels_.find(BrokerId{tag.a});
    return found == channels_.end() || found->second.generation != tag.b ? nullptr : &found->second;
}

void ChannelManager::work(node::Env& env, BrokerId id, BrokerChannel& broker) {
    if (broker.queue.empty() || broker.backing_off || !broker.channel.idle()) return;
    if (!broker.channel.connected()) {
        broker.channel.connect(env);
        return;
    }
    broker.channel.send(env, protocol::Body(broker.queue.front()), static_cast<uint64_t>(id.value));
    env.arm(broker.timer, request_timeout_);
}

void ChannelManager::back_off(node::Env& env, BrokerChannel& broker) {
    broker.backing_off = true;
    env.arm(broker.timer, kRetryBackOff);
}

void ChannelManager::log_failed_send(node::Env& env, BrokerId id, const BrokerChannel& broker) const {
    node::warn(env, kSendThreadLogger,
               "[RequestSendThread controllerId={}] Controller {} epoch {} fails to send request (type: {}) to broker "
               "{}. Reconnecting to "
               "broker.",
               controller_.value, controller_.value, controller_epoch_, protocol::name_of(broker.queue.front()),
               node_text(id, broker.channel.endpoint()));
}

void ChannelManager::on_connected(node::Env& env, const node::Tag& tag) {
    BrokerChannel* broker = find(tag);
    if (broker == nullptr) return;
    const BrokerId id{tag.a};
    broker->channel.on_connected();
    node::info(env, kSendThreadLogger,
               "[RequestSendThread controllerId={}] Controller {} connected to {} for sending state change requests",
               controller_.value, controller_.value, node_text(id, broker->channel.endpoint()));
    work(env, id, *broker);
}

void ChannelManager::on_disconnected(node::Env& env, const node::Tag& tag) {
    BrokerChannel* broker = find(tag);
    if (broker == nullptr) return;
    const BrokerId id{tag.a};
    const bool was_connecting = broker->channel.connecting();
    const bool lost_request = !broker->channel.on_disconnected().empty();
    if (was_connecting) {
        node::warn(env, kSendThreadLogger,
                   "[RequestSendThread controllerId={}] Controller {}'s connection to broker {} was unsuccessful",
                   controller_.value, controller_.value, node_text(id, broker->channel.endpoint()));
    } else if (lost_request) {
        log_failed_send(env, id, *broker);
    } else {
        return;  // nothing was being sent: it is noticed at the next request
    }
    back_off(env, *broker);
}

std::optional<BrokerResponse> ChannelManager::on_message(node::Env& env, const node::Tag& tag,
                                                         protocol::Message&& message) {
    BrokerChannel* broker = find(tag);
    if (broker == nullptr) return std::nullopt;
    auto response = broker->channel.on_message(std::move(message));
    if (!response) return std::nullopt;
    const BrokerId id{tag.a};
    env.disarm(broker->timer);
    std::vector<TopicPartition> to_delete = partitions_to_delete(broker->queue.front());
    broker->queue.pop_front();
    work(env, id, *broker);
    return BrokerResponse{id, std::move(response->body), std::move(to_delete)};
}

void ChannelManager::on_timer(node::Env& env, const node::Tag& tag) {
    BrokerChannel* broker = find(tag);
    if (broker == nullptr) return;
    const BrokerId id{tag.a};
    if (broker->backing_off) {
        broker->backing_off = false;
        work(env, id, *broker);
        return;
    }
    log_failed_send(env, id, *broker);  // request.timeout.ms without an answer
    broker->channel.close(env);
    back_off(env, *broker);
}

}  // namespace kafkasim::controller
