// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/reader.hpp"

#include <algorithm>

#include "tests/catch.hpp"
#include "tests/support/data_file.hpp"

using namespace kafkasim;
using namespace kafkasim::sim;
using namespace kafkasim::sim::scenario;

namespace {

std::string problems_of(const std::string& name, const std::string& json) {
    std::string text;
    for (const Problem& problem : read_scenario(json, name).problems) text += name + ":" + problem.text() + "\n";
    return text;
}

/// The only step of a file.
Step step_of(const std::string& step_json) {
    const auto result = read_scenario(R"({"steps": [)" + step_json + "]}", "one.json");
    INFO(step_json);
    for (const Problem& problem : result.problems) UNSCOPED_INFO(problem.text());
    REQUIRE(result.scenario);
    REQUIRE(result.scenario->steps.size() == 1);
    return result.scenario->steps[0];
}

template <typename Wanted>
Wanted verb_of(const std::string& step_json) {
    const Step step = step_of(step_json);
    REQUIRE(std::holds_alternative<Wanted>(step.verb));
    return std::get<Wanted>(step.verb);
}

/// The first problem of a file with this step; "" if there is none.
std::string complaint(const std::string& step_json) {
    const auto result = read_scenario(R"({"steps": [)" + step_json + "]}", "one.json");
    return result.problems.empty() ? "" : result.problems[0].text();
}

}  // namespace

TEST_CASE("ten mistakes are named all at once, each with its place and what was meant") {
    const std::string text = problems_of("ten-mistakes.json", test::data_file("ten-mistakes.json"));
    CHECK(text == test::data_file("ten-mistakes.approved.txt"));
    CHECK(std::count(text.begin(), text.end(), '\n') == 10);
}

TEST_CASE("a file that is not JSON is one problem with its place") {
    struct Case {
        std::string json;
        std::string begin;
    };
    const Case cases[] = {{"", "1:1: this is not JSON: unexpected end of input"},
                          {"{\n \"a\": 1\n \"b\": 2}", "3:2: this is not JSON: unexpected string literal"},
                          {"{\"steps\": [1,}", "1:14: this is not JSON: unexpected '}'"},
                          {"{\"steps\": [{\"run\": \"a\"", "1:23: this is not JSON: unexpected end of input"},
                          {"{\"title\": \"\xff\"}", "1:11: this is not JSON: invalid string: ill-formed UTF-8 byte"},
                          {std::string(100, '['), "1:65: this is not JSON: nested deeper"}};
    for (const Case& test_case : cases) {
        const auto result = read_scenario(test_case.json, "x.json");
        CHECK_FALSE(result.scenario);
        REQUIRE(result.problems.size() == 1);
        INFO(test_case.json << " -> " << result.problems[0].text());
        CHECK(result.problems[0].text().starts_with(test_case.begin));
    }
}

TEST_CASE("what stands around the steps is read") {
    const auto result = read_scenario(R"({
        "title": {"en": "Brokers", "ko": "브로커"}, "about": "plain", "seed": 7, "start_time": "2021-12-31T16:08:00Z",
        "cluster": {"zookeeper": {"port": 2182}, "running": true, "brokers": [{"id": 4, "config": {"num.partitions": 3, "a.b": true, "c": "x"}}]},
        "pin": {"topics": {"t": {"id": "2c7cvTC1QGKy2bu18revoA", "assignment": [[4, 9], [4]]}}, "sticky": {"t": [1, 0]}, "controllers": [4, 4]},
        "steps": []})",
                                      "some/folder/name.json");
    for (const Problem& problem : result.problems) UNSCOPED_INFO(problem.text());
    REQUIRE(result.scenario);
    const Scenario& scenario = *result.scenario;
    CHECK(scenario.name == "name");
    CHECK(scenario.title.in("ko") == "브로커");
    CHECK(scenario.about.in("ko") == "plain");
    CHECK(scenario.seed == 7);
    CHECK(scenario.clock.offset_minutes == 0);
    CHECK(scenario.cluster.zookeeper_port == 2182);
    CHECK(scenario.running);
    REQUIRE(scenario.cluster.brokers.size() == 1);
    CHECK(scenario.cluster.brokers[0].port == 9096);
    CHECK(scenario.cluster.brokers[0].config ==
          config::Properties{{"num.partitions", "3"}, {"a.b", "true"}, {"c", "x"}});
    CHECK(scenario.pin.topic_ids.at(TopicName("t")).text() == "2c7cvTC1QGKy2bu18revoA");
    CHECK(scenario.pin.assignments.at(TopicName("t"))[0] == broker_ids({4, 9}));
    CHECK(scenario.pin.sticky.at(TopicName("t")) == std::deque<int32_t>{1, 0});
    CHECK(scenario.pin.controllers == broker_ids({4, 4}));
}

