// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/groups.hpp"

#include "core/broker/broker.hpp"
#include "sim/observe/camera.hpp"

namespace kafkasim::sim {

OffsetsCamera::OffsetsCamera(const World& world) : brokers_(brokers_of(world)) {}

std::vector<TopicName> OffsetsCamera::topics() const {
    std::vector<TopicName> names;
    if (brokers_.empty()) return names;
    for (const auto& [topic, partitions] : brokers_.begin()->second->state().metadata.topics()) names.push_back(topic);
    return names;
}

std::vector<TopicPartition> OffsetsCamera::partitions_of(const TopicName& topic) const {
    std::vector<TopicPartition> found;
    if (brokers_.empty()) return found;
    const auto* partitions = brokers_.begin()->second->state().metadata.find(topic);
    if (partitions == nullptr) return found;
    for (const auto& [partition, info] : *partitions) found.push_back({topic, partition});
    return found;
}

/// Of several brokers that believe to lead, the one with the newest epoch does.
std::optional<int64_t> OffsetsCamera::high_watermark(const TopicPartition& partition) const {
    std::optional<int64_t> found;
    int32_t newest = -1;
    for (const auto& [id, broker] : brokers_) {
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

std::optional<int64_t> OffsetsCamera::committed(const std::string& group, const TopicPartition& partition) const {
    for (const auto& [id, broker] : brokers_) {
        const auto& coordinator = broker->state().groups;
        const int32_t offsets_partition = coordinator.partition_for(group);
        if (!coordinator.owns(offsets_partition) || coordinator.loading(offsets_partition)) continue;
        const group::GroupMetadata* metadata = coordinator.find(group);
        if (metadata == nullptr) return std::nullopt;
        const auto committed = metadata->offsets.find(partition);
        if (committed == metadata->offsets.end()) return std::nullopt;
        return committed->second.value.offset;
    }
    return std::nullopt;
}

std::optional<OffsetView> committed_offset(const World& world, const std::string& group,
                                           const TopicPartition& partition) {
    const OffsetsCamera camera(world);
    const auto committed = camera.committed(group, partition);
    const auto end = camera.high_watermark(partition);
    if (!committed || !end) return std::nullopt;
    return OffsetView{*committed, *end};
}

}  // namespace kafkasim::sim
