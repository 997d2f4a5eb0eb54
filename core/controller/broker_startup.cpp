// SPDX-License-Identifier: Apache-2.0
// What follows when brokers have come or gone. Come: all are told who lives, the new ones get the whole metadata
// and the current leaders of their
// replicas (same leader epochs), partitions without a leader try again, and reassignments to the new ones go on. Gone: new leaders first, then the dead
// replicas leave the Isrs.
// Kafka 3.0.0: kafka.controller.KafkaController.onBrokerStartup, onBrokerFailure, onReplicasBecomeOffline.

#include "core/controller/run.hpp"
#include "core/controller/topic_deletion.hpp"

namespace kafkasim::controller {

namespace {

Flow start_replicas(Run& run, frame::BrokerStartup& self) {
    run.info("New broker startup callback for {}", join(self.brokers));
    for (const BrokerId id : self.brokers) run.context().replicas_on_offline_dirs.erase(id);
    std::vector<BrokerId> existing;
    for (const BrokerId id : run.context().live_or_shutting_down_broker_ids()) {
        if (!contains(self.brokers, id)) existing.push_back(id);
    }
    run.send_update_metadata(existing, {});
    run.send_update_metadata(self.brokers, run.context().partitions_with_leaders());
    change_replicas(run, run.context().replicas_on(self.brokers), ReplicaState::OnlineReplica);
    self.at = frame::BrokerStartup::At::Reassignments;
    return run.call(trigger_online(run));
}

/// Those that wait for one of these brokers go on.
Flow resume_reassignments(Run& run, frame::BrokerStartup& self) {
    self.at = frame::BrokerStartup::At::Deletions;
    frame::ResumeReassignments resume;
    resume.on = self.brokers;
    return run.call(std::move(resume));
}

/// A topic that waits to be deleted may have waited for one of these brokers.
Flow resume_deletions(Run& run, frame::BrokerStartup& self) {
    self.at = frame::BrokerStartup::At::WatchBrokers;
    std::vector<PartitionAndReplica> waiting;
    std::set<TopicName> topics;
    for (const PartitionAndReplica& replica : run.context().replicas_on(self.brokers)) {
        if (!run.context().is_queued_for_deletion(replica.partition.topic)) continue;
        waiting.push_back(replica);
        topics.insert(replica.partition.topic);
    }
    if (waiting.empty()) return Flow::Again;
    run.info(
        "Some replicas {} for topics scheduled for deletion {} are on the newly restarted brokers {}. Signaling "
        "restart of topic "
        "deletion for these topics",
        join_text(waiting), join_names(run.context().topics_to_be_deleted), join(self.brokers));
    return resume_deletion_for(run, topics) ? run.call(frame::ResumeDeletions{}) : Flow::Again;
}

Flow watch(Run& run, frame::BrokerStartup& self) {
    self.at = frame::BrokerStartup::At::End;
    run.log(node::Level::Debug, "Register BrokerModifications handler for List({})", join(self.brokers, ", "));
    std::vector<protocol::Body> requests;
    for (const BrokerId id : self.brokers) {
        run.state().watched_brokers.insert(id);
        requests.push_back(zookeeper::zk_exists(zookeeper::broker_path(id), true));
    }
    return run.ask(std::move(requests));
}

Flow fail_partitions(Run& run, frame::BrokerFailure& self) {
    if (!self.brokers.empty()) run.info("Broker failure callback for {}", join(self.brokers));
    for (const BrokerId id : self.brokers) run.context().replicas_on_offline_dirs.erase(id);
    std::vector<BrokerId> were_shutting_down;
    for (const BrokerId id : self.brokers) {
        if (run.context().shutting_down_broker_ids.erase(id) > 0) were_shutting_down.push_back(id);
    }
    if (!were_shutting_down.empty())
        run.info("Removed {} from list of shutting down brokers.", join(were_shutting_down));

    if (!self.brokers.empty()) self.replicas = run.context().replicas_on(self.brokers);
    const std::vector<TopicPartition> without_leader = run.context().partitions_with_offline_leader();
    self.had_offline_leader = !without_leader.empty();
    change_partitions(run, without_leader, PartitionState::OfflinePartition);
    self.at = frame::BrokerFailure::At::Replicas;
    return run.call(trigger_online(run));
}

Flow fail_replicas(Run& run, frame::BrokerFailure& self) {
    self.at = frame::BrokerFailure::At::Deletions;
    frame::OfflineReplicas offline;
    for (const PartitionAndReplica& replica : self.replicas) {
        if (!run.context().is_queued_for_deletion(replica.partition.topic)) offline.replicas.push_back(replica);
    }
    return run.call(std::move(offline));
}

/// Replicas that were to be deleted cannot be now.
Flow fail_deletions(Run& run, frame::BrokerFailure& self) {
    self.at = frame::BrokerFailure::At::End;
    return fail_replica_deletion(run, self.replicas) ? run.call(frame::ResumeDeletions{}) : Flow::Again;
}

}  // namespace

Flow step(Run& run, frame::BrokerStartup& self) {
    using At = frame::BrokerStartup::At;
    switch (self.at) {
        case At::Replicas:
            return start_replicas(run, self);
        case At::Reassignments:
            return resume_reassignments(run, self);
        case At::Deletions:
            return resume_deletions(run, self);
        case At::WatchBrokers:
            return watch(run, self);
        case At::End:
            return Flow::Done;
    }
    return Flow::Done;
}

Flow step(Run& run, frame::BrokerFailure& self) {
    using At = frame::BrokerFailure::At;
    switch (self.at) {
        case At::Partitions:
            return fail_partitions(run, self);
        case At::Replicas:
            return fail_replicas(run, self);
        case At::Deletions:
            return fail_deletions(run, self);
        case At::End:
            if (!self.had_offline_leader)
                run.send_update_metadata(run.context().live_or_shutting_down_broker_ids(), {});
            if (!self.brokers.empty())
                run.log(node::Level::Debug, "Unregister BrokerModifications handler for List({})",
                        join(self.brokers, ", "));
            for (const BrokerId id : self.brokers) run.state().watched_brokers.erase(id);
            return Flow::Done;
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