TEST_CASE("what chance decides when a topic is made again is pinned for each later time") {
    const auto result = read_scenario(
        R"({"pin": {"topics": {"t": {"assignment": [[1]], "again": [{"id": "2c7cvTC1QGKy2bu18revoA", "assignment": [[2], [3]]}]}}}, "steps": []})",
        "x");
    REQUIRE(result.scenario);
    kafkasim::sim::Pins pin = result.scenario->pin;
    const TopicName t("t");
    CHECK(pin.assignments.at(t) == std::vector<std::vector<BrokerId>>{broker_ids({1})});
    CHECK_FALSE(pin.take_topic_id(t));
    CHECK(pin.assignments.at(t) == std::vector<std::vector<BrokerId>>{broker_ids({2}), broker_ids({3})});
    const auto id = pin.take_topic_id(t);
    REQUIRE(id);
    CHECK(id->text() == "2c7cvTC1QGKy2bu18revoA");
    CHECK_FALSE(pin.take_topic_id(t));
}

TEST_CASE("a program in a terminal can be killed, paused and resumed too") {
    CHECK(verb_of<Kill>(R"({"kill": {"terminal": "c2"}})").terminal == "c2");
    CHECK(verb_of<Pause>(R"({"pause": {"terminal": "c2"}})").process.empty());
    CHECK(verb_of<Resume>(R"({"resume": "broker-1"})").process == "broker-1");
}

TEST_CASE("the tutorial's cluster is there if none is given") {
    const auto result = read_scenario(R"({"steps": []})", "x");
    REQUIRE(result.scenario);
    CHECK(result.scenario->cluster.brokers.size() == 3);
    CHECK(result.scenario->cluster.brokers[2].port == 9095);
    CHECK(result.scenario->seed == 1);
    CHECK_FALSE(result.scenario->running);
}

TEST_CASE("every verb is read") {
    CHECK(verb_of<Start>(R"({"start": "zookeeper"})").process == "zookeeper");
    CHECK(verb_of<Stop>(R"({"stop": "broker-1"})").process == "broker-1");
    CHECK(verb_of<Kill>(R"({"kill": "broker-2"})").process == "broker-2");
    CHECK(verb_of<Pause>(R"({"pause": "broker-3"})").process == "broker-3");
    CHECK(verb_of<Resume>(R"({"resume": "broker-3"})").process == "broker-3");
    CHECK(verb_of<PowerOff>(R"({"power_off": "broker-1"})").host == "broker-1");
    CHECK(verb_of<NoteStep>(R"({"note": "so far"})").text == "so far");
    CHECK(verb_of<Wait>(R"({"wait": "500ms"})").time == 500ms);
    const auto run = verb_of<Run>(R"({"run": "x", "type": ["a", ["3s", "b"]], "for": "2m"})");
    CHECK(run.command == "x");
    CHECK(run.types);
    REQUIRE(run.type.size() == 2);
    CHECK(run.type[1].wait == 3s);
    CHECK(run.type[1].text == "b");
    CHECK(run.for_time == Duration(120s));
    CHECK(verb_of<Run>(R"({"run": "x", "stdin": "a\n", "background": true})").stdin_text == "a\n");
    CHECK(verb_of<Write>(R"({"write": {"file": "f", "set": {"broker.id": 1}}})").set ==
          config::Properties{{"broker.id", "1"}});
    CHECK(verb_of<Write>(R"({"write": {"file": "f", "text": ""}})").text == "");
    const auto look = verb_of<Look>(
        R"({"look": {"log": "broker-1/controller", "like": "a…b", "znodes": ["/controller"], "files": ["f"]}})");
    CHECK(look.log == "broker-1/controller");
    CHECK(look.like == std::vector<std::string>{"a…b"});
    CHECK(look.znodes == std::vector<std::string>{"/controller"});
    CHECK(look.files == std::vector<std::string>{"f"});
}

