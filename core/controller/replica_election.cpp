// SPDX-License-Identifier: Apache-2.0
// Elections that somebody asked for: the ElectLeaders request, the znode /admin/preferred_replica_election, the
// automatic balance.
// Kafka 3.0.0: kafka.controller.KafkaController.processReplicaLeaderElection, onReplicaElection,
// removePartitionsFromPreferredReplicaElection.

#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using protocol::Body;
using protocol::ElectLeadersResponse;

ElectLeadersResponse::PartitionResult result_of(const TopicPartition& tp, ErrorCode error,
                                                std::optional<std::string> message = std::nullopt) {
    return {tp.partition, error, std::move(message)};
}

bool needs_election(Run& run, const TopicPartition& tp, ElectionType type) {
    const LeaderIsrAndControllerEpoch* state = run.context().leadership_of(tp);
    if (state == nullptr) return false;
    const BrokerId leader = state->leader_and_isr.leader;
    switch (type) {
        case ElectionType::Preferred:
            return leader != run.context().replicas_of(tp).front();
        case ElectionType::Unclean:
            return leader == kNoBroker || !run.context().is_broker_live(leader);
    }
    return false;
}

/// "Map(t-0 -> Left(ApiError(error=ELECTION_NOT_NEEDED, message=...)), t-1 -> Right(1))"
std::string results_text(Run& run, const std::map<TopicPartition, ElectLeadersResponse::PartitionResult>& results) {
    std::string text;
    for (const auto& [tp, result] : results) {
        const auto outcome = run.state().outcomes.find(tp);
        text += (text.empty() ? "" : ", ") + to_string(tp) + " -> ";
        if (result.error_code == ErrorCode::None && outcome != run.state().outcomes.end())
            text += fmt::format("Right({})", to_string(outcome->second.elected->leader));
        else
            text += fmt::format("Left(ApiError(error={}, message={}))", name(result.error_code),
                                result.error_message.value_or("null"));
    }
    return (results.size() > 4 ? "HashMap(" : "Map(") + text + ")";
}

Flow begin(Run& run, frame::ReplicaElection& self) {
    using At = frame::ReplicaElection::At;
    if (!run.state().is_active()) {
        if (self.event.token) run.host().respond(*self.event.token, not_controller(self.event));
        return Flow::Done;
    }
    if (self.event.trigger == ElectionTrigger::AdminClientTriggered) {
        if (!self.event.partitions) self.event.partitions = run.context().all_partitions();
        self.at = At::Elect;
        return Flow::Again;
    }
    self.at = At::ReadZnode;
    return run.ask(
        {zk_exists(std::string(kPreferredElectionPath), true), zk_get_data(std::string(kPreferredElectionPath), true)});
}

Flow read_znode(Run& run, frame::ReplicaElection& self) {
    const std::vector<Body> replies = run.take_replies();
    const auto* data = std::get_if<protocol::ZkGetDataResponse>(&replies.at(1));
    if (data == nullptr || data->err != kOk) return Flow::Done;  // not there; the watch is set again
    self.event.partitions = decode_partitions(data->data.value_or("")).value_or(std::vector<TopicPartition>());
    self.at = frame::ReplicaElection::At::Elect;
    return Flow::Again;
}

Flow elect_asked(Run& run, frame::ReplicaElection& self) {
    std::vector<TopicPartition> being_deleted;
    for (const TopicPartition& tp : *self.event.partitions) {
        if (!run.context().assignments.contains(tp)) {
            run.info("Skipping replica leader election ({}) for partition {} by {} since it doesn't exist.",
                     name_of(self.event.type), to_string(tp), name_of(self.event.trigger));
            self.answers[tp] = result_of(tp, ErrorCode::UnknownTopicOrPartition, "The partition does not exist.");
        } else if (run.context().is_queued_for_deletion(tp.topic)) {
            self.answers[tp] = result_of(tp, ErrorCode::InvalidTopicException, "The topic is being deleted");
            being_deleted.push_back(tp);
        } else if (!needs_election(run, tp, self.event.type)) {
            self.answers[tp] =
                result_of(tp, ErrorCode::ElectionNotNeeded, std::string(default_message(ErrorCode::ElectionNotNeeded)));
        } else {
            self.elected.push_back(tp);
        }
    }
    if (!being_deleted.empty()) {
        run.log(node::Level::Warn,
                "Skipping replica leader election ({}) for partitions {} by {} since the respective topics are being "
                "deleted",
                name_of(self.event.type), set_text(being_deleted), name_of(self.event.trigger));
    }
    self.at = frame::ReplicaElection::At::Answer;
    frame::OnReplicaElection election;
    election.partitions = self.elected;
    election.type = self.event.type;
    election.trigger = self.event.trigger;
    return run.call(std::move(election));
}

