// SPDX-License-Identifier: Apache-2.0
#pragma once
// How to repeat the run that is going on, as a command line, for the report of a broken invariant: that report is
// made deep inside, where
// nobody knows the command or the seed. sim/cli sets it; nothing in the simulation reads it.

#include <string>

namespace kafkasim::sim {

/// "kafkasim run replication-test --seed 7"
void set_run_label(std::string command);
/// "" if nobody set it.
const std::string& run_label();

}  // namespace kafkasim::sim
