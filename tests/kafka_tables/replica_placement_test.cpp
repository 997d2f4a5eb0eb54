// SPDX-License-Identifier: Apache-2.0
// The 15 cases of Kafka 3.0.0's AdminRackAwareTest, by their names, against core/broker/placement. Where theirs draw
// the start index and the shift of the followers, ours go through all there are.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/broker/placement.hpp"
#include "tests/catch.hpp"
#include "tests/support/assignment_rows.hpp"

using namespace kafkasim;
using namespace kafkasim::broker;
using test::Assignment;
using test::rows;

namespace {

using RackOf = std::map<int32_t, std::string>;

std::vector<BrokerMetadata> brokers_in(const RackOf& racks) {
    std::vector<BrokerMetadata> brokers;
    for (const auto& [id, rack] : racks) brokers.push_back({BrokerId{id}, rack});
    return brokers;
}

/// What an assignment is measured by.
struct Distribution {
    std::vector<size_t> racks;             // different racks of each partition
    std::map<BrokerId, int32_t> leaders;   // partitions that a broker is the first replica of
    std::map<BrokerId, int32_t> replicas;  // partitions that a broker holds
};

Distribution distribution_of(const Assignment& assignment, const RackOf& racks) {
    Distribution measured;
    for (const auto& replicas : assignment) {
        std::set<std::string> seen;
        ++measured.leaders[replicas.front()];
        for (const BrokerId id : replicas) {
            ++measured.replicas[id];
            seen.insert(racks.at(id.value));
        }
        measured.racks.push_back(seen.size());
    }
    return measured;
}

/// What must hold besides that no broker holds a partition twice, which always must.
struct Row {
    std::string name;
    RackOf racks;
    int32_t partitions;
    int32_t replication_factor;
    std::optional<size_t> fixed_start_index;  // of the leaders and the shift; nullopt: whatever is drawn
    int32_t start_partition;
    std::optional<size_t> racks_per_partition;
    bool leaders_are_even;
    bool replicas_are_even;
};

const RackOf kSix{{0, "rack1"}, {1, "rack2"}, {2, "rack2"}, {3, "rack3"}, {4, "rack3"}, {5, "rack1"}};
const RackOf kUneven{{0, "rack1"}, {1, "rack1"}, {2, "rack2"}, {3, "rack3"}, {4, "rack3"}, {5, "rack1"}};
const RackOf kTwoTwoTwo{{0, "rack1"}, {1, "rack2"}, {2, "rack2"}, {3, "rack3"}, {4, "rack3"}, {5, "rack2"}};
const RackOf kExpansion{{6, "rack1"}, {7, "rack2"}, {8, "rack2"}, {9, "rack3"}, {10, "rack3"}, {11, "rack1"}};
const RackOf kTwelve{{0, "rack1"}, {1, "rack2"}, {2, "rack2"}, {3, "rack3"}, {4, "rack3"},  {5, "rack1"},
                     {6, "rack1"}, {7, "rack2"}, {8, "rack2"}, {9, "rack3"}, {10, "rack1"}, {11, "rack3"}};
const RackOf kOneRack{{0, "rack1"}, {1, "rack1"}, {2, "rack1"}, {3, "rack1"}, {4, "rack1"}, {5, "rack1"}};
const RackOf kThree{{0, "rack1"}, {1, "rack2"}, {4, "rack3"}};
const RackOf kSkipped{{0, "a"}, {1, "b"}, {2, "c"}, {3, "a"}, {4, "a"}};
const std::optional<size_t> kDrawn;
const std::optional<size_t> kAny;

// clang-format off
const std::vector<Row> kRows = {
    // name, racks, partitions, factor, start, first partition, racks of each, leaders even, replicas even
    {"testAssignmentWithRackAware",                               kSix,       6,         3,     2,      0,  3,    true,   true},
    {"testAssignmentWithRackAwareWithRandomStartIndex",           kSix,       6,         3,     kDrawn, 0,  3,    true,   true},
    {"testAssignmentWithRackAwareWithUnevenReplicas",             kSix,       13,        3,     0,      0,  3,    false,  false},
    {"testAssignmentWithRackAwareWithUnevenRacks",                kUneven,    12,        3,     kDrawn, 0,  3,    true,   false},
    {"testAssignmentWith2ReplicasRackAware",                      kSix,       12,        2,     kDrawn, 0,  2,    true,   true},
    {"testRackAwareExpansion",                                    kExpansion, 12,        2,     kDrawn, 12, 2,    true,   true},
    {"testAssignmentWith2ReplicasRackAwareWith6Partitions",       kSix,       6,         2,     kDrawn, 0,  2,    true,   true},
    {"testAssignmentWith2ReplicasRackAwareWith6PartitionsAnd3Brokers",
                                                                  kThree,     3,         2,     kDrawn, 0,  2,    true,   true},
    {"testLargeNumberPartitionsAssignment",                       kTwelve,    96,        3,     kDrawn, 0,  3,    true,   true},
    {"testMoreReplicasThanRacks",                                 kTwoTwoTwo, 6,         5,     kDrawn, 0,  3,    false,  false},
    {"testLessReplicasThanRacks",                                 kTwoTwoTwo, 6,         2,     kDrawn, 0,  2,    false,  false},
    {"testSingleRack",                                            kOneRack,   6,         3,     kDrawn, 0,  1,    true,   false},
    {"testSkipBrokerWithReplicaAlreadyAssigned",                  kSkipped,   6,         4,     2,      0,  kAny, false,  false},
};
// clang-format on

void check(const Row& row, size_t start_index, size_t shift) {
    CAPTURE(start_index, shift);
    const Assignment assignment = assign_replicas(row.partitions, row.replication_factor, brokers_in(row.racks),
                                                  start_index, shift, row.start_partition);
    REQUIRE(assignment.size() == static_cast<size_t>(row.partitions));
    for (const auto& replicas : assignment) {
        CHECK(replicas.size() == static_cast<size_t>(row.replication_factor));
        CHECK(std::set<BrokerId>(replicas.begin(), replicas.end()).size() == replicas.size());
    }
    const Distribution measured = distribution_of(assignment, row.racks);
    if (row.racks_per_partition) {
        for (const size_t racks : measured.racks) CHECK(racks == *row.racks_per_partition);
    }
    const auto brokers = static_cast<int32_t>(row.racks.size());
    for (const auto& [id, rack] : row.racks) {
        CAPTURE(id);
        const BrokerId broker{id};
        if (row.leaders_are_even) CHECK(measured.leaders.at(broker) == row.partitions / brokers);
        if (row.replicas_are_even)
            CHECK(measured.replicas.at(broker) == row.partitions * row.replication_factor / brokers);
    }
}

}  // namespace

