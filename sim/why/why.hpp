// SPDX-License-Identifier: Apache-2.0
#pragma once
// Answers "why?" from the trace of a run: why a leader or an Isr changed, why a consumer printed in that order, why
// a group reads nothing. It walks from what was seen back over the causes and
// tells them in sentences, in English or Korean. It knows nothing that is not in the trace or in the configuration
// files, and nothing that came after the step, unless it says so.

#include <string>
#include <vector>

#include "sim/scenario/runner.hpp"

namespace kafkasim::sim {

/// Explains what the step showed; if nothing happened in it that has a cause to tell, the changes before it that it
/// shows. For `expect.why`, in English.
std::string explain_step(const World& world, const scenario::Scenario& scenario, const scenario::StepResult& step);
/// The same for a step of a finished run, by its number from 1: here what a step set off and what came of it in
/// later steps may be told too.
std::string explain(const World& world, const scenario::Scenario& scenario, const scenario::RunResult& result,
                    size_t step_number, const std::string& language = "en");
/// The causes behind a claim that does not hold: the last thing that changed before it, told as a story. Empty if
/// nothing did.
std::string story_behind(const World& world, const scenario::Failure& failure, const std::string& language = "en");
/// Numbers of the steps that ask something or claim a `why`.
std::vector<size_t> asked_steps(const scenario::Scenario& scenario);

}  // namespace kafkasim::sim
