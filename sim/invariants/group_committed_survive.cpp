// SPDX-License-Identifier: Apache-2.0
// Ours. Asked when a coordinator begins with a group. Kafka 3.0.0: GroupMetadataManager.storeOffsets,
// loadGroupsAndOffsets.
#include <fmt/format.h>

#include "sim/invariants/group_invariants.hpp"

namespace kafkasim::sim::invariants {

Broken committed_offsets_survive(const GroupSnapshot& group) {
    if (!group.coordinator || group.coordinator->before) return std::nullopt;
    const auto& loaded = group.coordinator->committed;
    for (const auto& [partition, known] : group.acknowledged) {
        const auto found = loaded.find(partition);
        if (found != loaded.end() && found->second.appended_at >= known.appended_at) continue;
        return fmt::format("group {} had committed {} of {}, and broker {} begins with {}", group.group, known.offset,
                           to_string(partition), group.coordinator->broker.value,
                           found == loaded.end() ? "none" : std::to_string(found->second.offset));
    }
    return std::nullopt;
}

}  // namespace kafkasim::sim::invariants
