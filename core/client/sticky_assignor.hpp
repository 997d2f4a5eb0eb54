// SPDX-License-Identifier: Apache-2.0
#pragma once
// The sticky assignors: everybody gets as many partitions as everybody else, or one more, and keeps what it had as far
// as that goes. Pure functions of what the members say they had; called by assign() (assignors.hpp).
// What a member had stands in its subscription: for `sticky` in the user data, which it fills from its last
// assignment, for `cooperative-sticky` in the owned partitions, because it still has them; the generation in the user
// data tells whose word counts.
// Kafka 3.0.0: org.apache.kafka.clients.consumer.internals.AbstractStickyAssignor (constrainedAssign), StickyAssignor,
// CooperativeStickyAssignor.
// Simplified: members with different subscriptions are refused, where Kafka has another algorithm (generalAssign).

#include "core/client/assignors.hpp"

namespace kafkasim::client {

/// nullopt: the members' subscriptions differ, which is not modelled.
/// `cooperative`: partitions that change their owner are given to nobody in this round.
std::optional<GroupAssignment> assign_sticky(const std::vector<GroupSubscription>& members,
                                             const std::map<TopicName, int32_t>& partitions, bool cooperative);

/// User data of a subscription to `sticky`.
std::string encode_sticky_data(const std::vector<TopicPartition>& partitions, int32_t generation);
/// User data of a subscription to `cooperative-sticky`.
std::string encode_cooperative_data(int32_t generation);
/// Takes what a member had out of its subscription's user data; what is no such data says nothing.
void decode_sticky_data(std::string_view user_data, GroupSubscription& member);
void decode_cooperative_data(std::string_view user_data, GroupSubscription& member);

}  // namespace kafkasim::client
