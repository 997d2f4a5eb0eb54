// SPDX-License-Identifier: Apache-2.0
// The consumer tests of Kafka's system tests (ducktape, consumer_test.py): each cell of scenarios/group-matrix with
// another seed than its own, and cells that must fail, for the mechanism that the test is about is taken away.
#include <algorithm>
#include <filesystem>

#include "sim/scenario/reader.hpp"
#include "sim/scenario/runner.hpp"
#include "tests/catch.hpp"
#include "tests/support/data_file.hpp"

using namespace kafkasim;
using namespace kafkasim::sim;

namespace {

const std::string kFolder = "scenarios/group-matrix/";

std::vector<std::string> cells() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(KAFKASIM_SOURCE_DIR + ("/" + kFolder)))
        names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

/// At least once.
std::string replaced(std::string text, const std::string& from, const std::string& to) {
    size_t count = 0;
    for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()), ++count)
        text.replace(at, from.size(), to);
    INFO(from);
    CHECK(count > 0);
    return text;
}

/// Fewer rounds than people play.
std::string text_of(const std::string& cell) {
    const std::string text = test::project_file(kFolder + cell + ".json");
    return text.find("\"repeat\": ") == std::string::npos ? text : replaced(text, "\"repeat\": 3", "\"repeat\": 1");
}

/// What was not as it should be.
std::vector<std::string> complaints(const std::string& json, const std::string& cell, uint64_t seed) {
    auto read = scenario::read_scenario(json, cell);
    for (const auto& problem : read.problems) FAIL_CHECK(problem.text());
    REQUIRE(read.scenario);
    read.scenario->seed = seed;
    const scenario::RunResult result = scenario::Runner(*read.scenario, {}).run();
    std::vector<std::string> all = result.problems;
    all.insert(all.end(), result.not_as_said.begin(), result.not_as_said.end());
    for (const auto& step : result.steps) {
        for (const auto& failure : step.failures)
            all.push_back(failure.what + ": " + failure.expected + ", but " + failure.seen);
    }
    return all;
}

bool any_begins(const std::vector<std::string>& all, const std::string& text) {
    return std::any_of(all.begin(), all.end(), [&](const std::string& each) { return each.starts_with(text); });
}

}  // namespace

TEST_CASE("in every cell of the group matrix the group does what Kafka's own tests ask of it") {
    const std::vector<std::string> all = cells();
    CHECK(all.size() == 23);
    for (const std::string& cell : all) {
        for (const std::string& complaint : complaints(text_of(cell), cell, 2)) FAIL_CHECK(cell << ": " << complaint);
    }
}

TEST_CASE("without what holds it up a cell of the group matrix fails, and says how") {
    std::string dynamic = text_of("static-bounce-all");
    for (const char* id : {"1", "2", "3"})
        dynamic = replaced(dynamic, std::string(" --group-instance-id test_group_id-instance-") + id, "");
    const std::string killed =
        replaced(text_of("consumer-failure-autocommit"), R"({"press": "Ctrl+C", "terminal": "c1"},)",
                 R"({"kill": {"terminal": "c1"}},)");
    const struct {
        std::string cell;
        std::string json;
        std::string complaint;
    } cases[] = {
        {"a dynamic member that returns disturbs all", dynamic,
         "consumed: none of c1 had partitions revoked since joined"},
        {"one that is killed has not committed what it read last", killed,
         "consumed: no record is read twice by c1, c2 and c3"},
    };
    for (const auto& each : cases) {
        const std::vector<std::string> all = complaints(each.json, each.cell, 1);
        for (const std::string& complaint : all) UNSCOPED_INFO(complaint);
        CHECK(any_begins(all, each.complaint));
    }
}
