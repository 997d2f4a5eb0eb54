// SPDX-License-Identifier: Apache-2.0
#pragma once
// The few programs besides Kafka's that the tutorial types: cp, mkdir, cat, ls, rm, echo, seq. Simplified: the
// options a tutorial uses; anything else is refused
// by name with exit code 1 or 2, as an honest tool would.

#include <memory>
#include <string>
#include <vector>

#include "core/node/node.hpp"

namespace kafkasim::sim {

/// nullptr if there is no such program.
std::unique_ptr<node::Node> make_coreutil(const std::vector<std::string>& words);

}  // namespace kafkasim::sim
