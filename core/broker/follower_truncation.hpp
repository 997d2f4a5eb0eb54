// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a follower cuts its log when the leader says that their histories part. Pure.
// Kafka 3.0.0: kafka.server.AbstractFetcherThread.getOffsetTruncationState.

#include "core/log/leader_epoch_cache.hpp"

namespace kafkasim::broker {

enum class TruncationCase : uint8_t {
    UndefinedOffset,  // the leader does not know the epoch at all
    UndefinedEpoch,   // the leader answered an offset only
    NoLocalEpoch,     // the leader's epoch is older than all of ours
    OtherLocalEpoch,  // the leader's epoch is not ours: cut to the end of our next lower one and ask again
    SameEpoch,
};

struct OffsetTruncation {
    TruncationCase rule = TruncationCase::SameEpoch;
    int64_t offset = 0;
    bool completed = true;
    bool operator==(const OffsetTruncation&) const = default;
};

/// `leader` is the leader's answer, `local` the follower's own end of the leader's epoch.
OffsetTruncation offset_truncation(const log::EpochEndOffset& leader, const log::EpochEndOffset& local,
                                   int64_t log_end_offset, int64_t fetch_offset);

}  // namespace kafkasim::broker
