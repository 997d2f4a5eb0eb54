// SPDX-License-Identifier: Apache-2.0
#pragma once
// The states of a consumer group and which may follow which. The names are those that the command-line tools print.
// Kafka 3.0.0: kafka.coordinator.group.GroupState (validPreviousStates).

#include <cstdint>
#include <span>
#include <string_view>

namespace kafkasim::group {

enum class State : uint8_t {
    Empty,                // no members; may have offsets
    PreparingRebalance,   // collecting JoinGroups
    CompletingRebalance,  // joined; waiting for the leader's SyncGroup
    Stable,               // assignments handed out
    Dead                  // removed, or moved to another coordinator
};

std::string_view name_of(State state);
std::span<const State> valid_previous_states(State state);
bool may_follow(State from, State to);
/// From here a rebalance may begin.
inline bool can_rebalance(State state) { return may_follow(state, State::PreparingRebalance); }

}  // namespace kafkasim::group
