// SPDX-License-Identifier: Apache-2.0
#pragma once
// What of a recorded step's text counts when two recordings are compared: without chance, and in an order of its own
// where the order is chance. See compare.hpp.

#include <map>
#include <string>
#include <vector>

#include "sim/scenario/chance_values.hpp"

namespace kafkasim::sim::scenario {

using Lines = std::vector<std::string>;

/// One side of a comparison.
struct Side {
    ChanceValues chance;
    std::map<std::string, size_t> partitions;  // how many a pinned topic has
};

/// Standard output of a command line.
Lines normal_output(Side& side, const std::string& command, const std::string& text);
/// Standard error of a command line.
Lines normal_errors(Side& side, const std::string& command, const std::string& text);
/// Lines of a server's log.
Lines normal_log(Side& side, const Lines& lines);
/// Lines of a terminal.
Lines normal_screen(Side& side, const Lines& lines);

}  // namespace kafkasim::sim::scenario
