// SPDX-License-Identifier: Apache-2.0
// StopReplica: stop copying a partition, and perhaps delete it. A request that carries the leader epoch this broker
// already knows is refused: so both
// StopReplicas of a controlled shutdown are.
// Kafka 3.0.0: kafka.server.ReplicaManager.stopReplicas, KafkaApis.handleStopReplicaRequest.
#include <fmt/format.h>

#include "core/broker/loggers.hpp"
#include "core/broker/replica_manager.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

protocol::StopReplicaResponse refusal(const protocol::StopReplicaRequest& request, ErrorCode error) {
    protocol::StopReplicaResponse response;
    response.error_code = error;
    for (const auto& topic : request.topic_states) {
        for (const auto& state : topic.partition_states)
            response.partition_errors.push_back({topic.topic_name, state.partition_index, error});
    }
    return response;
}

}  // namespace

void ReplicaManager::handle_stop_replica(BrokerHost& host, const node::RequestContext& context,
                                         protocol::StopReplicaRequest&& request) {
    if (stale_broker_epoch(host, request.broker_epoch, "StopReplica")) {
        return host.respond(context.token, protocol::Body(refusal(request, ErrorCode::StaleBrokerEpoch)));
    }
    size_t count = 0;
    for (const auto& topic : request.topic_states) count += topic.partition_states.size();
    const int32_t broker = host.broker_id().value;
    node::info(host.env(), kStateChangeLogger,
               "[Broker id={}] Handling StopReplica request correlationId {} from controller {} for {} partitions",
               broker, context.token.correlation_id, request.controller_id.value, count);
    if (!accept_controller_epoch(request.controller_epoch)) {
        node::warn(host.env(), kStateChangeLogger,
                   "[Broker id={}] Ignoring StopReplica request from controller {} with correlation id {} since its "
                   "controller epoch {} is old. Latest known "
                   "controller epoch is {}",
                   broker, request.controller_id.value, context.token.correlation_id, request.controller_epoch,
                   controller_epoch_);
        note_stale(host, "StopReplica", ErrorCode::StaleControllerEpoch);
        return host.respond(context.token, protocol::Body(refusal(request, ErrorCode::StaleControllerEpoch)));
    }
    protocol::StopReplicaResponse response;
    std::vector<std::pair<TopicPartition, protocol::StopReplicaRequest::StopReplicaPartitionState>> stopped;
    for (const auto& topic : request.topic_states) {
        for (const auto& state : topic.partition_states) {
            const TopicPartition tp{topic.topic_name, state.partition_index};
            const ErrorCode error = stop_replica_error(host, context, request, tp, state);
            if (error == ErrorCode::None) stopped.emplace_back(tp, state);
            response.partition_errors.push_back({topic.topic_name, state.partition_index, error});
        }
    }
    stop_replicas(host, stopped);
    host.respond(context.token, protocol::Body(std::move(response)));
}

ErrorCode ReplicaManager::stop_replica_error(BrokerHost& host, const node::RequestContext& context,
                                             const protocol::StopReplicaRequest& request, const TopicPartition& tp,
                                             const protocol::StopReplicaRequest::StopReplicaPartitionState& state) {
    const Partition* partition = find(tp);
    if (!partition) return ErrorCode::None;  // what is left on disk is still removed
    const auto ignoring = [&] {
        return fmt::format(
            "[Broker id={}] Ignoring StopReplica request (delete={}) from controller {} with correlation id {} epoch "
            "{} for partition {}",
            host.broker_id().value, state.delete_partition, request.controller_id.value, context.token.correlation_id,
            request.controller_epoch, to_string(tp));
    };
    if (partition->offline()) {
        node::warn(host.env(), kStateChangeLogger,
                   "{} as the local replica for the partition is in an offline log directory", ignoring());
        return ErrorCode::KafkaStorageError;
    }
    const int32_t current = partition->leader_epoch();
    if (state.leader_epoch == kEpochDuringDelete || state.leader_epoch == kNoEpoch || state.leader_epoch > current)
        return ErrorCode::None;
    if (state.leader_epoch < current) {
        node::warn(host.env(), kStateChangeLogger,
                   "{} since its associated leader epoch {} is smaller than the current leader epoch {}", ignoring(),
                   state.leader_epoch, current);
    } else {
        node::info(host.env(), kStateChangeLogger,
                   "{} since its associated leader epoch {} matches the current leader epoch", ignoring(),
                   state.leader_epoch);
    }
    note_stale(host, "StopReplica", ErrorCode::FencedLeaderEpoch);
    return ErrorCode::FencedLeaderEpoch;
}

/// Without delete only the copying ends: role, epoch and log stay.
void ReplicaManager::stop_replicas(
    BrokerHost& host,
    const std::vector<std::pair<TopicPartition, protocol::StopReplicaRequest::StopReplicaPartitionState>>& stopped) {
    std::vector<TopicPartition> partitions;
    for (const auto& [tp, state] : stopped) partitions.push_back(tp);
    fetchers_.remove(host, partitions);
    std::vector<LeadershipChange> resigned;
    for (const auto& [tp, state] : stopped) {
        touch(tp);
        if (state.delete_partition) {
            partitions_.erase(tp);
            if (logs_.find(tp)) logs_.async_delete(host.env(), tp);
            resigned.push_back({tp, state.leader_epoch});
        }
        role_lost(host, tp);
    }
    if (resigned.empty()) return;
    high_watermarks_changed(host);
    arm_log_deletion(host);
    host.leadership_changed({}, resigned);
}

}  // namespace kafkasim::broker
