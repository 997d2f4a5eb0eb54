// SPDX-License-Identifier: Apache-2.0
#include "core/broker/placement.hpp"

#include "core/base/check.hpp"

namespace kafkasim::broker {

std::vector<std::vector<BrokerId>> assign_replicas_rack_unaware(int32_t partitions, int32_t replication_factor,
                                                                const std::vector<BrokerId>& brokers,
                                                                size_t start_index, size_t replica_shift,
                                                                int32_t first_partition) {
    const size_t n = brokers.size();
    const auto factor = static_cast<size_t>(replication_factor);
    CHECK_INVARIANT(factor >= 1 && factor <= n, "more replicas than brokers");
    std::vector<std::vector<BrokerId>> assignment;
    size_t shift = replica_shift;
    for (size_t i = 0; i < static_cast<size_t>(partitions); ++i) {
        const size_t partition = static_cast<size_t>(first_partition) + i;
        if (partition > 0 && partition % n == 0) ++shift;
        const size_t first = (partition + start_index) % n;
        std::vector<BrokerId> replicas{brokers[first]};
        for (size_t j = 0; j + 1 < factor; ++j) replicas.push_back(brokers[(first + 1 + (shift + j) % (n - 1)) % n]);
        assignment.push_back(std::move(replicas));
    }
    return assignment;
}

}  // namespace kafkasim::broker
