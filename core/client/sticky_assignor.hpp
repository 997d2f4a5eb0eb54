// SPDX-License-Identifier: Apache-2.0
#pragma once
// The sticky assignors: everybody gets as many partitions as everybody else, or one more, and keeps what it had as far
// as that goes. Pure functions of what the members say they had; called by assign() (assignors.hpp). What a member had
// stands in its subscription: for `sticky` in the user data, which it fills from its last assignment, for
// `cooperative-sticky` in the owned partitions, because it still has them; the generation in the user data tells whose
// word counts.
// Kafka 3.0.0: org.apache.kafka.clients.consumer.internals.AbstractStickyAssignor (constrainedAssign), StickyAssignor,
// CooperativeStickyAssignor. Members with different subscriptions: sticky_general_assign.hpp.

#include "core/client/sticky_general_assign.hpp"

namespace kafkasim::client {

/// `cooperative`: partitions that change their owner are given to nobody in this round. `movements`: what was moved to
/// even things out, among members with different subscriptions.
GroupAssignment assign_sticky(const std::vector<GroupSubscription>& members,
                              const std::map<TopicName, int32_t>& partitions, bool cooperative,
                              std::vector<StickyMovement>* movements = nullptr);

/// User data of a subscription to `sticky`.
std::string encode_sticky_data(const std::vector<TopicPartition>& partitions, int32_t generation);
/// User data of a subscription to `cooperative-sticky`.
std::string encode_cooperative_data(int32_t generation);
/// Takes what a member had out of its subscription's user data; what is no such data says nothing.
void decode_sticky_data(std::string_view user_data, GroupSubscription& member);
void decode_cooperative_data(std::string_view user_data, GroupSubscription& member);

}  // namespace kafkasim::client
