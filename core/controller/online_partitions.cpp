// SPDX-License-Identifier: Apache-2.0
// Partitions to OnlinePartition: a new one gets its first leader (its state znode is created), others have one
// elected. One batch of requests at the
// end. Kafka 3.0.0: kafka.controller.ZkPartitionStateMachine (doHandleStateChanges,
// initializeLeaderAndIsrForPartitions).

#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using protocol::Body;

std::vector<TopicPartition> in_state(Run& run, const std::vector<TopicPartition>& partitions, bool is_new) {
    std::vector<TopicPartition> found;
    for (const TopicPartition& tp : partitions) {
        if ((run.context().partition_state(tp) == PartitionState::NewPartition) == is_new) found.push_back(tp);
    }
    return found;
}

Flow initialize(Run& run, frame::OnlinePartitions& self) {
    run.state().outcomes.clear();
    if (self.partitions.empty()) return Flow::Done;
    run.new_batch();
    self.partitions = valid_transitions(run, self.partitions, PartitionState::OnlinePartition);
    frame::InitializeLeaders initialize_leaders;
    initialize_leaders.partitions = in_state(run, self.partitions, true);
    self.partitions = in_state(run, self.partitions, false);
    self.at = frame::OnlinePartitions::At::Elect;
    if (initialize_leaders.partitions.empty()) return Flow::Again;
    return run.call(std::move(initialize_leaders));
}

Flow elect_others(Run& run, frame::OnlinePartitions& self) {
    self.at = frame::OnlinePartitions::At::Send;
    if (self.partitions.empty()) return Flow::Again;
    frame::ElectLeaders election;
    election.partitions = self.partitions;
    election.strategy = self.strategy;
    return run.call(std::move(election));
}

/// Another controller has been elected.
Flow moved(Run& run, std::string_view when) {
    node::error(run.env(), kPartitionMachineLogger,
                "[PartitionStateMachine controllerId={}] Controller moved to another broker when {}", run.id().value,
                when);
    return Flow::ControllerMoved;
}

/// Those with a live replica; the others stay NewPartition.
void choose_first_leaders(Run& run, frame::InitializeLeaders& self) {
    std::vector<TopicPartition> with_live_replica;
    for (const TopicPartition& tp : self.partitions) {
        const std::vector<BrokerId> live = run.context().online(tp, run.context().replicas_of(tp));
        if (!live.empty()) {
            with_live_replica.push_back(tp);
            self.states.push_back({live.front(), 0, live, 0});
            continue;
        }
        const std::string why = fmt::format(
            "Controller {} epoch {} encountered error during state change of partition {} from New to Online, assigned "
            "replicas are [{}], "
            "live brokers are [Set({})]. No assigned replica is alive.",
            run.id().value, run.context().epoch, to_string(tp), join(run.context().replicas_of(tp)),
            join(run.context().live_broker_ids(), ", "));
        log_failed_election(run, tp, PartitionState::NewPartition, state_change_failed(why));
        run.state().outcomes[tp] = {std::nullopt, why};
        run.note(node::NoteKind::ElectionFailed, {{"topic", tp.topic.str()},
                                                  {"partition", tp.partition},
                                                  {"strategy", "first leader"},
                                                  {"why", "no assigned replica is live"},
                                                  {"isr", ""}});
    }
    self.partitions = std::move(with_live_replica);
}

std::string why_first_leader(Run& run, const TopicPartition& tp, BrokerId leader) {
    const std::vector<BrokerId>& replicas = run.context().replicas_of(tp);
    std::string why =
        "new partition: broker " + to_string(leader) + " is the first live one of its replicas " + join(replicas);
    for (const BrokerId id : replicas) {
        if (!run.context().is_replica_online(id, tp)) why += "; " + to_string(id) + " is not live";
    }
    return why;
}

