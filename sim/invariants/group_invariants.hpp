// SPDX-License-Identifier: Apache-2.0
#pragma once
// What must hold of every consumer group at every moment, one file per invariant, each a pure function over a snapshot
// that answers what is wrong, in words, or nothing. They say what 3.0.0 promises, and no more; where people often
// expect more, the function says why it is not promised. Called by GroupChecker.

#include <span>
#include <string_view>

#include "sim/invariants/group_snapshot.hpp"
#include "sim/invariants/invariants.hpp"

namespace kafkasim::sim::invariants {

/// No two consumers take one partition for their own in one generation. Across generations they may: who was thrown out
/// reads on until it hears of it. Nor is it promised of a static member whose group.instance.id another process has
/// taken: the generation goes on, and the first is fenced when it asks again.
Broken one_owner_per_generation(const GroupSnapshot& group);
/// A coordinator stores no offset that came with a member id or a generation that is not the group's. A commit without
/// both is for a group without members.
Broken no_commit_from_old_generation(const GroupSnapshot& group);
/// What one member commits for a partition in one generation at one coordinator only grows, unless its position was set
/// back. A coordinator that was away and does not know yet that there is another takes old requests for new, and they
/// come to nothing: its followers have gone. Between two owners it grows only if both promises below hold and nobody
/// resets; it is not asked for again here.
Broken committed_offsets_grow(const GroupSnapshot& group);
/// What was committed is found by the next coordinator of the group: a commit is answered when all in-sync replicas
/// have it (offsets.commit.required.acks=-1). It may be newer: a commit that failed can be in the log all the same.
Broken committed_offsets_survive(const GroupSnapshot& group);
/// The position of a member of the running generation is not below what its group has committed, unless it was set
/// back: it asks for it when it gets a partition, and is not answered while a commit is on its way to the log
/// (UNSTABLE_OFFSET_COMMIT). Not promised against members of older generations, nor for a commit that failed and came
/// back with the log (CommittedView::known).
Broken position_not_behind_committed(const GroupSnapshot& group);
/// The generation of a group only grows, on one coordinator and from one to the next: before anybody hears of an
/// assignment it is in the log of all in-sync replicas. It begins anew when the group was deleted.
Broken generation_grows(const GroupSnapshot& group);
/// When a group becomes Stable, its members have every partition of the topics that they subscribe to exactly once, and
/// of each topic that the member itself subscribes to: partitions 0 to the highest that the leader knew of.
/// Cooperative: a partition that a member held on joining may be left out, to be given away by the rebalance that
/// follows.
Broken assignment_covers(const GroupSnapshot& group);

using GroupInvariant = InvariantOf<GroupSnapshot>;

/// All of them, in the order in which they are checked.
std::span<const GroupInvariant> group_invariants();

}  // namespace kafkasim::sim::invariants
