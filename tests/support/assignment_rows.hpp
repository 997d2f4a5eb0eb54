// SPDX-License-Identifier: Apache-2.0
#pragma once
// The replicas of a topic's partitions as a test writes them: rows({{1, 2}, {2, 3}}).

#include <vector>

#include "core/base/ids.hpp"

namespace kafkasim::test {

using Assignment = std::vector<std::vector<BrokerId>>;

inline Assignment rows(std::initializer_list<std::initializer_list<int32_t>> partitions) {
    Assignment result;
    for (const auto& replicas : partitions) result.push_back(broker_ids(replicas));
    return result;
}

}  // namespace kafkasim::test
