// SPDX-License-Identifier: Apache-2.0
// hachikuji/kafka-specification, KafkaReplication.tla: LeaderInIsr, which as written there is false in the initial
// state, where nobody leads: none, or in the Isr.
#include <fmt/format.h>

#include "sim/invariants/invariants.hpp"

namespace kafkasim::sim::invariants {

Broken leader_in_isr(const PartitionSnapshot& partition) {
    if (!partition.znode || partition.znode->leader == kNoBroker) return std::nullopt;
    if (contains(partition.znode->isr, partition.znode->leader)) return std::nullopt;
    return fmt::format("the state znode of {} names broker {} as leader of epoch {}, and the Isr is {}",
                       to_string(partition.partition), partition.znode->leader.value, partition.znode->leader_epoch,
                       text_of(partition.znode->isr));
}

}  // namespace kafkasim::sim::invariants
