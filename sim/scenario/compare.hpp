// SPDX-License-Identifier: Apache-2.0
#pragma once
// Compares two recordings of one scenario step by step, by the rules of the scenario format ("Comparing two runs of
// one file"): a simulated run with a real one. Values of chance count by their
// kind, times by their class, records per partition. For tests.

#include <string>
#include <string_view>
#include <vector>

namespace kafkasim::sim::scenario {

struct Difference {
    size_t step = 0;  // from 1; 0: of the recordings as a whole
    std::string field;
    std::string left;
    std::string right;

    std::string text() const;
};

/// What differs, in order of steps; nothing if they are equal.
std::vector<Difference> compare_recordings(std::string_view left_json, std::string_view right_json);

/// Steps that take about as long: in the same class (at once, seconds, a session timeout, longer), or less than 4 s
/// apart.
bool same_time(int64_t left_ms, int64_t right_ms);

}  // namespace kafkasim::sim::scenario
