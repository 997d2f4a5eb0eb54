// SPDX-License-Identifier: Apache-2.0
// Elects leaders: reads the state znodes, lets the strategy choose (election.hpp), writes each with the version
// that was read, and begins again with
// those that somebody else changed in between, so that a racing change of the Isr is never lost. The configuration
// of a topic is
// read only if no member of the Isr is live.
// Kafka 3.0.0: kafka.controller.ZkPartitionStateMachine (electLeaderForPartitions, doElectLeaderForPartitions,
// collectUncleanLeaderElectionState).

#include <algorithm>

#include "core/config/topic_config.hpp"
#include "core/controller/reading.hpp"
#include "core/controller/reassignment.hpp"
#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using At = frame::ElectLeaders::At;
using protocol::Body;

void fail(Run& run, const TopicPartition& tp, const std::string& failure) {
    log_failed_election(run, tp, run.context().partition_state(tp), state_change_failed(failure));
    run.state().outcomes[tp] = {std::nullopt, failure};
}

void fail_to_write(Run& run, const TopicPartition& tp, int32_t error) {
    const std::string why = fmt::format("KeeperErrorCode = {} for {}", name_of_error(error), partition_state_path(tp));
    log_failed_election(run, tp, run.context().partition_state(tp),
                        fmt::format("org.apache.zookeeper.KeeperException${}Exception: {}", name_of_error(error), why));
    run.state().outcomes[tp] = {std::nullopt, why};
}

std::string no_state_text(Run& run, const TopicPartition& tp) {
    return fmt::format("LeaderAndIsr information doesn't exist for partition {} in {} state", to_string(tp),
                       name_of(run.context().partition_state(tp)));
}

std::string other_controller_text(Run& run, const TopicPartition& tp, int32_t epoch) {
    return fmt::format(
        "Aborted leader election for partition {} since the LeaderAndIsr path was already written by another "
        "controller. This probably "
        "means that the current controller {} went through a soft failure and another controller was elected with "
        "epoch {}.",
        to_string(tp), run.id().value, epoch);
}

Flow read_states(Run& run, frame::ElectLeaders& self) {
    self.at = At::Configs;
    self.current.clear();
    self.topics.clear();
    self.unclean.clear();
    self.chosen.clear();
    std::vector<Body> requests;
    for (const TopicPartition& tp : self.partitions) requests.push_back(zk_get_data(partition_state_path(tp), false));
    return run.ask(std::move(requests));
}

/// Takes what was read; asks for the configuration of topics with a partition whose Isr is all dead.
Flow read_configs(Run& run, frame::ElectLeaders& self) {
    const std::vector<Body> replies = run.take_replies();
    std::set<TopicName> topics;
    for (size_t i = 0; i < self.partitions.size(); ++i) {
        const TopicPartition& tp = self.partitions[i];
        const auto state = state_in(replies.at(i));
        if (!state) {
            fail(run, tp, no_state_text(run, tp));
        } else if (state->controller_epoch > run.context().epoch) {
            fail(run, tp, other_controller_text(run, tp, state->controller_epoch));
        } else {
            self.current[tp] = state->leader_and_isr;
            const bool needs_config =
                self.strategy.kind == Strategy::Kind::OfflinePartition && !self.strategy.allow_unclean;
            if (needs_config && run.context().online(tp, state->leader_and_isr.isr).empty()) topics.insert(tp.topic);
        }
    }
    self.at = At::Choose;
    self.topics.assign(topics.begin(), topics.end());
    std::vector<Body> requests;
    for (const TopicName& topic : self.topics)
        requests.push_back(zk_get_data(config_entity_path("topics", topic.view()), false));
    return run.ask(std::move(requests));
}

/// unclean.leader.election.enable of a topic as ZooKeeper has it now, over the broker's default. What cannot be
/// read allows nothing.
bool unclean_enabled(Run& run, const Body& reply) {
    const auto* data = std::get_if<protocol::ZkGetDataResponse>(&reply);
    if (data == nullptr || (data->err != kOk && data->err != kNoNode)) return false;
    if (data->err == kNoNode || !data->data)
        return config::TopicConfig::of(run.host().config(), {}).unclean_leader_election_enable;
    const auto overrides = decode_config(*data->data);
    if (!overrides) return false;
    const config::Properties properties(overrides->begin(), overrides->end());
    return config::TopicConfig::of(run.host().config(), properties).unclean_leader_election_enable;
}

ElectionInput input_for(Run& run, const frame::ElectLeaders& self, const TopicPartition& tp,
                        const LeaderAndIsr& current) {
    ElectionInput input;
    input.current = current;
    const ReplicaAssignment& assignment = run.context().assignment_of(tp);
    input.assignment =
        self.strategy.kind == Strategy::Kind::ReassignPartition ? target_replicas(assignment) : assignment.replicas;
    input.live = run.context().online(tp, input.assignment);
    // A dead broker is no longer among those that shut down.
    for (const BrokerId id : run.context().shutting_down_brokers()) {
        if (run.context().is_broker_live(id, ShuttingDown::Included)) input.shutting_down.push_back(id);
    }
    const auto unclean = self.unclean.find(tp.topic);
    input.unclean_enabled = unclean != self.unclean.end() && unclean->second;
    return input;
}

