// SPDX-License-Identifier: Apache-2.0
// The premise of all the others: the controller gives a leader epoch to one broker.
#include <fmt/format.h>

#include "sim/invariants/invariants.hpp"

namespace kafkasim::sim::invariants {

Broken one_leader_per_epoch(const PartitionSnapshot& partition) {
    for (size_t i = 0; i < partition.replicas.size(); ++i) {
        const ReplicaView& a = partition.replicas[i];
        for (size_t k = i + 1; k < partition.replicas.size() && a.leads(); ++k) {
            const ReplicaView& b = partition.replicas[k];
            if (!b.leads() || a.leader_epoch != b.leader_epoch || !same_topic(a, b)) continue;
            return fmt::format("brokers {} and {} both lead {} in epoch {}", a.id.value, b.id.value,
                               to_string(partition.partition), a.leader_epoch);
        }
    }
    return std::nullopt;
}

}  // namespace kafkasim::sim::invariants
