// SPDX-License-Identifier: Apache-2.0
#pragma once
// What of a recorded step counts when two recordings are compared: its fields without chance, and in an order of their own where the order is chance. See compare.hpp.

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/scenario/chance_values.hpp"

namespace kafkasim::sim::scenario {

using RecordedJson = nlohmann::ordered_json;

/// One side of a comparison.
struct Side {
    ChanceValues chance;
    std::map<std::string, size_t> partitions;  // how many a pinned topic has
};

Side side_of(const RecordedJson& recording);

/// `command`: the command line whose output the step shows, or "".
RecordedJson normal_form(Side& side, const RecordedJson& step, const std::string& command, const std::string& field, const RecordedJson& value);

}  // namespace kafkasim::sim::scenario
