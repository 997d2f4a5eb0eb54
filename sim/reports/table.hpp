// SPDX-License-Identifier: Apache-2.0
#pragma once
// The table at the end of a run over a folder of scenarios: a row for each of them or, where it claims that what a
// producer's terminal shows as acknowledged was read, for each producer. Scenarios with claims about what consumers
// have read have a table of their own.

#include <string>
#include <vector>

#include "sim/scenario/scenario.hpp"
#include "sim/scenario/seen.hpp"

namespace kafkasim::sim {

struct PlayedScenario {
    std::string name;
    bool holds = false;
    size_t steps = 0;
    uint64_t digest = 0;
    std::vector<scenario::Deliveries> deliveries;
    std::vector<scenario::Consumption> consumptions{};
};

PlayedScenario played_scenario(const scenario::Scenario& scenario, const scenario::RunResult& result);

std::string table_of(const std::vector<PlayedScenario>& played);

}  // namespace kafkasim::sim
