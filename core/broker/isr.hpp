// SPDX-License-Identifier: Apache-2.0
#pragma once
// The in-sync replicas of a partition as its leader sees them, and the decisions about them: who has fallen out,
// who may come back, and what the list looks
// like afterwards. Pure functions; Partition applies them and the alterIsr channel proposes the result to the
// controller. While a proposal is on its
// way the state is pending: the committed ISR still counts for min.insync.replicas before an append, the larger of
// old and new (`maximal_isr`) for the
// high watermark. Times are virtual; offsets are log offsets, -1 is unknown.
// Kafka 3.0.0: kafka.cluster.IsrState (CommittedIsr, PendingExpandIsr, PendingShrinkIsr), kafka.cluster.Replica,
// kafka.cluster.Partition
// (getOutOfSyncReplicas, isFollowerOutOfSync, needsExpandIsr).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace kafkasim::broker {

inline constexpr int64_t kUnknownOffset = -1;

/// What the leader knows of one follower. A time that is absent is "long ago" (Kafka writes 0 there).
struct Replica {
    BrokerId id;
    int64_t log_end_offset = kUnknownOffset;
    int64_t log_start_offset = kUnknownOffset;
    int64_t last_fetch_leader_log_end_offset = kUnknownOffset;
    std::optional<Instant> last_fetch_time;
    std::optional<Instant> last_caught_up_time;
    bool operator==(const Replica&) const = default;

    /// A fetch at `fetch_offset` that found the leader's log ending at `leader_end_offset`. A follower that is
    /// always less than one
    /// fetch behind counts as caught up. Kafka 3.0.0: Replica.updateFetchState.
    void update_fetch_state(int64_t fetch_offset, int64_t start_offset, Instant now, int64_t leader_end_offset);
    /// Kafka 3.0.0: Replica.resetLastCaughtUpTime.
    void reset_last_caught_up(int64_t leader_end_offset, Instant now, std::optional<Instant> caught_up);
    /// A new leader knows nothing of its followers until they fetch.
    void forget_position();
};

struct IsrState {
    enum class Kind : uint8_t { Committed, PendingExpand, PendingShrink };
    Kind kind = Kind::Committed;
    std::vector<BrokerId> isr;     // committed
    std::vector<BrokerId> change;  // what a pending expand adds, what a pending shrink takes out
    bool operator==(const IsrState&) const = default;

    bool in_flight() const { return kind != Kind::Committed; }
    std::vector<BrokerId> maximal_isr() const;
    bool in_maximal_isr(BrokerId id) const;
    size_t maximal_size() const { return isr.size() + (kind == Kind::PendingExpand ? change.size() : 0); }
    /// What is sent to the controller.
    std::vector<BrokerId> proposed_isr() const;
};

IsrState committed_isr(const std::vector<BrokerId>& isr);
/// "PendingExpandIsr(isr=Set(1, 2), newInSyncReplicaId=3)", as Kafka logs it.
std::string to_string(const IsrState& state);

/// scala.collection.immutable.Set1 to Set4 keep the order of insertion; larger sets and maps are hash sets and print so.
inline constexpr size_t kScalaSmallSet = 4;

/// The order in which a scala.collection.immutable.Set of these ids iterates: as inserted up to 4 members, hash
/// order beyond.
std::vector<BrokerId> scala_set_order(const std::vector<BrokerId>& ids);

/// Fallen behind: not at the leader's end and not caught up for longer than `lag_time_max`. A follower at the
/// leader's end is never out of
/// sync, however long it has been silent; one whose position is unknown is.
bool out_of_sync(const Replica& follower, int64_t leader_end_offset, Instant now, Duration lag_time_max);

/// Members of the committed ISR that have fallen behind or are no longer assigned, in ISR order.
std::vector<BrokerId> out_of_sync_replicas(const std::vector<BrokerId>& isr, BrokerId leader,
                                           const std::vector<Replica>& followers, int64_t leader_end_offset,
                                           Instant now, Duration lag_time_max);

/// The state to propose, or nullopt if nobody is out of sync or a proposal is on its way.
std::optional<IsrState> maybe_shrink(const IsrState& state, const std::vector<BrokerId>& out_of_sync_ids);

/// A follower that just fetched at its end offset may enter: nothing pending, not a member, at or beyond the high
/// watermark and the start of the
/// leader's epoch. Nothing else is asked in 3.0.0 (not whether it is alive or about to stop: KAFKA-14140).
std::optional<IsrState> maybe_expand(const IsrState& state, BrokerId follower, int64_t follower_end_offset,
                                     int64_t high_watermark, std::optional<int64_t> leader_epoch_start_offset);

}  // namespace kafkasim::broker
