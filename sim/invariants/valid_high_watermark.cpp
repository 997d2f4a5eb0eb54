// SPDX-License-Identifier: Apache-2.0
// hachikuji/kafka-specification, AsyncIsr.tla: ValidHighWatermark. The high watermark that a leader computes over its
// current and its pending Isr is one that the Isr which the controller has written has reached. Asked of the leader
// of the registered epoch only; a deposed one is StrongIsr's.
#include <fmt/format.h>

#include "sim/invariants/invariants.hpp"

namespace kafkasim::sim::invariants {

Broken valid_high_watermark(const PartitionSnapshot& partition) {
    if (!partition.znode) return std::nullopt;
    const ReplicaView* leader = partition.find(partition.znode->leader);
    if (leader == nullptr || !leader->leads() || leader->leader_epoch != partition.znode->leader_epoch)
        return std::nullopt;
    for (BrokerId member : partition.znode->isr) {
        const ReplicaView* replica = partition.find(member);
        if (replica == nullptr || !same_topic(*replica, *leader)) continue;
        if (replica->log_end >= leader->high_watermark) continue;
        return fmt::format(
            "broker {} leads {} in epoch {} with high watermark {}, and the log of broker {}, in the true "
            "Isr {}, ends at {}",
            leader->id.value, to_string(partition.partition), leader->leader_epoch, leader->high_watermark,
            member.value, text_of(partition.znode->isr), replica->log_end);
    }
    return std::nullopt;
}

}  // namespace kafkasim::sim::invariants
