// SPDX-License-Identifier: Apache-2.0
#pragma once
// Fetches that wait until there is something to answer: at most max_wait, at least min_bytes. Holds them by id,
// finds those that a partition concerns, and owns their
// timers (made when an operation starts to wait, freed when it ends). What completes one is decided by the pure
// function `evaluate_waiting_fetch`.
// Kafka 3.0.0: kafka.server.DelayedFetch in the purgatory "Fetch".

#include <cstdint>
#include <vector>

#include "core/broker/fetch_session.hpp"
#include "core/broker/purgatory.hpp"
#include "core/node/request_token.hpp"

namespace kafkasim::broker {

struct FetchParams {
    BrokerId replica_id = kNoBroker;
    int32_t max_wait_ms = 0;
    int32_t min_bytes = 0;
    int32_t max_bytes = 0;
    bool from_follower() const { return replica_id.value >= 0; }
};

struct DelayedFetch {
    uint64_t id = 0;
    node::RequestToken token;
    FetchParams params;
    FetchSessionCache::Context context;
    std::vector<FetchItem> items;  // of a full or sessionless fetch; an incremental one looks at its session
    node::TimerId timer = node::TimerId::None;

    const std::vector<FetchItem>& watched() const { return items; }
};

/// What a waiting fetch sees of one of its partitions.
struct WaitingPartition {
    ErrorCode error = ErrorCode::None;  // not leader, not hosted, offline, or another leader epoch than asked for
    int64_t fetch_offset = 0;
    int64_t end_offset = 0;       // what this fetcher may read up to
    bool other_segment = false;   // end offset and fetch offset lie in different segments
    int64_t bytes_available = 0;  // up to the end offset, at most the partition's limit
    bool diverges = false;        // last_fetched_epoch is no longer on the leader's history
};
enum class WaitOutcome : uint8_t { Wait, Complete };
/// `accumulated` sums the bytes over the partitions of one look.
WaitOutcome evaluate_waiting_fetch(const WaitingPartition& partition, int64_t& accumulated);

class DelayedFetches {
public:
    /// Starts to wait; arms the timer.
    void add(node::Env& env, FetchSessionCache& sessions, DelayedFetch&& fetch);
    /// Ends the waiting; nullopt if it is over already.
    std::optional<DelayedFetch> take(node::Env& env, FetchSessionCache& sessions, uint64_t id);
    const DelayedFetch* find(uint64_t id) { return purgatory_.find(id); }
    /// Ids of those that this partition concerns, oldest first.
    std::vector<uint64_t> concerned(FetchSessionCache& sessions, const TopicPartition& tp) const;
    size_t size() const { return purgatory_.size(); }
    uint64_t next_id() { return purgatory_.next_id(); }

private:
    Purgatory<DelayedFetch> purgatory_;  // a fetch of a session watches what its session has
};

}  // namespace kafkasim::broker
