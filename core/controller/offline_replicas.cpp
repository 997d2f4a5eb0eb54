// SPDX-License-Identifier: Apache-2.0
// Replicas to OfflineReplica: each is told to stop (with the leader epoch known before the Isr is written), leaves
// the Isr, and the other replicas are
// told the new state, also if nothing changed. Broker by broker; one batch of requests at the end.
// Kafka 3.0.0: kafka.controller.ZkReplicaStateMachine.doHandleStateChanges (OfflineReplica).

#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using At = frame::OfflineReplicas::At;

Flow begin(Run& run, frame::OfflineReplicas& self) {
    if (self.replicas.empty()) return Flow::Done;
    run.new_batch();
    for (const PartitionAndReplica& replica : valid_transitions(run, self.replicas, ReplicaState::OfflineReplica)) {
        self.by_broker[replica.replica].push_back(replica.partition);
    }
    self.at = At::NextBroker;
    return Flow::Again;
}

Flow next_broker(Run& run, frame::OfflineReplicas& self) {
    if (self.by_broker.empty()) {
        run.send_batch();
        return Flow::Done;
    }
    self.broker = self.by_broker.begin()->first;
    frame::RemoveFromIsr removal;
    removal.broker = self.broker;
    for (const TopicPartition& tp : self.by_broker.begin()->second) {
        run.state().batch.add_stop_replica(run.context(), {self.broker}, tp, DeletePartition::No);
        if (run.context().leadership_of(tp) != nullptr) removal.partitions.push_back(tp);
    }
    run.state().removed.clear();
    self.at = At::Removed;
    if (removal.partitions.empty()) return Flow::Again;
    return run.call(std::move(removal));
}

Flow removed(Run& run, frame::OfflineReplicas& self) {
    for (const auto& [tp, state] : run.state().removed) {
        run.state_change(node::Level::Info,
                         "Partition {} state changed to {} after removing replica {} from the ISR as part of "
                         "transition to OfflineReplica",
                         to_string(tp), to_string(state), self.broker.value);
        if (!run.context().is_queued_for_deletion(tp.topic)) {
            run.state().batch.add_leader_and_isr(
                run.env(), run.context(), without(run.context().replicas_of(tp), self.broker), tp, state, IsNew::No);
        }
        run.context().replica_states[{tp, self.broker}] = ReplicaState::OfflineReplica;
    }
    for (const TopicPartition& tp : self.by_broker.at(self.broker)) {
        if (run.context().leadership_of(tp) != nullptr) continue;
        run.state().batch.add_update_metadata(run.env(), run.context(),
                                              run.context().live_or_shutting_down_broker_ids(), {tp});
        run.context().replica_states[{tp, self.broker}] = ReplicaState::OfflineReplica;
    }
    self.by_broker.erase(self.broker);
    self.at = At::NextBroker;
    return Flow::Again;
}

}  // namespace

Flow step(Run& run, frame::OfflineReplicas& self) {
    switch (self.at) {
        case At::Begin:
            return begin(run, self);
        case At::NextBroker:
            return next_broker(run, self);
        case At::Removed:
            return removed(run, self);
    }
    return Flow::Done;
}

Flow recover(Run& run, frame::OfflineReplicas&, Flow what) {
    if (what == Flow::ControllerMoved) {
        node::error(run.env(), kReplicaMachineLogger,
                    "[ReplicaStateMachine controllerId={}] Controller moved to another broker when moving some "
                    "replicas to OfflineReplica state",
                    run.id().value);
    }
    return what;
}

}  // namespace kafkasim::controller
