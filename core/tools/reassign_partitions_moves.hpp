// SPDX-License-Identifier: Apache-2.0
#pragma once
// What kafka-reassign-partitions makes of assignments: texts, throttle lists, and who is involved. Pure.
// Kafka 3.0.0: kafka.admin.ReassignPartitionsCommand (formatAsReassignmentJson, partitionReassignmentStatesToString,
// curReassignmentsToString, calculateProposedMoveMap, calculateLeaderThrottles, calculateFollowerThrottles,
// calculateReassigningBrokers).

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/ids.hpp"

namespace kafkasim::tools {

using Assignment = std::map<TopicPartition, std::vector<BrokerId>>;

/// As ListPartitionReassignments answers.
struct RunningReassignment {
    std::vector<BrokerId> replicas;
    std::vector<BrokerId> adding;
    std::vector<BrokerId> removing;
};
using RunningReassignments = std::map<TopicPartition, RunningReassignment>;

/// {"version":1,"partitions":[{"topic":"t","partition":0,"replicas":[1,2],"log_dirs":["any","any"]}]}
std::string reassignment_json(const Assignment& assignment);

struct VerifiedPartition {
    std::vector<BrokerId> current;
    std::vector<BrokerId> target;
    bool done = false;
};
/// "Status of partition reassignment:" and a line for each, without the last line break.
std::string verified_text(const std::map<TopicPartition, VerifiedPartition>& partitions);
/// What --list prints, without the last line break.
std::string running_text(const RunningReassignments& running);

struct PartitionMove {
    std::set<BrokerId> sources;
    std::set<BrokerId> destinations;
};
using Moves = std::map<TopicName, std::map<int32_t, PartitionMove>>;
/// Those going on and those proposed. The sources of a partition that is moving already are its original replicas.
/// `current` has every proposed partition.
Moves proposed_moves(const RunningReassignments& running, const Assignment& proposed, const Assignment& current);
/// "0:1,0:3": what leader.replication.throttled.replicas of a topic becomes.
std::string leader_throttles(const std::map<int32_t, PartitionMove>& moves);
std::string follower_throttles(const std::map<int32_t, PartitionMove>& moves);
std::set<BrokerId> brokers_in(const Moves& moves);

/// As an immutable Scala set made of `elements` one after another prints: doubled ones once; up to four in order.
std::vector<BrokerId> in_set_order(const std::vector<BrokerId>& elements);
std::vector<TopicName> in_set_order(const std::vector<TopicName>& elements);
std::vector<TopicPartition> in_set_order(const std::vector<TopicPartition>& elements);
/// Those that stand there more than once, in the order of a Scala map.
template <typename T>
std::vector<T> duplicates(const std::vector<T>& elements) {
    std::vector<T> doubled;
    for (const T& element : elements) {
        int count = 0;
        for (const T& other : elements) count += other == element ? 1 : 0;
        if (count > 1) doubled.push_back(element);
    }
    return in_set_order(doubled);
}

}  // namespace kafkasim::tools
