// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

// Partitions that this broker does not know are answered here; when nothing is left the coordinator does not hear of the
// group. Kafka 3.0.0: KafkaApis.handleOffsetCommitRequest.
void handle_offset_commit(BrokerCall& call, const node::RequestContext& context,
                          protocol::OffsetCommitRequest&& request) {
    protocol::OffsetCommitResponse unknown;
    for (auto& topic : request.topics) {
        protocol::OffsetCommitResponse::OffsetCommitResponseTopic refused;
        refused.name = topic.name;
        std::erase_if(topic.partitions, [&](const auto& partition) {
            if (call.metadata().contains(TopicPartition{topic.name, partition.partition_index})) return false;
            refused.partitions.push_back({partition.partition_index, ErrorCode::UnknownTopicOrPartition});
            return true;
        });
        if (!refused.partitions.empty()) unknown.topics.push_back(std::move(refused));
    }
    std::erase_if(request.topics, [](const auto& topic) { return topic.partitions.empty(); });
    if (request.topics.empty()) return call.respond(context.token, std::move(unknown));
    call.state().groups.handle_offset_commit(call, context, std::move(request), std::move(unknown));
}

}  // namespace kafkasim::broker
