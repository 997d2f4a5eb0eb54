// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/json_equal.hpp"

#include <nlohmann/json.hpp>

namespace kafkasim::sim::scenario {

bool json_equal(const std::string& a, const std::string& b) {
    const auto left = nlohmann::json::parse(a, nullptr, false);
    const auto right = nlohmann::json::parse(b, nullptr, false);
    if (left.is_discarded() || right.is_discarded()) return a == b;
    return left == right;
}

}  // namespace kafkasim::sim::scenario
