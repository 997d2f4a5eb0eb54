// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who leads a partition and who is in sync: what the state znode holds, what the controller decides and what
// LeaderAndIsr requests carry.
// Kafka 3.0.0: kafka.api.LeaderAndIsr.

#include "core/base/ids.hpp"

namespace kafkasim {

/// `leader` of a topic that is being deleted, in UpdateMetadata (LeaderAndIsr.LeaderDuringDelete).
inline constexpr BrokerId kLeaderDuringDelete{-2};
/// Epoch of a StopReplica for a topic that is being deleted, and where no epoch is known.
inline constexpr int32_t kEpochDuringDelete = -2;
inline constexpr int32_t kNoEpoch = -1;

struct LeaderAndIsr {
    BrokerId leader;
    int32_t leader_epoch = 0;
    std::vector<BrokerId> isr;
    int32_t zk_version = 0;
    bool operator==(const LeaderAndIsr&) const = default;
};

/// "LeaderAndIsr(leader=1, leaderEpoch=1, isr=List(1, 2), zkVersion=1)", as Kafka logs it.
std::string to_string(const LeaderAndIsr& state);

/// The replicas of a partition. `replicas` are all of them, preferred leader first; while a reassignment runs,
/// `adding` and `removing` name those that
/// come and go. Kafka 3.0.0: kafka.controller.ReplicaAssignment.
struct ReplicaAssignment {
    std::vector<BrokerId> replicas;
    std::vector<BrokerId> adding;
    std::vector<BrokerId> removing;
    bool operator==(const ReplicaAssignment&) const = default;

    bool being_reassigned() const { return !adding.empty() || !removing.empty(); }
};

}  // namespace kafkasim
