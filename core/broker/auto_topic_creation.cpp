// SPDX-License-Identifier: Apache-2.0
#include "core/broker/auto_topic_creation.hpp"

#include <algorithm>

#include "core/broker/broker_call.hpp"
#include "core/broker/topic_name.hpp"

namespace kafkasim::broker {

namespace {

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

void create(BrokerCall& call, const node::RequestToken& token, const std::vector<TopicName>& topics,
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
    if (!wanted.empty()) return create(call, token, wanted, std::move(reply));
    call.respond(token, std::move(reply));
}

void auto_creation_done(BrokerCall& call, const TopicName& topic) { call.state().auto_topics.in_flight.erase(topic); }

}  // namespace kafkasim::broker
