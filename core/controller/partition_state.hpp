// SPDX-License-Identifier: Apache-2.0
#pragma once
// The states of a partition in the controller's memory and which may follow which. Pure.
// Kafka 3.0.0: kafka.controller.PartitionState (PartitionStateMachine.scala).

#include <cstdint>
#include <span>
#include <string_view>

namespace kafkasim::controller {

enum class PartitionState : uint8_t {
    NewPartition = 0,          // it has an assignment but never had a leader
    OnlinePartition = 1,       // it has a leader
    OfflinePartition = 2,      // its leader is gone
    NonExistentPartition = 3,  // never made, or deleted
};

std::string_view name_of(PartitionState state);
/// The states from which `target` may be entered.
std::span<const PartitionState> valid_previous_states(PartitionState target);
bool is_valid_transition(PartitionState from, PartitionState target);

}  // namespace kafkasim::controller
