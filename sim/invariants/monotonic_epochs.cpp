// SPDX-License-Identifier: Apache-2.0
// What fencing rests on. A topic that was created again begins anew, and so does what a restarted broker believes.
#include <fmt/format.h>

#include "sim/invariants/invariants.hpp"

namespace kafkasim::sim::invariants {

Broken monotonic_epochs(const PartitionSnapshot& partition) {
    const auto& before = partition.before;
    if (partition.znode && before.znode && before.znode->created == partition.znode->created &&
        partition.znode->leader_epoch < before.znode->leader_epoch) {
        return fmt::format("the leader epoch in the state znode of {} went back from {} to {}",
                           to_string(partition.partition), before.znode->leader_epoch, partition.znode->leader_epoch);
    }
    for (const ReplicaView& replica : partition.replicas) {
        const auto found = before.replicas.find(replica.id);
        if (replica.role == ReplicaView::Role::Untold || found == before.replicas.end()) continue;
        const bool same = found->second.life == replica.life && found->second.topic_id == replica.topic_id;
        if (!same || replica.leader_epoch >= found->second.leader_epoch) continue;
        return fmt::format("the leader epoch of {} on broker {} went back from {} to {}",
                           to_string(partition.partition), replica.id.value, found->second.leader_epoch,
                           replica.leader_epoch);
    }
    return std::nullopt;
}

}  // namespace kafkasim::sim::invariants
