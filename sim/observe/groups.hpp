// SPDX-License-Identifier: Apache-2.0
#pragma once
// A group's offsets as its coordinator has them, and the ends of the partitions as their leaders have them: for
// `expect` only (see camera.hpp).

#include "sim/world/world.hpp"

namespace kafkasim::sim {

struct OffsetView {
    int64_t committed = 0;
    int64_t end = 0;  // high watermark
};

/// nullopt if nothing is committed, or nobody who runs coordinates the group.
std::optional<OffsetView> committed_offset(const World& world, const std::string& group,
                                           const TopicPartition& partition);

}  // namespace kafkasim::sim
