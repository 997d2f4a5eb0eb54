// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a frame works with while it runs: the controller's state and the broker it lives in, for the length of one
// call, with the few things all
// procedures need: ask ZooKeeper, call another frame, send the batch, log and note.

#include <string_view>
#include <utility>
#include <vector>

#include "core/controller/controller_host.hpp"
#include "core/controller/controller_state.hpp"
#include "core/controller/loggers.hpp"
#include "core/node/log.hpp"
#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::controller {

class Run {
public:
    Run(ControllerState& state, ControllerHost& host) : state_(state), host_(host) {}

    ControllerState& state() { return state_; }
    ControllerContext& context() { return state_.context; }
    ControllerHost& host() { return host_; }
    node::Env& env() { return host_.env(); }
    BrokerId id() const { return state_.broker_id; }

    /// Sends `requests`; the frame is run again with the replies. Without requests it is run again at once, with
    /// none.
    Flow ask(std::vector<protocol::Body> requests);
    Flow ask(protocol::Body request);
    std::vector<protocol::Body> take_replies() { return std::exchange(state_.replies, {}); }
    Flow call(Frame frame);

    /// A write that only succeeds while no other controller was elected: multi(check /controller_epoch, operation).
    protocol::Body guarded(protocol::ZkMultiOp operation) const;

    /// Sends what was collected in the batch since new_batch().
    void new_batch() { state_.batch.clear(); }
    void send_batch();
    void send_update_metadata(const std::vector<BrokerId>& brokers, const std::vector<TopicPartition>& partitions);

    void note(node::NoteKind kind, std::vector<std::pair<std::string_view, node::FieldValue>> fields);

    // Log lines of the controller, "[Controller id=1] ...", and of its state-change log, "[Controller id=1 epoch=1]
    // ...".
    template <typename... Args>
    void info(fmt::format_string<Args...> format, Args&&... args) {
        log(node::Level::Info, format, std::forward<Args>(args)...);
    }
    template <typename... Args>
    void log(node::Level level, fmt::format_string<Args...> format, Args&&... args) {
        if (!env().logs(level)) return;
        env().log(level, kControllerLogger,
                  fmt::format("[Controller id={}] {}", id().value, fmt::format(format, std::forward<Args>(args)...)));
    }
    template <typename... Args>
    void state_change(node::Level level, fmt::format_string<Args...> format, Args&&... args) {
        if (!env().logs(level)) return;
        env().log(level, kStateChangeLogger,
                  fmt::format("[Controller id={} epoch={}] {}", id().value, state_.context.epoch,
                              fmt::format(format, std::forward<Args>(args)...)));
    }

private:
    ControllerState& state_;
    ControllerHost& host_;
};

/// The reply to a guarded write.
struct GuardedReply {
    bool moved = false;   // the check failed: another controller was elected
    int32_t err = 0;      // of the operation itself
    int32_t version = 0;  // of the znode after it
};
GuardedReply read_guarded(const protocol::Body& reply);
/// Whether one of several guarded writes found another controller.
bool any_moved(const std::vector<protocol::Body>& replies);

/// "a,b" of partitions; of anything that to_string takes.
template <typename List>
std::string join_text(const List& list, std::string_view separator = ",") {
    std::string text;
    for (const auto& element : list) {
        if (!text.empty()) text += separator;
        text += to_string(element);
    }
    return text;
}
std::string join_names(const std::set<TopicName>& names, std::string_view separator = ",");
/// "Set(a, b)", and "HashSet(...)" of more than four, as Scala prints them.
template <typename List>
std::string set_text(const List& list) {
    return (list.size() > 4 ? "HashSet(" : "Set(") + join_text(list, ", ") + ")";
}
/// "HashMap(1 -> 40, 2 -> 60)": the live brokers' epochs.
std::string broker_epochs_text(const ControllerContext& context);

// state_machines.cpp: the transitions that need no ZooKeeper, as one batch of requests. Illegal ones are logged and
// left out.
void change_partitions(Run& run, const std::vector<TopicPartition>& partitions, PartitionState target);
void change_replicas(Run& run, const std::vector<PartitionAndReplica>& replicas, ReplicaState target);
/// Those of `partitions` that may enter `target`; the others are logged.
std::vector<TopicPartition> valid_transitions(Run& run, const std::vector<TopicPartition>& partitions,
                                              PartitionState target);
std::vector<PartitionAndReplica> valid_transitions(Run& run, const std::vector<PartitionAndReplica>& replicas,
                                                   ReplicaState target);
/// All partitions that are offline or new try to get a leader
/// (PartitionStateMachine.triggerOnlinePartitionStateChange).
Frame trigger_online(Run& run, const std::optional<TopicName>& topic = std::nullopt);
/// `exception`: with its class.
void log_failed_election(Run& run, const TopicPartition& tp, PartitionState from, std::string_view exception);
void log_failed_change(Run& run, const PartitionAndReplica& replica, ReplicaState target, std::string_view exception);
/// "kafka.common.StateChangeFailedException: ..."
std::string state_change_failed(std::string_view why);

// become_controller.cpp
void resign(Run& run);

// replica_election.cpp
/// Each partition is refused; the answer as a whole is not.
protocol::Body not_controller(const event::ReplicaLeaderElection& event);

}  // namespace kafkasim::controller
