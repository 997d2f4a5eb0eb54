// SPDX-License-Identifier: Apache-2.0
#pragma once
// The sticky assignors' way for members that subscribe to different topics: everybody keeps what it had and may still
// have, the rest goes to who has least, and then partitions are moved as long as that makes the assignment more even. A
// pure function, called by assign_sticky(); its result and its order are those of the Java class.
// Kafka 3.0.0: org.apache.kafka.clients.consumer.internals.AbstractStickyAssignor (generalAssign, balance,
// performReassignments, PartitionMovements).

#include "core/client/assignors.hpp"

namespace kafkasim::client {

/// What members had, as far as it counts.
struct StickyOwners {
    std::vector<std::string> members;                               // in the order of a Java HashMap
    std::map<std::string, std::vector<TopicPartition>> partitions;  // of the newest generation, each with one owner
    std::set<TopicPartition> claimed_twice;
    std::map<TopicPartition, std::string> previous;  // owners in older generations
};

/// A partition that was moved from one member to another one to even things out.
struct StickyMovement {
    TopicPartition tp;
    std::string from;
    std::string to;
};

struct GeneralAssignment {
    GroupAssignment assignment;
    std::vector<StickyMovement> movements;
};

/// `subscriptions`: per member; `partitions`: topics that exist, none with 0.
GeneralAssignment assign_general(StickyOwners owners,
                                 const std::map<std::string, std::vector<TopicName>>& subscriptions,
                                 const std::map<TopicName, int32_t>& partitions);

}  // namespace kafkasim::client
