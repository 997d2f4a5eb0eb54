// SPDX-License-Identifier: Apache-2.0
// hachikuji/kafka-specification, KafkaReplication.tla: WeakIsr. A leader's own Isr is the maximal one: whoever is
// being added counts for the high watermark already.
#include <fmt/format.h>

#include "sim/invariants/invariants.hpp"

namespace kafkasim::sim::invariants {

Broken weak_isr(const PartitionSnapshot& partition) {
    for (const ReplicaView& leader : partition.replicas) {
        if (!leader.leads()) continue;
        for (BrokerId member : leader.maximal_isr) {
            const ReplicaView* replica = member == leader.id ? nullptr : partition.find(member);
            if (replica == nullptr) continue;
            const auto difference = first_difference(leader, *replica, leader.high_watermark, partition.agreements);
            if (!difference) continue;
            return fmt::format(
                "broker {} leads {} in epoch {} with high watermark {}, and broker {}, in its Isr {}, {}",
                leader.id.value, to_string(partition.partition), leader.leader_epoch, leader.high_watermark,
                member.value, text_of(leader.maximal_isr), text_of(*difference));
        }
    }
    return std::nullopt;
}

}  // namespace kafkasim::sim::invariants
