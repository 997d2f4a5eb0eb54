// SPDX-License-Identifier: Apache-2.0
// Ours: what the truncation on a change of leader is for. A follower counts as soon as its rule set lets it go on
// (take_snapshot.cpp); that the logs agree then stays true, since a leader never cuts its log.
#include <fmt/format.h>

#include <algorithm>

#include "sim/invariants/invariants.hpp"

namespace kafkasim::sim::invariants {

Broken truncation_converges(const PartitionSnapshot& partition) {
    for (const ReplicaView& follower : partition.replicas) {
        if (follower.role != ReplicaView::Role::Follower || !follower.converged) continue;
        const ReplicaView* leader = partition.find(follower.leader);
        if (leader == nullptr || !leader->leads() || leader->leader_epoch != follower.leader_epoch) continue;
        const int64_t below = std::min(leader->log_end, follower.log_end);
        const auto difference = first_difference(*leader, follower, below, partition.agreements);
        if (!difference) continue;
        return fmt::format("broker {} has cut its log of {} to that of broker {}, leader of epoch {}, and {}",
                           follower.id.value, to_string(partition.partition), leader->id.value, leader->leader_epoch,
                           text_of(*difference));
    }
    return std::nullopt;
}

}  // namespace kafkasim::sim::invariants
