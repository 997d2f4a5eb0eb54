// SPDX-License-Identifier: Apache-2.0
// The 4 cases of Kafka 3.0.0's IsrExpirationTest, by their names: when a follower falls out of the ISR. Theirs have a
// leader whose log ends at 20 and replica.lag.time.max.ms 100; broker 0 leads, broker 1 follows and had caught up at
// 0 ms when the log was empty.
#include <string>
#include <vector>

#include "core/broker/isr.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::broker;

namespace {

constexpr int64_t kLeaderLogEndOffset = 20;
constexpr Duration kReplicaLagTimeMax = 100ms;

/// At `at` the follower fetches (or not), then it is looked at whether it is out of sync.
struct Step {
    Duration at;
    std::optional<int64_t> fetches;
    bool out_of_sync;
};

struct Row {
    std::string name;
    std::vector<Step> steps;
};

// clang-format off
const std::vector<Row> kRows = {
    {"testIsrExpirationForStuckFollowers",
     {{0ms, 19, false}, {150ms, std::nullopt, true}}},
    {"testIsrExpirationIfNoFetchRequestMade",
     {{150ms, std::nullopt, true}}},
    {"testIsrExpirationForSlowFollowers",
     {{0ms, 18, false}, {75ms, 19, false}, {150ms, std::nullopt, true}, {150ms, 20, false}}},
    {"testIsrExpirationForCaughtUpFollowers",
     {{0ms, 20, false}, {150ms, std::nullopt, false}}},
};
// clang-format on

}  // namespace

TEST_CASE("IsrExpirationTest", "[kafka_tables]") {
    REQUIRE(kRows.size() == 4);
    for (const Row& row : kRows) {
        DYNAMIC_SECTION(row.name) {
            Replica follower;
            follower.id = BrokerId{1};
            follower.update_fetch_state(0, 0, Instant(0ms), 0);
            for (const Step& step : row.steps) {
                const Instant now(step.at);
                if (step.fetches) follower.update_fetch_state(*step.fetches, 0, now, kLeaderLogEndOffset);
                CAPTURE(millis_of(now));
                const std::vector<BrokerId> expected = step.out_of_sync ? broker_ids({1}) : std::vector<BrokerId>{};
                CHECK(out_of_sync_replicas(broker_ids({0, 1}), BrokerId{0}, {follower}, kLeaderLogEndOffset, now,
                                           kReplicaLagTimeMax) == expected);
            }
        }
    }
}
