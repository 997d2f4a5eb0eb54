// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the programs of one command line have shown on their terminal, bit by bit: whoever asks gets what is new since
// the last time. Standard output of the last program and standard error of all; of a program whose output is
// redirected only its errors. Called by the scenario's runner and by the lab.

#include <string>
#include <vector>

#include "sim/shell/launcher.hpp"

namespace kafkasim::sim {

class Screen {
public:
    Screen() = default;
    explicit Screen(const Launch& launch) : pipeline_(launch.pipeline), shown_(launch.pipeline.size()) {}

    /// Whether there is anything that `fresh` would give.
    bool has_fresh(const World& world) const;
    std::string fresh(const World& world);
    bool ended(const World& world) const;

private:
    struct Shown {
        size_t out = 0;
        size_t error = 0;
    };

    bool shows_output(const World& world, size_t place) const;

    std::vector<ProcessId> pipeline_;
    std::vector<Shown> shown_;
};

}  // namespace kafkasim::sim
