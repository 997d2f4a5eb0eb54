// SPDX-License-Identifier: Apache-2.0
#include "core/controller/election.hpp"

#include <string>
#include <vector>

#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::controller;
using Ids = std::vector<BrokerId>;

namespace {

Ids ids(std::initializer_list<int32_t> numbers) { return broker_ids(numbers); }

struct Case {
    std::string name;
    Strategy::Kind algorithm;
    Ids assignment;
    Ids isr;
    Ids live;
    Ids shutting_down;
    bool unclean;
    std::optional<BrokerId> leader;
};

using Kind = Strategy::Kind;
const std::optional<BrokerId> kNone;

std::optional<BrokerId> run(const Case& c) {
    switch (c.algorithm) {
        case Kind::OfflinePartition:
            return offline_partition_leader_election(c.assignment, c.isr, c.live, c.unclean);
        case Kind::ReassignPartition:
            return reassign_partition_leader_election(c.assignment, c.isr, c.live);
        case Kind::PreferredReplica:
            return preferred_replica_partition_leader_election(c.assignment, c.isr, c.live);
        case Kind::ControlledShutdown:
            return controlled_shutdown_partition_leader_election(c.assignment, c.isr, c.live, c.shutting_down);
    }
    return std::nullopt;
}

}  // namespace

// Kafka's own 13 cases are in tests/kafka_tables/leader_election_algorithms_test.cpp.
TEST_CASE("the algorithms choose by the order of the assignment, unclean only if they must", "[controller]") {
    // clang-format off
    const std::vector<Case> cases = {
        {"the order of the assignment decides, not that of the Isr", Kind::OfflinePartition, ids({3, 1, 2}), ids({2, 1, 3}), ids({1, 2}), {},
         false, BrokerId{1}},
        {"an unclean election still prefers a live member of the Isr", Kind::OfflinePartition, ids({3, 1, 2}), ids({2}), ids({1, 2}), {}, true,
         BrokerId{2}},
        {"nobody live: nobody even if unclean", Kind::OfflinePartition, ids({1, 2}), ids({1}), {}, {}, true, kNone},
    };
    // clang-format on
    for (const Case& c : cases) {
        INFO(c.name);
        CHECK(run(c) == c.leader);
    }
}

TEST_CASE("each strategy makes its own Isr and tells its own recipients", "[controller]") {
    ElectionInput input;
    input.current = {BrokerId{1}, 4, ids({2, 3, 1}), 7};
    input.assignment = ids({1, 2, 3, 4});

    SECTION("offline: the Isr is restricted to live members in its own order") {
        input.live = ids({2, 3, 4});
        const ElectionResult result = elect(kOfflinePartition, input);
        REQUIRE(result.elected);
        CHECK(*result.elected == LeaderAndIsr{BrokerId{2}, 5, ids({2, 3}), 7});
        CHECK(result.recipients == ids({2, 3, 4}));
        CHECK(result.why == "broker 2 is the first of 1,2,3,4 that is live and in the Isr; 1 is down");
        CHECK_FALSE(result.unclean);
    }
    SECTION("offline and unclean: the Isr is the new leader alone") {
        input.live = ids({4});
        input.unclean_enabled = true;
        const ElectionResult result = elect(kOfflinePartition, input);
        REQUIRE(result.elected);
        CHECK(*result.elected == LeaderAndIsr{BrokerId{4}, 5, ids({4}), 7});
        CHECK(result.unclean);
        CHECK(result.why ==
              "unclean: no member of the Isr 2,3,1 is live, broker 4 is the first of 1,2,3,4 that is live");
    }
    SECTION("offline and not allowed to be unclean: nobody, and it is said why") {
        input.live = ids({4});
        const ElectionResult result = elect(kOfflinePartition, input);
        CHECK_FALSE(result.elected);
        CHECK(result.why ==
              "none of 1,2,3,4 is live and in the Isr 2,3,1: 1 is down; 2 is down; 3 is down; 4 is not in the Isr");
    }
    SECTION("allow_unclean of the strategy needs no configuration") {
        input.live = ids({4});
        CHECK(elect({Strategy::Kind::OfflinePartition, true}, input).elected->leader == BrokerId{4});
    }
    SECTION("preferred: the Isr stays as it is, all replicas are told") {
        input.current.leader = BrokerId{2};
        input.live = ids({1, 2, 3});
        const ElectionResult result = elect(kPreferredReplica, input);
        REQUIRE(result.elected);
        CHECK(*result.elected == LeaderAndIsr{BrokerId{1}, 5, ids({2, 3, 1}), 7});
        CHECK(result.recipients == ids({1, 2, 3, 4}));
    }
    SECTION("controlled shutdown: all that shut down leave the Isr, and are told") {
        input.live = ids({2, 3, 4});
        input.shutting_down = ids({1});
        const ElectionResult result = elect(kControlledShutdown, input);
        REQUIRE(result.elected);
        CHECK(*result.elected == LeaderAndIsr{BrokerId{2}, 5, ids({2, 3}), 7});
        CHECK(result.recipients == ids({1, 2, 3, 4}));
        CHECK(result.why == "broker 2 is the first of 1,2,3,4 that is live and in the Isr; 1 is shutting down");
    }
}

TEST_CASE("strategies are printed as Kafka prints them", "[controller]") {
    CHECK(to_string(kOfflinePartition) == "OfflinePartitionLeaderElectionStrategy(false)");
    CHECK(to_string(Strategy{Strategy::Kind::OfflinePartition, true}) ==
          "OfflinePartitionLeaderElectionStrategy(true)");
    CHECK(to_string(kControlledShutdown) == "ControlledShutdownPartitionLeaderElectionStrategy");
}
