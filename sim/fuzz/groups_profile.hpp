// SPDX-License-Identifier: Apache-2.0
#pragma once
// The profile "groups": random clusters, topics, groups of consumers with their settings, comings and goings, and
// accidents of the cluster below them (swarm: each seed has only some kinds); then everything heals, and what was
// acknowledged has to be delivered. A seed is a scenario file like any other: kafkasim run plays it.

#include <cstdint>
#include <string>

namespace kafkasim::sim::fuzz {

/// JSON text. The same seed gives the same text.
std::string groups_scenario(uint64_t seed);

}  // namespace kafkasim::sim::fuzz
