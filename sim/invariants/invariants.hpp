// SPDX-License-Identifier: Apache-2.0
#pragma once
// What must hold of every partition at every moment, one file per invariant, named and meant as in the literature
// (hachikuji/kafka-specification; Vanlightly's LogMatching). Each is a pure function over a snapshot that answers what
// is wrong, in words, or nothing. They hold in 3.0.0 as long as nobody allows an unclean election and no machine loses
// what was not flushed; they break under the older rule sets, which is what these are known for.
// Called by InvariantChecker.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/invariants/snapshot.hpp"

namespace kafkasim::sim::invariants {

using Broken = std::optional<std::string>;

/// Every presumed leader agrees with all members of its own Isr below its high watermark.
Broken weak_isr(const PartitionSnapshot& partition);
/// Every presumed leader agrees with all members of the true Isr, in ZooKeeper, below its high watermark: what
/// consumers saw survives any clean election.
Broken strong_isr(const PartitionSnapshot& partition);
/// Two replicas never differ below both their high watermarks.
Broken log_matching(const PartitionSnapshot& partition);
/// A follower that has cut its log to that of its leader, in the leader's epoch, does not differ from it.
Broken truncation_converges(const PartitionSnapshot& partition);
/// The registered leader is none or in the Isr.
Broken leader_in_isr(const PartitionSnapshot& partition);
/// Every member of the true Isr has reached the high watermark of the leader of that epoch.
Broken valid_high_watermark(const PartitionSnapshot& partition);
/// No two brokers presume leadership in one leader epoch.
Broken one_leader_per_epoch(const PartitionSnapshot& partition);
/// The leader epoch in the state znode, and that of each replica, only grows.
Broken monotonic_epochs(const PartitionSnapshot& partition);

template <typename Snapshot>
struct InvariantOf {
    std::string_view name;  // "WeakIsr"
    std::string_view about;
    Broken (*check)(const Snapshot& snapshot);
};
using Invariant = InvariantOf<PartitionSnapshot>;

/// All of them, in the order in which they are checked.
std::span<const Invariant> invariants();
/// The names of these and of those of groups (group_invariants.hpp): all that `breaks` may list.
std::vector<std::string_view> invariant_names();

}  // namespace kafkasim::sim::invariants