TEST_CASE("faults are read") {
    CHECK(verb_of<Cut>(R"({"cut": ["broker-1", "broker-2"]})").between ==
          std::vector<std::string>{"broker-1", "broker-2"});
    CHECK(verb_of<Cut>(R"({"cut": "all"})").between ==
          std::vector<std::string>{"zookeeper", "broker-1", "broker-2", "broker-3"});
    CHECK(verb_of<Cut>(R"({"cut": {"from": "broker-1", "to": "kafka-topics.sh"}})").to == "kafka-topics.sh");
    CHECK(verb_of<Heal>(R"({"heal": "all"})").all);
    CHECK(verb_of<Slow>(R"({"slow": {"between": ["broker-1", "broker-2"], "by": "200ms"}})").by == 200ms);
    CHECK(verb_of<Slow>(R"({"slow": {"disk": "broker-2", "by": "50ms"}})").disk == "broker-2");
    CHECK(verb_of<Hold>(R"({"hold": {"request": "LeaderAndIsr", "to": "broker-3"}, "may_be_idle": true})").request ==
          "LeaderAndIsr");
    CHECK(verb_of<Release>(R"({"release": {"request": "LeaderAndIsrRequest", "to": "broker-3"}})").request ==
          "LeaderAndIsr");
}

TEST_CASE("a wait for something is read") {
    const auto wait = verb_of<Wait>(
        R"({"wait": {"until": {"leader": {"t": {"0": 2}}, "isr": {"t": {"1": [3, 2]}}, "znode": {"/controller": false},
        "log_line": {"broker-1": "x"}, "printed": {"c1": "y"}}, "at_most": "30s"}})");
    REQUIRE(wait.until);
    CHECK(wait.until->leader.at("t").at(0) == 2);
    CHECK(wait.until->isr.at("t").at(1) == std::vector<int32_t>{3, 2});
    CHECK_FALSE(wait.until->znode.at("/controller"));
    CHECK(wait.until->log_line.at("broker-1") == "x");
    CHECK(wait.until->printed.at("c1") == "y");
    CHECK(wait.at_most == 30s);
}

TEST_CASE("every claim is read") {
    const Step step = step_of(
        R"({"run": "x", "expect": {"stdout": "a", "stderr": "b", "exit_code": 130, "stdout_like": "c…", "stdout_set": ["d"],
        "leader": {"t": {"0": -1}}, "isr": {"t": {"0": [1]}}, "replicas": {"t": {"0": [1, 9]}}, "offline": {"t": {"0": []}},
        "lag": {"g": {"t": {"0": 5}}}, "committed": {"g": {"t": {"0": 6}}}, "znode": {"/a": {"version": 1}, "/b": "text", "/c": null},
        "log_line": {"zookeeper": "e"}, "read": ["f"], "within": "9s", "why": "because"}})");
    REQUIRE(step.expect);
    const Expectation& expect = *step.expect;
    CHECK(expect.stdout_text == "a");
    CHECK(expect.stderr_text == "b");
    CHECK(expect.exit_code == 130);
    CHECK(expect.stdout_like == "c…");
    CHECK(expect.stdout_set == std::vector<std::string>{"d"});
    CHECK(expect.leader.at("t").at(0) == -1);
    CHECK(expect.isr.at("t").at(0) == std::vector<int32_t>{1});
    CHECK(expect.replicas.at("t").at(0) == std::vector<int32_t>{1, 9});
    CHECK(expect.offline.at("t").at(0).empty());
    CHECK(expect.lag.at("g").at("t").at(0) == 5);
    CHECK(expect.committed.at("g").at("t").at(0) == 6);
    CHECK(expect.znode ==
          std::map<std::string, std::string>{{"/a", R"({"version": 1})"}, {"/b", "text"}, {"/c", "null"}});
    CHECK(expect.log_line.at("zookeeper") == "e");
    CHECK(expect.read == std::vector<std::string>{"f"});
    CHECK(expect.within == Duration(9s));
    CHECK(expect.why == "because");
}

