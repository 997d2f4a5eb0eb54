// SPDX-License-Identifier: Apache-2.0
// Who is meant by "controller", what is waited for all over the cluster, and what came of acknowledged records.
#include <algorithm>

#include "core/zookeeper/znodes.hpp"
#include "sim/observe/camera.hpp"
#include "sim/scenario/acknowledged.hpp"
#include "sim/scenario/roles.hpp"
#include "sim/scenario/runner.hpp"

namespace kafkasim::sim::scenario {

Step Runner::with_processes(const Step& step, StepResult& result) {
    Chosen chosen = choose_processes(world_, step, names_);
    if (chosen.problem) {
        problem(step, result.number, *chosen.problem);
        return step;
    }
    result.seen.chosen = std::move(chosen.who);
    if (!step.as.empty()) names_[step.as] = process_of(chosen.step.verb);
    return std::move(chosen.step);
}

bool Runner::registered_as(const std::map<std::string, bool>& wanted) const {
    const auto* zookeeper = zookeeper_of(world_);
    return std::all_of(wanted.begin(), wanted.end(), [&](const auto& broker) {
        const std::string path = "/brokers/ids/" + broker.first.substr(broker.first.find('-') + 1);
        return zookeeper != nullptr && look_at_znode(*zookeeper, path).has_value() == broker.second;
    });
}

bool Runner::in_sync(const std::vector<std::string>& topics) const {
    const auto* zookeeper = zookeeper_of(world_);
    return std::all_of(topics.begin(), topics.end(), [&](const std::string& topic) {
        const auto node = zookeeper == nullptr ? std::nullopt : look_at_znode(*zookeeper, zookeeper::topic_path(topic));
        const auto assignment = node && node->data ? zookeeper::decode_topic(*node->data) : std::nullopt;
        if (!assignment || assignment->partitions.empty()) return false;
        return std::all_of(assignment->partitions.begin(), assignment->partitions.end(), [&](const auto& partition) {
            const auto view = partition_in_zookeeper(world_, {TopicName(topic), partition.first});
            return view && view->isr.size() == partition.second.replicas.size();
        });
    });
}

std::string Runner::printed_in(const std::string& terminal) const {
    std::string text;
    const auto ran = ran_in_.find(terminal);
    if (ran == ran_in_.end()) return text;
    for (ProcessId process : ran->second) text += world_.process(process).stdout_text;
    return text;
}

void Runner::judge_acknowledged_of(const Step& step, StepResult& result) {
    for (const Acknowledged& claim : step.expect->acknowledged) {
        Judged judged = judge_acknowledged(claim, printed_in(claim.by), printed_in(claim.read));
        result.deliveries.push_back(std::move(judged.deliveries));
        for (BrokenClaim& broken : judged.broken) {
            result.failures.push_back(
                {"acknowledged", std::move(broken.expected), std::move(broken.seen), world_.now(), result.last_event});
        }
    }
}

}  // namespace kafkasim::sim::scenario
