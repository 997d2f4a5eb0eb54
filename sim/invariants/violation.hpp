// SPDX-License-Identifier: Apache-2.0
#pragma once
// An invariant that broke, where and when. Only the first time of each invariant and partition is told.

#include <cstdint>
#include <string>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace kafkasim::sim::invariants {

struct Violation {
    std::string invariant;  // "WeakIsr"
    TopicPartition partition;
    Instant at;
    uint64_t event = 0;  // the trace event by which it broke
    std::string text;    // the facts, one sentence without its end
};

}  // namespace kafkasim::sim::invariants
