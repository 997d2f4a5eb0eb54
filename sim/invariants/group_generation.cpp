// SPDX-License-Identifier: Apache-2.0
// Ours. Kafka 3.0.0: GroupMetadata.initNextGeneration counts up; GroupMetadataManager.storeGroup appends with acks=all
// before SyncGroup is answered, so the next coordinator has loaded it.
#include <fmt/format.h>

#include "sim/invariants/group_invariants.hpp"

namespace kafkasim::sim::invariants {

Broken generation_grows(const GroupSnapshot& group) {
    if (!group.coordinator) return std::nullopt;
    const CoordinatorView& coordinator = *group.coordinator;
    if (coordinator.before) {
        if (coordinator.now.generation >= coordinator.before->generation) return std::nullopt;
        return fmt::format("broker {} had group {} in generation {} and has it in {}", coordinator.broker.value,
                           group.group, coordinator.before->generation, coordinator.now.generation);
    }
    if (coordinator.now.generation >= group.stable_generation) return std::nullopt;
    return fmt::format("broker {} begins with group {} in generation {}, and {} was Stable before",
                       coordinator.broker.value, group.group, coordinator.now.generation, group.stable_generation);
}

}  // namespace kafkasim::sim::invariants
