// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a partition's assignment becomes while its replicas move: pure functions of the assignment and the wanted
// replicas. Original replicas are those before the move (all but the adding ones), target replicas those after it (all
// but the removing ones). Called by the frames of a reassignment (partition_reassignment.cpp, api_reassignment.cpp) and
// by the election of its leader.
// Kafka 3.0.0: kafka.controller.ReplicaAssignment, KafkaController.validateReplicas.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/leader_and_isr.hpp"

namespace kafkasim::controller {

std::vector<BrokerId> original_replicas(const ReplicaAssignment& assignment);
std::vector<BrokerId> target_replicas(const ReplicaAssignment& assignment);

/// On the way from the original replicas of `current` to `target`: first the target in its order, then what will be
/// removed.
ReplicaAssignment reassign_to(const ReplicaAssignment& current, const std::vector<BrokerId>& target);
/// `assignment` without `replica`, also among those that come or go.
ReplicaAssignment remove_replica(const ReplicaAssignment& assignment, BrokerId replica);
/// All target replicas are in the Isr.
bool is_reassignment_complete(const ReplicaAssignment& assignment, const std::vector<BrokerId>& isr);

/// Why `target` is refused (the message of an INVALID_REPLICA_ASSIGNMENT), or nullopt. Replicas that are there already
/// may be on dead brokers.
std::optional<std::string> validate_replicas(const ReplicaAssignment& current, const std::vector<BrokerId>& target,
                                             const std::vector<BrokerId>& live);

/// "ReplicaAssignment(replicas=3,1,2, addingReplicas=3, removingReplicas=2)"
std::string to_string(const ReplicaAssignment& assignment);

/// What stands in /admin/reassign_partitions: {"version":1,"partitions":[{"topic":"t","partition":0,"replicas":[1,2]}]}
std::string encode_reassignment(const std::map<TopicPartition, std::vector<BrokerId>>& reassignment);

}  // namespace kafkasim::controller
