// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

// Partitions that this broker does not know are answered here; the coordinator adds the others. Kafka 3.0.0:
// KafkaApis.handleOffsetDeleteRequest.
void handle_offset_delete(BrokerCall& call, const node::RequestContext& context,
                          protocol::OffsetDeleteRequest&& request) {
    protocol::OffsetDeleteResponse unknown;
    for (auto& topic : request.topics) {
        protocol::OffsetDeleteResponse::OffsetDeleteResponseTopic answered;
        answered.name = topic.name;
        std::erase_if(topic.partitions, [&](const auto& partition) {
            if (call.metadata().contains(TopicPartition{topic.name, partition.partition_index})) return false;
            answered.partitions.push_back({partition.partition_index, ErrorCode::UnknownTopicOrPartition});
            return true;
        });
        if (!answered.partitions.empty()) unknown.topics.push_back(std::move(answered));
    }
    std::erase_if(request.topics, [](const auto& topic) { return topic.partitions.empty(); });
    call.state().groups.handle_offset_delete(call, context, std::move(request), std::move(unknown));
}

}  // namespace kafkasim::broker
