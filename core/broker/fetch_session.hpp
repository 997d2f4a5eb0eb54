// SPDX-License-Identifier: Apache-2.0
#pragma once
// Fetch sessions of a leader: a fetcher names its partitions once and afterwards only what changed, and is answered
// only what changed. The cache decides whether
// a request opens, continues or breaks a session, which partitions a fetch has to look at, and who is evicted when
// it is full.
// Called by ReplicaManager's fetch handler. A value; offsets are log offsets.
//
// Kafka reads every partition of a session at every fetch. Here a partition that can have nothing new is `settled`
// and costs nothing: it was read to the end, what was
// answered is still true, and its follower is a member of the ISR. Whatever changes a partition (append, high
// watermark, role, ISR) touches it first, which
// makes it `dirty` again in all sessions. The fetch time of a settled follower is the session's `last_read`, handed
// to the partition before it is touched, so
// the caught-up times are those that Kafka would have.
// Kafka 3.0.0: kafka.server.FetchSession, FetchSessionCache, FetchManager.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/base/error_code.hpp"
#include "core/base/time.hpp"
#include "core/node/env.hpp"
#include "core/protocol/fetch.hpp"

namespace kafkasim::broker {

using FetchPartition = protocol::FetchRequest::FetchPartition;
using FetchPartitionData = protocol::FetchResponse::PartitionData;

inline constexpr int32_t kInvalidSessionId = 0;
inline constexpr int32_t kInitialSessionEpoch = 0;
inline constexpr int32_t kFinalSessionEpoch = -1;
/// 1, 2, ... and after the greatest number 1 again; the final epoch stays.
int32_t next_session_epoch(int32_t epoch);

/// One partition of one fetch.
struct FetchItem {
    TopicPartition partition;
    FetchPartition request;
};

struct CachedPartition {
    FetchPartition request;       // as last named by the fetcher
    int64_t high_watermark = -1;  // as last answered
    int64_t log_start_offset = -1;
    uint64_t order = 0;  // place in the session; grows
    bool dirty = true;

    /// Whether an incremental answer must name the partition; remembers what is answered. Kafka 3.0.0:
    /// CachedPartition.maybeUpdateResponseData.
    bool update_response(const FetchPartitionData& data);
};

struct FetchSession {
    int32_t id = kInvalidSessionId;
    int32_t epoch = 1;        // expected of the next request
    bool privileged = false;  // a follower's
    BrokerId replica_id;
    Instant created;
    Instant last_used;
    Instant last_read;
    uint64_t next_order = 0;
    std::map<TopicPartition, CachedPartition> partitions;
    std::map<uint64_t, TopicPartition> dirty;  // in session order
    std::vector<uint64_t> waiting;             // ids of delayed fetches

    void add(const TopicPartition& tp, const FetchPartition& request);
    void make_dirty(const TopicPartition& tp, CachedPartition& cached);
    void settle(CachedPartition& cached);
    void move_to_end(const TopicPartition& tp, CachedPartition& cached);
};

/// Which session must go so that a new one of `size` partitions fits; nullopt if none may. Kafka 3.0.0:
/// FetchSessionCache.tryEvict.
std::optional<int32_t> session_to_evict(const std::map<int32_t, FetchSession>& sessions, bool privileged, size_t size,
                                        Instant now);

class FetchSessionCache {
public:
    static constexpr size_t kSlots = 1000;  // max.incremental.fetch.session.cache.slots (Simplified: its default)
    static constexpr Duration kEvictionTime = Seconds{120};

    enum class Kind : uint8_t { Sessionless, Full, Incremental, Refused };
    /// How a request is to be treated. Kafka 3.0.0: FetchContext.
    struct Context {
        Kind kind = Kind::Sessionless;
        ErrorCode error = ErrorCode::None;  // of Refused
        int32_t session_id = kInvalidSessionId;
        int32_t expected_epoch = 0;  // of the session when the answer is made
    };

    /// Sessions that the request closed are put into `closed`.
    Context open(const protocol::FetchRequest& request, Instant now, std::vector<FetchSession>& closed);
    /// A session for a full fetch that is being answered; its id, or 0 if there is no room.
    int32_t create(node::Chance& chance, BrokerId replica_id, const std::vector<FetchItem>& items, Instant now,
                   std::vector<FetchSession>& closed);

    FetchSession* find(int32_t session_id);
    /// Ids of the sessions that hold this partition.
    std::span<const int32_t> watchers(const TopicPartition& tp) const;
    size_t size() const { return sessions_.size(); }

private:
    Context continue_session(const protocol::FetchRequest& request, Instant now, std::vector<FetchSession>& closed);
    void close(int32_t session_id, std::vector<FetchSession>& closed);
    void watch(const TopicPartition& tp, int32_t session_id);
    void unwatch(const TopicPartition& tp, int32_t session_id);

    std::map<int32_t, FetchSession> sessions_;
    std::map<TopicPartition, std::vector<int32_t>> watchers_;
};

}  // namespace kafkasim::broker
