// SPDX-License-Identifier: Apache-2.0
#include "core/broker/delayed_delete_records.hpp"

#include <algorithm>

#include "core/broker/components.hpp"
#include "core/broker/replica_manager.hpp"

namespace kafkasim::broker {

bool DelayedDeleteRecords::pending() const {
    return std::any_of(partitions.begin(), partitions.end(),
                       [](const DeleteRecordsStatus& status) { return status.acks_pending; });
}

void DelayedDeletes::add(node::Env& env, DelayedDeleteRecords&& request, Duration timeout) {
    request.timer = env.new_timer(node::Tag{kReplicaManager, ReplicaManager::kDeleteRecordsTimeout, 0, request.id});
    env.arm(request.timer, timeout);
    const uint64_t id = request.id;
    waiting_.emplace(id, std::move(request));
}

std::optional<DelayedDeleteRecords> DelayedDeletes::take(node::Env& env, uint64_t id) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) return std::nullopt;
    DelayedDeleteRecords request = std::move(found->second);
    waiting_.erase(found);
    env.free_timer(request.timer);
    return request;
}

DelayedDeleteRecords* DelayedDeletes::find(uint64_t id) {
    const auto found = waiting_.find(id);
    return found == waiting_.end() ? nullptr : &found->second;
}

std::vector<uint64_t> DelayedDeletes::concerned(const TopicPartition& tp) const {
    std::vector<uint64_t> ids;
    for (const auto& [id, request] : waiting_) {
        const bool names_it = std::any_of(request.partitions.begin(), request.partitions.end(),
                                          [&](const DeleteRecordsStatus& status) { return status.partition == tp; });
        if (names_it) ids.push_back(id);
    }
    return ids;
}

int64_t low_watermark(int64_t leader_log_start_offset, const std::vector<Replica>& followers,
                      const MetadataCache& metadata) {
    int64_t lowest = leader_log_start_offset;
    for (const Replica& follower : followers) {
        if (metadata.alive(follower.id)) lowest = std::min(lowest, follower.log_start_offset);
    }
    return lowest;
}

}  // namespace kafkasim::broker
