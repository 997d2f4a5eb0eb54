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
/// Whoever recorded `recorded` cut it off after some lines, said so in the last one ("... (36 more lines)"), and what
/// counts is what stands before: both texts without stack frames, `other` cut to as many lines.
void cut_alike(std::string& recorded, std::string& other);
/// Lines of a server's log.
Lines normal_log(Side& side, const Lines& lines);
/// Lines of a terminal.
Lines normal_screen(Side& side, const Lines& lines);

}  // namespace kafkasim::sim::scenario
