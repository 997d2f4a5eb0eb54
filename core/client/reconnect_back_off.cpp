// SPDX-License-Identifier: Apache-2.0
#include "core/client/reconnect_back_off.hpp"

#include <algorithm>

namespace kafkasim::client {

Duration back_off_step(Duration initial, Duration max, int32_t failures) {
    Duration step = initial;
    for (int32_t i = 0; i < failures && step < max; ++i) step *= 2;
    return std::min(step, std::max(initial, max));
}

Duration with_jitter(Duration step, uint64_t draw) {
    // 0.8 + draw / 10000
    return Duration{step.count() * (8000 + static_cast<int64_t>(draw)) / 10000};
}

}  // namespace kafkasim::client
