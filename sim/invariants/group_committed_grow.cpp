// SPDX-License-Identifier: Apache-2.0
// Ours. A consumer commits its positions, and they only grow while nobody sets them back; its requests go to one
// coordinator one after another. Between coordinators CommittedOffsetsSurvive watches.
#include <fmt/format.h>

#include "sim/invariants/group_invariants.hpp"

namespace kafkasim::sim::invariants {

Broken committed_offsets_grow(const GroupSnapshot& group) {
    if (!group.coordinator) return std::nullopt;
    for (const StoredCommit& stored : group.coordinator->stored) {
        const auto last = group.last_commits.find(stored.partition);
        if (last == group.last_commits.end() || stored.offset >= last->second.offset) continue;
        if (stored.senders.size() != 1) continue;
        const StoredCommit::Sender& sender = stored.senders.front();
        if (sender.member_id.empty() || sender.member_id != last->second.member_id ||
            sender.generation != last->second.generation ||
            group.went_back.contains({sender.member_id, stored.partition}))
            continue;
        return fmt::format("member {} committed {} of {} in generation {} of group {}, after {}", sender.member_id,
                           stored.offset, to_string(stored.partition), sender.generation, group.group,
                           last->second.offset);
    }
    return std::nullopt;
}

}  // namespace kafkasim::sim::invariants
