// SPDX-License-Identifier: Apache-2.0
// The replicas of a partition move. Phase A, while a target replica is not in the Isr: the assignment in ZooKeeper
// names all replicas, old and new, and those that are adding and removing; the leader epoch goes up and all of them are
// told; new replicas begin to copy. Phase B, once all target replicas are in the Isr (looked at after each AlterIsr):
// the leader is moved if it does not stay, the removed replicas leave the Isr and are deleted, and last the assignment
// in ZooKeeper becomes the target, so that a controller that dies before that leaves behind what its successor needs.
// Kafka 3.0.0: kafka.controller.KafkaController.onPartitionReassignment, updateCurrentReassignment,
// maybeTriggerPartitionReassignment, maybeCompleteReassignment, maybeResumeReassignments.

#include "core/controller/reading.hpp"
#include "core/controller/reassignment.hpp"
#include "core/controller/run.hpp"
#include "core/controller/topic_deletion.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using At = frame::OnReassignment::At;

std::vector<PartitionAndReplica> replicas_of(const TopicPartition& tp, const std::vector<BrokerId>& ids) {
    std::vector<PartitionAndReplica> replicas;
    for (const BrokerId id : ids) replicas.push_back({tp, id});
    return replicas;
}

void note_state(Run& run, const frame::OnReassignment& self, std::string_view state) {
    run.note(node::NoteKind::Reassignment, {{"topic", self.partition.topic.str()},
                                            {"partition", self.partition.partition},
                                            {"state", std::string(state)},
                                            {"replicas", join(target_replicas(self.reassignment))},
                                            {"adding", join(self.reassignment.adding)},
                                            {"removing", join(self.reassignment.removing)}});
}

Flow begin(Run& run, frame::OnReassignment& self) {
    mark_ineligible_for_deletion(run, {self.partition.topic}, "topic reassignment in progress");
    self.before = run.context().assignment_of(self.partition);
    if (self.before == self.reassignment) {
        self.at = At::Read;
        return Flow::Again;
    }
    run.log(node::Level::Debug, "Updating assignment of partition {} from {} to {}", to_string(self.partition),
            to_string(self.before), to_string(self.reassignment));
    self.at = At::Updated;
    frame::StoreAssignment store;
    store.partition = self.partition;
    store.assignment = self.reassignment;
    return run.call(std::move(store));
}

/// A reassignment that took the place of another: what only the other one added is stopped.
Flow updated(Run& run, frame::OnReassignment& self) {
    run.context().assignments[self.partition] = self.reassignment;
    run.context().assignments_as_read.erase(self.partition);
    self.cancels = self.before.being_reassigned() && !self.reassignment.being_reassigned();
    if (self.reassignment.being_reassigned()) note_state(run, self, "started");
    self.at = At::Read;
    frame::StopRemovedReplicas stop;
    for (const BrokerId id : self.before.replicas) {
        if (!contains(self.reassignment.replicas, id)) stop.replicas.push_back({self.partition, id});
    }
    return stop.replicas.empty() ? Flow::Again : run.call(std::move(stop));
}

Flow read_isr(Run& run, frame::OnReassignment& self) {
    run.context().partitions_being_reassigned.insert(self.partition);
    self.at = At::Decide;
    if (!self.reassignment.being_reassigned()) return Flow::Again;
    return run.ask(zk_get_data(partition_state_path(self.partition), false));
}

bool is_complete(const ReplicaAssignment& reassignment, const std::vector<protocol::Body>& replies) {
    if (!reassignment.being_reassigned()) return true;
    const auto state = state_in(replies.at(0));
    return state && is_reassignment_complete(reassignment, state->leader_and_isr.isr);
}

Flow tell_all(Run& run, const TopicPartition& tp, const ReplicaAssignment& assignment) {
    frame::UpdateLeaderEpoch update;
    update.partition = tp;
    update.assignment = assignment;
    return run.call(std::move(update));
}

