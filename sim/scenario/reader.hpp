// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads a scenario's JSON text. What a person can get wrong is a Problem with its place, and all problems of a file
// come at once; a scenario comes only out of a file without any. The words it
// knows are in keys.hpp. `seen` and `volatile` may stand in a step (a recording is a scenario) and are not read.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario.hpp"

namespace kafkasim::sim::scenario {

struct Problem {
    int line = 1;
    int column = 1;
    std::string pointer;     // "/steps/3/expct"
    std::string found;       // what is wrong: "unknown key \"expct\""
    std::string allowed;     // what may stand there; may be empty
    std::string suggestion;  // "expect"; may be empty

    /// "12:5: /steps/3/expct: unknown key "expct"; did you mean "expect"? Allowed: ..."
    std::string text() const;
};

struct ReadResult {
    std::optional<Scenario> scenario;
    std::vector<Problem> problems;  // in the order of the file
};

/// `path` is the name for messages; without folder and .json it is the scenario's name.
ReadResult read_scenario(std::string_view json_text, std::string path);

}  // namespace kafkasim::sim::scenario
