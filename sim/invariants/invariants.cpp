// SPDX-License-Identifier: Apache-2.0
#include "sim/invariants/invariants.hpp"

#include <array>

#include "sim/invariants/group_invariants.hpp"

namespace kafkasim::sim::invariants {

std::span<const Invariant> invariants() {
    static constexpr std::array<Invariant, 8> kAll{{
        {"WeakIsr", "Every presumed leader agrees with its own Isr below its high watermark.", weak_isr},
        {"StrongIsr", "Every presumed leader agrees with the true Isr below its high watermark.", strong_isr},
        {"LogMatching", "Two replicas never differ below both their high watermarks.", log_matching},
        {"TruncationConverges", "A follower that has cut its log does not differ from its leader.",
         truncation_converges},
        {"LeaderInIsr", "The registered leader is none or in the Isr.", leader_in_isr},
        {"ValidHighWatermark", "Every member of the true Isr has reached the leader's high watermark.",
         valid_high_watermark},
        {"OneLeaderPerEpoch", "No two brokers presume leadership in one leader epoch.", one_leader_per_epoch},
        {"MonotonicEpochs", "Leader epochs only grow.", monotonic_epochs},
    }};
    return kAll;
}

std::vector<std::string_view> invariant_names() {
    std::vector<std::string_view> names;
    for (const Invariant& invariant : invariants()) names.push_back(invariant.name);
    for (const GroupInvariant& invariant : group_invariants()) names.push_back(invariant.name);
    return names;
}

}  // namespace kafkasim::sim::invariants
