// SPDX-License-Identifier: Apache-2.0
// Looks at the requests that arrived and at what the coordinator's state then holds, not at what the handler answers.
// A request may wait behind others, so the group as it was before or as it is after the event may be the one that let
// it through. Kafka 3.0.0: GroupCoordinator.validateOffsetCommit.
#include <fmt/format.h>

#include <algorithm>

#include "sim/invariants/group_invariants.hpp"

namespace kafkasim::sim::invariants {

bool may_commit(const StoredCommit::Sender& sender, const MembershipView& group) {
    if (sender.member_id.empty() && sender.generation < 0) return group.members.empty();
    return sender.generation == group.generation &&
           std::binary_search(group.members.begin(), group.members.end(), sender.member_id);
}

Broken no_commit_from_old_generation(const GroupSnapshot& group) {
    if (!group.coordinator) return std::nullopt;
    const CoordinatorView& coordinator = *group.coordinator;
    for (const StoredCommit& stored : coordinator.stored) {
        const auto allowed = [&](const StoredCommit::Sender& sender) {
            return may_commit(sender, coordinator.now) ||
                   (coordinator.before && may_commit(sender, *coordinator.before));
        };
        if (stored.senders.empty() || std::any_of(stored.senders.begin(), stored.senders.end(), allowed)) continue;
        const StoredCommit::Sender& sender = stored.senders.front();
        return fmt::format(
            "broker {} stored offset {} of {} that came from member \"{}\" of generation {}, and group {} has {} "
            "members "
            "in generation {}{}",
            coordinator.broker.value, stored.offset, to_string(stored.partition), sender.member_id, sender.generation,
            group.group, coordinator.now.members.size(), coordinator.now.generation,
            may_commit({sender.member_id, coordinator.now.generation}, coordinator.now) ? "" : ", not that one");
    }
    return std::nullopt;
}

}  // namespace kafkasim::sim::invariants
