// SPDX-License-Identifier: Apache-2.0
// The children of /admin/delete_topics changed: known topics are queued for deletion. Requests that name no known
// topic, or that delete.topic.enable
// forbids, are removed. Also: what a broker answered to the StopReplica that deletes replicas.
// Kafka 3.0.0: kafka.controller.KafkaController.processTopicDeletion,
// processTopicDeletionStopReplicaResponseReceived, TopicDeletionManager.

#include "core/controller/topic_deletion.hpp"

#include "core/config/broker_config.hpp"
#include "core/controller/reading.hpp"
#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using At = frame::TopicDeletion::At;
using protocol::Body;

bool enabled(Run& run) { return run.host().config().delete_topic_enable; }

std::vector<PartitionAndReplica> queued(Run& run, const std::vector<PartitionAndReplica>& replicas) {
    std::vector<PartitionAndReplica> found;
    for (const PartitionAndReplica& replica : replicas) {
        if (run.context().is_queued_for_deletion(replica.partition.topic)) found.push_back(replica);
    }
    return found;
}

Flow take_requests(Run& run, frame::TopicDeletion& self) {
    std::set<TopicName> to_remove;
    const auto asked = topics_in(run.take_replies().at(0));
    run.log(node::Level::Debug, "Delete topics listener fired for topics {} to be deleted",
            join_names({asked.begin(), asked.end()}));
    for (const TopicName& topic : asked) {
        (run.context().all_topics.contains(topic) ? self.topics : to_remove).insert(topic);
    }
    if (!to_remove.empty())
        run.log(node::Level::Warn, "Ignoring request to delete non-existing topics {}", join_names(to_remove));
    if (!enabled(run)) {
        run.info("Removing Set({}) since delete topic is disabled", join_names(self.topics, ", "));
        to_remove.merge(std::exchange(self.topics, {}));
    }
    self.at = At::Enqueue;
    std::vector<Body> requests;
    for (const TopicName& topic : to_remove)
        requests.push_back(run.guarded(op_delete(delete_topic_path(topic.view()))));
    return run.ask(std::move(requests));
}

Flow enqueue(Run& run, frame::TopicDeletion& self) {
    if (any_moved(run.take_replies())) return Flow::ControllerMoved;
    if (self.topics.empty()) return Flow::Done;
    run.info("Starting topic deletion for topics {}", join_names(self.topics));
    note_deletion(run, self.topics, "queued", "/admin/delete_topics");
    std::set<TopicName> being_reassigned;
    for (const TopicPartition& tp : run.context().partitions_being_reassigned) {
        if (self.topics.contains(tp.topic)) being_reassigned.insert(tp.topic);
    }
    mark_ineligible_for_deletion(run, being_reassigned, "topic reassignment in progress");
    run.context().topics_to_be_deleted.insert(self.topics.begin(), self.topics.end());
    self.at = At::End;
    return run.call(frame::ResumeDeletions{});
}

/// The replicas that the broker has deleted, or those that it has not.
std::vector<PartitionAndReplica> answered(const event::TopicDeletionStopReplicaResponseReceived& event, bool deleted) {
    std::vector<PartitionAndReplica> replicas;
    for (const auto& [tp, error] : event.partition_errors) {
        const bool success = event.request_error == ErrorCode::None && error == ErrorCode::None;
        if (success == deleted) replicas.push_back({tp, event.from});
    }
    return replicas;
}

Flow take_failed(Run& run, frame::DeletionAnswered& self) {
    if (!run.state().is_active()) return Flow::Done;
    std::string errors;
    for (const auto& [tp, error] : self.event.partition_errors) {
        errors += (errors.empty() ? "" : ", ") + to_string(tp) + " -> " + std::string(name(error));
    }
    run.log(node::Level::Debug,
            "Delete topic callback invoked on StopReplica response received from broker {}: request error = {}, "
            "partition errors = HashMap({})",
            self.event.from.value, name(self.event.request_error), errors);
    self.at = frame::DeletionAnswered::At::Deleted;
    return fail_replica_deletion(run, answered(self.event, false)) ? run.call(frame::ResumeDeletions{}) : Flow::Again;
}

