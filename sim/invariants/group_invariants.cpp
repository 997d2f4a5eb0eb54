// SPDX-License-Identifier: Apache-2.0
#include "sim/invariants/group_invariants.hpp"

#include <array>

namespace kafkasim::sim::invariants {

std::span<const GroupInvariant> group_invariants() {
    static constexpr std::array<GroupInvariant, 7> kAll{{
        {"OneOwnerPerGeneration", "No two consumers take one partition for their own in one generation.",
         one_owner_per_generation},
        {"NoCommitFromOldGeneration", "A coordinator stores only what the members of the running generation commit.",
         no_commit_from_old_generation},
        {"CommittedOffsetsGrow", "What one member commits in one generation only grows.", committed_offsets_grow},
        {"CommittedOffsetsSurvive", "What was committed is found by the next coordinator.", committed_offsets_survive},
        {"PositionNotBehindCommitted", "A member's position is not below what its group has committed.",
         position_not_behind_committed},
        {"GenerationGrows", "The generation of a group only grows.", generation_grows},
        {"AssignmentCovers", "A Stable group has every partition exactly once.", assignment_covers},
    }};
    return kAll;
}

}  // namespace kafkasim::sim::invariants
