// SPDX-License-Identifier: Apache-2.0
#pragma once
// How long a client waits before it tries a node again, in microseconds so that no floating point is needed.
// Kafka 3.0.0: org.apache.kafka.common.utils.ExponentialBackoff as used by ClusterConnectionStates.

#include <cstdint>

#include "core/base/time.hpp"

namespace kafkasim::client {

/// initial * 2^min(n, log2(max / initial)), before jitter: 50, 100, 200, 400, 800, 1000 ms for 50 and 1000.
Duration back_off_step(Duration initial, Duration max, int32_t failures);
/// `step` * [0.8, 1.2), the ratio drawn as `draw` out of 4000.
Duration with_jitter(Duration step, uint64_t draw);
inline constexpr uint64_t kJitterDraws = 4000;

}  // namespace kafkasim::client
