// SPDX-License-Identifier: Apache-2.0
#pragma once
// A recording of a real Kafka 3.0.0, played by the simulator and compared step by step.

#include <map>
#include <string>

#include "sim/scenario/compare.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/recording.hpp"
#include "sim/scenario/runner.hpp"
#include "tests/catch.hpp"
#include "tests/support/data_file.hpp"

namespace kafkasim::sim::scenario {

/// Steps that need not be equal, with the reason.
using Excused = std::map<size_t, std::string>;

inline std::string read_recording(const std::string& name) { return test::project_file("tests/recordings/" + name); }

/// What the simulator makes of the recording's scenario.
inline std::string replayed(const std::string& name, const std::string& text) {
    const auto read = read_scenario(text, name);
    for (const Problem& problem : read.problems) UNSCOPED_INFO(problem.text());
    REQUIRE(read.scenario);
    Runner runner(*read.scenario, {});
    const RunResult result = runner.run();
    for (const std::string& problem : result.problems) CHECK(problem == "");
    CHECK(result.steps.size() == read.scenario->steps.size());
    return recording_text(*read.scenario, result);
}

inline void check_equal(const std::string& name, const Excused& excused) {
    const std::string text = read_recording(name);
    const auto differences = compare_recordings(text, replayed(name, text));
    for (const Difference& difference : differences) {
        if (excused.contains(difference.step)) continue;
        FAIL_CHECK(name << ", " << difference.text());
    }
}

}  // namespace kafkasim::sim::scenario
