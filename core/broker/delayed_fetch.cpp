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
    const node::Tag tag{kReplicaManager, ReplicaManager::kFetchTimeout, 0, fetch.id};
    const Duration timeout = from_millis(fetch.params.max_wait_ms);
    purgatory_.add(env, std::move(fetch), tag, timeout);
}

std::optional<DelayedFetch> DelayedFetches::take(node::Env& env, FetchSessionCache& sessions, uint64_t id) {
    auto fetch = purgatory_.take(env, id);
    if (!fetch) return fetch;
    if (FetchSession* session = sessions.find(fetch->context.session_id)) std::erase(session->waiting, id);
    return fetch;
}

std::vector<uint64_t> DelayedFetches::concerned(FetchSessionCache& sessions, const TopicPartition& tp) const {
    std::vector<uint64_t> ids = purgatory_.concerned(tp);
    for (int32_t session_id : sessions.watchers(tp)) {
        const FetchSession* session = sessions.find(session_id);
        if (session) ids.insert(ids.end(), session->waiting.begin(), session->waiting.end());
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

}  // namespace kafkasim::broker
