// SPDX-License-Identifier: Apache-2.0
// Steps that are repeated, and processes that go by what they are at the moment.
#include "sim/scenario/reader.hpp"
#include "sim/scenario/recording.hpp"
#include "sim/scenario/roles.hpp"
#include "sim/scenario/runner.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::sim;
using namespace kafkasim::sim::scenario;

namespace {

Scenario scenario_of(const std::string& steps, const std::string& head = R"("cluster": {"running": true})") {
    const auto result = read_scenario("{" + head + R"(, "steps": [)" + steps + "]}", "one.json");
    for (const Problem& problem : result.problems) UNSCOPED_INFO(problem.text());
    REQUIRE(result.scenario);
    return *result.scenario;
}

std::vector<std::string> complaints(const std::string& steps) {
    std::vector<std::string> texts;
    for (const Problem& problem : read_scenario(R"({"steps": [)" + steps + "]}", "one.json").problems)
        texts.push_back(problem.text());
    return texts;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

constexpr const char* kCreate =
    R"({"run": "bin/kafka-topics.sh --create --topic orders --bootstrap-server localhost:9093 --replica-assignment 2:1:3,3:2:1"})";

}  // namespace

TEST_CASE("a repeat is its steps, round after round, told once") {
    const Scenario scenario = scenario_of(
        R"({"note": "before"}, {"repeat": 3, "steps": [{"wait": "1s", "id": "a", "say": "Listen.", "title": "T"}, {"note": "n"}]})");
    REQUIRE(scenario.steps.size() == 7);
    CHECK(scenario.steps[0].round == 0);
    CHECK(scenario.steps[1].round == 1);
    CHECK(scenario.steps[1].rounds == 3);
    CHECK(scenario.steps[1].say.in("en") == "Listen.");
    CHECK(scenario.steps[1].id == "a");
    CHECK(scenario.steps[3].round == 2);
    CHECK(scenario.steps[3].id == "a.2");
    CHECK(scenario.steps[3].say.empty());
    CHECK(scenario.steps[3].title.in("en") == "T");
    CHECK(scenario.steps[6].round == 3);
    CHECK(scenario.steps[5].source == scenario.steps[1].source);
}

TEST_CASE("a repeat for processes does its steps with each of them") {
    const Scenario scenario = scenario_of(
        R"({"repeat": ["broker-2", "broker-1"], "steps": [{"stop": "each"}, {"wait": {"until": {"registered": {"each": false}}}}]})");
    REQUIRE(scenario.steps.size() == 4);
    CHECK(std::get<Stop>(scenario.steps[0].verb).process == "broker-2");
    CHECK(std::get<Wait>(scenario.steps[1].verb).until->registered.contains("broker-2"));
    CHECK(std::get<Stop>(scenario.steps[2].verb).process == "broker-1");
    CHECK(scenario.steps[3].source == R"({"wait":{"until":{"registered":{"broker-1":false}}}})");
    CHECK(scenario.steps[3].round == 2);
}

TEST_CASE("what is wrong in a repeat is told once, with its place") {
    struct Case {
        std::string steps;
        std::string said;
    };
    const std::vector<Case> cases{
        {R"({"repaet": 3, "steps": [{"wait": "1s"}]})", "unknown key \"repaet\"; did you mean \"repeat\"?"},
        {R"({"repeat": 3, "stesp": [{"wait": "1s"}]})", "unknown key \"stesp\"; did you mean \"steps\"?"},
        {R"({"repeat": 0, "steps": [{"wait": "1s"}]})", "found the number 0. Allowed: a whole number from 1 to 1000"},
        {R"({"repeat": 3, "steps": []})", "found a list. Allowed: a list of one or more steps"},
        {R"({"repeat": 3})", "the key \"steps\" is missing"},
        {R"({"repeat": [], "steps": [{"wait": "1s"}]})", "nobody to do this for"},
        {R"({"repeat": ["brokr-1"], "steps": [{"stop": "each"}]})", "did you mean \"broker-1\"?"},
        {R"({"repeat": ["controller"], "steps": [{"stop": "each"}]})", "who this is can change from round to round"},
        {R"({"repeat": 3, "steps": [{"stop": "each"}]})", "\"each\" is not a process of this cluster"},
        {R"({"repeat": 3, "steps": [{"wiat": "1s"}]})", "unknown key \"wiat\"; did you mean \"wait\"?"},
        {R"({"repeat": 3, "steps": [{"repeat": 2, "steps": [{"wait": "1s"}]}]})", "a \"repeat\" inside another one"},
        {R"({"repeat": 3, "steps": [{"run": "bin/kafka-topics.sh", "background": true, "terminal": "t"}]})",
         "in terminal \"t\" runs the program of line 1"},
        {R"({"repeat": 3, "steps": [{"press": "Ctrl+C", "terminal": "t"}]})", "no program runs in the background"},
    };
    for (const Case& each : cases) {
        const std::vector<std::string> said = complaints(each.steps);
        INFO(each.steps);
        REQUIRE(said.size() == 1);
        CHECK(has(said.front(), each.said));
    }
}

TEST_CASE("roles and names that nobody has are told, with what was meant") {
    struct Case {
        std::string steps;
        std::string said;
    };
    const std::vector<Case> cases{
        {R"({"kill": "contoller"})", "\"contoller\" is not a process of this cluster; did you mean \"controller\"?"},
        {R"({"kill": "broker-1", "as": "victim"}, {"start": "vicitm"})", "did you mean \"victim\"?"},
        {R"({"start": "victim"})", "\"victim\" is not a process of this cluster"},
        {R"({"kill": {"leder": {"orders": 0}}})", "unknown key \"leder\""},
        {R"({"stop": {"leder": {"orders": 0}}})", "unknown key \"leder\"; did you mean \"leader\"?"},
        {R"({"stop": {"leader": {"orders": 0, "bills": 1}}})", "the leader of one partition is wanted"},
        {R"({"stop": {"leader": {"orders": "0"}}})", "found the text \"0\""},
        {R"({"stop": "broker-1", "as": "broker-2"})", "\"broker-2\" cannot be the name of a process"},
        {R"({"wait": "1s", "as": "victim"})", "\"as\" names the process of a step that has one"},
        {R"({"wait": {"until": {"registered": {"zookeeper": false}}}})", "ZooKeeper does not register itself"},
        {R"({"wait": {"until": {"registered": {"broker-9": false}}}})", "\"broker-9\" is not a process"},
        {R"({"run": "a", "terminal": "plain", "expect": {"acknowledged": {"by": "plian", "read": "plain"}}})",
         "in terminal \"plian\" nothing has run; did you mean \"plain\"?"},
    };
    for (const Case& each : cases) {
        const std::vector<std::string> said = complaints(each.steps);
        INFO(each.steps);
        REQUIRE_FALSE(said.empty());
        CHECK(has(said.front(), each.said));
    }
}

TEST_CASE("the leader is who leads when the step begins, and goes by its name later") {
    const Scenario scenario =
        scenario_of(std::string(kCreate) +
                    R"(, {"repeat": 2, "steps": [{"stop": {"leader": {"orders": 0}}, "as": "victim"},
             {"wait": {"until": {"registered": {"victim": false}}}}, {"start": "victim"},
             {"wait": {"until": {"in_sync": "orders"}}, "expect": {"within": "20s"}}]})");
    Runner runner(scenario, {});
    const RunResult result = runner.run();
    CHECK(result.ok());
    REQUIRE(result.steps.size() == 9);
    using Who = std::map<std::string, std::string>;
    CHECK(result.steps[1].seen.chosen == Who{{"the leader of orders-0", "broker-2"}});
    CHECK(result.steps[3].seen.chosen == Who{{"victim", "broker-2"}});
    CHECK(result.steps[5].seen.chosen == Who{{"the leader of orders-0", "broker-1"}});
    CHECK(result.steps[7].seen.chosen == Who{{"victim", "broker-1"}});
    CHECK(result.steps[8].seen.met == true);

    // A recording has the steps one after another, and is played the same way.
    const auto again = read_scenario(recording_text(scenario, result), "again.json");
    REQUIRE(again.scenario);
    CHECK(again.scenario->steps.size() == 9);
    CHECK(Runner(*again.scenario, {}).run().digest == result.digest);
}

TEST_CASE("the controller is who ZooKeeper says, and without one the step cannot be done") {
    const Scenario scenario = scenario_of(R"({"kill": "controller", "as": "victim"}, {"kill": "controller"})");
    Runner runner(scenario, {});
    const RunResult result = runner.run();
    CHECK(result.steps[0].seen.chosen.at("controller") == "broker-1");
    REQUIRE(result.problems.size() == 1);  // its session has not ended: it is still the controller, and runs no more
    CHECK(result.problems[0] == "step 2 (line 1): broker-1 is not running");

    const Scenario nobody = scenario_of(R"({"stop": "controller"})", R"("cluster": {"running": false})");
    CHECK(Runner(nobody, {}).run().problems == std::vector<std::string>{"step 1 (line 1): there is no controller"});

    const Scenario no_topic = scenario_of(R"({"stop": {"leader": {"orders": 0}}})");
    CHECK(Runner(no_topic, {}).run().problems ==
          std::vector<std::string>{"step 1 (line 1): there is no leader of orders-0"});
}
