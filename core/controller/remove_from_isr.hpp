// SPDX-License-Identifier: Apache-2.0
#pragma once
// What becomes of a partition's state when a replica goes offline. Pure.
// Kafka 3.0.0: kafka.controller.ZkReplicaStateMachine.doRemoveReplicasFromIsr.

#include <optional>

#include "core/base/leader_and_isr.hpp"

namespace kafkasim::controller {

/// nullopt: it is not in the Isr and nothing is written. Otherwise the leader epoch goes up by one; if it led,
/// nobody leads; the last member of an Isr
/// stays in it, so that it is remembered who has all records.
std::optional<LeaderAndIsr> without_replica(const LeaderAndIsr& state, BrokerId replica);

}  // namespace kafkasim::controller
