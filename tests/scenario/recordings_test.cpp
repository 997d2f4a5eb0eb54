// SPDX-License-Identifier: Apache-2.0
// Recordings of a real Kafka 3.0.0, played by the simulator and compared step by step.
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/scenario/compare.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/recording.hpp"
#include "sim/scenario/runner.hpp"
#include "tests/catch.hpp"

using namespace kafkasim::sim::scenario;

namespace {

/// Steps that need not be equal, with the reason.
using Excused = std::map<size_t, std::string>;

std::string read_recording(const std::string& name) {
    std::ifstream file("tests/recordings/" + name, std::ios::binary);
    REQUIRE(file);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// What the simulator makes of the recording's scenario.
std::string replayed(const std::string& name, const std::string& text) {
    const auto read = read_scenario(text, name);
    for (const Problem& problem : read.problems) UNSCOPED_INFO(problem.text());
    REQUIRE(read.scenario);
    Runner runner(*read.scenario, {});
    const RunResult result = runner.run();
    for (const std::string& problem : result.problems) CHECK(problem == "");
    CHECK(result.steps.size() == read.scenario->steps.size());
    return recording_text(*read.scenario, result);
}

void check_equal(const std::string& name, const Excused& excused) {
    const std::string text = read_recording(name);
    const auto differences = compare_recordings(text, replayed(name, text));
    for (const Difference& difference : differences) {
        if (excused.contains(difference.step)) continue;
        FAIL_CHECK(name << ", " << difference.text());
    }
}

}  // namespace

TEST_CASE("the replication test answers as the real cluster did") { check_equal("01-replication-test.json", {}); }

TEST_CASE("the replication test with offsets replicated three times answers as the real cluster did") {
    check_equal("02-replication-test-rf3.json", {});
}

TEST_CASE("three groups, one with its coordinator stopped, answer as on the real cluster") {
    check_equal("03-dead-coordinator.json", {});
}

TEST_CASE("kafka-configs and the tutorial's three errors answer as on the real cluster") {
    check_equal("05-configs.json", {});
}

TEST_CASE("a topic removed in zookeeper-shell leaves the brokers' memory broker by broker, as on the real cluster") {
    check_equal("06-zookeeper-surgery.json", {});
}

TEST_CASE("groups in all their states are listed, described and deleted as on the real cluster") {
    check_equal("09-group-states.json", {});
}

TEST_CASE("offsets of groups are reset in every form and deleted as on the real cluster") {
    check_equal("10-reset-offsets.json", {});
}

TEST_CASE("preferred leaders come back by kafka-leader-election as on the real cluster") {
    check_equal("15-preferred-leader.json", {});
}

TEST_CASE("kill -9 of a follower and of a leader goes as on the real cluster") { check_equal("11-crash.json", {}); }

TEST_CASE("with no replica of the Isr left, waiting or losing data goes as on the real cluster") {
    check_equal("13-unclean-election.json", {});
}

TEST_CASE("one, two, three, four members, and back: rebalances go as on the real cluster") {
    check_equal("16-rebalance.json", {});
}

TEST_CASE("topics are created, listed, described, grown and deleted as on the real cluster") {
    check_equal("04-topics.json", {});
}

TEST_CASE("the controller dies and another takes over as on the real cluster") {
    check_equal("12-controller.json", {});
}

TEST_CASE("min.insync.replicas and acks answer as on the real cluster") {
    check_equal("14-min-insync-replicas.json", {});
}

TEST_CASE("a recording is equal to itself, and to a changed copy it is not") {
    for (const std::string name :
         {"01-replication-test.json", "02-replication-test-rf3.json", "03-dead-coordinator.json"}) {
        const std::string text = read_recording(name);
        CHECK(compare_recordings(text, text).empty());
        const auto recording = nlohmann::ordered_json::parse(text, nullptr, false);
        size_t noticed = 0, changed = 0;
        for (size_t i = 0; i < recording["steps"].size(); ++i) {
            auto copy = recording;
            auto& seen = copy["steps"][i]["seen"];
            if (!seen.contains("stdout")) continue;
            seen["stdout"] = seen["stdout"].get<std::string>() + "one more line\n";
            ++changed;
            const auto differences = compare_recordings(text, copy.dump());
            noticed +=
                differences.size() == 1 && differences[0].step == i + 1 && differences[0].field == "stdout" ? 1 : 0;
        }
        CHECK(changed > 0);
        CHECK(noticed == changed);
    }
}
