// SPDX-License-Identifier: Apache-2.0
// Ours, after kafkatest.tests.client.consumer_test.AssignmentValidationTest and AbstractStickyAssignorTest's
// verifyValidityAndBalance. How many partitions a topic has is the leader's knowledge: 0 to the highest is what can be
// asked here; that the highest is the last is asked when all is quiet (the liveness phase of kafkasim fuzz).
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "sim/invariants/group_invariants.hpp"

namespace kafkasim::sim::invariants {

namespace {

constexpr std::string_view kCooperative = "cooperative-sticky";

using Owners = std::map<TopicPartition, std::string>;

Broken assigned_twice_or_unasked(const GroupSnapshot& group, Owners& owners) {
    for (const MemberView& member : group.coordinator->assignments) {
        for (const TopicPartition& partition : member.assigned) {
            const auto [owner, is_first] = owners.emplace(partition, member.member_id);
            if (!is_first)
                return fmt::format("{} and {} were both assigned {} in generation {} of group {}", owner->second,
                                   member.member_id, to_string(partition), group.coordinator->now.generation,
                                   group.group);
            if (std::find(member.topics.begin(), member.topics.end(), partition.topic.str()) == member.topics.end())
                return fmt::format("{} was assigned {} in generation {} of group {}, and has not subscribed to it",
                                   member.member_id, to_string(partition), group.coordinator->now.generation,
                                   group.group);
        }
    }
    return std::nullopt;
}

/// The highest partition of each topic that anybody has or had.
std::map<TopicName, int32_t> highest(const CoordinatorView& coordinator) {
    std::map<TopicName, int32_t> highest;
    for (const MemberView& member : coordinator.assignments) {
        for (const TopicPartition& tp : member.assigned) highest[tp.topic] = std::max(highest[tp.topic], tp.partition);
    }
    return highest;
}

}  // namespace

Broken assignment_covers(const GroupSnapshot& group) {
    if (!group.coordinator || group.coordinator->assignments.empty()) return std::nullopt;
    const CoordinatorView& coordinator = *group.coordinator;
    Owners owners;
    if (auto broken = assigned_twice_or_unasked(group, owners)) return broken;
    std::set<TopicPartition> given_away;
    if (coordinator.protocol == kCooperative) {
        for (const MemberView& member : coordinator.assignments)
            given_away.insert(member.claimed.begin(), member.claimed.end());
    }
    for (const auto& [topic, last] : highest(coordinator)) {
        for (int32_t partition = 0; partition < last; ++partition) {
            const TopicPartition tp{topic, partition};
            if (owners.contains(tp) || given_away.contains(tp)) continue;
            return fmt::format("nobody was assigned {} in generation {} of group {}, though {} was", to_string(tp),
                               coordinator.now.generation, group.group, to_string(TopicPartition{topic, last}));
        }
    }
    return std::nullopt;
}

}  // namespace kafkasim::sim::invariants
