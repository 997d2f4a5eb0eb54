// SPDX-License-Identifier: Apache-2.0
#include "core/group/group_state.hpp"

#include "tests/catch.hpp"

using namespace kafkasim::group;

TEST_CASE("a group state follows only the states that Kafka allows before it") {
    const State all[] = {State::Empty, State::PreparingRebalance, State::CompletingRebalance, State::Stable,
                         State::Dead};
    // rows: from; columns: to, in the order of `all`
    const bool allowed[5][5] = {
        {false, true, false, false, true},  // Empty
        {true, false, true, false, true},   // PreparingRebalance
        {false, true, false, true, true},   // CompletingRebalance
        {false, true, false, false, true},  // Stable
        {false, false, false, false, true}  // Dead
    };
    for (int from = 0; from < 5; ++from) {
        for (int to = 0; to < 5; ++to) {
            INFO(name_of(all[from]) << " -> " << name_of(all[to]));
            CHECK(may_follow(all[from], all[to]) == allowed[from][to]);
        }
    }
}

TEST_CASE("a rebalance begins in every state but PreparingRebalance and Dead") {
    CHECK(can_rebalance(State::Empty));
    CHECK(can_rebalance(State::CompletingRebalance));
    CHECK(can_rebalance(State::Stable));
    CHECK_FALSE(can_rebalance(State::PreparingRebalance));
    CHECK_FALSE(can_rebalance(State::Dead));
}
