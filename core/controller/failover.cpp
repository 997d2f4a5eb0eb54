// SPDX-License-Identifier: Apache-2.0
// What a broker does once it is elected, in Kafka's exact order: watch, clear old notifications, read everything,
// tell all brokers who is alive, bring
// replicas and then partitions into their states. Replicas come first, so when the dead broker was the controller,
// partitions it led get
// "leader -1" by the replica step and their new leader by the partition step: two leader epochs.
// Kafka 3.0.0: kafka.controller.KafkaController.onControllerFailover, ReplicaStateMachine.startup,
// PartitionStateMachine.startup.

#include "core/config/broker_config.hpp"
#include "core/controller/notifications.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using At = frame::Failover::At;
using protocol::Body;

/// Asks for the deletion of all children that the reply names.
Flow delete_children(Run& run, std::string_view parent) {
    const std::vector<Body> replies = run.take_replies();
    return delete_notifications(run, parent, children_in(replies.at(0)).value_or(std::vector<std::string>()));
}

/// The feature znode is there and says that features are enabled (KafkaController.enableFeatureVersioning).
Flow enable_features(Run& run) {
    const std::vector<Body> replies = run.take_replies();
    if (error_of(replies.at(0)) == kNoNode) {
        run.info("Creating FeatureZNode at path: {} with contents: FeatureZNode(Enabled,Features{{}})", kFeaturePath);
        return run.ask(zk_create(std::string(kFeaturePath), encode_feature()));
    }
    const auto* read = std::get_if<protocol::ZkGetDataResponse>(&replies.at(0));
    if (read == nullptr || !read->data || features_enabled(*read->data)) return Flow::Again;
    run.info("Updating FeatureZNode at path: {} with contents: FeatureZNode(Enabled,Features{{}})", kFeaturePath);
    return run.ask(zk_set_data(std::string(kFeaturePath), encode_feature()));
}

Flow register_handlers(Run& run, frame::Failover& self) {
    run.info("Registering handlers");
    run.state().handlers_registered = true;
    self.at = At::LogDirEvents;
    return run.ask(
        {zk_exists(std::string(kPreferredElectionPath), true), zk_exists(std::string(kReassignPartitionsPath), true)});
}

/// The state of every replica as its broker is up or not (ReplicaStateMachine.initializeReplicaState).
std::vector<PartitionAndReplica> initialize_replicas(Run& run, bool online) {
    std::vector<PartitionAndReplica> found;
    for (const PartitionAndReplica& replica : run.context().replicas_for(run.context().all_partitions())) {
        if (run.context().is_replica_online(replica.replica, replica.partition) != online) continue;
        run.context().replica_states[replica] =
            online ? ReplicaState::OnlineReplica : ReplicaState::ReplicaDeletionIneligible;
        found.push_back(replica);
    }
    return found;
}

/// The state of every partition as its leader is up or not (PartitionStateMachine.initializePartitionState).
void initialize_partitions(Run& run) {
    for (const TopicPartition& tp : run.context().all_partitions()) {
        const LeaderIsrAndControllerEpoch* state = run.context().leadership_of(tp);
        run.context().partition_states[tp] = state == nullptr ? PartitionState::NewPartition
                                             : run.context().is_replica_online(state->leader_and_isr.leader, tp)
                                                 ? PartitionState::OnlinePartition
                                                 : PartitionState::OfflinePartition;
    }
}

Flow start_deletion(Run& run, frame::Failover& self) {
    run.info("Fetching topic deletions in progress");
    self.at = At::DeletionsRead;
    return run.ask(zk_get_children(std::string(kDeleteTopicsPath), true));
}

/// With a replica that is not live, or in a reassignment.
std::set<TopicName> topics_ineligible_for_deletion(const ControllerContext& context) {
    std::set<TopicName> topics;
    for (const TopicPartition& tp : context.partitions_being_reassigned) topics.insert(tp.topic);
    for (const auto& [tp, assignment] : context.assignments) {
        if (context.online(tp, assignment.replicas).size() < assignment.replicas.size()) topics.insert(tp.topic);
    }
    return topics;
}

