// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/groups.hpp"

#include "core/broker/broker.hpp"
#include "sim/observe/camera.hpp"

namespace kafkasim::sim {

namespace {

using Brokers = std::map<BrokerId, const broker::Broker*>;

/// The group as the broker that coordinates it has it; nullptr if nobody does.
const group::GroupMetadata* coordinated(const Brokers& brokers, const std::string& group) {
    for (const auto& [id, broker] : brokers) {
        const auto& coordinator = broker->state().groups;
        const int32_t partition = coordinator.partition_for(group);
        if (coordinator.owns(partition) && !coordinator.loading(partition)) return coordinator.find(group);
    }
    return nullptr;
}

/// The high watermark at the leader; of several brokers that believe to lead, the one with the newest epoch does.
std::optional<int64_t> high_watermark(const Brokers& brokers, const TopicPartition& partition) {
    std::optional<int64_t> found;
    int32_t newest = -1;
    for (const auto& [id, broker] : brokers) {
        const auto& replicas = broker->state().replicas;
        const log::Log* log = replicas.logs().find(partition);
        if (log == nullptr || !replicas.is_leader(partition)) continue;
        const int32_t epoch = replicas.leader_epoch(partition).value_or(-1);
        if (found && epoch < newest) continue;
        newest = epoch;
        found = log->high_watermark();
    }
    return found;
}

}  // namespace

std::optional<OffsetView> committed_offset(const World& world, const std::string& group,
                                           const TopicPartition& partition) {
    const Brokers brokers = brokers_of(world);
    const group::GroupMetadata* metadata = coordinated(brokers, group);
    if (metadata == nullptr) return std::nullopt;
    const auto committed = metadata->offsets.find(partition);
    const auto end = high_watermark(brokers, partition);
    if (committed == metadata->offsets.end() || !end) return std::nullopt;
    return OffsetView{committed->second.value.offset, *end};
}

}  // namespace kafkasim::sim
