// SPDX-License-Identifier: Apache-2.0
#pragma once
// Answers "why?" from the trace of a run: why a leader or an Isr changed, why a consumer printed in that order, why a group reads nothing. It walks from what was seen back over the causes and
// tells them in sentences. It knows nothing that is not in the trace or to be seen in the cluster.

#include <string>
#include <vector>

#include "sim/scenario/runner.hpp"

namespace kafkasim::sim {

/// Explains what the step showed; if nothing happened in it that has a cause to tell, the changes before it that it shows.
std::string explain_step(const World& world, const scenario::Scenario& scenario, const scenario::StepResult& step);
/// The same for a step of a finished run, by its number from 1.
std::string explain(const World& world, const scenario::Scenario& scenario, const scenario::RunResult& result, size_t step_number);
/// Numbers of the steps that ask something or claim a `why`.
std::vector<size_t> asked_steps(const scenario::Scenario& scenario);

}  // namespace kafkasim::sim
