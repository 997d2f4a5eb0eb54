// SPDX-License-Identifier: Apache-2.0
#pragma once
// Our own seeded generator: xoshiro256** seeded by splitmix64. The standard library's distributions differ between
// libraries, so a run
// could not be repeated elsewhere; these numbers are the same everywhere. Only integers and ratios are drawn, no
// floating point.
//
// One seed gives a run; each concern draws from its own named stream (`stream(seed, "network")`), so that a new
// draw in one place does
// not move what happens in another. A generator is a value: copy it and both copies go on alike.
// Called by the world (latencies, faults, workloads) and, through Env, by what a node draws (topic ids, the sticky
// partition, member ids).

#include <array>
#include <cstdint>
#include <string_view>

namespace kafkasim {

/// One step of splitmix64: spreads every bit of `value` over the whole result.
constexpr uint64_t splitmix64(uint64_t value) {
    value += 0x9E3779B97F4A7C15ULL;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31);
}

class Prng {
public:
    explicit Prng(uint64_t seed = 0);

    /// 64 even bits.
    uint64_t next();
    /// An unbiased integer in [0, bound); 0 when bound is 0 or 1. A call may draw more than once.
    uint64_t below(uint64_t bound);
    /// An unbiased integer in [low, high], both ends included. `high` below `low` counts as `low`.
    int64_t between(int64_t low, int64_t high);
    /// True in `numerator` of `denominator` cases. Always draws exactly like below(denominator), also when the
    /// answer is certain.
    bool chance(uint64_t numerator, uint64_t denominator);

    bool operator==(const Prng&) const = default;

private:
    std::array<uint64_t, 4> state_;
};

/// The generator of one concern of a run. Streams with different names or seeds are independent of each other.
Prng stream(uint64_t seed, std::string_view name);
/// A stream of a stream, for the n-th of many alike: `stream(seed, "client", 7)`.
Prng stream(uint64_t seed, std::string_view name, uint64_t index);

}  // namespace kafkasim
