// SPDX-License-Identifier: Apache-2.0
// Faults of the network at the same time.
#include "tests/faults/played.hpp"

using namespace kafkasim;

TEST_CASE("a cut holds what a slow network delays, whichever was there first") {
    const std::string slow = R"({"slow": {"between": "all", "by": "10ms"}},)";
    const std::string cut = R"({"cut": {"from": "broker-3", "to": "zookeeper"}},)";
    const std::string wait = R"({"wait": {"until": {"registered": {"broker-3": false}}, "at_most": "30s"}})";
    for (const std::string& faults : {slow + cut, cut + slow}) {
        const test::Played played(test::running_cluster(faults + wait));
        INFO(faults);
        CHECK(played.result.problems.empty());
        CHECK(played.result.steps.back().seen.met == true);
    }
}