/// TopicDeletionManager.init; without delete.topic.enable the requests are thrown away.
Flow initialize_deletions(Run& run, frame::Failover& self) {
    const std::vector<Body> replies = run.take_replies();
    std::set<TopicName> to_delete;
    if (const auto* children = std::get_if<protocol::ZkGetChildrenResponse>(&replies.at(0)); children != nullptr) {
        for (const std::string& name : children->children) to_delete.insert(TopicName(name));
    }
    const std::set<TopicName> ineligible_topics = topics_ineligible_for_deletion(run.context());
    const std::string ineligible = join_names(ineligible_topics);
    run.info("List of topics to be deleted: {}", join_names(to_delete));
    run.info("List of topics ineligible for deletion: {}", ineligible);
    run.info("Initializing topic deletion manager");
    node::info(run.env(), kDeletionManagerLogger,
               "[Topic Deletion Manager {}] Initializing manager with initial deletions: Set({}), initial ineligible "
               "deletions: HashSet({})",
               run.id().value, join_names(to_delete, ", "), join_names(ineligible_topics, ", "));
    self.at = At::Replicas;
    if (run.host().config().delete_topic_enable) {
        run.context().topics_to_be_deleted = to_delete;
        for (const TopicName& topic : to_delete) {
            if (ineligible_topics.contains(topic)) run.context().topics_ineligible_for_deletion.insert(topic);
        }
        return Flow::Again;
    }
    node::info(run.env(), kDeletionManagerLogger,
               "[Topic Deletion Manager {}] Removing Set({}) since delete topic is disabled", run.id().value,
               join_names(to_delete, ", "));
    std::vector<Body> removals;
    for (const TopicName& topic : to_delete)
        removals.push_back(run.guarded(op_delete(delete_topic_path(topic.view()))));
    return run.ask(std::move(removals));
}

/// What a state machine began with.
template <typename States>
void log_machine(Run& run, std::string_view logger, std::string_view machine, std::string_view of,
                 const States& states) {
    if (!run.env().logs(node::Level::Debug)) return;
    std::string text;
    for (const auto& [each, state] : states)
        text += (text.empty() ? "" : ", ") + to_string(each) + " -> " + std::string(name_of(state));
    node::log(run.env(), node::Level::Debug, logger,
              "[{} controllerId={}] Started {} state machine with initial state -> HashMap({})", machine,
              run.id().value, of, text);
}

Flow start_replicas(Run& run, frame::Failover& self) {
    if (any_moved(run.take_replies())) return Flow::ControllerMoved;
    run.info("Sending update metadata request");
    run.send_update_metadata(run.context().live_or_shutting_down_broker_ids(), {});

    const auto replica_log = [&](std::string_view text) {
        node::info(run.env(), kReplicaMachineLogger, "[ReplicaStateMachine controllerId={}] {}", run.id().value, text);
    };
    replica_log("Initializing replica state");
    const std::vector<PartitionAndReplica> online = initialize_replicas(run, true);
    const std::vector<PartitionAndReplica> offline = initialize_replicas(run, false);
    replica_log("Triggering online replica state changes");
    change_replicas(run, online, ReplicaState::OnlineReplica);
    replica_log("Triggering offline replica state changes");
    self.at = At::Partitions;
    frame::OfflineReplicas stop;
    stop.replicas = offline;
    return run.call(std::move(stop));
}

Flow start_partitions(Run& run, frame::Failover& self) {
    const auto partition_log = [&](std::string_view text) {
        node::info(run.env(), kPartitionMachineLogger, "[PartitionStateMachine controllerId={}] {}", run.id().value,
                   text);
    };
    log_machine(run, kReplicaMachineLogger, "ReplicaStateMachine", "replica", run.context().replica_states);
    partition_log("Initializing partition state");
    initialize_partitions(run);
    partition_log("Triggering online partition state changes");
    self.at = At::Ready;
    return run.call(trigger_online(run));
}

/// KafkaController.initializePartitionReassignments: what older tools asked for in the meantime goes first.
Flow begin_reassignments(Run& run, frame::Failover& self) {
    log_machine(run, kPartitionMachineLogger, "PartitionStateMachine", "partition", run.context().partition_states);
    run.info("Ready to serve as the new controller with epoch {}", run.context().epoch);
    self.at = At::Reassignments;
    return run.call(frame::ZkReassignment{});
}

Flow resume_reassignments(Run& run, frame::Failover& self) {
    self.at = At::Deletion;
    frame::ResumeReassignments resume;
    for (const auto& [tp, result] : run.state().reassignment_results) {
        if (result.error == ErrorCode::None) resume.begun.insert(tp);
    }
    return run.call(std::move(resume));
}