void take_first_leader(Run& run, const TopicPartition& tp, const LeaderAndIsr& state) {
    const LeaderIsrAndControllerEpoch stored{state, run.context().epoch};
    run.context().leadership[tp] = stored;
    run.state().batch.add_leader_and_isr(run.env(), run.context(), state.isr, tp, stored, IsNew::Yes);
    run.state_change(node::Level::Info, "Changed partition {} from NewPartition to OnlinePartition with state {}",
                     to_string(tp), to_string(state));
    run.context().partition_states[tp] = PartitionState::OnlinePartition;
    run.state().outcomes[tp] = {state, ""};
    if (!run.env().observed()) return;
    run.note(node::NoteKind::LeaderElected, {{"topic", tp.topic.str()},
                                             {"partition", tp.partition},
                                             {"from", kNoBroker.value},
                                             {"to", state.leader.value},
                                             {"leader_epoch", state.leader_epoch},
                                             {"isr", join(state.isr)},
                                             {"zk_version", state.zk_version},
                                             {"strategy", "first leader"},
                                             {"why", why_first_leader(run, tp, state.leader)}});
}

Flow create_topics(Run& run, frame::InitializeLeaders& self) {
    choose_first_leaders(run, self);
    self.at = frame::InitializeLeaders::At::Partitions;
    std::set<TopicName> topics;
    for (const TopicPartition& tp : self.partitions) topics.insert(tp.topic);
    std::vector<Body> requests;
    for (const TopicName& topic : topics)
        requests.push_back(run.guarded(op_create(topic_partitions_path(topic.view()), std::nullopt)));
    return run.ask(std::move(requests));
}

Flow create_partitions(Run& run, frame::InitializeLeaders& self) {
    if (any_moved(run.take_replies())) return Flow::ControllerMoved;
    self.at = frame::InitializeLeaders::At::States;
    std::vector<Body> requests;
    for (const TopicPartition& tp : self.partitions)
        requests.push_back(run.guarded(op_create(partition_path(tp), std::nullopt)));
    return run.ask(std::move(requests));
}

Flow create_states(Run& run, frame::InitializeLeaders& self) {
    if (any_moved(run.take_replies())) return Flow::ControllerMoved;
    self.at = frame::InitializeLeaders::At::Stored;
    std::vector<Body> requests;
    for (size_t i = 0; i < self.partitions.size(); ++i) {
        requests.push_back(run.guarded(op_create(partition_state_path(self.partitions[i]),
                                                 encode_partition_state(self.states[i], run.context().epoch))));
    }
    return run.ask(std::move(requests));
}

Flow states_stored(Run& run, frame::InitializeLeaders& self) {
    const std::vector<Body> replies = run.take_replies();
    if (any_moved(replies)) return Flow::ControllerMoved;
    for (size_t i = 0; i < self.partitions.size(); ++i) {
        const GuardedReply reply = read_guarded(replies.at(i));
        if (reply.err == kOk) {
            take_first_leader(run, self.partitions[i], self.states[i]);
            continue;
        }
        const std::string why = fmt::format("KeeperErrorCode = {}", name_of_error(reply.err));
        log_failed_election(
            run, self.partitions[i], PartitionState::NewPartition,
            fmt::format("org.apache.zookeeper.KeeperException${}Exception: {}", name_of_error(reply.err), why));
        run.state().outcomes[self.partitions[i]] = {std::nullopt, why};
    }
    return Flow::Done;
}

}  // namespace

Flow step(Run& run, frame::OnlinePartitions& self) {
    using At = frame::OnlinePartitions::At;
    switch (self.at) {
        case At::Initialize:
            return initialize(run, self);
        case At::Elect:
            return elect_others(run, self);
        case At::Send:
            run.send_batch();
            return Flow::Done;
    }
    return Flow::Done;
}

Flow step(Run& run, frame::InitializeLeaders& self) {
    using At = frame::InitializeLeaders::At;
    switch (self.at) {
        case At::Topics:
            return create_topics(run, self);
        case At::Partitions:
            return create_partitions(run, self);
        case At::States:
            return create_states(run, self);
        case At::Stored:
            return states_stored(run, self);
    }
    return Flow::Done;
}

Flow recover(Run& run, frame::InitializeLeaders&, Flow what) {
    return what == Flow::ControllerMoved ? moved(run, "trying to create the topic partition state znode") : what;
}

Flow recover(Run& run, frame::OnlinePartitions&, Flow what) {
    return what == Flow::ControllerMoved ? moved(run, "moving some partitions to OnlinePartition state") : what;
}

}  // namespace kafkasim::controller
