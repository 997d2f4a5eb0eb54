// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which sessions are alive. Each packet of a session moves it to a later bucket, ((now + timeout) / tick + 1) *
// tick; a bucket whose time has come ends
// all sessions in it together. So a session really ends between timeout and timeout + tick after its last packet.
// Times: milliseconds since the run began.
// A value without effects: the server arms one timer for next_expiry().
// Apache ZooKeeper 3.6.3: org.apache.zookeeper.server.SessionTrackerImpl, ExpiryQueue.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kafkasim::zookeeper {

struct Session {
    int64_t id = 0;
    int32_t timeout_ms = 0;
    int64_t expires_ms = 0;  // its bucket
    bool operator==(const Session&) const = default;
};

class SessionTracker {
public:
    SessionTracker() = default;
    /// `server_id` is the high byte of the ids, the rest is the time of the start: 0x100000774e70000, ...1, ...2.
    SessionTracker(int32_t server_id, int32_t tick_time_ms, int64_t now_ms);

    int64_t open(int32_t timeout_ms, int64_t now_ms);
    /// A session known from the transaction log, with a fresh timeout.
    void restore(int64_t id, int32_t timeout_ms, int64_t now_ms);
    /// A packet came. False if there is no such session.
    bool touch(int64_t id, int64_t now_ms);
    void remove(int64_t id);
    const Session* find(int64_t id) const;
    std::vector<int64_t> ids() const;

    /// Takes off the sessions whose bucket has come.
    std::vector<Session> expire(int64_t now_ms);
    /// When the earliest bucket that holds a session comes.
    std::optional<int64_t> next_expiry() const;

    bool operator==(const SessionTracker&) const = default;

private:
    int64_t bucket_of(int64_t time_ms) const { return (time_ms / tick_time_ms_ + 1) * tick_time_ms_; }
    void place(Session& session, int64_t now_ms);

    int32_t tick_time_ms_ = 3000;
    int64_t next_id_ = 0;
    std::map<int64_t, Session> sessions_;
    std::map<int64_t, std::set<int64_t>> buckets_;
};

/// The timeout that the server grants: between 2 and 20 ticks.
int32_t negotiate_timeout_ms(int32_t requested_ms, int32_t tick_time_ms);
/// 16 bytes that a client needs to resume a session.
std::string session_password(int64_t session_id);
/// "0x100000774e70000"
std::string session_text(int64_t session_id);

}  // namespace kafkasim::zookeeper
