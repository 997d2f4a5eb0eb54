// SPDX-License-Identifier: Apache-2.0
// Ours. A member asks for what its group has committed when it gets a partition, reads from there on and commits what
// it has read; only it may commit in its generation. Kafka 3.0.0: ConsumerCoordinator.refreshCommittedOffsetsIfNeeded,
// allConsumed.
#include <fmt/format.h>

#include <algorithm>

#include "sim/invariants/group_invariants.hpp"

namespace kafkasim::sim::invariants {

Broken position_not_behind_committed(const GroupSnapshot& group) {
    if (!group.coordinator || group.coordinator->now.state != group::State::Stable) return std::nullopt;
    const CoordinatorView& coordinator = *group.coordinator;
    for (const ConsumerView& consumer : group.consumers) {
        const auto& members = coordinator.now.members;
        if (consumer.generation != coordinator.now.generation ||
            !std::binary_search(members.begin(), members.end(), consumer.member_id))
            continue;
        for (const OwnedPartition& owned : consumer.owned) {
            const auto committed = coordinator.committed.find(owned.partition);
            if (!owned.position || owned.went_back || committed == coordinator.committed.end()) continue;
            if (!committed->second.known || *owned.position >= committed->second.offset) continue;
            return fmt::format("{} reads {} from {} on in generation {}, and group {} has committed {}", consumer.name,
                               to_string(owned.partition), *owned.position, consumer.generation, group.group,
                               committed->second.offset);
        }
    }
    return std::nullopt;
}

}  // namespace kafkasim::sim::invariants