TEST_CASE("what a recording has seen may stand in a step and is not part of it") {
    const Step step =
        step_of(R"({"start": "zookeeper", "note": "first", "seen": {"ms": 3, "what": ["ever"]}, "volatile": ["ms"]})");
    CHECK(step.source == R"({"start":"zookeeper","note":"first","volatile":["ms"]})");
    CHECK(step.note.in("en") == "first");
    CHECK(step.line == 1);
}

TEST_CASE("mistakes in a step are told") {
    struct Case {
        std::string step;
        std::string part;
    };
    const Case cases[] = {
        {R"({})", "a step without a verb"},
        {R"(3)", "found the number 3"},
        {R"({"run": "x", "stop": "broker-1"})", "a step does one thing"},
        {R"({"wait": 20})", "the number 20 has no unit; did you mean \"20s\"?"},
        {R"({"wait": "5 minutes"})", "did you mean \"5m\"?"},
        {R"({"wait": {"until": {}}})", "nothing to wait for"},
        {R"({"stop": "brokr-1"})", "did you mean \"broker-1\"?"},
        {R"({"press": "ctrl+c", "terminal": "a"})", "did you mean \"Ctrl+C\"?"},
        {R"({"press": "Ctrl+C"})", "in terminal \"main\" no program runs"},
        {R"({"type": ["x"], "terminal": "c1"})", "in terminal \"c1\" no program runs"},
        {R"({"look": {"terminal": "c1"}})", "in terminal \"c1\" no program runs"},
        {R"({"look": {}})", "nothing to look at"},
        {R"({"look": {"log": "broker-1/controler"}})", "did you mean \"broker-1/controller\"?"},
        {R"({"hold": {"request": "LeaderAndIrs", "to": "broker-1"}})", "did you mean \"LeaderAndIsr\"?"},
        {R"({"stop": "broker-1", "for": "3s"})", "\"for\" stands only beside \"run\""},
        {R"({"run": "x", "answer": "y"})", "\"answer\" stands only beside \"ask\""},
        {R"({"run": "x", "run": "y"})", "the key \"run\" stands here twice"},
        {R"({"run": "x", "type": [["3 s", "a"]]})", "did you mean \"3s\"?"},
        {R"({"write": {"file": "f"}})", "nothing to write"},
        {R"({"run": "x", "expect": {"isr": {"t": {"0": [1, 1]}}}})", "broker 1 stands in this list twice"},
        {R"({"run": "x", "expect": {"isr": {"t": {"0": [9]}}}})", "the cluster has no broker 9"},
        {R"({"run": "x", "expect": {"lag": {"g": {"t": {"x": 1}}}}})", "\"x\" is not a partition"},
        {R"({"run": "x", "terminal": "a", "background": true}, {"run": "y", "terminal": "a"})",
         "runs the program of line 1"},
        {R"({"run": "x", "title": {"english": "t"}})", "\"english\" is not a language"},
    };
    for (const Case& test_case : cases) {
        INFO(test_case.step << " -> " << complaint(test_case.step));
        CHECK(complaint(test_case.step).find(test_case.part) != std::string::npos);
    }
}

