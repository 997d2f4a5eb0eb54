// SPDX-License-Identifier: Apache-2.0
#include "core/broker/high_watermark.hpp"

#include <algorithm>

namespace kafkasim::broker {

namespace {

bool caught_up(const Replica& follower, Instant now, Duration lag_time_max) {
    return follower.last_caught_up_time && now - *follower.last_caught_up_time <= lag_time_max;
}

}  // namespace

std::optional<int64_t> next_high_watermark(int64_t current, int64_t leader_end_offset,
                                           const std::vector<Replica>& followers, const IsrState& isr, Instant now,
                                           Duration lag_time_max) {
    int64_t next = leader_end_offset;
    for (const Replica& follower : followers) {
        if (isr.in_maximal_isr(follower.id) || caught_up(follower, now, lag_time_max))
            next = std::min(next, follower.log_end_offset);
    }
    if (next <= current) return std::nullopt;
    return next;
}

}  // namespace kafkasim::broker
