// SPDX-License-Identifier: Apache-2.0
#include "core/controller/reassignment.hpp"

#include <algorithm>
#include <set>

#include "core/zookeeper/znodes.hpp"

namespace kafkasim::controller {

namespace {

std::vector<BrokerId> difference(const std::vector<BrokerId>& from, const std::vector<BrokerId>& what) {
    std::vector<BrokerId> left;
    for (const BrokerId id : from) {
        if (!contains(what, id)) left.push_back(id);
    }
    return left;
}

/// As a Scala Buffer prints.
std::string buffer_text(const std::vector<BrokerId>& ids) { return "ArrayBuffer(" + join(ids, ", ") + ")"; }

}  // namespace

std::vector<BrokerId> original_replicas(const ReplicaAssignment& assignment) {
    return difference(assignment.replicas, assignment.adding);
}

std::vector<BrokerId> target_replicas(const ReplicaAssignment& assignment) {
    return difference(assignment.replicas, assignment.removing);
}

ReplicaAssignment reassign_to(const ReplicaAssignment& current, const std::vector<BrokerId>& target) {
    const std::vector<BrokerId> original = original_replicas(current);
    ReplicaAssignment moving;
    for (const std::vector<BrokerId>* part : {&target, &original}) {
        for (const BrokerId id : *part) {
            if (!contains(moving.replicas, id)) moving.replicas.push_back(id);
        }
    }
    moving.adding = difference(moving.replicas, original);
    moving.removing = difference(moving.replicas, target);
    return moving;
}

ReplicaAssignment remove_replica(const ReplicaAssignment& assignment, BrokerId replica) {
    return {without(assignment.replicas, replica), without(assignment.adding, replica),
            without(assignment.removing, replica)};
}

bool is_reassignment_complete(const ReplicaAssignment& assignment, const std::vector<BrokerId>& isr) {
    const std::vector<BrokerId> target = target_replicas(assignment);
    return std::all_of(target.begin(), target.end(), [&](BrokerId id) { return contains(isr, id); });
}

std::optional<std::string> validate_replicas(const ReplicaAssignment& current, const std::vector<BrokerId>& target,
                                             const std::vector<BrokerId>& live) {
    if (target.empty()) return "Empty replica list specified in partition reassignment.";
    if (std::set<BrokerId>(target.begin(), target.end()).size() != target.size())
        return "Duplicate replica ids in partition reassignment replica list: " + buffer_text(target);
    if (std::any_of(target.begin(), target.end(), [](BrokerId id) { return id.value < 0; }))
        return "Invalid broker id in replica list: " + buffer_text(target);
    const std::vector<BrokerId> adding = reassign_to(current, target).adding;
    if (std::all_of(adding.begin(), adding.end(), [&](BrokerId id) { return contains(live, id); })) return std::nullopt;
    return "Replica assignment has brokers that are not alive. Replica list: " + buffer_text(adding) +
           ", live broker list: Set(" + join(live, ", ") + ")";
}

std::string to_string(const ReplicaAssignment& assignment) {
    return "ReplicaAssignment(replicas=" + join(assignment.replicas) + ", addingReplicas=" + join(assignment.adding) +
           ", removingReplicas=" + join(assignment.removing) + ")";
}

std::string encode_reassignment(const std::map<TopicPartition, std::vector<BrokerId>>& reassignment) {
    std::string entries;
    for (const auto& [tp, replicas] : reassignment) {
        entries += (entries.empty() ? "" : ",") + ("{\"topic\":" + zookeeper::json_string(tp.topic.view())) +
                   ",\"partition\":" + std::to_string(tp.partition) + ",\"replicas\":[" + join(replicas) + "]}";
    }
    return "{\"version\":1,\"partitions\":[" + entries + "]}";
}

}  // namespace kafkasim::controller
