// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

// Topics that this broker does not know are answered here; when nothing is left the coordinator does not hear of
// the group. Kafka 3.0.0:
// KafkaApis.handleOffsetCommitRequest. A reply of the coordinator lists what it was asked; when topics are mixed,
// the unknown ones are left out of it (Simplified: Kafka merges both lists).
void handle_offset_commit(BrokerCall& call, const node::RequestContext& context,
                          protocol::OffsetCommitRequest&& request) {
    protocol::OffsetCommitResponse unknown;
    std::erase_if(request.topics, [&](const auto& topic) {
        const bool known = std::all_of(topic.partitions.begin(), topic.partitions.end(), [&](const auto& partition) {
            return call.metadata().contains(TopicPartition{topic.name, partition.partition_index});
        });
        if (known) return false;
        auto& answered = unknown.topics.emplace_back();
        answered.name = topic.name;
        for (const auto& partition : topic.partitions)
            answered.partitions.push_back({partition.partition_index, ErrorCode::UnknownTopicOrPartition});
        return true;
    });
    if (request.topics.empty()) return call.respond(context.token, std::move(unknown));
    call.state().groups.handle_offset_commit(call, context, std::move(request));
}

}  // namespace kafkasim::broker
