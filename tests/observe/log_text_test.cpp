// SPDX-License-Identifier: Apache-2.0
// What a look at a log shows of a process that the scenario itself started.
#include <set>

#include "sim/scenario/reader.hpp"
#include "sim/scenario/runner.hpp"
#include "tests/catch.hpp"

using namespace kafkasim::sim::scenario;

TEST_CASE("a log that was read while its process started is shown once") {
    const auto read = read_scenario(R"({"title":"t","cluster":{"running":true},"steps":[
        {"kill":"broker-3"},{"start":"broker-3"},
        {"look":{"log":"broker-3","like":["ERROR","KeeperErrorCode = NodeExists"]}}]})",
                                    "test");
    REQUIRE(read.scenario);
    const RunResult result = Runner(*read.scenario, {}).run();
    const auto& lines = result.steps.back().seen.lines;
    REQUIRE(lines);
    CHECK(std::set<std::string>(lines->begin(), lines->end()).size() == lines->size());
    REQUIRE(lines->size() >= 3);
    CHECK(lines->at(1).ends_with(
        "Fatal error during KafkaServer startup. Prepare to shutdown (kafka.server.KafkaServer)"));
    CHECK(lines->at(2) == "org.apache.zookeeper.KeeperException$NodeExistsException: KeeperErrorCode = NodeExists");
}
