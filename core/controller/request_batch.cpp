// SPDX-License-Identifier: Apache-2.0
#include "core/controller/request_batch.hpp"

#include "core/controller/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::controller {

namespace {

/// The topic state of `topic` at the end of `topics`, made if the last one is of another topic (partitions come
/// sorted by topic).
template <typename TopicState>
TopicState& topic_state(std::vector<TopicState>& topics, const TopicName& topic) {
    if (topics.empty() || !(topics.back().topic_name == topic)) {
        topics.emplace_back();
        topics.back().topic_name = topic;
    }
    return topics.back();
}

std::vector<protocol::UpdateMetadataRequest::UpdateMetadataBroker> live_brokers(const ControllerContext& context) {
    std::vector<protocol::UpdateMetadataRequest::UpdateMetadataBroker> live;
    for (const auto& [id, broker] : context.brokers) {
        protocol::UpdateMetadataRequest::UpdateMetadataBroker entry;
        entry.id = id;
        entry.rack = broker.info.rack;
        entry.endpoints.push_back({broker.info.port, broker.info.host, "PLAINTEXT", 0});
        live.push_back(std::move(entry));
    }
    return live;
}

template <typename Request>
Request request_to(BrokerId to, const ControllerContext& context, BrokerId controller) {
    Request request;
    request.controller_id = controller;
    request.controller_epoch = context.epoch;
    request.broker_epoch = context.broker_epoch(to).value_or(-1);
    return request;
}

}  // namespace

void RequestBatch::add_leader_and_isr(node::Env& env, const ControllerContext& context,
                                      const std::vector<BrokerId>& brokers, const TopicPartition& tp,
                                      const LeaderIsrAndControllerEpoch& state, IsNew is_new) {
    const ReplicaAssignment& assignment = context.assignment_of(tp);
    for (const BrokerId broker : brokers) {
        if (broker.value < 0) continue;
        auto& partitions = leader_and_isr_[broker];
        const auto known = partitions.find(tp);
        const bool already_new = known != partitions.end() && known->second.is_new;
        LeaderAndIsrState entry;
        entry.partition_index = tp.partition;
        entry.controller_epoch = state.controller_epoch;
        entry.leader = state.leader_and_isr.leader;
        entry.leader_epoch = state.leader_and_isr.leader_epoch;
        entry.isr = state.leader_and_isr.isr;
        entry.zk_version = state.leader_and_isr.zk_version;
        entry.replicas = assignment.replicas;
        entry.adding_replicas = assignment.adding;
        entry.removing_replicas = assignment.removing;
        entry.is_new = is_new == IsNew::Yes || already_new;
        partitions[tp] = std::move(entry);
    }
    add_update_metadata(env, context, context.live_or_shutting_down_broker_ids(), {tp});
}

void RequestBatch::add_update_metadata(node::Env& env, const ControllerContext& context,
                                       const std::vector<BrokerId>& brokers,
                                       const std::vector<TopicPartition>& partitions) {
    for (const BrokerId broker : brokers) {
        if (broker.value >= 0) update_metadata_brokers_.insert(broker);
    }
    for (const TopicPartition& tp : partitions) {
        const LeaderIsrAndControllerEpoch* state = context.leadership_of(tp);
        if (state == nullptr) {
            node::info(env, kBatchLogger,
                       "Leader not yet assigned for partition {}. Skip sending UpdateMetadataRequest.", to_string(tp));
            continue;
        }
        const bool being_deleted = context.is_queued_for_deletion(tp.topic);
        UpdateMetadataState entry;
        entry.partition_index = tp.partition;
        entry.controller_epoch = state->controller_epoch;
        entry.leader = being_deleted ? kLeaderDuringDelete : state->leader_and_isr.leader;
        entry.leader_epoch = being_deleted ? 0 : state->leader_and_isr.leader_epoch;
        entry.isr = state->leader_and_isr.isr;
        entry.zk_version = being_deleted ? 0 : state->leader_and_isr.zk_version;
        entry.replicas = context.replicas_of(tp);
        for (const BrokerId replica : entry.replicas) {
            if (!context.is_replica_online(replica, tp)) entry.offline_replicas.push_back(replica);
        }
        update_metadata_[tp] = std::move(entry);
    }
}

