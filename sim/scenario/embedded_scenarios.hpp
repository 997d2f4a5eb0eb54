// SPDX-License-Identifier: Apache-2.0
#pragma once
// The scenarios of scenarios/**/*.json, as text inside the program, so that `kafkasim run replication-test` works from
// any folder. The table is made by CMake. A name is the path below scenarios/ without .json: "faults/full-disk".

#include <span>
#include <string_view>

namespace kafkasim::sim {

struct EmbeddedScenario {
    std::string_view name;
    std::string_view json;
};

/// Sorted by name.
std::span<const EmbeddedScenario> embedded_scenarios();

}  // namespace kafkasim::sim
