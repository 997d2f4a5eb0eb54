// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a workload has come to, as a small table for people: who sent what and what became of it, who read what, and
// for each group what was lost, what came twice and what is still unread.

#include <string>
#include <vector>

#include "sim/workload/crowd.hpp"

namespace kafkasim::sim::workload {

/// Lines. Of a set with many members only their sum. The crowd is settled.
std::vector<std::string> report(const Crowd& crowd);

}  // namespace kafkasim::sim::workload
