// SPDX-License-Identifier: Apache-2.0
#pragma once
// The lab on a real terminal: line editing, keys, a status line, and virtual time in step with the wall clock. The only
// place of the lab that looks at a clock.

#include <string>

#include "sim/lab/session.hpp"

namespace kafkasim::sim::cli {

/// Until the person leaves; the exit code. `speed`: "10", "real", "max".
int run_on_terminal(scenario::Scenario scenario, lab::SessionOptions options, const std::string& speed);

}  // namespace kafkasim::sim::cli
