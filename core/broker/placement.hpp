// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the replicas of a new topic go. Brokers form a ring; the leaders of consecutive partitions stand on
// consecutive brokers from `start_index` on, followers at a distance that grows by one each time the ring has been
// gone round. If the brokers say in which rack they stand, the ring alternates between racks and a partition takes a
// second broker of a rack only when every rack has one. Pure; the two numbers are drawn by the caller.
// Kafka 3.0.0: kafka.admin.AdminUtils.assignReplicasToBrokers.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"

namespace kafkasim::broker {

struct BrokerMetadata {
    BrokerId id;
    std::optional<std::string> rack;  // broker.rack
    bool operator==(const BrokerMetadata&) const = default;
};

/// Whether racks can be looked at. Some: it is an error in Kafka (AdminOperationException), unless racks are ignored.
enum class Racks : uint8_t { None, Some, All };
Racks racks_of(const std::vector<BrokerMetadata>& brokers);
std::vector<BrokerMetadata> without_racks(const std::vector<BrokerId>& ids);

/// Replicas of the partitions `first_partition` ... + `partitions`-1, each with its preferred leader first. By racks if
/// all brokers have one, else without. Needs 1 <= replication_factor <= brokers.size().
std::vector<std::vector<BrokerId>> assign_replicas(int32_t partitions, int32_t replication_factor,
                                                   const std::vector<BrokerMetadata>& brokers, size_t start_index,
                                                   size_t replica_shift, int32_t first_partition = 0);

/// In the order given.
std::vector<std::vector<BrokerId>> assign_replicas_rack_unaware(int32_t partitions, int32_t replication_factor,
                                                                const std::vector<BrokerId>& brokers,
                                                                size_t start_index, size_t replica_shift,
                                                                int32_t first_partition = 0);

/// The ring: the first broker of each rack, then the second of each, ... Racks by name, brokers of a rack by id.
std::vector<BrokerMetadata> rack_alternated(const std::vector<BrokerMetadata>& brokers);

}  // namespace kafkasim::broker
