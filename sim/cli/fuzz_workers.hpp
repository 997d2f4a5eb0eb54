// SPDX-License-Identifier: Apache-2.0
#pragma once
// Plays seeds in processes of their own, several at a time: what one seed breaks no other one sees, and one that
// aborts, or does not end, is a finding like any other. Who plays which seed does not show in the result.

#include <cstdint>
#include <functional>

#include "sim/fuzz/play_seed.hpp"

namespace kafkasim::sim::cli {

struct FuzzJob {
    const fuzz::Profile* profile = nullptr;
    uint64_t first = 0;
    uint64_t last = 0;
    unsigned jobs = 1;
};

/// `done` is called for each seed in the order in which they end; `stop` is asked now and then: no more seeds are
/// begun, and those under way are given up. False if no process could be started.
bool play_seeds(const FuzzJob& job, const std::function<void(fuzz::SeedResult&&)>& done,
                const std::function<bool()>& stop);

}  // namespace kafkasim::sim::cli