Flow resume_deletions(Run& run, frame::Failover& self) {
    self.at = At::Resume;
    return run.call(frame::ResumeDeletions{});
}

Flow read_preferred(Run& run, frame::Failover& self) {
    self.at = At::PreferredRead;
    return run.ask(zk_get_data(std::string(kPreferredElectionPath), true));
}

/// KafkaController.fetchPendingPreferredReplicaElections.
Flow elect_preferred(Run& run, frame::Failover& self) {
    const std::vector<Body> replies = run.take_replies();
    std::vector<TopicPartition> asked;
    const auto* data = std::get_if<protocol::ZkGetDataResponse>(&replies.at(0));
    if (data != nullptr && data->err == kOk && data->data) asked = decode_partitions(*data->data).value_or(asked);
    std::vector<TopicPartition> completed;
    std::vector<TopicPartition> being_deleted;
    for (const TopicPartition& tp : asked) {
        const LeaderIsrAndControllerEpoch* state = run.context().leadership_of(tp);
        const bool exists = state != nullptr && !run.context().replicas_of(tp).empty();
        if (!exists || state->leader_and_isr.leader == run.context().replicas_of(tp).front())
            completed.push_back(tp);
        else if (run.context().is_queued_for_deletion(tp.topic))
            being_deleted.push_back(tp);
        else
            self.preferred.push_back(tp);
    }
    run.info("Partitions undergoing preferred replica election: {}", join_text(asked));
    run.info("Partitions that completed preferred replica election: {}", join_text(completed));
    run.info("Skipping preferred replica election for partitions due to topic deletion: {}", join_text(being_deleted));
    run.info("Resuming preferred replica election for partitions: {}", join_text(self.preferred));
    self.at = At::PreferredDone;
    frame::OnReplicaElection election;
    election.partitions = self.preferred;
    election.type = ElectionType::Preferred;
    election.trigger = ElectionTrigger::ZkTriggered;
    return run.call(std::move(election));
}

Flow start_scheduler(Run& run) {
    run.info("Starting the controller scheduler");
    if (!run.host().config().auto_leader_rebalance_enable) return Flow::Done;
    if (run.state().rebalance_timer == node::TimerId::None) {
        run.state().rebalance_timer = run.env().new_timer({run.state().component, kRebalanceTimer, 0, 0});
    }
    run.env().arm(run.state().rebalance_timer, 5s);
    return Flow::Done;
}

Flow read_children(Run& run, frame::Failover& self, std::string_view path, std::string_view what, At next) {
    if (any_moved(run.take_replies())) return Flow::ControllerMoved;
    run.info("{}", what);
    self.at = next;
    return run.ask(zk_get_children(std::string(path), true));
}

}  // namespace

Flow step(Run& run, frame::Failover& self) {
    switch (self.at) {
        case At::Feature:
            self.at = At::CreateFeature;
            return run.ask(zk_get_data(std::string(kFeaturePath), false));
        case At::CreateFeature:
            self.at = At::Handlers;
            return enable_features(run);
        case At::Handlers:
            return register_handlers(run, self);
        case At::LogDirEvents:
            run.take_replies();
            return read_children(run, self, kLogDirEventNotificationPath, "Deleting log dir event notifications",
                                 At::DeleteLogDirEvents);
        case At::DeleteLogDirEvents:
            self.at = At::IsrChanges;
            return delete_children(run, kLogDirEventNotificationPath);
        case At::IsrChanges:
            return read_children(run, self, kIsrChangeNotificationPath, "Deleting isr change notifications",
                                 At::DeleteIsrChanges);
        case At::DeleteIsrChanges:
            self.at = At::Context;
            return delete_children(run, kIsrChangeNotificationPath);
        case At::Context:
            if (any_moved(run.take_replies())) return Flow::ControllerMoved;
            self.at = At::Deletions;
            return run.call(frame::InitializeContext{});
        case At::Deletions:
            return start_deletion(run, self);
        case At::DeletionsRead:
            return initialize_deletions(run, self);
        case At::Replicas:
            return start_replicas(run, self);
        case At::Partitions:
            return start_partitions(run, self);
        case At::Ready:
            return begin_reassignments(run, self);
        case At::Reassignments:
            return resume_reassignments(run, self);
        case At::Deletion:
            return resume_deletions(run, self);
        case At::Resume:
            return read_preferred(run, self);
        case At::PreferredRead:
            return elect_preferred(run, self);
        case At::PreferredDone:
            return start_scheduler(run);
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
