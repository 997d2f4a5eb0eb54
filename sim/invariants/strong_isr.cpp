// SPDX-License-Identifier: Apache-2.0
// hachikuji/kafka-specification, KafkaReplication.tla: StrongIsr. Also asked of a leader that has been deposed and does
// not know it yet: consumers still read from it.
#include <fmt/format.h>

#include "sim/invariants/invariants.hpp"

namespace kafkasim::sim::invariants {

Broken strong_isr(const PartitionSnapshot& partition) {
    if (!partition.znode) return std::nullopt;
    for (const ReplicaView& leader : partition.replicas) {
        if (!leader.leads()) continue;
        for (BrokerId member : partition.znode->isr) {
            const ReplicaView* replica = member == leader.id ? nullptr : partition.find(member);
            if (replica == nullptr) continue;
            const auto difference = first_difference(leader, *replica, leader.high_watermark, partition.agreements);
            if (!difference) continue;
            return fmt::format(
                "broker {} leads {} in epoch {} with high watermark {}, and broker {}, in the true Isr {} of epoch {}, "
                "{}",
                leader.id.value, to_string(partition.partition), leader.leader_epoch, leader.high_watermark,
                member.value, text_of(partition.znode->isr), partition.znode->leader_epoch, text_of(*difference));
        }
    }
    return std::nullopt;
}

}  // namespace kafkasim::sim::invariants
