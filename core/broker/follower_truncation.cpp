// SPDX-License-Identifier: Apache-2.0
#include "core/broker/follower_truncation.hpp"

#include <algorithm>

namespace kafkasim::broker {

OffsetTruncation offset_truncation(const log::EpochEndOffset& leader, const log::EpochEndOffset& local,
                                   int64_t log_end_offset, int64_t fetch_offset) {
    if (leader.end_offset == log::kUndefinedEpochOffset) return {TruncationCase::UndefinedOffset, fetch_offset, true};
    if (leader.epoch == log::kUndefinedEpoch)
        return {TruncationCase::UndefinedEpoch, std::min(leader.end_offset, log_end_offset), true};
    if (local.end_offset == log::kUndefinedEpochOffset)
        return {TruncationCase::NoLocalEpoch, std::min(leader.end_offset, log_end_offset), true};
    if (local.epoch != leader.epoch)
        return {TruncationCase::OtherLocalEpoch, std::min(local.end_offset, log_end_offset), false};
    return {TruncationCase::SameEpoch, std::min({local.end_offset, leader.end_offset, log_end_offset}), true};
}

}  // namespace kafkasim::broker
