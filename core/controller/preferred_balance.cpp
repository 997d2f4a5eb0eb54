// SPDX-License-Identifier: Apache-2.0
// Every leader.imbalance.check.interval.seconds: a broker whose share of not-led preferred partitions is above
// leader.imbalance.per.broker.percentage (strictly) gets those back for which it is live and in the Isr.
// Kafka 3.0.0: kafka.controller.KafkaController.checkAndTriggerAutoLeaderRebalance.

#include "core/base/java_number.hpp"
#include "core/config/broker_config.hpp"
#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using At = frame::AutoBalance::At;

bool can_preferred_lead(const ControllerContext& context, const TopicPartition& tp) {
    const LeaderIsrAndControllerEpoch* state = context.leadership_of(tp);
    if (state == nullptr) return false;
    const std::vector<BrokerId>& replicas = context.replicas_of(tp);
    return preferred_replica_partition_leader_election(replicas, state->leader_and_isr.isr,
                                                       context.online(tp, replicas))
        .has_value();
}

std::vector<TopicPartition> led_elsewhere(const ControllerContext& context, BrokerId preferred,
                                          const std::vector<TopicPartition>& partitions) {
    std::vector<TopicPartition> found;
    for (const TopicPartition& tp : partitions) {
        const LeaderIsrAndControllerEpoch* state = context.leadership_of(tp);
        if (state != nullptr && state->leader_and_isr.leader != preferred) found.push_back(tp);
    }
    return found;
}

Flow begin(Run& run, frame::AutoBalance& self) {
    if (!run.state().is_active()) return Flow::Done;
    run.info("Processing automatic preferred replica leader election");
    run.log(node::Level::Trace, "Checking need to trigger auto leader balancing");
    for (const auto& [tp, assignment] : run.context().assignments) {
        if (!assignment.replicas.empty() && !run.context().is_queued_for_deletion(tp.topic)) {
            self.by_preferred[assignment.replicas.front()].push_back(tp);
        }
    }
    self.at = At::NextBroker;
    return Flow::Again;
}

/// "Map(t-0 -> List(2, 1, 3))"
std::string assignments_text(const ControllerContext& context, const std::vector<TopicPartition>& partitions) {
    std::string text;
    for (const TopicPartition& tp : partitions)
        text += (text.empty() ? "" : ", ") + to_string(tp) + " -> List(" + join(context.replicas_of(tp), ", ") + ")";
    return (partitions.size() > 4 ? "HashMap(" : "Map(") + text + ")";
}

Flow next_broker(Run& run, frame::AutoBalance& self) {
    if (self.by_preferred.empty()) {
        run.env().arm(run.state().rebalance_timer,
                      Duration(Seconds(run.host().config().leader_imbalance_check_interval_seconds)));
        return Flow::Done;
    }
    const auto first = self.by_preferred.begin();
    const std::vector<TopicPartition> elsewhere = led_elsewhere(run.context(), first->first, first->second);
    const auto all = static_cast<int64_t>(first->second.size());
    if (run.env().logs(node::Level::Trace)) {
        run.log(node::Level::Debug, "Topics not in preferred replica for broker {} {}", first->first.value,
                assignments_text(run.context(), elsewhere));
        run.log(node::Level::Trace, "Leader imbalance ratio for broker {} is {}", first->first.value,
                java::to_string(static_cast<double>(elsewhere.size()) / static_cast<double>(all)));
    }
    const bool imbalanced =
        static_cast<int64_t>(elsewhere.size()) * 100 > all * run.host().config().leader_imbalance_per_broker_percentage;
    self.by_preferred.erase(first);
    if (!imbalanced) return Flow::Again;
    frame::OnReplicaElection election;
    election.trigger = ElectionTrigger::AutoTriggered;
    for (const TopicPartition& tp : elsewhere) {
        if (run.context().partitions_being_reassigned.empty() && run.context().all_topics.contains(tp.topic) &&
            can_preferred_lead(run.context(), tp)) {
            election.partitions.push_back(tp);
        }
    }
    return run.call(std::move(election));
}

}  // namespace

Flow step(Run& run, frame::AutoBalance& self) {
    switch (self.at) {
        case At::Begin:
            return begin(run, self);
        case At::NextBroker:
            return next_broker(run, self);
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
