// SPDX-License-Identifier: Apache-2.0
// The checker on whole runs: it finds what breaks, says by which event, and changes nothing.
#include "sim/invariants/checker.hpp"

#include "sim/scenario/breaks.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/runner.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::sim;
using namespace kafkasim::sim::scenario;

namespace {

/// Broker 2 of the Isr loses what it had not flushed and is back before its session ends.
std::string power_loss(const std::string& head) {
    return "{" + head + R"( "cluster": {"running": true}, "steps": [
        {"run": "bin/kafka-topics.sh --create --topic t --bootstrap-server localhost:9093 --replica-assignment 1:2"},
        {"run": "bin/kafka-console-producer.sh --bootstrap-server localhost:9093 --topic t --request-required-acks all",
         "type": ["a", "b"]},
        {"wait": "1s"},
        {"power_off": "broker-2"},
        {"start": "broker-2"},
        {"wait": "2s"}]})";
}

struct Played {
    Scenario scenario;
    RunResult result;
    std::vector<TraceEvent> events;
};

Played play(const std::string& json, const std::string& rules = "") {
    auto read = read_scenario(json, "test.json");
    for (const Problem& problem : read.problems) UNSCOPED_INFO(problem.text());
    REQUIRE(read.scenario);
    Played played{std::move(*read.scenario), {}, {}};
    if (!rules.empty()) choose_rules(played.scenario, rules);
    RunOptions options;
    options.trace = TraceLevel::Notes;
    Runner runner(played.scenario, options);
    played.result = runner.run();
    played.events = runner.world().trace().events();
    return played;
}

std::vector<std::string> names_of(const std::vector<BrokenInvariant>& broken) {
    std::vector<std::string> names;
    for (const BrokenInvariant& each : broken) names.push_back(each.violation.invariant);
    return names;
}

}  // namespace

TEST_CASE("an Isr member that comes back without its records breaks what its leader promised") {
    const Played played = play(power_loss(R"("invariants": true,)"));
    REQUIRE(played.result.broken.size() == 3);
    const BrokenInvariant& first = played.result.broken[0];
    CHECK(names_of(played.result.broken) == std::vector<std::string>{"WeakIsr", "StrongIsr", "ValidHighWatermark"});
    CHECK(first.violation.text ==
          "broker 1 leads t-0 in epoch 0 with high watermark 2, and broker 2, in its Isr [1, 2], "
          "has no record at offset 0");
    CHECK(first.violation.partition == TopicPartition{TopicName("t"), 0});
    CHECK(first.step == 5);
    CHECK_FALSE(first.expected);
    CHECK(played.result.steps[4].broken.size() == 3);
    CHECK(played.result.steps[5].broken.empty());
    CHECK_FALSE(played.result.ok());
    REQUIRE(played.result.not_as_said.size() == 3);
    CHECK(played.result.not_as_said[0].find(
              "WeakIsr broke, and the scenario does not say so of the rules 3.0.0: step 5") == 0);
}

TEST_CASE("a violation names the event by which it came, of the broker whose log was loaded") {
    const Played played = play(power_loss(R"("invariants": true,)"));
    REQUIRE_FALSE(played.result.broken.empty());
    const invariants::Violation& violation = played.result.broken[0].violation;
    bool found = false;
    for (const TraceEvent& event : played.events) {
        if (event.id != violation.event) continue;
        found = true;
        CHECK(event.at == violation.at);
        CHECK(event.kind != TraceKind::Note);
        CHECK(event.kind != TraceKind::Step);
    }
    CHECK(found);
}

TEST_CASE("the checks change nothing of the run") {
    const Played with = play(power_loss(R"("invariants": true,)"));
    const Played without = play(power_loss(""));
    CHECK(with.result.digest == without.result.digest);
    CHECK(with.result.events == without.result.events);
    CHECK(without.result.broken.empty());
    CHECK(without.result.ok());
}

TEST_CASE("what the scenario says must break has to, and nothing else may") {
    const std::string all = R"(["WeakIsr", "StrongIsr", "ValidHighWatermark"])";
    struct Case {
        std::string head;
        std::string rules;
        std::vector<std::string> begins;  // of what is not as it says
    };
    const Case cases[] = {
        {R"("breaks": {"3.0.0": )" + all + "},", "", {}},
        {R"("breaks": {"3.0.0": ["WeakIsr", "ValidHighWatermark"]},)",
         "",
         {"StrongIsr broke, and the scenario does not say so of the rules 3.0.0: step 5, "}},
        {R"("breaks": {"3.0.0": ["WeakIsr", "StrongIsr", "ValidHighWatermark", "LeaderInIsr"]},)",
         "",
         {"LeaderInIsr did not break, and the scenario says that it does under the rules 3.0.0"}},
        {R"("breaks": {"3.0.0": )" + all + R"(, "kip-320": )" + all + "},", "kip-320", {}},
        {R"("rules": "kip-320", "breaks": {"3.0.0": [], "kip-320": )" + all + "},", "", {}},
        // rules that are not named: nothing may break
        {R"("breaks": {"3.0.0": )" + all + "},",
         "kip-320",
         {"WeakIsr broke, and the scenario does not say so of the rules kip-320", "StrongIsr", "ValidHighWatermark"}}};
    for (const Case& c : cases) {
        INFO(c.head << " " << c.rules);
        const Played played = play(power_loss(c.head), c.rules);
        CHECK(played.result.ok() == c.begins.empty());
        REQUIRE(played.result.not_as_said.size() == c.begins.size());
        for (size_t i = 0; i < c.begins.size(); ++i)
            CHECK(played.result.not_as_said[i].substr(0, c.begins[i].size()) == c.begins[i]);
    }
}

TEST_CASE("rules chosen for a run stand in its recording, and leave the way to change the Isr") {
    auto read = read_scenario(R"({"rules": {"replication": "kip-101", "isr_changes": "zookeeper"}, "steps": []})", "t");
    REQUIRE(read.scenario);
    CHECK(rules_in_force(*read.scenario) == "kip-101");
    choose_rules(*read.scenario, "kip-279");
    CHECK(rules_in_force(*read.scenario) == "kip-279");
    CHECK(read.scenario->head == R"({"rules":{"replication":"kip-279","isr_changes":"zookeeper"}})");
    read = read_scenario(R"({"steps": []})", "t");
    REQUIRE(read.scenario);
    CHECK(rules_in_force(*read.scenario) == "3.0.0");
    choose_rules(*read.scenario, "kip-279");
    CHECK(read.scenario->head == R"({"rules":"kip-279"})");
}

TEST_CASE("partitions are looked at when something changed, not at every event") {
    auto read = read_scenario(power_loss(R"("invariants": true,)"), "t");
    REQUIRE(read.scenario);
    read.scenario->breaks.reset();
    invariants::InvariantChecker checker;
    Runner runner(*read.scenario, {});
    runner.world().set_observer(&checker);
    const RunResult result = runner.run();
    CHECK(checker.checks() > 5);
    CHECK(checker.checks() * 8 < result.events);
    CHECK(checker.violations().size() == 3);
}
