// SPDX-License-Identifier: Apache-2.0
// The transitions of partitions and replicas that need no ZooKeeper. Each call makes one batch of requests, sent at
// its end even if it is empty, as
// Kafka does (its log then says "to brokers HashSet() for 0 partitions").
// Kafka 3.0.0: kafka.controller.ZkPartitionStateMachine, ZkReplicaStateMachine (handleStateChanges,
// doHandleStateChanges).

#include "core/base/check.hpp"
#include "core/controller/reassignment.hpp"
#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

template <typename State>
std::string names_text(std::span<const State> states) {
    std::string text;
    for (const State state : states) text += (text.empty() ? "" : ",") + std::string(name_of(state));
    return text;
}

/// Some states are set by several steps at once: what "to NewReplica" has to send.
/// False if it may not become new, since it leads. (Kafka's line speaks of OfflineReplica.)
bool send_new_replica(Run& run, const PartitionAndReplica& replica) {
    const LeaderIsrAndControllerEpoch* state = run.context().leadership_of(replica.partition);
    if (state == nullptr) return true;
    if (state->leader_and_isr.leader == replica.replica) {
        log_failed_change(
            run, replica, ReplicaState::OfflineReplica,
            state_change_failed(fmt::format("Replica {} for partition {} cannot be moved to NewReplica state as it is "
                                            "being requested to become leader",
                                            replica.replica.value, to_string(replica.partition))));
        return false;
    }
    run.state().batch.add_leader_and_isr(run.env(), run.context(), {replica.replica}, replica.partition, *state,
                                         IsNew::Yes);
    return true;
}

void send_online_replica(Run& run, const PartitionAndReplica& replica) {
    if (run.context().replica_state(replica) == ReplicaState::NewReplica) {
        ReplicaAssignment& assignment = run.context().assignments[replica.partition];
        if (!contains(assignment.replicas, replica.replica)) assignment.replicas.push_back(replica.replica);
        return;
    }
    const LeaderIsrAndControllerEpoch* state = run.context().leadership_of(replica.partition);
    if (state == nullptr) return;
    run.state().batch.add_leader_and_isr(run.env(), run.context(), {replica.replica}, replica.partition, *state,
                                         IsNew::No);
}

void forget_replica(Run& run, const PartitionAndReplica& replica) {
    ReplicaAssignment& assignment = run.context().assignments[replica.partition];
    assignment = remove_replica(assignment, replica.replica);
    run.context().replica_states.erase(replica);
}

void change_replica(Run& run, const PartitionAndReplica& replica, ReplicaState target) {
    switch (target) {
        case ReplicaState::NewReplica:
            if (!send_new_replica(run, replica)) return;
            break;
        case ReplicaState::OnlineReplica:
            send_online_replica(run, replica);
            break;
        case ReplicaState::ReplicaDeletionStarted:
            run.state().batch.add_stop_replica(run.context(), {replica.replica}, replica.partition,
                                               DeletePartition::Yes);
            break;
        case ReplicaState::NonExistentReplica:
            forget_replica(run, replica);
            return;
        case ReplicaState::ReplicaDeletionIneligible:
        case ReplicaState::ReplicaDeletionSuccessful:
            break;
        case ReplicaState::OfflineReplica:
            CHECK_INVARIANT(false, "OfflineReplica needs the frame OfflineReplicas");
            break;
    }
    run.context().replica_states[replica] = target;
}

}  // namespace

std::vector<TopicPartition> valid_transitions(Run& run, const std::vector<TopicPartition>& partitions,
                                              PartitionState target) {
    std::vector<TopicPartition> valid;
    for (const TopicPartition& tp : partitions) {
        const PartitionState from = run.context().partition_state(tp);
        run.context().partition_states.emplace(tp, PartitionState::NonExistentPartition);
        if (is_valid_transition(from, target)) {
            valid.push_back(tp);
            continue;
        }
        run.state_change(node::Level::Error,
                         "Controller {} epoch {} initiated state change for partition {} from {} to {} failed\n"
                         "java.lang.IllegalStateException: Partition {} should be in one of {} states before moving to "
                         "{} state. Instead it is in {} state",
                         run.id().value, run.context().epoch, to_string(tp), name_of(from), name_of(target),
                         to_string(tp), names_text(valid_previous_states(target)), name_of(target), name_of(from));
    }
    return valid;
}

std::vector<PartitionAndReplica> valid_transitions(Run& run, const std::vector<PartitionAndReplica>& replicas,
                                                   ReplicaState target) {
    std::vector<PartitionAndReplica> valid;
    for (const PartitionAndReplica& replica : replicas) {
        const ReplicaState from = run.context().replica_state(replica);
        if (is_valid_transition(from, target)) {
            valid.push_back(replica);
            continue;
        }
        log_failed_change(
            run, replica, target,
            fmt::format("java.lang.IllegalStateException: Replica {} should be in the {} states before "
                        "moving to {} state. Instead it is in {} state",
                        to_string(replica), names_text(valid_previous_states(target)), name_of(target), name_of(from)));
    }
    return valid;
}

void change_partitions(Run& run, const std::vector<TopicPartition>& partitions, PartitionState target) {
    if (partitions.empty()) return;
    run.new_batch();
    for (const TopicPartition& tp : valid_transitions(run, partitions, target)) {
        if (target == PartitionState::NewPartition) {
            run.state_change(
                node::Level::Info, "Changed partition {} state from {} to NewPartition with assigned replicas {}",
                to_string(tp), name_of(run.context().partition_state(tp)), join(run.context().replicas_of(tp)));
        }
        run.context().partition_states[tp] = target;
    }
    run.send_batch();
}

void change_replicas(Run& run, const std::vector<PartitionAndReplica>& replicas, ReplicaState target) {
    if (replicas.empty()) return;
    run.new_batch();
    for (const PartitionAndReplica& replica : valid_transitions(run, replicas, target))
        change_replica(run, replica, target);
    run.send_batch();
}

Frame trigger_online(Run& run, const std::optional<TopicName>& topic) {
    frame::OnlinePartitions online;
    for (const TopicPartition& tp :
         run.context().partitions_in_states({PartitionState::OfflinePartition, PartitionState::NewPartition})) {
        if (run.context().is_queued_for_deletion(tp.topic)) continue;
        if (!topic || tp.topic == *topic) online.partitions.push_back(tp);
    }
    return online;
}

void log_failed_election(Run& run, const TopicPartition& tp, PartitionState from, std::string_view exception) {
    run.state_change(node::Level::Error,
                     "Controller {} epoch {} failed to change state for partition {} from {} to OnlinePartition\n{}",
                     run.id().value, run.context().epoch, to_string(tp), name_of(from), exception);
}

void log_failed_change(Run& run, const PartitionAndReplica& replica, ReplicaState target, std::string_view exception) {
    run.state_change(node::Level::Error,
                     "Controller {} epoch {} initiated state change of replica {} for partition {} from {} to {} "
                     "failed\n{}",
                     run.id().value, run.context().epoch, replica.replica.value, to_string(replica.partition),
                     name_of(run.context().replica_state(replica)), name_of(target), exception);
}

std::string state_change_failed(std::string_view why) {
    return fmt::format("kafka.common.StateChangeFailedException: {}", why);
}

}  // namespace kafkasim::controller
