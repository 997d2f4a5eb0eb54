// SPDX-License-Identifier: Apache-2.0
// DeleteRecords: the leader raises the start of its log, then waits until the live followers have done so too (they
// hear of it in their next fetch and tell theirs in the one after).
// Modelled: all errors, -1 for the high watermark, the wait and its timeout. Not modelled: authorization.
// Kafka 3.0.0: kafka.server.KafkaApis.handleDeleteRecordsRequest, ReplicaManager.deleteRecords,
// kafka.cluster.Partition.deleteRecordsOnLeader, DelayedDeleteRecords.
#include "core/broker/components.hpp"
#include "core/broker/replica_manager.hpp"

namespace kafkasim::broker {

namespace {

constexpr int64_t kHighWatermark = -1;

protocol::DeleteRecordsResponse response_of(const std::vector<DeleteRecordsStatus>& partitions) {
    protocol::DeleteRecordsResponse response;
    for (const DeleteRecordsStatus& status : partitions) {
        if (response.topics.empty() || response.topics.back().name != status.partition.topic)
            response.topics.push_back({status.partition.topic, {}});
        protocol::DeleteRecordsResponse::DeleteRecordsPartitionResult answer;
        answer.partition_index = status.partition.partition;
        answer.low_watermark = status.error == ErrorCode::None ? status.low_watermark : -1;
        answer.error_code = status.error;
        response.topics.back().partitions.push_back(answer);
    }
    return response;
}

}  // namespace

void ReplicaManager::handle_delete_records(BrokerHost& host, const node::RequestContext& context,
                                           protocol::DeleteRecordsRequest&& request) {
    DelayedDeleteRecords deletion;
    deletion.token = context.token;
    for (const auto& topic : request.topics) {
        for (const auto& asked : topic.partitions) {
            DeleteRecordsStatus status;
            status.partition = TopicPartition{topic.name, asked.partition_index};
            status.error = delete_records_on_leader(host, status, asked.offset);
            status.acks_pending = status.error == ErrorCode::None && status.low_watermark < status.required_offset;
            deletion.partitions.push_back(std::move(status));
        }
    }
    deletion.id = delayed_deletes_.next_id();
    if (delete_records_done(host, deletion))
        return host.respond(deletion.token, protocol::Body(response_of(deletion.partitions)));
    const node::Tag tag{kReplicaManager, kDeleteRecordsTimeout, 0, deletion.id};
    delayed_deletes_.add(host.env(), std::move(deletion), tag, from_millis(request.timeout_ms));
}

/// Sets the offset to wait for and the low watermark as it is now.
ErrorCode ReplicaManager::delete_records_on_leader(BrokerHost& host, DeleteRecordsStatus& status, int64_t offset) {
    const TopicPartition& tp = status.partition;
    if (!host.metadata().contains(tp)) return ErrorCode::UnknownTopicOrPartition;
    if (is_internal_topic(tp.topic.view())) return ErrorCode::InvalidTopicException;
    Partition* partition = nullptr;
    const ErrorCode error = partition_or_error(host, tp, partition);
    if (error != ErrorCode::None) return error;
    log::Log* log = log_of(tp);
    if (!partition->is_leader() || !log) return ErrorCode::NotLeaderOrFollower;
    if (!log->config().deletes_old) return ErrorCode::PolicyViolation;
    status.required_offset = offset == kHighWatermark ? log->high_watermark() : offset;
    if (status.required_offset < 0 || status.required_offset > log->high_watermark())
        return ErrorCode::OffsetOutOfRange;
    touch(tp);
    log->maybe_increment_log_start_offset(host.env(), status.required_offset, "client delete records request");
    status.low_watermark = low_watermark(log->log_start_offset(), partition->followers(), host.metadata());
    return ErrorCode::None;
}

/// True if nothing is pending any more. Kafka 3.0.0: DelayedDeleteRecords.tryComplete.
bool ReplicaManager::delete_records_done(BrokerHost& host, DelayedDeleteRecords& deletion) {
    for (DeleteRecordsStatus& status : deletion.partitions) {
        if (!status.acks_pending) continue;
        Partition* partition = find_partition(status.partition);
        const log::Log* log = log_of(status.partition);
        ErrorCode error = ErrorCode::None;
        int64_t reached = -1;
        if (!partition) {
            error = ErrorCode::UnknownTopicOrPartition;
        } else if (partition->offline()) {
            error = ErrorCode::KafkaStorageError;
        } else if (!partition->is_leader() || !log) {
            error = ErrorCode::NotLeaderOrFollower;
        } else {
            reached = low_watermark(log->log_start_offset(), partition->followers(), host.metadata());
        }
        if (error == ErrorCode::None && reached < status.required_offset) continue;
        status.acks_pending = false;
        status.error = error;
        status.low_watermark = reached;
    }
    return !deletion.pending();
}

void ReplicaManager::check_deletes(BrokerHost& host, const TopicPartition& tp) {
    if (delayed_deletes_.empty()) return;
    for (uint64_t id : delayed_deletes_.concerned(tp)) {
        DelayedDeleteRecords* deletion = delayed_deletes_.find(id);
        if (!deletion || !delete_records_done(host, *deletion)) continue;
        const std::optional<DelayedDeleteRecords> done = delayed_deletes_.take(host.env(), id);
        host.respond(done->token, protocol::Body(response_of(done->partitions)));
    }
}

/// The records are gone on the leader all the same.
void ReplicaManager::expire_delete_records(BrokerHost& host, uint64_t id) {
    std::optional<DelayedDeleteRecords> deletion = delayed_deletes_.take(host.env(), id);
    if (!deletion) return;
    for (DeleteRecordsStatus& status : deletion->partitions) {
        if (status.acks_pending) status.error = ErrorCode::RequestTimedOut;
    }
    host.respond(deletion->token, protocol::Body(response_of(deletion->partitions)));
}

}  // namespace kafkasim::broker
