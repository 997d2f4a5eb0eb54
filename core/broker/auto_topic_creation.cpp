// SPDX-License-Identifier: Apache-2.0
#include "core/broker/auto_topic_creation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/broker/broker_call.hpp"
#include "core/broker/topic_name.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

constexpr Duration kRetryBackOff = from_millis(100);

protocol::CreateTopicsRequest::CreatableTopic creatable(BrokerCall& call, const TopicName& name) {
    protocol::CreateTopicsRequest::CreatableTopic topic;
    topic.name = name;
    topic.num_partitions = call.config().num_partitions;
    topic.replication_factor = call.config().default_replication_factor;
    if (name == kOffsetsTopic) {
        topic.num_partitions = call.config().offsets_topic_num_partitions;
        topic.replication_factor = call.config().offsets_topic_replication_factor;
        for (const auto& [setting, value] : config::offsets_topic_config(call.config()))
            topic.configs.push_back({setting, value});
    }
    return topic;
}

void retry_later(BrokerCall& call) {
    AutoTopicCreation& creation = call.state().auto_topics;
    if (creation.queue.empty()) return;
    if (creation.retry_timer == node::TimerId::None)
        creation.retry_timer = call.env().new_timer({kForwarding, 0, 0, 0});
    call.env().arm(creation.retry_timer, kRetryBackOff);
}

/// Looks the controller up in the metadata cache; false if it does not name one that is alive.
bool record_controller(BrokerCall& call) {
    AutoTopicCreation& creation = call.state().auto_topics;
    const BrokerId controller = call.metadata().controller();
    const auto endpoint = call.metadata().endpoint(controller);
    if (!endpoint) return false;
    creation.controller = controller;
    const std::string client_id = std::to_string(call.broker_id().value);
    creation.channel = node::RequestChannel(*endpoint, SharedText(client_id), {kForwarding, 0, controller.value, 0});
    node::info(call.env(), "kafka.server.BrokerToControllerRequestThread",
               "[BrokerToControllerChannelManager broker={} name=forwarding]: Recorded new controller, from now on "
               "will use broker {}:{} (id: {} rack: null)",
               client_id, endpoint->host, endpoint->port, controller.value);
    return true;
}

/// Whoever was the controller is not, or cannot be reached: it is looked up again.
void forget_controller(BrokerCall& call) {
    AutoTopicCreation& creation = call.state().auto_topics;
    creation.channel.close(call.env());
    creation.controller = kNoBroker;
    retry_later(call);
}

/// Connects, or sends the oldest request, or waits a little for a controller to be known.
void pump(BrokerCall& call) {
    AutoTopicCreation& creation = call.state().auto_topics;
    if (creation.queue.empty() || !creation.channel.idle()) return;
    if (creation.controller == kNoBroker && !record_controller(call)) return retry_later(call);
    if (creation.channel.connected()) {
        protocol::CreateTopicsRequest request = creation.queue.front();
        creation.channel.send(call.env(), std::move(request), 0);
    } else {
        creation.channel.connect(call.env());
    }
}

void forward(BrokerCall& call, const std::vector<TopicName>& topics) {
    AutoTopicCreation& creation = call.state().auto_topics;
    protocol::CreateTopicsRequest request;
    request.timeout_ms = call.config().request_timeout_ms;
    std::string names;
    for (const TopicName& topic : topics) {
        request.topics.push_back(creatable(call, topic));
        names += (names.empty() ? "" : ", ") + topic.str();
    }
    creation.queue.push_back(std::move(request));
    node::info(call.env(), "kafka.server.DefaultAutoTopicCreationManager",
               "Sent auto-creation request for Set({}) to the active controller.", names);
    pump(call);
}

void create_here(BrokerCall& call, const node::RequestToken& token, const std::vector<TopicName>& topics,
                 protocol::Body&& reply) {
    TopicCreation creation;
    creation.token = token;
    creation.reply = std::move(reply);
    for (const TopicName& topic : topics) {
        NewTopic created;
        created.asked = creatable(call, topic);
        creation.topics.push_back(std::move(created));
    }
    create_topics(call, std::move(creation));
}

}  // namespace

void add_topic_error(protocol::Body& reply, const TopicName& topic, ErrorCode error) {
    auto* metadata = std::get_if<protocol::MetadataResponse>(&reply);
    if (metadata == nullptr) return;
    protocol::MetadataResponse::MetadataResponseTopic entry;
    entry.error_code = error;
    entry.name = topic;
    entry.is_internal = is_internal_topic(topic.view());
    metadata->topics.push_back(std::move(entry));
}

void auto_create_topics(BrokerCall& call, const node::RequestToken& token, const std::vector<TopicName>& topics,
                        protocol::Body&& reply) {
    AutoTopicCreation& creation = call.state().auto_topics;
    std::vector<TopicName> wanted;
    for (const TopicName& topic : topics) {
        if (complaint_about_topic_name(topic.view())) {
            add_topic_error(reply, topic, ErrorCode::InvalidTopicException);
        } else if (!creation.in_flight.insert(topic).second) {
            add_topic_error(reply, topic, ErrorCode::UnknownTopicOrPartition);
        } else {
            wanted.push_back(topic);
        }
    }
    if (!wanted.empty() && call.state().controller.is_active())
        return create_here(call, token, wanted, std::move(reply));
    if (!wanted.empty()) forward(call, wanted);
    for (const TopicName& topic : wanted) add_topic_error(reply, topic, ErrorCode::UnknownTopicOrPartition);
    call.respond(token, std::move(reply));
}

void auto_creation_done(BrokerCall& call, const TopicName& topic) { call.state().auto_topics.in_flight.erase(topic); }

void forwarding_controller_known(BrokerCall& call) {
    if (call.state().auto_topics.controller == kNoBroker) record_controller(call);
}

void on_forwarding_connected(BrokerCall& call) {
    call.state().auto_topics.channel.on_connected();
    pump(call);
}

void on_forwarding_disconnected(BrokerCall& call) {
    call.state().auto_topics.channel.on_disconnected();
    forget_controller(call);
}

void on_forwarding_message(BrokerCall& call, protocol::Message&& message) {
    AutoTopicCreation& creation = call.state().auto_topics;
    const auto response = creation.channel.on_message(std::move(message));
    if (!response || creation.queue.empty()) return;
    const auto* answer = std::get_if<protocol::CreateTopicsResponse>(&response->body);
    const bool moved = answer != nullptr &&
                       std::any_of(answer->topics.begin(), answer->topics.end(),
                                   [](const auto& topic) { return topic.error_code == ErrorCode::NotController; });
    if (moved) return forget_controller(call);
    for (const auto& topic : creation.queue.front().topics) creation.in_flight.erase(topic.name);
    creation.queue.pop_front();
    pump(call);
}

void on_forwarding_timer(BrokerCall& call) { pump(call); }

}  // namespace kafkasim::broker
