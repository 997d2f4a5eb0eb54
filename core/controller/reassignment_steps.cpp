// SPDX-License-Identifier: Apache-2.0
// What a reassignment writes and sends: the topic znode with one partition's assignment changed, a leader epoch one up
// that every replica is told of, the end of replicas that are no longer needed, and the list in
// /admin/reassign_partitions without some partitions.
// Kafka 3.0.0: kafka.controller.KafkaController.updateReplicaAssignmentForPartition, updateLeaderEpochAndSendRequest,
// stopRemovedReplicasOfReassignedPartition, maybeRemoveFromZkReassignment.

#include "core/base/java.hpp"
#include "core/controller/reading.hpp"
#include "core/controller/reassignment.hpp"
#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using Reassignment = std::map<TopicPartition, std::vector<BrokerId>>;

Flow write_assignment(Run& run, frame::StoreAssignment& self) {
    self.at = frame::StoreAssignment::At::Stored;
    TopicAssignment topic;
    topic.topic_id = run.context().topic_id(self.partition.topic);
    for (const TopicPartition& tp : run.context().partitions_of(self.partition.topic))
        topic.partitions[tp.partition] = run.context().assignment_of(tp);
    topic.partitions[self.partition.partition] = self.assignment;
    return run.ask(run.guarded(op_set_data(topic_path(self.partition.topic.view()), encode_topic(topic))));
}

Flow assignment_stored(Run& run, const frame::StoreAssignment& self) {
    const GuardedReply reply = read_guarded(run.take_replies().at(0));
    if (reply.moved) return Flow::ControllerMoved;
    if (reply.err != kOk) return Flow::Failed;
    run.info("Successfully updated assignment of partition {} to {}", to_string(self.partition),
             to_string(self.assignment));
    return Flow::Done;
}

}  // namespace

Flow step(Run& run, frame::StoreAssignment& self) {
    switch (self.at) {
        case frame::StoreAssignment::At::Write:
            return write_assignment(run, self);
        case frame::StoreAssignment::At::Stored:
            return assignment_stored(run, self);
    }
    return Flow::Done;
}

namespace {

/// Fails if there is no state, or another controller with a later epoch wrote it.
Flow write_epoch(Run& run, frame::UpdateLeaderEpoch& self) {
    const auto state = state_in(run.take_replies().at(0));
    if (!state || state->controller_epoch > run.context().epoch) return Flow::Failed;
    self.updated = state->leader_and_isr;
    ++self.updated.leader_epoch;
    self.at = frame::UpdateLeaderEpoch::At::Stored;
    return run.ask(
        run.guarded(op_set_data(partition_state_path(self.partition),
                                encode_partition_state(self.updated, run.context().epoch), self.updated.zk_version)));
}

/// The original replicas are not new: one whose log directory has failed must not begin anew elsewhere.
void send_epoch(Run& run, const frame::UpdateLeaderEpoch& self, const LeaderIsrAndControllerEpoch& state) {
    run.new_batch();
    run.state().batch.add_leader_and_isr(run.env(), run.context(), original_replicas(self.assignment), self.partition,
                                         state, IsNew::No);
    run.state().batch.add_leader_and_isr(run.env(), run.context(), self.assignment.adding, self.partition, state,
                                         IsNew::Yes);
    run.send_batch();
    run.state_change(node::Level::Info,
                     "Sent LeaderAndIsr request {} with new replica assignment {} to leader {} for partition being "
                     "reassigned {}",
                     to_string(state), to_string(self.assignment), state.leader_and_isr.leader.value,
                     to_string(self.partition));
}

Flow epoch_stored(Run& run, frame::UpdateLeaderEpoch& self) {
    const GuardedReply reply = read_guarded(run.take_replies().at(0));
    if (reply.moved) return Flow::ControllerMoved;
    if (reply.err == kBadVersion) {
        self.at = frame::UpdateLeaderEpoch::At::Read;
        return Flow::Again;
    }
    if (reply.err != kOk) return Flow::Failed;
    self.updated.zk_version = reply.version;
    const LeaderIsrAndControllerEpoch state{self.updated, run.context().epoch};
    run.context().leadership[self.partition] = state;
    run.info("Updated leader epoch for partition {} to {}", to_string(self.partition), self.updated.leader_epoch);
    send_epoch(run, self, state);
    return Flow::Done;
}

}  // namespace

