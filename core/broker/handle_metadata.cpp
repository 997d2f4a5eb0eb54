// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"
#include "core/broker/topic_name.hpp"

namespace kafkasim::broker {

namespace {

using Topic = protocol::MetadataResponse::MetadataResponseTopic;
using Partition = protocol::MetadataResponse::MetadataResponsePartition;

/// A partition whose leader is not alive is shown without leader, everything else as the controller last said.
Partition describe(const MetadataCache& metadata, int32_t index, const PartitionInfo& info) {
    Partition partition;
    partition.partition_index = index;
    partition.leader_epoch = info.leader_epoch;
    partition.replica_nodes = info.replicas;
    partition.isr_nodes = info.isr;
    partition.offline_replicas = info.offline_replicas;
    const bool alive = metadata.alive(info.leader);
    partition.leader_id = alive ? info.leader : kNoBroker;
    partition.error_code = alive ? ErrorCode::None : ErrorCode::LeaderNotAvailable;
    return partition;
}

Topic describe(const MetadataCache& metadata, const TopicName& name, const MetadataCache::Partitions& partitions) {
    Topic topic;
    topic.name = name;
    topic.topic_id = metadata.topic_id(name);
    topic.is_internal = is_internal_topic(name.view());
    for (const auto& [index, info] : partitions) topic.partitions.push_back(describe(metadata, index, info));
    return topic;
}

void describe_brokers(BrokerCall& call, protocol::MetadataResponse& response) {
    for (const AliveBroker& broker : call.metadata().alive_brokers()) {
        response.brokers.push_back({broker.id, broker.endpoint.host, broker.endpoint.port, broker.rack});
    }
    response.cluster_id = call.state().cluster_id;
    response.controller_id = call.metadata().controller();
}

void add_unknown_id(protocol::MetadataResponse& response, const Uuid& id) {
    Topic& topic = response.topics.emplace_back();
    topic.error_code = ErrorCode::UnknownTopicId;
    topic.topic_id = id;
}

}  // namespace

// Kafka 3.0.0: KafkaApis.handleTopicMetadataRequest, ZkMetadataCache.getTopicMetadata. Simplified: topics and
// partitions come sorted (there: hash order).
void handle_metadata(BrokerCall& call, const node::RequestContext& context, protocol::MetadataRequest&& request) {
    const MetadataCache& metadata = call.metadata();
    protocol::MetadataResponse response;
    describe_brokers(call, response);
    std::vector<TopicName> unknown;
    if (!request.topics) {
        for (const auto& [name, partitions] : metadata.topics())
            response.topics.push_back(describe(metadata, name, partitions));
    } else {
        for (const auto& asked : *request.topics) {
            const auto name = asked.name ? asked.name : metadata.topic_name(asked.topic_id);
            if (!name) {
                add_unknown_id(response, asked.topic_id);
            } else if (const auto* partitions = metadata.find(*name)) {
                response.topics.push_back(describe(metadata, *name, *partitions));
            } else {
                unknown.push_back(*name);
            }
        }
    }
    protocol::Body reply(std::move(response));
    if (unknown.empty()) return call.respond(context.token, std::move(reply));
    if (request.allow_auto_topic_creation && call.config().auto_create_topics_enable) {
        return auto_create_topics(call, context.token, unknown, std::move(reply));
    }
    for (const TopicName& topic : unknown) {
        add_topic_error(reply, topic,
                        complaint_about_topic_name(topic.view()) ? ErrorCode::InvalidTopicException
                                                                 : ErrorCode::UnknownTopicOrPartition);
    }
    call.respond(context.token, std::move(reply));
}

}  // namespace kafkasim::broker