void note_failure(Run& run, const frame::ElectLeaders& self, const TopicPartition& tp, const LeaderAndIsr& current,
                  const std::string& why) {
    run.note(node::NoteKind::ElectionFailed, {{"topic", tp.topic.str()},
                                              {"partition", tp.partition},
                                              {"strategy", to_string(self.strategy)},
                                              {"why", why},
                                              {"isr", join(current.isr)}});
}

Flow choose(Run& run, frame::ElectLeaders& self) {
    const std::vector<Body> replies = run.take_replies();
    for (size_t i = 0; i < self.topics.size(); ++i) self.unclean[self.topics[i]] = unclean_enabled(run, replies.at(i));
    std::vector<Body> requests;
    for (const auto& [tp, current] : self.current) {
        ElectionResult result = elect(self.strategy, input_for(run, self, tp, current));
        if (!result.elected) {
            note_failure(run, self, tp, current, result.why);
            fail(run, tp,
                 fmt::format("Failed to elect leader for partition {} under strategy {}", to_string(tp),
                             to_string(self.strategy)));
            continue;
        }
        requests.push_back(run.guarded(op_set_data(partition_state_path(tp),
                                                   encode_partition_state(*result.elected, run.context().epoch),
                                                   result.elected->zk_version)));
        self.chosen.emplace_back(tp, std::move(result));
    }
    self.at = At::Stored;
    return run.ask(std::move(requests));
}

void note_elected(Run& run, const frame::ElectLeaders& self, const TopicPartition& tp, const LeaderAndIsr& elected,
                  const std::string& why) {
    const LeaderAndIsr& before = self.current.at(tp);
    run.note(node::NoteKind::LeaderElected, {{"topic", tp.topic.str()},
                                             {"partition", tp.partition},
                                             {"from", before.leader.value},
                                             {"to", elected.leader.value},
                                             {"leader_epoch", elected.leader_epoch},
                                             {"isr", join(elected.isr)},
                                             {"zk_version", elected.zk_version},
                                             {"strategy", to_string(self.strategy)},
                                             {"why", why}});
    if (before.isr == elected.isr) return;
    const bool shutdown = self.strategy.kind == Strategy::Kind::ControlledShutdown;
    run.note(node::NoteKind::IsrChanged,
             {{"topic", tp.topic.str()},
              {"partition", tp.partition},
              {"from", join(before.isr)},
              {"to", join(elected.isr)},
              {"how", shutdown ? "controlled-shutdown" : "offline"},
              {"why", shutdown ? "brokers that are shutting down leave the Isr with the election"
                               : "brokers that are not live leave the Isr with the election"}});
}

void take_elected(Run& run, const frame::ElectLeaders& self, const TopicPartition& tp, const ElectionResult& result,
                  int32_t version) {
    LeaderAndIsr elected = *result.elected;
    elected.zk_version = version;
    const LeaderIsrAndControllerEpoch stored{elected, run.context().epoch};
    run.context().leadership[tp] = stored;
    run.state().batch.add_leader_and_isr(run.env(), run.context(), result.recipients, tp, stored, IsNew::No);
    run.state_change(node::Level::Info, "Changed partition {} from {} to OnlinePartition with state {}", to_string(tp),
                     name_of(run.context().partition_state(tp)), to_string(elected));
    run.context().partition_states[tp] = PartitionState::OnlinePartition;
    run.state().outcomes[tp] = {elected, ""};
    if (run.env().observed()) note_elected(run, self, tp, elected, result.why);
}

Flow stored(Run& run, frame::ElectLeaders& self) {
    const std::vector<Body> replies = run.take_replies();
    std::vector<TopicPartition> retry;
    if (any_moved(replies)) return Flow::ControllerMoved;
    for (size_t i = 0; i < self.chosen.size(); ++i) {
        const auto& [tp, result] = self.chosen[i];
        const GuardedReply reply = read_guarded(replies.at(i));
        if (reply.err == kOk) {
            take_elected(run, self, tp, result, reply.version);
        } else if (reply.err == kBadVersion) {
            retry.push_back(tp);
        } else {
            fail_to_write(run, tp, reply.err);
        }
    }
    if (retry.empty()) return Flow::Done;
    self.partitions = std::move(retry);
    node::info(
        run.env(), kPartitionMachineLogger,
        "[PartitionStateMachine controllerId={}] Retrying leader election with strategy {} for partitions List({})",
        run.id().value, to_string(self.strategy), join_text(self.partitions, ", "));
    self.at = At::Read;
    return Flow::Again;
}

}  // namespace

Flow step(Run& run, frame::ElectLeaders& self) {
    switch (self.at) {
        case At::Read:
            return read_states(run, self);
        case At::Configs:
            return read_configs(run, self);
        case At::Choose:
            return choose(run, self);
        case At::Stored:
            return stored(run, self);
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
