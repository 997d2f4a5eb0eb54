// SPDX-License-Identifier: Apache-2.0
#include "core/controller/controller_context.hpp"

namespace kafkasim::controller {

namespace {

const ReplicaAssignment kNoAssignment;

template <typename Condition>
std::vector<TopicPartition> partitions_where(const std::map<TopicPartition, LeaderIsrAndControllerEpoch>& leadership,
                                             Condition condition) {
    std::vector<TopicPartition> found;
    for (const auto& [tp, state] : leadership) {
        if (condition(tp, state.leader_and_isr)) found.push_back(tp);
    }
    return found;
}

}  // namespace

std::string to_string(const LeaderIsrAndControllerEpoch& state) {
    return "(Leader:" + to_string(state.leader_and_isr.leader) + ",ISR:" + join(state.leader_and_isr.isr) +
           ",LeaderEpoch:" + std::to_string(state.leader_and_isr.leader_epoch) +
           ",ControllerEpoch:" + std::to_string(state.controller_epoch) + ")";
}

std::string to_string(const PartitionAndReplica& replica) {
    return "[Topic=" + replica.partition.topic.str() + ",Partition=" + std::to_string(replica.partition.partition) +
           ",Replica=" + to_string(replica.replica) + "]";
}

std::vector<BrokerId> ControllerContext::live_or_shutting_down_broker_ids() const {
    std::vector<BrokerId> ids;
    for (const auto& [id, broker] : brokers) ids.push_back(id);
    return ids;
}

std::vector<BrokerId> ControllerContext::live_broker_ids() const {
    std::vector<BrokerId> ids;
    for (const auto& [id, broker] : brokers) {
        if (!shutting_down_broker_ids.contains(id)) ids.push_back(id);
    }
    return ids;
}

std::vector<BrokerId> ControllerContext::shutting_down_brokers() const {
    return {shutting_down_broker_ids.begin(), shutting_down_broker_ids.end()};
}

std::optional<int64_t> ControllerContext::broker_epoch(BrokerId id) const {
    const auto found = brokers.find(id);
    if (found == brokers.end()) return std::nullopt;
    return found->second.epoch;
}

bool ControllerContext::is_broker_live(BrokerId id, ShuttingDown with) const {
    return brokers.contains(id) && (with == ShuttingDown::Included || !shutting_down_broker_ids.contains(id));
}

bool ControllerContext::is_replica_online(BrokerId id, const TopicPartition& tp) const {
    const auto offline = replicas_on_offline_dirs.find(id);
    return is_broker_live(id) && (offline == replicas_on_offline_dirs.end() || !offline->second.contains(tp));
}

std::vector<BrokerId> ControllerContext::online(const TopicPartition& tp, const std::vector<BrokerId>& replicas) const {
    std::vector<BrokerId> live;
    for (const BrokerId id : replicas) {
        if (is_replica_online(id, tp)) live.push_back(id);
    }
    return live;
}

const ReplicaAssignment& ControllerContext::assignment_of(const TopicPartition& tp) const {
    const auto found = assignments.find(tp);
    return found == assignments.end() ? kNoAssignment : found->second;
}

const std::vector<BrokerId>& ControllerContext::replicas_of(const TopicPartition& tp) const {
    return assignment_of(tp).replicas;
}

const LeaderIsrAndControllerEpoch* ControllerContext::leadership_of(const TopicPartition& tp) const {
    const auto found = leadership.find(tp);
    return found == leadership.end() ? nullptr : &found->second;
}

Uuid ControllerContext::topic_id(const TopicName& topic) const {
    const auto found = topic_ids.find(topic);
    return found == topic_ids.end() ? Uuid{} : found->second;
}

PartitionState ControllerContext::partition_state(const TopicPartition& tp) const {
    const auto found = partition_states.find(tp);
    return found == partition_states.end() ? PartitionState::NonExistentPartition : found->second;
}

ReplicaState ControllerContext::replica_state(const PartitionAndReplica& replica) const {
    const auto found = replica_states.find(replica);
    return found == replica_states.end() ? ReplicaState::NonExistentReplica : found->second;
}

std::vector<TopicPartition> ControllerContext::all_partitions() const {
    std::vector<TopicPartition> found;
    for (const auto& [tp, assignment] : assignments) found.push_back(tp);
    return found;
}

std::vector<TopicPartition> ControllerContext::partitions_of(const TopicName& topic) const {
    std::vector<TopicPartition> found;
    for (const auto& [tp, assignment] : assignments) {
        if (tp.topic == topic) found.push_back(tp);
    }
    return found;
}

std::vector<TopicPartition> ControllerContext::partitions_on(BrokerId broker) const {
    std::vector<TopicPartition> found;
    for (const auto& [tp, assignment] : assignments) {
        if (contains(assignment.replicas, broker)) found.push_back(tp);
    }
    return found;
}

std::vector<TopicPartition> ControllerContext::partitions_with_leaders() const {
    return partitions_where(leadership, [this](const TopicPartition& tp, const LeaderAndIsr&) {
        return !is_queued_for_deletion(tp.topic);
    });
}

std::vector<TopicPartition> ControllerContext::partitions_with_offline_leader() const {
    return partitions_where(leadership, [this](const TopicPartition& tp, const LeaderAndIsr& state) {
        return !is_replica_online(state.leader, tp) && !is_queued_for_deletion(tp.topic);
    });
}

std::vector<TopicPartition> ControllerContext::partition_leaders_on(BrokerId broker) const {
    return partitions_where(leadership, [this, broker](const TopicPartition& tp, const LeaderAndIsr& state) {
        return state.leader == broker && !is_queued_for_deletion(tp.topic) && replicas_of(tp).size() > 1;
    });
}

std::vector<TopicPartition> ControllerContext::partitions_in_states(const std::set<PartitionState>& states) const {
    std::vector<TopicPartition> found;
    for (const auto& [tp, state] : partition_states) {
        if (states.contains(state)) found.push_back(tp);
    }
    return found;
}

std::vector<PartitionAndReplica> ControllerContext::replicas_on(const std::vector<BrokerId>& ids) const {
    std::vector<PartitionAndReplica> found;
    for (const BrokerId id : ids) {
        for (const TopicPartition& tp : partitions_on(id)) found.push_back({tp, id});
    }
    return found;
}

std::vector<PartitionAndReplica> ControllerContext::replicas_for(const std::vector<TopicPartition>& partitions) const {
    std::vector<PartitionAndReplica> found;
    for (const TopicPartition& tp : partitions) {
        for (const BrokerId id : replicas_of(tp)) found.push_back({tp, id});
    }
    return found;
}

std::vector<PartitionAndReplica> ControllerContext::replicas_in_state(const TopicName& topic,
                                                                      ReplicaState state) const {
    std::vector<PartitionAndReplica> found;
    for (const PartitionAndReplica& replica : replicas_for(partitions_of(topic))) {
        if (replica_state(replica) == state) found.push_back(replica);
    }
    return found;
}

bool ControllerContext::any_replica_in_state(const TopicName& topic, ReplicaState state) const {
    return !replicas_in_state(topic, state).empty();
}

bool ControllerContext::all_replicas_in_state(const TopicName& topic, ReplicaState state) const {
    return replicas_in_state(topic, state).size() == replicas_for(partitions_of(topic)).size();
}

void ControllerContext::remove_topic(const TopicName& topic) {
    all_topics.erase(topic);
    topic_ids.erase(topic);
    topics_to_be_deleted.erase(topic);
    topics_with_deletion_started.erase(topic);
    for (const TopicPartition& tp : partitions_of(topic)) {
        for (const BrokerId id : replicas_of(tp)) replica_states.erase({tp, id});
        partition_states.erase(tp);
        leadership.erase(tp);
        partitions_being_reassigned.erase(tp);
        assignments_as_read.erase(tp);
        assignments.erase(tp);
    }
}

}  // namespace kafkasim::controller