Flow take_deleted(Run& run, frame::DeletionAnswered& self) {
    const std::vector<PartitionAndReplica> deleted = answered(self.event, true);
    if (deleted.empty()) return Flow::Done;
    complete_replica_deletion(run, deleted);
    self.at = frame::DeletionAnswered::At::End;
    return run.call(frame::ResumeDeletions{});
}

}  // namespace

void note_deletion(Run& run, const std::set<TopicName>& topics, std::string_view state, std::string_view why) {
    for (const TopicName& topic : topics) {
        run.note(node::NoteKind::TopicDeletion,
                 {{"topic", topic.str()}, {"state", std::string(state)}, {"why", std::string(why)}});
    }
}

void mark_ineligible_for_deletion(Run& run, const std::set<TopicName>& topics, std::string_view reason) {
    if (!enabled(run)) return;
    std::set<TopicName> halted;
    for (const TopicName& topic : topics) {
        if (run.context().is_queued_for_deletion(topic)) halted.insert(topic);
    }
    if (halted.empty()) return;
    run.context().topics_ineligible_for_deletion.insert(halted.begin(), halted.end());
    note_deletion(run, halted, "ineligible", reason);
    node::info(run.env(), kDeletionManagerLogger, "[Topic Deletion Manager {}] Halted deletion of topics {} due to {}",
               run.id().value, join_names(halted), reason);
}

bool fail_replica_deletion(Run& run, const std::vector<PartitionAndReplica>& replicas) {
    const std::vector<PartitionAndReplica> failed = queued(run, replicas);
    if (!enabled(run) || failed.empty()) return false;
    std::set<TopicName> topics;
    for (const PartitionAndReplica& replica : failed) topics.insert(replica.partition.topic);
    change_replicas(run, failed, ReplicaState::ReplicaDeletionIneligible);
    mark_ineligible_for_deletion(run, topics, "replica deletion failure");
    return true;
}

void complete_replica_deletion(Run& run, const std::vector<PartitionAndReplica>& replicas) {
    const std::vector<PartitionAndReplica> deleted = queued(run, replicas);
    if (run.env().logs(node::Level::Debug)) {
        run.env().log(node::Level::Debug, kDeletionManagerLogger,
                      fmt::format("[Topic Deletion Manager {}] Deletion successfully completed for replicas {}",
                                  run.id().value, join_text(deleted)));
    }
    change_replicas(run, deleted, ReplicaState::ReplicaDeletionSuccessful);
}

bool resume_deletion_for(Run& run, const std::set<TopicName>& topics) {
    bool any = false;
    for (const TopicName& topic : topics) {
        if (!enabled(run) || !run.context().is_queued_for_deletion(topic)) continue;
        run.context().topics_ineligible_for_deletion.erase(topic);
        any = true;
    }
    return any;
}

Flow step(Run& run, frame::TopicDeletion& self) {
    switch (self.at) {
        case At::Read:
            if (!run.state().is_active()) return Flow::Done;
            self.at = At::Take;
            return run.ask(zk_get_children(std::string(kDeleteTopicsPath), true));
        case At::Take:
            return take_requests(run, self);
        case At::Enqueue:
            return enqueue(run, self);
        case At::End:
            return Flow::Done;
    }
    return Flow::Done;
}

Flow step(Run& run, frame::DeletionAnswered& self) {
    switch (self.at) {
        case frame::DeletionAnswered::At::Failed:
            return take_failed(run, self);
        case frame::DeletionAnswered::At::Deleted:
            return take_deleted(run, self);
        case frame::DeletionAnswered::At::End:
            return Flow::Done;
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
