// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the replicas of a new topic go. Brokers form a ring in the order given; the leaders of consecutive
// partitions stand on consecutive brokers from
// `start_index` on, followers at a distance that grows by one each time the ring has been gone round. Pure; the two
// numbers are drawn by the caller.
// Kafka 3.0.0: kafka.admin.AdminUtils.assignReplicasToBrokersRackUnaware. Simplified: racks are not modelled.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/ids.hpp"

namespace kafkasim::broker {

/// Replicas of the partitions `first_partition` ... + `partitions`-1, each with its preferred leader first. Needs
/// replication_factor <= brokers.size().
std::vector<std::vector<BrokerId>> assign_replicas_rack_unaware(int32_t partitions, int32_t replication_factor,
                                                                const std::vector<BrokerId>& brokers,
                                                                size_t start_index, size_t replica_shift,
                                                                int32_t first_partition = 0);

}  // namespace kafkasim::broker