Flow step(Run& run, frame::UpdateLeaderEpoch& self) {
    switch (self.at) {
        case frame::UpdateLeaderEpoch::At::Read:
            run.log(node::Level::Debug, "Updating leader epoch for partition {}", to_string(self.partition));
            self.at = frame::UpdateLeaderEpoch::At::Write;
            return run.ask(zk_get_data(partition_state_path(self.partition), false));
        case frame::UpdateLeaderEpoch::At::Write:
            return write_epoch(run, self);
        case frame::UpdateLeaderEpoch::At::Stored:
            return epoch_stored(run, self);
    }
    return Flow::Done;
}

/// As in Kafka, nobody waits for the brokers to have deleted them.
Flow step(Run& run, frame::StopRemovedReplicas& self) {
    switch (self.at) {
        case frame::StopRemovedReplicas::At::Offline: {
            self.at = frame::StopRemovedReplicas::At::Delete;
            frame::OfflineReplicas offline;
            offline.replicas = self.replicas;
            return run.call(std::move(offline));
        }
        case frame::StopRemovedReplicas::At::Delete:
            change_replicas(run, self.replicas, ReplicaState::ReplicaDeletionStarted);
            change_replicas(run, self.replicas, ReplicaState::ReplicaDeletionSuccessful);
            change_replicas(run, self.replicas, ReplicaState::NonExistentReplica);
            return Flow::Done;
    }
    return Flow::Done;
}

namespace {

/// "Map(t-0 -> Buffer(1, 2))", as Kafka logs it.
std::string map_text(const Reassignment& reassignment) {
    std::vector<std::string> entries;
    std::vector<int32_t> hashes;
    for (const auto& [tp, replicas] : reassignment) {
        entries.push_back(to_string(tp) + " -> Buffer(" + join(replicas, ", ") + ")");
        hashes.push_back(java::hash(tp));
    }
    std::string text;
    for (const size_t i : java::scala_immutable_order(hashes)) text += (text.empty() ? "" : ", ") + entries[i];
    return (entries.size() > 4 ? "HashMap(" : "Map(") + text + ")";
}

Flow read_list(Run& run, frame::RemoveFromZkReassignment& self) {
    if (error_of(run.take_replies().at(0)) != kOk) return Flow::Done;
    self.at = frame::RemoveFromZkReassignment::At::Write;
    return run.ask(zk_get_data(std::string(kReassignPartitionsPath), true));
}

Flow write_list(Run& run, frame::RemoveFromZkReassignment& self) {
    const std::vector<protocol::Body> replies = run.take_replies();
    const auto* data = std::get_if<protocol::ZkGetDataResponse>(&replies.at(0));
    Reassignment left;
    if (data != nullptr && data->err == kOk) left = decode_reassignment(data->data.value_or("")).value_or(left);
    Reassignment removed;
    for (auto entry = left.begin(); entry != left.end();) {
        const auto wanted = self.partitions.find(entry->first);
        const bool goes = wanted != self.partitions.end() && (!wanted->second || *wanted->second == entry->second);
        if (goes) removed.insert(*entry);
        entry = goes ? left.erase(entry) : std::next(entry);
    }
    run.info("Removing partitions {} from the list of reassigned partitions in zookeeper", map_text(removed));
    self.deletes = left.empty();
    self.at = frame::RemoveFromZkReassignment::At::End;
    if (!self.deletes) {
        return run.ask(run.guarded(op_set_data(std::string(kReassignPartitionsPath), encode_reassignment(left))));
    }
    run.info("No more partitions need to be reassigned. Deleting zk path {}", kReassignPartitionsPath);
    return run.ask(run.guarded(op_delete(std::string(kReassignPartitionsPath))));
}

}  // namespace

Flow step(Run& run, frame::RemoveFromZkReassignment& self) {
    switch (self.at) {
        case frame::RemoveFromZkReassignment::At::Look:
            self.at = frame::RemoveFromZkReassignment::At::Read;
            return run.ask(zk_exists(std::string(kReassignPartitionsPath), true));
        case frame::RemoveFromZkReassignment::At::Read:
            return read_list(run, self);
        case frame::RemoveFromZkReassignment::At::Write:
            return write_list(run, self);
        case frame::RemoveFromZkReassignment::At::End:
            if (read_guarded(run.take_replies().at(0)).moved) return Flow::ControllerMoved;
            // So that the next such znode is noticed, and one that came while this ran is worked off.
            if (self.deletes) run.state().queue.push_back(event::PartitionReassignment{});
            return Flow::Done;
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