TEST_CASE("AdminRackAwareTest", "[kafka_tables]") {
    REQUIRE(kRows.size() == 15 - 2);  // the two with exact assignments are below
    for (const Row& row : kRows) {
        DYNAMIC_SECTION(row.name) {
            if (row.fixed_start_index) {
                check(row, *row.fixed_start_index, *row.fixed_start_index);
                continue;
            }
            for (size_t start = 0; start < row.racks.size(); ++start) {
                for (size_t shift = 0; shift < row.racks.size(); ++shift) check(row, start, shift);
            }
        }
    }
}

TEST_CASE("AdminRackAwareTest.testGetRackAlternatedBrokerListAndAssignReplicasToBrokers", "[kafka_tables]") {
    RackOf racks{{0, "rack1"}, {1, "rack3"}, {2, "rack3"}, {3, "rack2"}, {4, "rack2"}, {5, "rack1"}};
    const auto ring_of = [](const RackOf& of) {
        std::vector<BrokerId> ids;
        for (const BrokerMetadata& broker : rack_alternated(brokers_in(of))) ids.push_back(broker.id);
        return ids;
    };
    CHECK(ring_of(racks) == broker_ids({0, 3, 1, 5, 4, 2}));
    CHECK(assign_replicas(7, 3, brokers_in(racks), 0, 0) ==
          rows({{0, 3, 1}, {3, 1, 5}, {1, 5, 4}, {5, 4, 2}, {4, 2, 0}, {2, 0, 3}, {0, 4, 2}}));
    racks.erase(5);
    CHECK(ring_of(racks) == broker_ids({0, 3, 1, 4, 2}));
}

TEST_CASE("AdminRackAwareTest.testReplicaAssignment", "[kafka_tables]") {
    // Their refusals of the factors 0 and 6 are what the broker says before it places anything:
    // tests/broker/admin_create_topics_test.cpp, "admin: the refusals of a creation".
    CHECK(assign_replicas(10, 3, without_racks(broker_ids({0, 1, 2, 3, 4})), 0, 0) == rows({{0, 1, 2},
                                                                                            {1, 2, 3},
                                                                                            {2, 3, 4},
                                                                                            {3, 4, 0},
                                                                                            {4, 0, 1},
                                                                                            {0, 2, 3},
                                                                                            {1, 3, 4},
                                                                                            {2, 4, 0},
                                                                                            {3, 0, 1},
                                                                                            {4, 1, 2}}));
}

TEST_CASE("racks count only if every broker has one", "[kafka_tables]") {
    CHECK(racks_of(without_racks(broker_ids({1, 2}))) == Racks::None);
    CHECK(racks_of(brokers_in(kThree)) == Racks::All);
    CHECK(racks_of({{BrokerId{1}, "a"}, {BrokerId{2}, std::nullopt}}) == Racks::Some);
}
