// SPDX-License-Identifier: Apache-2.0
#include "core/broker/delayed_fetch.hpp"

#include <algorithm>

#include "core/broker/components.hpp"
#include "core/broker/replica_manager.hpp"

namespace kafkasim::broker {

WaitOutcome evaluate_waiting_fetch(const WaitingPartition& partition, int64_t& accumulated) {
    if (partition.error != ErrorCode::None) return WaitOutcome::Complete;
    if (partition.end_offset != partition.fetch_offset) {
        if (partition.other_segment) return WaitOutcome::Complete;
        if (partition.fetch_offset < partition.end_offset) accumulated += partition.bytes_available;
    }
    return partition.diverges ? WaitOutcome::Complete : WaitOutcome::Wait;
}

void DelayedFetches::add(node::Env& env, FetchSessionCache& sessions, DelayedFetch&& fetch) {
    if (FetchSession* session = sessions.find(fetch.context.session_id)) session->waiting.push_back(fetch.id);
    for (const FetchItem& item : fetch.items) by_partition_[item.partition].push_back(fetch.id);
    fetch.timer = env.new_timer(node::Tag{kReplicaManager, ReplicaManager::kFetchTimeout, 0, fetch.id});
    env.arm(fetch.timer, from_millis(fetch.params.max_wait_ms));
    const uint64_t id = fetch.id;
    waiting_.emplace(id, std::move(fetch));
}

std::optional<DelayedFetch> DelayedFetches::take(node::Env& env, FetchSessionCache& sessions, uint64_t id) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) return std::nullopt;
    DelayedFetch fetch = std::move(found->second);
    waiting_.erase(found);
    env.free_timer(fetch.timer);
    if (FetchSession* session = sessions.find(fetch.context.session_id)) std::erase(session->waiting, id);
    for (const FetchItem& item : fetch.items) {
        const auto watched = by_partition_.find(item.partition);
        if (watched == by_partition_.end()) continue;
        std::erase(watched->second, id);
        if (watched->second.empty()) by_partition_.erase(watched);
    }
    return fetch;
}

const DelayedFetch* DelayedFetches::find(uint64_t id) const {
    const auto found = waiting_.find(id);
    return found == waiting_.end() ? nullptr : &found->second;
}

std::vector<uint64_t> DelayedFetches::concerned(FetchSessionCache& sessions, const TopicPartition& tp) const {
    std::vector<uint64_t> ids;
    const auto watched = by_partition_.find(tp);
    if (watched != by_partition_.end()) ids = watched->second;
    for (int32_t session_id : sessions.watchers(tp)) {
        const FetchSession* session = sessions.find(session_id);
        if (session) ids.insert(ids.end(), session->waiting.begin(), session->waiting.end());
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

}  // namespace kafkasim::broker
