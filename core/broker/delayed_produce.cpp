// SPDX-License-Identifier: Apache-2.0
#include "core/broker/delayed_produce.hpp"

#include <algorithm>

#include "core/broker/components.hpp"
#include "core/broker/replica_manager.hpp"

namespace kafkasim::broker {

bool DelayedProduce::pending() const {
    return std::any_of(partitions.begin(), partitions.end(),
                       [](const ProduceStatus& status) { return status.acks_pending; });
}

void DelayedProduces::add(node::Env& env, DelayedProduce&& produce, Duration timeout) {
    for (const ProduceStatus& status : produce.partitions) by_partition_[status.partition].push_back(produce.id);
    produce.timer = env.new_timer(node::Tag{kReplicaManager, ReplicaManager::kProduceTimeout, 0, produce.id});
    env.arm(produce.timer, timeout);
    const uint64_t id = produce.id;
    waiting_.emplace(id, std::move(produce));
}

std::optional<DelayedProduce> DelayedProduces::take(node::Env& env, uint64_t id) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) return std::nullopt;
    DelayedProduce produce = std::move(found->second);
    waiting_.erase(found);
    env.free_timer(produce.timer);
    for (const ProduceStatus& status : produce.partitions) {
        const auto watched = by_partition_.find(status.partition);
        if (watched == by_partition_.end()) continue;
        std::erase(watched->second, id);
        if (watched->second.empty()) by_partition_.erase(watched);
    }
    return produce;
}

DelayedProduce* DelayedProduces::find(uint64_t id) {
    const auto found = waiting_.find(id);
    return found == waiting_.end() ? nullptr : &found->second;
}

std::vector<uint64_t> DelayedProduces::concerned(const TopicPartition& tp) const {
    const auto watched = by_partition_.find(tp);
    return watched == by_partition_.end() ? std::vector<uint64_t>{} : watched->second;
}

}  // namespace kafkasim::broker
