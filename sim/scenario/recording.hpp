// SPDX-License-Identifier: Apache-2.0
#pragma once
// A run written down as a recording: the scenario's file with what was seen in each step, in the form that
// recordings of a real cluster have, so that the two compare.

#include <string>

#include "sim/scenario/scenario.hpp"
#include "sim/scenario/seen.hpp"

namespace kafkasim::sim::scenario {

/// The recording as JSON text, one step a few lines. Steps that were not reached are left out.
std::string recording_text(const Scenario& scenario, const RunResult& result);

}  // namespace kafkasim::sim::scenario
