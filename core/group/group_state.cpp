// SPDX-License-Identifier: Apache-2.0
#include "core/group/group_state.hpp"

#include <algorithm>
#include <array>

namespace kafkasim::group {

namespace {

constexpr std::array kBeforeEmpty{State::PreparingRebalance};
constexpr std::array kBeforePreparingRebalance{State::Stable, State::CompletingRebalance, State::Empty};
constexpr std::array kBeforeCompletingRebalance{State::PreparingRebalance};
constexpr std::array kBeforeStable{State::CompletingRebalance};
constexpr std::array kBeforeDead{State::Stable, State::PreparingRebalance, State::CompletingRebalance, State::Empty,
                                 State::Dead};

}  // namespace

std::string_view name_of(State state) {
    switch (state) {
        case State::Empty:
            return "Empty";
        case State::PreparingRebalance:
            return "PreparingRebalance";
        case State::CompletingRebalance:
            return "CompletingRebalance";
        case State::Stable:
            return "Stable";
        case State::Dead:
            return "Dead";
    }
    return "";
}

std::span<const State> valid_previous_states(State state) {
    switch (state) {
        case State::Empty:
            return kBeforeEmpty;
        case State::PreparingRebalance:
            return kBeforePreparingRebalance;
        case State::CompletingRebalance:
            return kBeforeCompletingRebalance;
        case State::Stable:
            return kBeforeStable;
        case State::Dead:
            return kBeforeDead;
    }
    return {};
}

bool may_follow(State from, State to) {
    const auto allowed = valid_previous_states(to);
    return std::find(allowed.begin(), allowed.end(), from) != allowed.end();
}

}  // namespace kafkasim::group
