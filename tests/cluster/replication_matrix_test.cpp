// SPDX-License-Identifier: Apache-2.0
// The replication test of Kafka's system tests (ducktape, replication_test.py): each cell of
// scenarios/replication-matrix with several seeds, and one that must fail, for acks=1 loses what it acknowledged.
#include "sim/scenario/reader.hpp"
#include "sim/scenario/runner.hpp"
#include "tests/catch.hpp"
#include "tests/support/data_file.hpp"

using namespace kafkasim;
using namespace kafkasim::sim;

namespace {

std::string text_of(const std::string& cell) {
    return test::project_file("scenarios/replication-matrix/" + cell + ".json");
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    size_t count = 0;
    for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()), ++count)
        text.replace(at, from.size(), to);
    INFO(from);
    CHECK(count > 0);
    return text;
}

scenario::RunResult play(const std::string& json, const std::string& cell, uint64_t seed) {
    auto read = scenario::read_scenario(json, cell);
    for (const auto& problem : read.problems) FAIL_CHECK(problem.text());
    REQUIRE(read.scenario);
    read.scenario->seed = seed;
    return scenario::Runner(*read.scenario, {}).run();
}

const std::vector<std::string> kCells{"clean-stop-leader",       "clean-stop-controller", "clean-bounce-leader",
                                      "clean-bounce-controller", "hard-stop-leader",      "hard-stop-controller",
                                      "hard-bounce-leader",      "hard-bounce-controller"};

}  // namespace

TEST_CASE("in no cell of the replication matrix an acknowledged record is lost, or doubled with idempotence") {
    constexpr uint64_t kSeeds = 4;
    size_t duplicates_of_plain = 0;
    for (const std::string& cell : kCells) {
        const std::string json = text_of(cell);
        for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
            INFO(cell << " --seed " << seed);
            const scenario::RunResult result = play(json, cell, seed);
            for (const std::string& problem : result.problems) FAIL_CHECK(problem);
            for (const std::string& sentence : result.not_as_said) FAIL_CHECK(sentence);
            for (const auto& step : result.steps) {
                for (const auto& failure : step.failures) FAIL_CHECK(failure.expected << ", but " << failure.seen);
            }
            const auto& deliveries = result.steps.back().deliveries;
            REQUIRE(deliveries.size() == 2);
            for (const scenario::Deliveries& row : deliveries) CHECK(row.lost == 0);
            CHECK(deliveries[1].by == "idempotent");
            CHECK(deliveries[1].duplicated == 0);
            duplicates_of_plain += deliveries[0].duplicated;
        }
    }
    CHECK(duplicates_of_plain > 0);  // else nothing broke while it was on its way, and the matrix shows nothing
}

TEST_CASE("with acks=1 a killed leader takes acknowledged records with it, and the claim names them") {
    const std::string json = replaced(text_of("hard-stop-leader"), "--throughput", "--acks 1 --throughput");
    // Idempotence wants acks=all; and the slower the followers, the more the leader knows alone.
    const std::string slower = replaced(json, "\"10ms\"", "\"100ms\"");
    const std::string no_idempotence = replaced(slower, "enable.idempotence=true", "enable.idempotence=false");
    size_t failed = 0;
    for (uint64_t seed = 1; seed <= 5; ++seed) {
        const scenario::RunResult result = play(no_idempotence, "acks-1", seed);
        const auto& last = result.steps.back();
        size_t lost = 0;
        for (const scenario::Deliveries& row : last.deliveries) lost += row.lost;
        CHECK(result.ok() == (lost == 0));
        if (lost == 0) continue;
        ++failed;
        REQUIRE_FALSE(last.failures.empty());
        CHECK(last.failures[0].what == "acknowledged");
        CHECK(last.failures[0].seen.find(" lost: ") != std::string::npos);
        CHECK(last.failures[0].seen.find(" (offset ") != std::string::npos);
    }
    CHECK(failed >= 3);
}