/// Moves the leader to a target replica unless it is one that lives.
Flow move_leader(Run& run, const TopicPartition& tp, const ReplicaAssignment& completed) {
    const LeaderIsrAndControllerEpoch* state = run.context().leadership_of(tp);
    if (state == nullptr) return Flow::Failed;
    const BrokerId leader = state->leader_and_isr.leader;
    const std::string replicas = join(completed.replicas);
    if (!contains(completed.replicas, leader)) {
        run.info(
            "Leader {} for partition {} being reassigned, is not in the new list of replicas {}. Re-electing leader",
            leader.value, to_string(tp), replicas);
    } else if (run.context().is_replica_online(leader, tp)) {
        run.info("Leader {} for partition {} being reassigned, is already in the new list of replicas {} and is alive",
                 leader.value, to_string(tp), replicas);
        return tell_all(run, tp, completed);
    } else {
        run.info("Leader {} for partition {} being reassigned, is already in the new list of replicas {} but is dead",
                 leader.value, to_string(tp), replicas);
    }
    frame::OnlinePartitions election;
    election.partitions = {tp};
    election.strategy = kReassignPartition;
    return run.call(std::move(election));
}

Flow decide(Run& run, frame::OnReassignment& self) {
    if (!is_complete(self.reassignment, run.take_replies())) {
        self.at = At::StartNew;
        return tell_all(run, self.partition, self.reassignment);
    }
    self.at = At::StopRemoved;
    change_replicas(run, replicas_of(self.partition, self.reassignment.adding), ReplicaState::OnlineReplica);
    const ReplicaAssignment completed{target_replicas(self.reassignment), {}, {}};
    run.context().assignments[self.partition] = completed;
    return move_leader(run, self.partition, completed);
}

Flow start_new(Run& run, const frame::OnReassignment& self) {
    for (const PartitionAndReplica& replica : replicas_of(self.partition, self.reassignment.adding))
        change_replicas(run, {replica}, ReplicaState::NewReplica);
    return Flow::Done;
}

Flow stop_removed(Run& run, frame::OnReassignment& self) {
    self.at = At::Store;
    frame::StopRemovedReplicas stop;
    stop.replicas = replicas_of(self.partition, self.reassignment.removing);
    return run.call(std::move(stop));
}

Flow store_target(Run& run, frame::OnReassignment& self) {
    self.at = At::Forget;
    frame::StoreAssignment store;
    store.partition = self.partition;
    store.assignment.replicas = target_replicas(self.reassignment);
    return run.call(std::move(store));
}

Flow forget(Run& run, frame::OnReassignment& self) {
    self.at = At::Announce;
    frame::RemoveFromZkReassignment removal;
    removal.partitions[self.partition] = target_replicas(self.reassignment);
    return run.call(std::move(removal));
}

Flow announce(Run& run, frame::OnReassignment& self) {
    run.context().partitions_being_reassigned.erase(self.partition);
    run.send_update_metadata(run.context().live_or_shutting_down_broker_ids(), {self.partition});
    note_state(run, self, self.cancels ? "cancelled" : "completed");
    self.at = At::End;
    return resume_deletion_for(run, {self.partition.topic}) ? run.call(frame::ResumeDeletions{}) : Flow::Done;
}

}  // namespace

Flow step(Run& run, frame::OnReassignment& self) {
    switch (self.at) {
        case At::Begin:
            return begin(run, self);
        case At::Updated:
            return updated(run, self);
        case At::Read:
            return read_isr(run, self);
        case At::Decide:
            return decide(run, self);
        case At::StartNew:
            return start_new(run, self);
        case At::StopRemoved:
            return stop_removed(run, self);
        case At::Store:
            return store_target(run, self);
        case At::Forget:
            return forget(run, self);
        case At::Announce:
            return announce(run, self);
        case At::End:
            return Flow::Done;
    }
    return Flow::Done;
}