void RequestBatch::add_stop_replica(const ControllerContext& context, const std::vector<BrokerId>& brokers,
                                    const TopicPartition& tp, DeletePartition with_delete) {
    const LeaderIsrAndControllerEpoch* state = context.leadership_of(tp);
    const int32_t epoch = context.is_queued_for_deletion(tp.topic) ? kEpochDuringDelete
                          : state != nullptr                       ? state->leader_and_isr.leader_epoch
                                                                   : kNoEpoch;
    for (const BrokerId broker : brokers) {
        if (broker.value < 0) continue;
        auto& partitions = stop_replica_[broker];
        const auto known = partitions.find(tp);
        const bool already_delete = known != partitions.end() && known->second.delete_partition;
        partitions[tp] = {tp.partition, epoch, already_delete || with_delete == DeletePartition::Yes};
    }
}

std::vector<OutgoingRequest> RequestBatch::take_requests(node::Env& env, const ControllerContext& context,
                                                         BrokerId controller) {
    std::vector<OutgoingRequest> out;
    take_leader_and_isr(env, context, controller, out);
    take_update_metadata(env, context, controller, out);
    take_stop_replica(env, context, controller, out);
    clear();
    return out;
}

void RequestBatch::take_leader_and_isr(node::Env& env, const ControllerContext& context, BrokerId controller,
                                       std::vector<OutgoingRequest>& out) {
    for (const auto& [broker, partitions] : leader_and_isr_) {
        if (!context.is_broker_live(broker, ShuttingDown::Included)) continue;
        auto request = request_to<protocol::LeaderAndIsrRequest>(broker, context, controller);
        std::set<BrokerId> leaders;
        size_t led_by_it = 0;
        for (const auto& [tp, state] : partitions) {
            auto& topic = topic_state(request.topic_states, tp.topic);
            topic.topic_id = context.topic_id(tp.topic);
            topic.partition_states.push_back(state);
            leaders.insert(state.leader);
            if (state.leader == broker) ++led_by_it;
        }
        for (const auto& [id, live] : context.brokers) {
            if (leaders.contains(id)) request.live_leaders.push_back({id, live.info.host, live.info.port});
        }
        node::info(env, kStateChangeLogger,
                   "[Controller id={} epoch={}] Sending LeaderAndIsr request to broker {} with {} become-leader and {} "
                   "become-follower "
                   "partitions",
                   controller.value, context.epoch, broker.value, led_by_it, partitions.size() - led_by_it);
        out.push_back({broker, std::move(request)});
    }
}

void RequestBatch::take_update_metadata(node::Env& env, const ControllerContext& context, BrokerId controller,
                                        std::vector<OutgoingRequest>& out) {
    const std::vector<BrokerId> brokers(update_metadata_brokers_.begin(), update_metadata_brokers_.end());
    node::info(env, kStateChangeLogger,
               "[Controller id={} epoch={}] Sending UpdateMetadata request to brokers HashSet({}) for {} partitions",
               controller.value, context.epoch, join(brokers, ", "), update_metadata_.size());
    for (const BrokerId broker : brokers) {
        if (!context.is_broker_live(broker, ShuttingDown::Included)) continue;
        auto request = request_to<protocol::UpdateMetadataRequest>(broker, context, controller);
        for (const auto& [tp, state] : update_metadata_) {
            auto& topic = topic_state(request.topic_states, tp.topic);
            topic.topic_id = context.topic_id(tp.topic);
            topic.partition_states.push_back(state);
        }
        request.live_brokers = live_brokers(context);
        out.push_back({broker, std::move(request)});
    }
}

void RequestBatch::take_stop_replica(node::Env& env, const ControllerContext& context, BrokerId controller,
                                     std::vector<OutgoingRequest>& out) {
    for (const auto& [broker, partitions] : stop_replica_) {
        if (!context.is_broker_live(broker, ShuttingDown::Included)) continue;
        auto request = request_to<protocol::StopReplicaRequest>(broker, context, controller);
        for (const auto& [tp, state] : partitions)
            topic_state(request.topic_states, tp.topic).partition_states.push_back(state);
        node::info(env, kStateChangeLogger,
                   "[Controller id={} epoch={}] Sending StopReplica request for {} replicas to broker {}",
                   controller.value, context.epoch, partitions.size(), broker.value);
        out.push_back({broker, std::move(request)});
    }
}

}  // namespace kafkasim::controller