Flow answer(Run& run, frame::ReplicaElection& self, bool all_asked) {
    if (!self.event.token) return Flow::Done;
    const ErrorCode failed = self.event.type == ElectionType::Preferred ? ErrorCode::PreferredLeaderNotAvailable
                                                                        : ErrorCode::EligibleLeadersNotAvailable;
    for (const TopicPartition& tp : self.elected) {
        const ElectionOutcome& outcome = run.state().outcomes[tp];
        self.answers[tp] = outcome.elected ? result_of(tp, ErrorCode::None) : result_of(tp, failed, outcome.failure);
    }
    if (run.env().logs(node::Level::Debug)) {
        run.log(node::Level::Debug, "Waiting for any successful result for election type ({}) by {} for partitions: {}",
                name_of(self.event.type), name_of(self.event.trigger), results_text(run, self.answers));
    }
    ElectLeadersResponse response;
    for (const auto& [tp, result] : self.answers) {
        if (all_asked && result.error_code == ErrorCode::ElectionNotNeeded) continue;
        if (response.replica_election_results.empty() ||
            !(response.replica_election_results.back().topic == tp.topic)) {
            response.replica_election_results.push_back({tp.topic, {}});
        }
        response.replica_election_results.back().partition_result.push_back(result);
    }
    run.host().respond(*self.event.token, std::move(response));
    return Flow::Done;
}

Flow start_election(Run& run, frame::OnReplicaElection& self) {
    run.info("Starting replica leader election ({}) for partitions {} triggered by {}", name_of(self.type),
             join_text(self.partitions), name_of(self.trigger));
    self.at = frame::OnReplicaElection::At::Report;
    frame::OnlinePartitions online;
    online.partitions = self.partitions;
    online.strategy =
        self.type == ElectionType::Preferred
            ? kPreferredReplica
            : Strategy{Strategy::Kind::OfflinePartition, self.trigger == ElectionTrigger::AdminClientTriggered};
    return run.call(std::move(online));
}

Flow report(Run& run, frame::OnReplicaElection& self) {
    self.at = frame::OnReplicaElection::At::End;
    if (self.trigger == ElectionTrigger::AdminClientTriggered) return Flow::Done;
    for (const TopicPartition& tp : self.partitions) {
        const ElectionOutcome& outcome = run.state().outcomes[tp];
        if (!outcome.elected) {
            run.log(node::Level::Error, "Error completing replica leader election ({}) for partition {}",
                    name_of(self.type), to_string(tp));
        }
        const LeaderIsrAndControllerEpoch* state = run.context().leadership_of(tp);
        const BrokerId leader = state == nullptr ? kNoBroker : state->leader_and_isr.leader;
        const BrokerId preferred = run.context().replicas_of(tp).front();
        if (leader == preferred) {
            run.info("Partition {} completed preferred replica leader election. New leader is {}", to_string(tp),
                     preferred.value);
        } else {
            run.log(node::Level::Warn,
                    "Partition {} failed to complete preferred replica leader election to {}. Leader is still {}",
                    to_string(tp), preferred.value, leader.value);
        }
    }
    if (self.trigger == ElectionTrigger::AutoTriggered) return Flow::Done;
    return run.ask(run.guarded(op_delete(std::string(kPreferredElectionPath))));
}

Flow end_election(Run& run, const frame::OnReplicaElection& self) {
    if (self.trigger != ElectionTrigger::ZkTriggered) return Flow::Done;
    if (read_guarded(run.take_replies().at(0)).moved) return Flow::ControllerMoved;
    // So that the next such znode is noticed, and one that came while this ran is worked off.
    run.state().queue.push_back(event::ReplicaLeaderElection{ElectionType::Preferred, ElectionTrigger::ZkTriggered,
                                                             std::nullopt, std::nullopt});
    return Flow::Done;
}

}  // namespace

protocol::Body not_controller(const event::ReplicaLeaderElection& event) {
    ElectLeadersResponse response;
    for (const TopicPartition& tp : event.partitions.value_or(std::vector<TopicPartition>())) {
        auto& results = response.replica_election_results;
        if (results.empty() || !(results.back().topic == tp.topic)) results.push_back({tp.topic, {}});
        results.back().partition_result.push_back(result_of(tp, ErrorCode::NotController));
    }
    return response;
}

Flow step(Run& run, frame::ReplicaElection& self) {
    using At = frame::ReplicaElection::At;
    switch (self.at) {
        case At::Begin:
            self.all_asked = self.event.all_asked || !self.event.partitions;
            return begin(run, self);
        case At::ReadZnode:
            return read_znode(run, self);
        case At::Elect:
            return elect_asked(run, self);
        case At::Answer:
            return answer(run, self, self.all_asked);
    }
    return Flow::Done;
}

Flow step(Run& run, frame::OnReplicaElection& self) {
    using At = frame::OnReplicaElection::At;
    switch (self.at) {
        case At::Elect:
            return start_election(run, self);
        case At::Report:
            return report(run, self);
        case At::End:
            return end_election(run, self);
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
