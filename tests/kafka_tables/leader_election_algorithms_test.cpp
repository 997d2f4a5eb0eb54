// SPDX-License-Identifier: Apache-2.0
// The 13 cases of Kafka 3.0.0's PartitionLeaderElectionAlgorithmsTest, by their names, against the pure functions of
// core/controller/election. Our further cases are in tests/controller/election_test.cpp.
#include <string>
#include <vector>

#include "core/controller/election.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::controller;

namespace {

using Ids = std::vector<BrokerId>;
using Kind = Strategy::Kind;

struct Row {
    std::string name;
    Kind algorithm;
    Ids replicas;  // the assignment; of a reassignment the target replicas
    Ids isr;
    Ids live;
    Ids shutting_down;
    bool unclean;
    std::optional<int32_t> leader;
};

Ids ids(std::initializer_list<int32_t> numbers) { return broker_ids(numbers); }
const std::optional<int32_t> kNone;

// clang-format off
const std::vector<Row> kRows = {
    {"testOfflinePartitionLeaderElection",                                         Kind::OfflinePartition,   ids({2, 4}), ids({2, 4}), ids({4}),    {},            false,  4},
    {"testOfflinePartitionLeaderElectionLastIsrOfflineUncleanLeaderElectionDisabled",
                                                                                   Kind::OfflinePartition,   ids({2, 4}), ids({2}),    ids({4}),    {},            false,  kNone},
    {"testOfflinePartitionLeaderElectionLastIsrOfflineUncleanLeaderElectionEnabled",
                                                                                   Kind::OfflinePartition,   ids({2, 4}), ids({2}),    ids({4}),    {},            true,   4},
    {"testReassignPartitionLeaderElection",                                        Kind::ReassignPartition,  ids({2, 4}), ids({2, 4}), ids({4}),    {},            false,  4},
    {"testReassignPartitionLeaderElectionWithNoLiveIsr",                           Kind::ReassignPartition,  ids({2, 4}), ids({2}),    {},          {},            false,  kNone},
    {"testReassignPartitionLeaderElectionWithEmptyIsr",                            Kind::ReassignPartition,  ids({2, 4}), {},          ids({2}),    {},            false,  kNone},
    {"testPreferredReplicaPartitionLeaderElection",                                Kind::PreferredReplica,   ids({2, 4}), ids({2, 4}), ids({2, 4}), {},            false,  2},
    {"testPreferredReplicaPartitionLeaderElectionPreferredReplicaInIsrNotLive",    Kind::PreferredReplica,   ids({2, 4}), ids({2}),    {},          {},            false,  kNone},
    {"testPreferredReplicaPartitionLeaderElectionPreferredReplicaNotInIsrLive",    Kind::PreferredReplica,   ids({2, 4}), ids({4}),    ids({2, 4}), {},            false,  kNone},
    {"testPreferredReplicaPartitionLeaderElectionPreferredReplicaNotInIsrNotLive", Kind::PreferredReplica,   ids({2, 4}), {},          {},          {},            false,  kNone},
    {"testControlledShutdownPartitionLeaderElection",                              Kind::ControlledShutdown, ids({2, 4}), ids({2, 4}), ids({2, 4}), ids({2}),      false,  4},
    {"testControlledShutdownPartitionLeaderElectionLastIsrShuttingDown",           Kind::ControlledShutdown, ids({2, 4}), ids({2}),    ids({2, 4}), ids({2}),      false,  kNone},
    {"testControlledShutdownPartitionLeaderElectionAllIsrSimultaneouslyShutdown",  Kind::ControlledShutdown, ids({2, 4}), ids({2, 4}), ids({2, 4}), ids({2, 4}),   false,  kNone},
};
// clang-format on

std::optional<BrokerId> algorithm_of(const Row& row) {
    switch (row.algorithm) {
        case Kind::OfflinePartition:
            return offline_partition_leader_election(row.replicas, row.isr, row.live, row.unclean);
        case Kind::ReassignPartition:
            return reassign_partition_leader_election(row.replicas, row.isr, row.live);
        case Kind::PreferredReplica:
            return preferred_replica_partition_leader_election(row.replicas, row.isr, row.live);
        case Kind::ControlledShutdown:
            return controlled_shutdown_partition_leader_election(row.replicas, row.isr, row.live, row.shutting_down);
    }
    return std::nullopt;
}

/// The strategy around the algorithm. Who shuts down is not among the live ones it is given.
ElectionResult strategy_of(const Row& row) {
    ElectionInput input;
    input.current = {row.replicas.front(), 0, row.isr, 0};
    input.assignment = row.replicas;
    for (const BrokerId id : row.live) {
        if (!contains(row.shutting_down, id)) input.live.push_back(id);
    }
    input.shutting_down = row.shutting_down;
    input.unclean_enabled = row.unclean;
    return elect({row.algorithm, false}, input);
}

}  // namespace

TEST_CASE("PartitionLeaderElectionAlgorithmsTest", "[kafka_tables]") {
    REQUIRE(kRows.size() == 13);
    for (const Row& row : kRows) {
        DYNAMIC_SECTION(row.name) {
            const std::optional<BrokerId> leader =
                row.leader ? std::optional<BrokerId>(BrokerId{*row.leader}) : std::nullopt;
            CHECK(algorithm_of(row) == leader);
            const ElectionResult result = strategy_of(row);
            CHECK(result.elected.has_value() == leader.has_value());
            if (result.elected) CHECK(result.elected->leader == leader);
            // Kafka counts UncleanLeaderElectionsPerSec: only where the leader was not in the Isr.
            CHECK(result.unclean == (leader && !contains(row.isr, *leader)));
        }
    }
}
