// SPDX-License-Identifier: Apache-2.0
#pragma once
// Groups' offsets as their coordinators have them, and the ends of the partitions as their leaders have them (see
// camera.hpp): for `expect`, the lab and workloads.

#include <map>
#include <vector>

#include "sim/world/world.hpp"

namespace kafkasim::broker {
class Broker;
}

namespace kafkasim::sim {

struct OffsetView {
    int64_t committed = 0;
    int64_t end = 0;  // high watermark
};

/// The cluster at one moment: not to be kept while time passes.
class OffsetsCamera {
public:
    explicit OffsetsCamera(const World& world);

    /// As the metadata of the lowest running broker has them; none without one.
    std::vector<TopicName> topics() const;
    std::vector<TopicPartition> partitions_of(const TopicName& topic) const;
    /// nullopt if nobody leads the partition.
    std::optional<int64_t> high_watermark(const TopicPartition& partition) const;
    /// nullopt if nothing is committed, or nobody who runs coordinates the group.
    std::optional<int64_t> committed(const std::string& group, const TopicPartition& partition) const;

private:
    std::map<BrokerId, const broker::Broker*> brokers_;
};

/// nullopt if nothing is committed, nobody who runs coordinates the group, or nobody leads the partition.
std::optional<OffsetView> committed_offset(const World& world, const std::string& group,
                                           const TopicPartition& partition);

}  // namespace kafkasim::sim