TEST_CASE("mistakes in a workload are told") {
    const std::pair<std::string, std::string> cases[] = {
        {R"({"workload": {}})", "one of \"name\" and \"end\" is wanted"},
        {R"({"workload": {"name": "w"}, "background": true})",
         "\"name\" stands only beside \"producers\" or \"consumers\""},
        {R"({"workload": {"name": "w", "producers": []}, "background": true})", "found a list"},
        {R"({"workload": {"name": "w", "producers": [{"name": "p", "topics": ["t"]}]}})", "the step never ends"},
        {R"({"workload": {"name": "w", "producers": [{"name": "p"}], "for": "1s"}})", "the key \"topics\" is missing"},
        {R"({"workload": {"name": "w", "producers": [{"name": "p q", "topics": ["t"]}], "for": "1s"}})",
         "\"p q\" cannot be a name"},
        {R"({"workload": {"name": "w", "producers": [{"name": "broker", "topics": ["t"]}], "for": "1s"}})",
         "another process is called \"broker-1\""},
        {R"({"workload": {"name": "w", "producers": [{"name": "p", "topics": ["t"], "rate": 0}], "for": "1s"}})",
         "a whole number from 1 to 100000"},
        {R"({"workload": {"name": "w", "producers": [{"name": "p", "topics": ["t"], "keys": {"zipff": 3}}], "for": "1s"}})",
         "did you mean \"zipf\"?"},
        {R"({"workload": {"name": "w", "producers": [{"name": "p", "topics": ["t"], "keys": {"hot": 3}}], "for": "1s"}})",
         "the key \"of\" is missing"},
        {R"({"workload": {"name": "w", "producers": [{"name": "p", "topics": ["t"], "keys": 3}], "for": "1s"}})",
         "found the number 3"},
        {R"({"workload": {"name": "w", "producers": [{"name": "p", "topics": ["t"], "config": {"acks": "2"}}], "for": "1s"}})",
         "Invalid value 2 for configuration acks"},
        {R"({"workload": {"name": "w", "consumers": [{"name": "c", "topics": ["t"], "config": {"linger.ms": 5}}], "for": "1s"}})",
         "\"linger.ms\" is no property of Kafka's consumer"},
        {R"({"workload": {"name": "w", "consumers": [{"name": "c"}], "for": "1s"}})",
         "one of \"topics\" and \"pattern\" is wanted"},
        {R"({"workload": {"name": "w", "consumers": [{"name": "c", "pattern": "("}], "for": "1s"}})", "Unclosed group"},
        {R"({"workload": {"name": "w", "consumers": [{"name": "c", "topics": ["t"], "commit": "snyc"}], "for": "1s"}})",
         "did you mean \"sync\"?"},
        {R"({"workload": {"name": "w", "consumers": [{"name": "c", "topics": ["t"]}], "for": "1s", "churn": {"of": ["d"], "does": ["join"]}}})",
         "\"d\" is not a set of this workload"},
        {R"({"workload": {"name": "w", "consumers": [{"name": "c", "topics": ["t"]}], "for": "1s", "churn": {"of": ["c"], "does": ["crsh"]}}})",
         "did you mean \"crash\"?"},
        {R"({"workload": {"end": "w"}})", "no step before begins a workload"},
        {R"({"workload": {"name": "w", "consumers": [{"name": "c", "topics": ["t"]}]}, "background": true}, {"workload": {"end": "v"}})",
         "\"v\" is not a workload of a step before"},
        {R"({"workload": {"name": "w", "consumers": [{"name": "c", "topics": ["t"]}]}, "background": true}, {"workload": {"end": "w", "of": ["d"]}})",
         "\"d\" is not a set of this workload"},
        {R"({"workload": {"name": "w", "consumers": [{"name": "billing", "topics": ["t"]}]}, "background": true}, {"kill": "biling-1"})",
         "did you mean \"billing-1\"?"},
        {R"({"workload": {"name": "w", "consumers": [{"name": "c", "topics": ["t"]}], "for": "1s"}, "expect": {"delivered": {"to": "d"}}})",
         "\"d\" is not a group of a workload"},
        {R"({"look": {"workload": "w"}})", "no step before begins a workload"},
        {R"({"run": "x", "terminal": "a", "tty": true}, {"stop": "broker-1", "background": true})",
         "\"background\" stands only beside \"run\" or \"workload\""},
    };
    for (const auto& [step, part] : cases) {
        INFO(step << " -> " << complaint(step));
        CHECK(complaint(step).find(part) != std::string::npos);
    }
}

TEST_CASE("a terminal is free again after Ctrl+C") {
    CHECK(
        complaint(
            R"({"run": "x", "terminal": "a", "background": true}, {"look": {"terminal": "a"}}, {"press": "Ctrl+C", "terminal": "a"}, {"run": "y", "terminal": "a"})")
            .empty());
}
