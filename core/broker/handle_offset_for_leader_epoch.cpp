// SPDX-License-Identifier: Apache-2.0
// OffsetForLeaderEpoch: where the asked leader epoch, or the greatest one below it, ends in the leader's log.
// Kafka 3.0.0: kafka.server.KafkaApis.handleOffsetForLeaderEpochRequest,
// kafka.cluster.Partition.lastOffsetForLeaderEpoch.
#include "core/broker/replica_manager.hpp"

namespace kafkasim::broker {

void ReplicaManager::handle_offset_for_leader_epoch(BrokerHost& host, const node::RequestContext& context,
                                                    protocol::OffsetForLeaderEpochRequest&& request) {
    protocol::OffsetForLeaderEpochResponse response;
    for (const auto& topic : request.topics) {
        response.topics.push_back({topic.topic, {}});
        for (const auto& asked : topic.partitions) {
            const TopicPartition tp{topic.topic, asked.partition};
            protocol::OffsetForLeaderEpochResponse::EpochEndOffset answer;
            answer.partition = asked.partition;
            Partition* partition = nullptr;
            answer.error_code = host.metadata().contains(tp) ? partition_or_error(host, tp, partition)
                                                             : ErrorCode::UnknownTopicOrPartition;
            if (answer.error_code == ErrorCode::None)
                answer.error_code = partition->check_leader(asked.current_leader_epoch, true);
            if (answer.error_code == ErrorCode::None) {
                log::EpochEndOffset end = log_of(tp)->end_offset_for_epoch(asked.leader_epoch);
                if (request.replica_id.value >= 0) end = host.rules().answer(end);
                answer.leader_epoch = end.epoch;
                answer.end_offset = end.end_offset;
            }
            response.topics.back().partitions.push_back(answer);
        }
    }
    host.respond(context.token, protocol::Body(std::move(response)));
}

}  // namespace kafkasim::broker
