// SPDX-License-Identifier: Apache-2.0
#pragma once
// Plays one seed of a profile: makes its scenario, runs it as kafkasim run does, and says what was found. One seed
// gives one verdict and one digest; nothing is shared between two seeds.

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/time.hpp"
#include "sim/fuzz/profile.hpp"

namespace kafkasim::sim::fuzz {

struct FoundProblem {
    std::string kind;  // an invariant, "delivered to g1", "problem"
    std::string text;
};

struct SeedResult {
    uint64_t seed = 0;
    uint64_t digest = 0;
    uint64_t events = 0;
    int64_t virtual_ms = 0;
    std::vector<FoundProblem> found;  // empty: all is well
};

SeedResult play_seed(const Profile& profile, uint64_t seed);

}  // namespace kafkasim::sim::fuzz
