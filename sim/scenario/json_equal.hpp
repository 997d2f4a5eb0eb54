// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

namespace kafkasim::sim::scenario {

/// Whether two texts are the same JSON value; texts that are not JSON are compared as they are.
bool json_equal(const std::string& a, const std::string& b);

}  // namespace kafkasim::sim::scenario
