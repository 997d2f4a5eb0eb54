// SPDX-License-Identifier: Apache-2.0
// Vanlightly/kafka-tlaplus: LogMatching.
#include <fmt/format.h>

#include <algorithm>

#include "sim/invariants/invariants.hpp"

namespace kafkasim::sim::invariants {

Broken log_matching(const PartitionSnapshot& partition) {
    for (size_t i = 0; i < partition.replicas.size(); ++i) {
        for (size_t k = i + 1; k < partition.replicas.size(); ++k) {
            const ReplicaView& a = partition.replicas[i];
            const ReplicaView& b = partition.replicas[k];
            const int64_t below = std::min(a.high_watermark, b.high_watermark);
            const auto difference = first_difference(a, b, below, partition.agreements);
            if (!difference) continue;
            return fmt::format("of {}, brokers {} and {} have high watermarks {} and {}, and broker {} {}",
                               to_string(partition.partition), a.id.value, b.id.value, a.high_watermark,
                               b.high_watermark, b.id.value, text_of(*difference));
        }
    }
    return std::nullopt;
}

}  // namespace kafkasim::sim::invariants
