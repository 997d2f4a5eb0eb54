// SPDX-License-Identifier: Apache-2.0
// Goes once through the topics queued for deletion. A topic whose replicas are all gone is completed. One without a
// replica being deleted right now that has
// failed replicas has these prepared for another attempt. One that is not halted begins: its partitions cease to
// exist, the brokers are told (leader -2),
// and its live replicas are stopped and deleted; a dead replica halts the topic after that, until its broker comes
// back.
// Kafka 3.0.0: kafka.controller.TopicDeletionManager.resumeDeletions, retryDeletionForIneligibleReplicas,
// onTopicDeletion, onPartitionDeletion.

#include "core/config/broker_config.hpp"
#include "core/controller/run.hpp"
#include "core/controller/topic_deletion.hpp"

namespace kafkasim::controller {

namespace {

using At = frame::ResumeDeletions::At;

template <typename... Args>
void info(Run& run, fmt::format_string<Args...> format, Args&&... args) {
    if (!run.env().logs(node::Level::Info)) return;
    run.env().log(node::Level::Info, kDeletionManagerLogger,
                  fmt::format("[Topic Deletion Manager {}] {}", run.id().value,
                              fmt::format(format, std::forward<Args>(args)...)));
}

Flow handle(Run& run, frame::ResumeDeletions& self) {
    const std::set<TopicName>& topics = run.context().topics_to_be_deleted;
    if (topics.empty() || !run.host().config().delete_topic_enable) return Flow::Done;
    info(run, "Handling deletion for topics {}", join_names(topics));
    self.queued.assign(topics.begin(), topics.end());
    self.at = At::NextTopic;
    return Flow::Again;
}

Flow next_topic(Run& run, frame::ResumeDeletions& self) {
    if (self.queued.empty()) {
        self.at = At::Retry;
        return Flow::Again;
    }
    const TopicName topic = self.queued.front();
    const ControllerContext& context = run.context();
    if (context.all_replicas_in_state(topic, ReplicaState::ReplicaDeletionSuccessful)) {
        self.at = At::Completed;
        frame::CompleteDeletion completion;
        completion.topic = topic;
        return run.call(std::move(completion));
    }
    self.queued.erase(self.queued.begin());
    const bool started = context.any_replica_in_state(topic, ReplicaState::ReplicaDeletionStarted);
    if (!started && context.any_replica_in_state(topic, ReplicaState::ReplicaDeletionIneligible))
        self.retry.insert(topic);
    if (!started && !context.topics_ineligible_for_deletion.contains(topic)) {
        info(run, "Deletion of topic {} (re)started", topic.view());
        note_deletion(run, {topic}, "started", "");
        self.eligible.insert(topic);
    }
    return Flow::Again;
}

Flow completed(Run& run, frame::ResumeDeletions& self) {
    info(run, "Deletion of topic {} successfully completed", self.queued.front().view());
    note_deletion(run, {self.queued.front()}, "completed", "");
    self.queued.erase(self.queued.begin());
    self.at = At::NextTopic;
    return Flow::Again;
}

/// Failed replicas go back to OfflineReplica, also those of topics that stay halted.
Flow retry(Run& run, frame::ResumeDeletions& self) {
    self.at = At::Begin;
    frame::OfflineReplicas offline;
    for (const TopicName& topic : self.retry) {
        for (PartitionAndReplica& replica :
             run.context().replicas_in_state(topic, ReplicaState::ReplicaDeletionIneligible)) {
            offline.replicas.push_back(std::move(replica));
        }
    }
    return offline.replicas.empty() ? Flow::Again : run.call(std::move(offline));
}

std::vector<TopicPartition> partitions_of(Run& run, const std::set<TopicName>& topics) {
    std::vector<TopicPartition> partitions;
    for (const TopicName& topic : topics) {
        for (TopicPartition& tp : run.context().partitions_of(topic)) partitions.push_back(std::move(tp));
    }
    return partitions;
}

void end_partitions(Run& run, const std::set<TopicName>& topics) {
    std::set<TopicName> unseen;
    for (const TopicName& topic : topics) {
        if (!run.context().topics_with_deletion_started.contains(topic)) unseen.insert(topic);
    }
    if (unseen.empty()) return;
    const std::vector<TopicPartition> partitions = partitions_of(run, unseen);
    change_partitions(run, partitions, PartitionState::OfflinePartition);
    change_partitions(run, partitions, PartitionState::NonExistentPartition);
    run.context().topics_with_deletion_started.insert(unseen.begin(), unseen.end());
}

Flow begin(Run& run, frame::ResumeDeletions& self) {
    if (self.eligible.empty()) return Flow::Done;
    end_partitions(run, self.eligible);
    const std::vector<TopicPartition> partitions = partitions_of(run, self.eligible);
    run.send_update_metadata(run.context().live_or_shutting_down_broker_ids(), partitions);
    std::vector<PartitionAndReplica> dead;
    for (const PartitionAndReplica& replica : run.context().replicas_for(partitions)) {
        if (!run.context().is_replica_online(replica.replica, replica.partition)) {
            dead.push_back(replica);
            self.with_dead_replicas.insert(replica.partition.topic);
        } else if (run.context().replica_state(replica) != ReplicaState::ReplicaDeletionSuccessful) {
            self.alive.push_back(replica);
        }
    }
    change_replicas(run, dead, ReplicaState::ReplicaDeletionIneligible);
    self.at = At::Stop;
    frame::OfflineReplicas offline;
    offline.replicas = self.alive;
    return run.call(std::move(offline));
}

Flow stop(Run& run, frame::ResumeDeletions& self) {
    change_replicas(run, self.alive, ReplicaState::ReplicaDeletionStarted);
    mark_ineligible_for_deletion(run, self.with_dead_replicas, "offline replicas");
    return Flow::Done;
}

}  // namespace

Flow step(Run& run, frame::ResumeDeletions& self) {
    switch (self.at) {
        case At::Handle:
            return handle(run, self);
        case At::NextTopic:
            return next_topic(run, self);
        case At::Completed:
            return completed(run, self);
        case At::Retry:
            return retry(run, self);
        case At::Begin:
            return begin(run, self);
        case At::Stop:
            return stop(run, self);
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
