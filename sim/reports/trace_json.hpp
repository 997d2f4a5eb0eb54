// SPDX-License-Identifier: Apache-2.0
#pragma once
// The trace of a run as JSON Lines, one event a line: id, cause, at_us (virtual microseconds), process, peer, kind,
// name, text, and a note's fields. For `run --trace` and for
// whoever wants to look with other tools.

#include <functional>
#include <string>

#include "sim/world/world.hpp"

namespace kafkasim::sim {

void write_trace(const World& world, const std::function<void(const std::string&)>& sink);

}  // namespace kafkasim::sim
