// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which member of a group gets which partitions: pure functions of the members' subscriptions and the topics'
// partition counts.
// Called by the group's leader (GroupMember) and by tests.
// The sticky ones are in sticky_assignor.hpp.
// Kafka 3.0.0: org.apache.kafka.clients.consumer.RangeAssignor, RoundRobinAssignor, MemberInfo.compareTo.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"

namespace kafkasim::client {

struct GroupSubscription {
    std::string member_id;
    std::optional<std::string> group_instance_id;
    std::vector<TopicName> topics;
    std::vector<TopicPartition> owned;
    std::optional<int32_t> generation;  // in which it owned them; the sticky assignors
};

/// Per member id, in the order in which the assignor gave them.
using GroupAssignment = std::map<std::string, std::vector<TopicPartition>>;

GroupAssignment assign_range(std::vector<GroupSubscription> members, const std::map<TopicName, int32_t>& partitions);
GroupAssignment assign_round_robin(std::vector<GroupSubscription> members,
                                   const std::map<TopicName, int32_t>& partitions);
/// nullopt: an assignor that is not modelled.
std::optional<GroupAssignment> assign(std::string_view assignor, std::vector<GroupSubscription> members,
                                      const std::map<TopicName, int32_t>& partitions);
/// Names of assignors that are modelled, as they stand on the wire.
bool knows_assignor(std::string_view name);

}  // namespace kafkasim::client
