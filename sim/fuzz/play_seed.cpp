// SPDX-License-Identifier: Apache-2.0
#include "sim/fuzz/play_seed.hpp"

#include <fmt/format.h>

#include "sim/scenario/reader.hpp"
#include "sim/scenario/runner.hpp"

namespace kafkasim::sim::fuzz {

SeedResult play_seed(const Profile& profile, uint64_t seed) {
    SeedResult result;
    result.seed = seed;
    const auto read = scenario::read_scenario(profile.scenario(seed), fmt::format("{}-{}.json", profile.name, seed));
    if (!read.scenario) {
        for (const scenario::Problem& problem : read.problems) result.found.push_back({"scenario", problem.text()});
        return result;
    }
    const scenario::RunResult run = scenario::Runner(*read.scenario, {}).run();
    result.digest = run.digest;
    result.events = run.events;
    result.virtual_ms = millis_of(run.end - Instant{});
    for (const scenario::BrokenInvariant& broken : run.broken)
        result.found.push_back(
            {broken.violation.invariant, fmt::format("step {}: {}", broken.step, broken.violation.text)});
    for (const scenario::StepResult& step : run.steps) {
        for (const scenario::Failure& failure : step.failures)
            result.found.push_back({failure.what, fmt::format("step {}: expected {}, but saw {}", step.number,
                                                              failure.expected, failure.seen)});
    }
    for (const std::string& problem : run.problems) result.found.push_back({"problem", problem});
    if (result.found.empty()) {
        for (const std::string& sentence : run.not_as_said) result.found.push_back({"not as it should be", sentence});
    }
    return result;
}

}  // namespace kafkasim::sim::fuzz
