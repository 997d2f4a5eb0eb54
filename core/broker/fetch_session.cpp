// SPDX-License-Identifier: Apache-2.0
#include "core/broker/fetch_session.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace kafkasim::broker {

int32_t next_session_epoch(int32_t epoch) {
    if (epoch < 0) return kFinalSessionEpoch;
    return epoch == std::numeric_limits<int32_t>::max() ? 1 : epoch + 1;
}

bool CachedPartition::update_response(const FetchPartitionData& data) {
    bool respond = !data.records.empty();
    if (high_watermark != data.high_watermark || log_start_offset != data.log_start_offset) respond = true;
    high_watermark = data.high_watermark;
    log_start_offset = data.log_start_offset;
    if (data.error_code != ErrorCode::None) {
        high_watermark = -1;  // so that the partition is named again when the error goes
        respond = true;
    }
    if (data.preferred_read_replica.value >= 0 || data.diverging_epoch.epoch >= 0) respond = true;
    return respond;
}

void FetchSession::make_dirty(const TopicPartition& tp, CachedPartition& cached) {
    cached.dirty = true;
    dirty.emplace(cached.order, tp);
}

void FetchSession::add(const TopicPartition& tp, const FetchPartition& request) {
    const auto [at, is_new] = partitions.try_emplace(tp);
    at->second.request = request;
    if (is_new) at->second.order = next_order++;
    make_dirty(tp, at->second);
}

void FetchSession::settle(CachedPartition& cached) {
    cached.dirty = false;
    dirty.erase(cached.order);
}

void FetchSession::move_to_end(const TopicPartition& tp, CachedPartition& cached) {
    dirty.erase(cached.order);
    cached.order = next_order++;
    if (cached.dirty) dirty.emplace(cached.order, tp);
}

std::optional<int32_t> session_to_evict(const std::map<int32_t, FetchSession>& sessions, bool privileged, size_t size,
                                        Instant now) {
    const FetchSession* oldest = nullptr;
    const FetchSession* smallest = nullptr;
    const auto key = [](const FetchSession& s) { return std::tuple(s.privileged, s.partitions.size(), s.id); };
    for (const auto& [id, session] : sessions) {
        if (!oldest || session.last_used < oldest->last_used) oldest = &session;
        const bool aged = session.last_used - session.created > FetchSessionCache::kEvictionTime;
        const bool evictable = aged || (privileged && !session.privileged);
        if (evictable && (!smallest || key(session) < key(*smallest))) smallest = &session;
    }
    if (oldest && now - oldest->last_used > FetchSessionCache::kEvictionTime) return oldest->id;
    if (!smallest || std::tuple(privileged, size, int32_t{0}) < key(*smallest)) return std::nullopt;
    return smallest->id;
}

FetchSessionCache::Context FetchSessionCache::open(const protocol::FetchRequest& request, Instant now,
                                                   std::vector<FetchSession>& closed) {
    if (request.session_epoch != kInitialSessionEpoch && request.session_epoch != kFinalSessionEpoch)
        return continue_session(request, now, closed);
    if (request.session_id != kInvalidSessionId) close(request.session_id, closed);
    Context context;
    context.kind = request.session_epoch == kFinalSessionEpoch ? Kind::Sessionless : Kind::Full;
    return context;
}

FetchSessionCache::Context FetchSessionCache::continue_session(const protocol::FetchRequest& request, Instant now,
                                                               std::vector<FetchSession>& closed) {
    Context context;
    context.session_id = request.session_id;
    FetchSession* session = find(request.session_id);
    if (!session || session->epoch != request.session_epoch) {
        context.kind = Kind::Refused;
        context.error = session ? ErrorCode::InvalidFetchSessionEpoch : ErrorCode::FetchSessionIdNotFound;
        context.session_id = kInvalidSessionId;
        return context;
    }
    for (const auto& topic : request.topics) {
        for (const FetchPartition& asked : topic.partitions) {
            const TopicPartition tp{topic.topic, asked.partition};
            if (!session->partitions.contains(tp)) watch(tp, session->id);
            session->add(tp, asked);
        }
    }
    for (const auto& topic : request.forgotten_topics_data) {
        for (int32_t index : topic.partitions) {
            const TopicPartition tp{topic.topic, index};
            const auto found = session->partitions.find(tp);
            if (found == session->partitions.end()) continue;
            session->dirty.erase(found->second.order);
            session->partitions.erase(found);
            unwatch(tp, session->id);
        }
    }
    if (session->partitions.empty()) {
        close(session->id, closed);
        context.kind = Kind::Sessionless;
        context.session_id = kInvalidSessionId;
        return context;
    }
    session->last_used = now;
    session->epoch = next_session_epoch(session->epoch);
    context.kind = Kind::Incremental;
    context.expected_epoch = session->epoch;
    return context;
}

int32_t FetchSessionCache::create(node::Chance& chance, BrokerId replica_id, const std::vector<FetchItem>& items,
                                  Instant now, std::vector<FetchSession>& closed) {
    const bool privileged = replica_id.value >= 0;
    if (sessions_.size() >= kSlots) {
        const std::optional<int32_t> victim = session_to_evict(sessions_, privileged, items.size(), now);
        if (!victim) return kInvalidSessionId;
        close(*victim, closed);
    }
    int32_t id = kInvalidSessionId;
    do {
        id = static_cast<int32_t>(chance.below(node::Stream::Sessions, std::numeric_limits<int32_t>::max() - 1)) + 1;
    } while (sessions_.contains(id));

    FetchSession session;
    session.id = id;
    session.privileged = privileged;
    session.replica_id = replica_id;
    session.created = session.last_used = session.last_read = now;
    for (const FetchItem& item : items) {
        if (!session.partitions.contains(item.partition)) watch(item.partition, id);
        session.add(item.partition, item.request);
    }
    sessions_.emplace(id, std::move(session));
    return id;
}

FetchSession* FetchSessionCache::find(int32_t session_id) {
    const auto found = sessions_.find(session_id);
    return found == sessions_.end() ? nullptr : &found->second;
}

std::span<const int32_t> FetchSessionCache::watchers(const TopicPartition& tp) const {
    const auto found = watchers_.find(tp);
    if (found == watchers_.end()) return {};
    return found->second;
}

void FetchSessionCache::close(int32_t session_id, std::vector<FetchSession>& closed) {
    const auto found = sessions_.find(session_id);
    if (found == sessions_.end()) return;
    for (const auto& [tp, cached] : found->second.partitions) unwatch(tp, session_id);
    closed.push_back(std::move(found->second));
    sessions_.erase(found);
}

void FetchSessionCache::watch(const TopicPartition& tp, int32_t session_id) { watchers_[tp].push_back(session_id); }

void FetchSessionCache::unwatch(const TopicPartition& tp, int32_t session_id) {
    const auto found = watchers_.find(tp);
    if (found == watchers_.end()) return;
    std::erase(found->second, session_id);
    if (found->second.empty()) watchers_.erase(found);
}

}  // namespace kafkasim::broker
