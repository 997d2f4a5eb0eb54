// SPDX-License-Identifier: Apache-2.0
#include "core/broker/placement.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/base/check.hpp"

namespace kafkasim::broker {

namespace {

/// The place in a ring of `n` of the follower `follower` of a partition that is led at `first`.
size_t follower_index(size_t first, size_t shift, size_t follower, size_t n) {
    return (first + 1 + (shift + follower) % (n - 1)) % n;
}

/// What the replicas chosen for one partition cover so far.
struct Chosen {
    std::vector<BrokerId> replicas;
    std::set<std::string> racks;

    void add(const BrokerMetadata& broker) {
        replicas.push_back(broker.id);
        racks.insert(*broker.rack);
    }
    /// A broker has at most one replica, a rack a second one only if every rack has one.
    bool may_add(const BrokerMetadata& broker, size_t rack_count) const {
        return (!racks.contains(*broker.rack) || racks.size() == rack_count) && !contains(replicas, broker.id);
    }
};

/// Goes round the ring of `n` brokers: `replicas_of(first, shift)` for each partition, the shift growing by one with
/// each round.
template <typename ReplicasOf>
std::vector<std::vector<BrokerId>> each_partition(int32_t partitions, size_t n, size_t start_index,
                                                  size_t replica_shift, int32_t first_partition,
                                                  const ReplicasOf& replicas_of) {
    std::vector<std::vector<BrokerId>> assignment;
    size_t shift = replica_shift;
    for (size_t i = 0; i < static_cast<size_t>(partitions); ++i) {
        const size_t partition = static_cast<size_t>(first_partition) + i;
        if (partition > 0 && partition % n == 0) ++shift;
        assignment.push_back(replicas_of((partition + start_index) % n, shift));
    }
    return assignment;
}

std::vector<std::vector<BrokerId>> assign_replicas_rack_aware(int32_t partitions, size_t factor,
                                                              const std::vector<BrokerMetadata>& brokers,
                                                              size_t start_index, size_t replica_shift,
                                                              int32_t first_partition) {
    const std::vector<BrokerMetadata> ring = rack_alternated(brokers);
    std::set<std::string> racks;
    for (const BrokerMetadata& broker : ring) racks.insert(*broker.rack);
    const size_t n = ring.size();
    return each_partition(partitions, n, start_index, replica_shift, first_partition, [&](size_t first, size_t shift) {
        Chosen chosen;
        chosen.add(ring[first]);
        for (size_t k = 0; chosen.replicas.size() < factor; ++k) {
            const BrokerMetadata& broker = ring[follower_index(first, shift * racks.size(), k, n)];
            if (chosen.may_add(broker, racks.size())) chosen.add(broker);
        }
        return std::move(chosen.replicas);
    });
}

}  // namespace

Racks racks_of(const std::vector<BrokerMetadata>& brokers) {
    size_t with = 0;
    for (const BrokerMetadata& broker : brokers) with += broker.rack.has_value() ? 1 : 0;
    if (with == 0) return Racks::None;
    return with == brokers.size() ? Racks::All : Racks::Some;
}

std::vector<BrokerMetadata> without_racks(const std::vector<BrokerId>& ids) {
    std::vector<BrokerMetadata> brokers;
    for (const BrokerId id : ids) brokers.push_back({id, std::nullopt});
    return brokers;
}

std::vector<std::vector<BrokerId>> assign_replicas(int32_t partitions, int32_t replication_factor,
                                                   const std::vector<BrokerMetadata>& brokers, size_t start_index,
                                                   size_t replica_shift, int32_t first_partition) {
    const auto factor = static_cast<size_t>(replication_factor);
    CHECK_INVARIANT(factor >= 1 && factor <= brokers.size(), "more replicas than brokers");
    if (racks_of(brokers) == Racks::All) {
        return assign_replicas_rack_aware(partitions, factor, brokers, start_index, replica_shift, first_partition);
    }
    std::vector<BrokerId> ids;
    for (const BrokerMetadata& broker : brokers) ids.push_back(broker.id);
    return assign_replicas_rack_unaware(partitions, replication_factor, ids, start_index, replica_shift,
                                        first_partition);
}

std::vector<std::vector<BrokerId>> assign_replicas_rack_unaware(int32_t partitions, int32_t replication_factor,
                                                                const std::vector<BrokerId>& brokers,
                                                                size_t start_index, size_t replica_shift,
                                                                int32_t first_partition) {
    const size_t n = brokers.size();
    const auto factor = static_cast<size_t>(replication_factor);
    CHECK_INVARIANT(factor >= 1 && factor <= n, "more replicas than brokers");
    return each_partition(partitions, n, start_index, replica_shift, first_partition, [&](size_t first, size_t shift) {
        std::vector<BrokerId> replicas{brokers[first]};
        for (size_t j = 0; j + 1 < factor; ++j) replicas.push_back(brokers[follower_index(first, shift, j, n)]);
        return replicas;
    });
}

std::vector<BrokerMetadata> rack_alternated(const std::vector<BrokerMetadata>& brokers) {
    std::map<std::string, std::vector<BrokerMetadata>> by_rack;
    for (const BrokerMetadata& broker : brokers) by_rack[broker.rack.value_or("")].push_back(broker);
    size_t longest = 0;
    for (auto& [rack, members] : by_rack) {
        std::sort(members.begin(), members.end(),
                  [](const BrokerMetadata& a, const BrokerMetadata& b) { return a.id < b.id; });
        longest = std::max(longest, members.size());
    }
    std::vector<BrokerMetadata> ring;
    for (size_t round = 0; round < longest; ++round) {
        for (const auto& [rack, members] : by_rack) {
            if (round < members.size()) ring.push_back(members[round]);
        }
    }
    return ring;
}

}  // namespace kafkasim::broker
