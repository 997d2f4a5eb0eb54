// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which invariants must break in a scenario, by rule set, and whether a run kept to it. Pure, but for choose_rules,
// which changes the scenario before it is played. Called by the reader (words), the runner and `run --rules`.

#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario.hpp"
#include "sim/scenario/seen.hpp"

namespace kafkasim::sim::scenario {

/// The rule set by which the brokers will replicate.
std::string rules_in_force(const Scenario& scenario);
/// Another one than the file says; the way in which the Isr is changed stays.
void choose_rules(Scenario& scenario, const std::string& rules);

/// The invariants that must break under the rule set in force; none if it is not named.
std::vector<std::string> must_break(const Scenario& scenario);

/// What is not as the scenario says, a sentence each: an invariant that broke and is not named for this rule set, or
/// one that is named and did not.
std::vector<std::string> not_as_said(const std::vector<std::string>& must_break, std::string_view rules,
                                     const std::vector<BrokenInvariant>& broken, const WallClock& clock);

}  // namespace kafkasim::sim::scenario
