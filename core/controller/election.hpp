// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who becomes leader. Pure functions of a partition's assignment, its Isr and the brokers that are live or shutting
// down: the four algorithms, and
// the four strategies that make a new leader and Isr of their choice. The result carries in a sentence which
// replica was chosen and what ruled the
// others out. Called by elect_leaders.cpp (which reads and writes the state znodes) and preferred_balance.cpp.
// Kafka 3.0.0: kafka.controller.Election, PartitionLeaderElectionAlgorithms.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/leader_and_isr.hpp"

namespace kafkasim::controller {

struct Strategy {
    enum class Kind : uint8_t { OfflinePartition, ReassignPartition, PreferredReplica, ControlledShutdown };
    Kind kind = Kind::OfflinePartition;
    /// Of OfflinePartition only: an unclean leader may be elected whatever the topic's configuration says.
    bool allow_unclean = false;
    bool operator==(const Strategy&) const = default;
};
inline constexpr Strategy kOfflinePartition{Strategy::Kind::OfflinePartition, false};
inline constexpr Strategy kReassignPartition{Strategy::Kind::ReassignPartition, false};
inline constexpr Strategy kPreferredReplica{Strategy::Kind::PreferredReplica, false};
inline constexpr Strategy kControlledShutdown{Strategy::Kind::ControlledShutdown, false};

/// "OfflinePartitionLeaderElectionStrategy(false)", as Kafka prints it.
std::string to_string(const Strategy& strategy);

// The algorithms. `live` are replicas that may serve; for controlled shutdown those that are shutting down count as
// live.
std::optional<BrokerId> offline_partition_leader_election(const std::vector<BrokerId>& assignment,
                                                          const std::vector<BrokerId>& isr,
                                                          const std::vector<BrokerId>& live, bool unclean_enabled);
std::optional<BrokerId> reassign_partition_leader_election(const std::vector<BrokerId>& reassignment,
                                                           const std::vector<BrokerId>& isr,
                                                           const std::vector<BrokerId>& live);
std::optional<BrokerId> preferred_replica_partition_leader_election(const std::vector<BrokerId>& assignment,
                                                                    const std::vector<BrokerId>& isr,
                                                                    const std::vector<BrokerId>& live);
std::optional<BrokerId> controlled_shutdown_partition_leader_election(const std::vector<BrokerId>& assignment,
                                                                      const std::vector<BrokerId>& isr,
                                                                      const std::vector<BrokerId>& live,
                                                                      const std::vector<BrokerId>& shutting_down);

/// What an election looks at.
struct ElectionInput {
    LeaderAndIsr current;                 // as read from the state znode
    std::vector<BrokerId> assignment;     // for ReassignPartition: the target replicas
    std::vector<BrokerId> live;           // replicas on brokers that are up and not shutting down
    std::vector<BrokerId> shutting_down;  // brokers in controlled shutdown
    bool unclean_enabled = false;         // OfflinePartition only
};

struct ElectionResult {
    /// With the leader epoch one up and the zk_version still that of `current`; nullopt: nobody may lead.
    std::optional<LeaderAndIsr> elected;
    /// Who is told by LeaderAndIsr.
    std::vector<BrokerId> recipients;
    bool unclean = false;
    /// "broker 2 is the first of 1,2,3 that is live and in the Isr; 1 is shutting down"
    std::string why;
};

ElectionResult elect(const Strategy& strategy, const ElectionInput& input);

}  // namespace kafkasim::controller
