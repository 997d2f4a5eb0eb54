// SPDX-License-Identifier: Apache-2.0
#pragma once
// How far a partition is replicated: the high watermark that a leader may announce. Everybody who is in sync
// counts, not a majority; a follower outside the ISR that
// was caught up lately holds it back too. Pure; called by Partition after an append, a follower's progress, a new
// leadership, a shrink.
// Kafka 3.0.0: kafka.cluster.Partition.maybeIncrementLeaderHW.

#include <optional>
#include <vector>

#include "core/broker/isr.hpp"

namespace kafkasim::broker {

/// The new high watermark, or nullopt if it does not move: it only ever rises here.
std::optional<int64_t> next_high_watermark(int64_t current, int64_t leader_end_offset,
                                           const std::vector<Replica>& followers, const IsrState& isr, Instant now,
                                           Duration lag_time_max);

}  // namespace kafkasim::broker
