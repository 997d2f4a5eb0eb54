// SPDX-License-Identifier: Apache-2.0
#include "core/controller/remove_from_isr.hpp"

#include "core/controller/reading.hpp"
#include "core/controller/run.hpp"

namespace kafkasim::controller {

std::optional<LeaderAndIsr> without_replica(const LeaderAndIsr& state, BrokerId replica) {
    if (!contains(state.isr, replica)) return std::nullopt;
    LeaderAndIsr changed = state;
    changed.leader_epoch = state.leader_epoch + 1;
    if (state.leader == replica) changed.leader = kNoBroker;
    if (state.isr.size() > 1) changed.isr = without(state.isr, replica);
    return changed;
}

namespace {

using namespace zookeeper;
using At = frame::RemoveFromIsr::At;
using protocol::Body;

void fail(Run& run, const TopicPartition& tp, BrokerId replica, std::string_view exception) {
    log_failed_change(run, {tp, replica}, ReplicaState::OfflineReplica, exception);
}

/// Why nothing is changed, or "": it may be.
std::string obstacle(Run& run, const TopicPartition& tp, BrokerId replica,
                     const std::optional<LeaderIsrAndControllerEpoch>& state) {
    if (!state) {
        return state_change_failed(fmt::format(
            "Failed to change state of replica {} for partition {} since the leader and isr path in zookeeper is empty",
            replica.value, to_string(tp)));
    }
    if (state->controller_epoch <= run.context().epoch) return "";
    return state_change_failed(fmt::format(
        "Leader and isr path written by another controller. This probably means the current controller with epoch {} "
        "went through a soft failure and another controller was elected with epoch {}. Aborting state change by this "
        "controller",
        run.context().epoch, state->controller_epoch));
}

void take(Run& run, const TopicPartition& tp, const LeaderAndIsr& state) {
    const LeaderIsrAndControllerEpoch stored{state, run.context().epoch};
    run.context().leadership[tp] = stored;
    run.state().removed[tp] = stored;
}

Flow read(Run& run, frame::RemoveFromIsr& self) {
    self.at = At::Write;
    self.writes.clear();
    self.before.clear();
    std::vector<Body> requests;
    for (const TopicPartition& tp : self.partitions) requests.push_back(zk_get_data(partition_state_path(tp), false));
    return run.ask(std::move(requests));
}

Flow write(Run& run, frame::RemoveFromIsr& self) {
    const std::vector<Body> replies = run.take_replies();
    std::vector<Body> requests;
    for (size_t i = 0; i < self.partitions.size(); ++i) {
        const TopicPartition& tp = self.partitions[i];
        const auto state = state_in(replies.at(i));
        if (const std::string exception = obstacle(run, tp, self.broker, state); !exception.empty()) {
            if (state || !run.context().is_queued_for_deletion(tp.topic)) fail(run, tp, self.broker, exception);
            continue;
        }
        const auto changed = without_replica(state->leader_and_isr, self.broker);
        if (!changed) {
            take(run, tp, state->leader_and_isr);
            continue;
        }
        requests.push_back(run.guarded(op_set_data(
            partition_state_path(tp), encode_partition_state(*changed, run.context().epoch), changed->zk_version)));
        self.before[tp] = state->leader_and_isr;
        self.writes.emplace_back(tp, *changed);
    }
    self.at = At::Stored;
    return run.ask(std::move(requests));
}

void note_removed(Run& run, const frame::RemoveFromIsr& self, const TopicPartition& tp, const LeaderAndIsr& state) {
    const LeaderAndIsr& before = self.before.at(tp);
    const bool shutting_down = run.context().is_broker_live(self.broker, ShuttingDown::Included);
    const std::string gone =
        "broker " + to_string(self.broker) + (shutting_down ? " is shutting down" : " is not live");
    if (before.isr != state.isr) {
        run.note(node::NoteKind::IsrChanged, {{"topic", tp.topic.str()},
                                              {"partition", tp.partition},
                                              {"from", join(before.isr)},
                                              {"to", join(state.isr)},
                                              {"how", shutting_down ? "controlled-shutdown" : "offline"},
                                              {"why", gone}});
    }
    if (before.leader != state.leader) {
        const bool last = before.isr == state.isr;
        run.note(node::NoteKind::LeaderElected,
                 {{"topic", tp.topic.str()},
                  {"partition", tp.partition},
                  {"from", before.leader.value},
                  {"to", state.leader.value},
                  {"leader_epoch", state.leader_epoch},
                  {"isr", join(state.isr)},
                  {"zk_version", state.zk_version},
                  {"strategy", "OfflineReplica"},
                  {"why",
                   gone + (last ? " and it is the last member of the Isr, which is kept" : " and it was the leader")}});
    }
}

Flow stored(Run& run, frame::RemoveFromIsr& self) {
    const std::vector<Body> replies = run.take_replies();
    std::vector<TopicPartition> retry;
    for (size_t i = 0; i < self.writes.size(); ++i) {
        auto& [tp, state] = self.writes[i];
        const GuardedReply reply = read_guarded(replies.at(i));
        if (reply.moved) return Flow::ControllerMoved;
        if (reply.err == kBadVersion) {
            retry.push_back(tp);
        } else if (reply.err != kOk) {
            fail(run, tp, self.broker,
                 fmt::format("org.apache.zookeeper.KeeperException${0}Exception: KeeperErrorCode = {0} for {1}",
                             name_of_error(reply.err), partition_state_path(tp)));
        } else {
            state.zk_version = reply.version;
            take(run, tp, state);
            if (run.env().observed()) note_removed(run, self, tp, state);
        }
    }
    if (retry.empty()) return Flow::Done;
    self.partitions = std::move(retry);
    self.at = At::Read;
    return Flow::Again;
}

}  // namespace

Flow step(Run& run, frame::RemoveFromIsr& self) {
    switch (self.at) {
        case At::Read:
            return read(run, self);
        case At::Write:
            return write(run, self);
        case At::Stored:
            return stored(run, self);
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
