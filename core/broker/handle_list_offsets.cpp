// SPDX-License-Identifier: Apache-2.0
// ListOffsets: the earliest (-2) and latest (-1) offset, that of the greatest timestamp (-3), or the first record
// not older than a timestamp. A new leader whose high
// watermark is still behind the start of its epoch does not answer "latest" to clients: the real one is higher
// (KIP-207).
// Kafka 3.0.0: kafka.server.KafkaApis.handleListOffsetRequest, kafka.cluster.Partition.fetchOffsetForTimestamp.
#include "core/broker/replica_manager.hpp"

namespace kafkasim::broker {

namespace {

using Answer = protocol::ListOffsetsResponse::ListOffsetsPartitionResponse;

constexpr int64_t kLatest = -1;
constexpr int64_t kEarliest = -2;
constexpr int64_t kMaxTimestamp = -3;

Answer earliest(const log::Log& log, Answer answer) {
    answer.offset = log.log_start_offset();
    const std::optional<log::EpochEntry> first = log.epochs().earliest_entry();
    if (first && first->start_offset <= answer.offset) answer.leader_epoch = first->epoch;
    return answer;
}

}  // namespace

Answer ReplicaManager::list_offset(BrokerHost& host, BrokerId replica_id, const TopicPartition& tp,
                                   const protocol::ListOffsetsRequest::ListOffsetsPartition& asked) {
    Answer answer;
    answer.partition_index = asked.partition_index;
    Partition* partition = nullptr;
    answer.error_code =
        host.metadata().contains(tp) ? partition_or_error(host, tp, partition) : ErrorCode::UnknownTopicOrPartition;
    if (answer.error_code != ErrorCode::None) return answer;
    // -1 is a client; a replica sees up to the end of the log; -2 is a debugging client, which may ask any replica.
    answer.error_code = partition->check_leader(asked.current_leader_epoch, replica_id.value != -2);
    if (answer.error_code != ErrorCode::None) return answer;

    const log::Log& log = *log_of(tp);
    const bool client = replica_id.value < 0;
    const int64_t bound = client ? log.high_watermark() : log.log_end_offset();
    const bool lagging = client && partition->leader_epoch_start_offset().value_or(-1) > log.high_watermark();
    if (asked.timestamp == kEarliest) return earliest(log, answer);
    if (asked.timestamp == kLatest) {
        if (lagging) {
            answer.error_code = ErrorCode::OffsetNotAvailable;
            return answer;
        }
        answer.offset = bound;
        answer.leader_epoch = partition->leader_epoch();
        return answer;
    }
    const std::optional<log::TimestampOffset> found =
        asked.timestamp == kMaxTimestamp ? log.offset_of_max_timestamp() : log.offset_for_timestamp(asked.timestamp);
    if (found && found->offset < bound) {
        answer.timestamp = found->timestamp;
        answer.offset = found->offset;
        answer.leader_epoch = found->leader_epoch;
    } else if (lagging) {
        answer.error_code = ErrorCode::OffsetNotAvailable;
    }
    return answer;
}

void ReplicaManager::handle_list_offsets(BrokerHost& host, const node::RequestContext& context,
                                         protocol::ListOffsetsRequest&& request) {
    protocol::ListOffsetsResponse response;
    for (const auto& topic : request.topics) {
        response.topics.push_back({topic.name, {}});
        for (const auto& asked : topic.partitions) {
            response.topics.back().partitions.push_back(
                list_offset(host, request.replica_id, TopicPartition{topic.name, asked.partition_index}, asked));
        }
    }
    host.respond(context.token, protocol::Body(std::move(response)));
}

}  // namespace kafkasim::broker
