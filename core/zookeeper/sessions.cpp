// SPDX-License-Identifier: Apache-2.0
#include "core/zookeeper/sessions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/random.hpp"

namespace kafkasim::zookeeper {

SessionTracker::SessionTracker(int32_t server_id, int32_t tick_time_ms, int64_t now_ms)
    : tick_time_ms_(tick_time_ms),
      // SessionTrackerImpl.initializeNextSessionId: (time << 24) >>> 8, the server's id in the high byte.
      next_id_(static_cast<int64_t>(((static_cast<uint64_t>(now_ms) << 24) >> 8) |
                                    (static_cast<uint64_t>(server_id) << 56))) {}

int64_t SessionTracker::open(int32_t timeout_ms, int64_t now_ms) {
    const int64_t id = next_id_++;
    restore(id, timeout_ms, now_ms);
    return id;
}

void SessionTracker::restore(int64_t id, int32_t timeout_ms, int64_t now_ms) {
    Session& session = sessions_[id];
    session.id = id;
    session.timeout_ms = timeout_ms;
    place(session, now_ms);
}

void SessionTracker::place(Session& session, int64_t now_ms) {
    const int64_t bucket = bucket_of(now_ms + session.timeout_ms);
    if (bucket == session.expires_ms) return;
    const auto old = buckets_.find(session.expires_ms);
    if (old != buckets_.end()) {
        old->second.erase(session.id);
        if (old->second.empty()) buckets_.erase(old);
    }
    session.expires_ms = bucket;
    buckets_[bucket].insert(session.id);
}

bool SessionTracker::touch(int64_t id, int64_t now_ms) {
    const auto found = sessions_.find(id);
    if (found == sessions_.end()) return false;
    place(found->second, now_ms);
    return true;
}

void SessionTracker::remove(int64_t id) {
    const auto found = sessions_.find(id);
    if (found == sessions_.end()) return;
    const auto bucket = buckets_.find(found->second.expires_ms);
    if (bucket != buckets_.end()) {
        bucket->second.erase(id);
        if (bucket->second.empty()) buckets_.erase(bucket);
    }
    sessions_.erase(found);
}

const Session* SessionTracker::find(int64_t id) const {
    const auto found = sessions_.find(id);
    return found == sessions_.end() ? nullptr : &found->second;
}

std::vector<int64_t> SessionTracker::ids() const {
    std::vector<int64_t> ids;
    for (const auto& [id, session] : sessions_) ids.push_back(id);
    return ids;
}

std::vector<Session> SessionTracker::expire(int64_t now_ms) {
    std::vector<Session> expired;
    while (!buckets_.empty() && buckets_.begin()->first <= now_ms) {
        for (int64_t id : buckets_.begin()->second) {
            expired.push_back(sessions_.at(id));
            sessions_.erase(id);
        }
        buckets_.erase(buckets_.begin());
    }
    return expired;
}

std::optional<int64_t> SessionTracker::next_expiry() const {
    if (buckets_.empty()) return std::nullopt;
    return buckets_.begin()->first;
}

int32_t negotiate_timeout_ms(int32_t requested_ms, int32_t tick_time_ms) {
    return std::clamp(requested_ms, 2 * tick_time_ms, 20 * tick_time_ms);
}

std::string session_password(int64_t session_id) {
    // Anything that only the server can know; the real one draws from a generator seeded with the id and this
    // constant.
    constexpr uint64_t kSuperSecret = 0xB3415C00ULL;
    uint64_t state = static_cast<uint64_t>(session_id) ^ kSuperSecret;
    std::string password;
    for (int i = 0; i < 16; ++i) {
        state = splitmix64(state);
        password.push_back(static_cast<char>(state & 0xFF));
    }
    return password;
}

std::string session_text(int64_t session_id) { return fmt::format("0x{:x}", static_cast<uint64_t>(session_id)); }

}  // namespace kafkasim::zookeeper
