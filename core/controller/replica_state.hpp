// SPDX-License-Identifier: Apache-2.0
#pragma once
// The states of a replica in the controller's memory and which may follow which. Pure.
// Kafka 3.0.0: kafka.controller.ReplicaState (ReplicaStateMachine.scala).

#include <cstdint>
#include <span>
#include <string_view>

namespace kafkasim::controller {

enum class ReplicaState : uint8_t {
    NewReplica = 1,
    OnlineReplica = 2,
    OfflineReplica = 3,  // its broker is down, shutting down, or it was told to stop
    ReplicaDeletionStarted = 4,
    ReplicaDeletionSuccessful = 5,
    ReplicaDeletionIneligible = 6,  // it cannot be deleted now; also where a dead replica starts at a failover
    NonExistentReplica = 7,
};

std::string_view name_of(ReplicaState state);
/// The states from which `target` may be entered.
std::span<const ReplicaState> valid_previous_states(ReplicaState target);
bool is_valid_transition(ReplicaState from, ReplicaState target);

}  // namespace kafkasim::controller