namespace {

Flow trigger_next(Run& run, frame::TriggerReassignments& self) {
    if (self.waiting.empty()) return Flow::Done;
    const TopicPartition tp = self.waiting.begin()->first;
    if (run.context().is_queued_for_deletion(tp.topic)) {
        run.info("Skipping reassignment of {} since the topic is currently being deleted", to_string(tp));
    }
    if (run.context().is_queued_for_deletion(tp.topic) || run.context().replicas_of(tp).empty()) {
        run.state().reassignment_results[tp] = {ErrorCode::UnknownTopicOrPartition, "The partition does not exist."};
        self.waiting.erase(self.waiting.begin());
        return Flow::Again;
    }
    self.at = frame::TriggerReassignments::At::Begun;
    frame::OnReassignment reassignment;
    reassignment.partition = tp;
    reassignment.reassignment = self.waiting.begin()->second;
    return run.call(std::move(reassignment));
}

Flow take_result(Run& run, frame::TriggerReassignments& self, ErrorCode error) {
    ReassignmentResult result{error, std::nullopt};
    if (error != ErrorCode::None) result.message = std::string(default_message(error));
    run.state().reassignment_results[self.waiting.begin()->first] = std::move(result);
    self.waiting.erase(self.waiting.begin());
    self.at = frame::TriggerReassignments::At::Next;
    return Flow::Again;
}

}  // namespace

Flow step(Run& run, frame::TriggerReassignments& self) {
    switch (self.at) {
        case frame::TriggerReassignments::At::Next:
            return trigger_next(run, self);
        case frame::TriggerReassignments::At::Begun:
            return take_result(run, self, ErrorCode::None);
    }
    return Flow::Done;
}

Flow recover(Run& run, frame::TriggerReassignments& self, Flow what) {
    const std::string partition = to_string(self.waiting.begin()->first);
    if (what == Flow::ControllerMoved) {
        run.info("Failed completing reassignment of partition {} because controller has moved to another broker",
                 partition);
        return what;
    }
    run.log(node::Level::Error, "Error completing reassignment of partition {}", partition);
    return take_result(run, self, ErrorCode::UnknownServerError);
}

Flow step(Run& run, frame::CompleteReassignments& self) {
    if (self.waiting.empty()) return Flow::Done;
    const TopicPartition tp = self.waiting.front();
    const ReplicaAssignment reassignment = run.context().assignment_of(tp);
    switch (self.at) {
        case frame::CompleteReassignments::At::Read:
            self.at = frame::CompleteReassignments::At::Decide;
            if (!reassignment.being_reassigned()) return Flow::Again;
            return run.ask(zk_get_data(partition_state_path(tp), false));
        case frame::CompleteReassignments::At::Decide: {
            self.at = frame::CompleteReassignments::At::Read;
            self.waiting.erase(self.waiting.begin());
            if (!is_complete(reassignment, run.take_replies())) return Flow::Again;
            run.info("Target replicas {}({}) have all caught up with the leader for reassigning partition {}",
                     run.context().assignments_as_read.contains(tp) ? "List" : "ArrayBuffer",
                     join(target_replicas(reassignment), ", "), to_string(tp));
            frame::OnReassignment completion;
            completion.partition = tp;
            completion.reassignment = reassignment;
            return run.call(std::move(completion));
        }
    }
    return Flow::Done;
}

namespace {

/// nullopt in `on`: all but those that have been begun just now.
bool resumes(const frame::ResumeReassignments& self, const TopicPartition& tp, const ReplicaAssignment& assignment) {
    if (!self.on) return !self.begun.contains(tp);
    for (const BrokerId id : target_replicas(assignment)) {
        if (contains(*self.on, id)) return true;
    }
    return false;
}

}  // namespace

Flow step(Run& run, frame::ResumeReassignments& self) {
    if (self.at == frame::ResumeReassignments::At::Begin) {
        const auto& moving = run.context().partitions_being_reassigned;
        self.waiting.assign(moving.begin(), moving.end());
        self.at = frame::ResumeReassignments::At::Next;
    }
    if (self.waiting.empty()) return Flow::Done;
    frame::OnReassignment resumed;
    resumed.partition = self.waiting.front();
    resumed.reassignment = run.context().assignment_of(resumed.partition);
    self.waiting.erase(self.waiting.begin());
    return resumes(self, resumed.partition, resumed.reassignment) ? run.call(std::move(resumed)) : Flow::Again;
}

}  // namespace kafkasim::controller
