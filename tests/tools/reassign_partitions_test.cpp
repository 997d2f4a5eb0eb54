// SPDX-License-Identifier: Apache-2.0

#include "core/tools/reassign_partitions_command.hpp"

#include <nlohmann/json.hpp>

#include "core/tools/jackson_reader.hpp"
#include "core/tools/usage.hpp"
#include "tests/catch.hpp"
#include "tests/support/data_file.hpp"

namespace kafkasim::tools {
namespace {

std::string complaint(const std::vector<std::string>& words) {
    return complaint_about_reassign_options(parse_options(reassign_partitions_options(), words).options, words)
        .value_or("");
}

TopicPartition partition(std::string_view topic, int32_t number) { return {TopicName(topic), number}; }

std::vector<BrokerId> ids(const std::vector<int32_t>& values) {
    std::vector<BrokerId> made;
    for (const int32_t value : values) made.push_back(BrokerId{value});
    return made;
}

std::string message_of(const std::optional<ToolProblem>& problem) { return problem ? problem->message : ""; }

}  // namespace

TEST_CASE("the help of kafka-reassign-partitions is the real one's") {
    CHECK(usage_table(reassign_partitions_options()) == test::data_file("usage/kafka-reassign-partitions.txt"));
}

TEST_CASE("mistakes in the options of a reassignment are named as recorded") {
    const std::string one =
        "Command must include exactly one action: --generate, --execute, --verify, --cancel, --list";
    CHECK(complaint({"--bootstrap-server", "h:1"}) == one);
    CHECK(complaint({"--bootstrap-server", "h:1", "--list", "--execute"}) == one);
    CHECK(complaint({"--list"}) == "Please specify --bootstrap-server");
    CHECK(complaint({"--bootstrap-server", "h:1", "--execute"}) ==
          "Missing required argument \"[reassignment-json-file]\"");
    CHECK(complaint({"--bootstrap-server", "h:1", "--generate", "--broker-list", "1"}) ==
          "Missing required argument \"[topics-to-move-json-file]\"");
    CHECK(complaint({"--bootstrap-server", "h:1", "--verify", "--throttle", "5", "--reassignment-json-file", "a"}) ==
          "Option \"[throttle]\" can't be used with action \"[verify]\"");
    CHECK(complaint({"--preserve-throttles", "--bootstrap-server=h:1", "--execute", "--reassignment-json-file=a"}) ==
          "Option \"[preserve-throttles]\" can't be used with action \"[execute]\"");
    CHECK(complaint({"--bootstrap-server", "h:1", "--execute", "--reassignment-json-file", "a", "--throttle", "1",
                     "--additional", "--timeout", "5"})
              .empty());
    CHECK(complaint({"--bootstrap-server", "h:1", "--list", "--command-config", "c"}).empty());
}

TEST_CASE("what is wrong with a reassignment's JSON is told as the real tool told it") {
    const auto recorded = nlohmann::json::parse(test::data_file("json-problems.json"));
    REQUIRE(recorded.size() > 30);
    for (const auto& each : recorded) {
        const auto text = each["text"].get<std::string>();
        INFO(text);
        CHECK(message_of(parse_reassignment_file(text, 4).problem) == each["message"].get<std::string>());
    }
}

TEST_CASE("only the first value of a file is read, and white space alone is none") {
    CHECK(scan_json("{\"a\":1}} x").value == "{\"a\":1}");
    CHECK_FALSE(scan_json("{\"a\":1}} x").problem);
    CHECK(scan_json(" \n").value.empty());
    CHECK(scan_json("{\"한\":\"글\"} 2").value == "{\"한\":\"글\"}");
    CHECK(scan_json("{\"한\" 1}").problem->message ==
          "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value\n at [Source: "
          "(String)\"{\"한\" 1}\"; line: 1, column: 7]");
    CHECK(scan_json("[1").problem->exception == "com.fasterxml.jackson.core.io.JsonEOFException");
}

TEST_CASE("a reassignment's file is checked before anybody is asked") {
    const auto refusal = [](const std::string& partitions) {
        const ReassignmentFile file = parse_reassignment_file("{\"version\":1,\"partitions\":[" + partitions + "]}", 5);
        CHECK_FALSE(file.problem);
        return message_of(complaint_about(file));
    };
    const std::string good = R"({"topic":"t","partition":0,"replicas":[1,2]})";
    CHECK(refusal(good).empty());
    CHECK(refusal("") == "Partition reassignment list cannot be empty");
    CHECK(refusal(R"({"topic":"t","partition":0,"replicas":[]})") == "Partition replica list cannot be empty");
    CHECK(refusal(good + "," + good) == "Partition reassignment contains duplicate topic partitions: t-0");
    CHECK(refusal(R"({"topic":"t","partition":0,"replicas":[1,1,2,2]})") ==
          "Partition replica lists may not contain duplicate entries: t-0 contains multiple entries for 1,2");
    CHECK(parse_reassignment_file(R"({"partitions":[{"topic":"t","partition":0,"replicas":[1],"log_dirs":["/x"]}]})", 5)
              .names_log_dirs);
    CHECK(message_of(parse_topics_file("{").problem) == "The input string is not a valid JSON");
    CHECK(message_of(parse_topics_file("{\"version\":3}").problem) == "Not supported version field value 3");
    CHECK(parse_topics_file(R"({"topics":[{"topic":"a"},{"topic":"b"}]})").topics ==
          std::vector<TopicName>{TopicName("a"), TopicName("b")});
}

TEST_CASE("an assignment is printed as a file that the tool reads") {
    const Assignment assignment{{partition("t", 0), ids({1, 2})}, {partition("t", 1), ids({3})}};
    const std::string text = reassignment_json(assignment);
    CHECK(text == R"({"version":1,"partitions":[{"topic":"t","partition":0,"replicas":[1,2],"log_dirs":["any","any"]},)"
                  R"({"topic":"t","partition":1,"replicas":[3],"log_dirs":["any"]}]})");
    const ReassignmentFile file = parse_reassignment_file(text, 5);
    CHECK_FALSE(file.problem);
    CHECK_FALSE(file.names_log_dirs);
    CHECK(Assignment(file.partitions.begin(), file.partitions.end()) == assignment);
    CHECK(reassignment_json({}) == R"({"version":1,"partitions":[]})");
}

TEST_CASE("what is going on and what came of it is told line by line") {
    CHECK(running_text({}) == "No partition reassignments found.");
    CHECK(running_text({{partition("t", 0), {ids({2, 3, 1}), ids({2, 3}), ids({1})}},
                        {partition("t", 1), {ids({1, 2}), {}, ids({2})}}}) ==
          "Current partition reassignments:\nt-0: replicas: 2,3,1. adding: 2,3. removing: 1.\nt-1: replicas: 1,2. "
          "removing: 2.");
    CHECK(verified_text({{partition("t", 0), {ids({1}), ids({1}), true}},
                         {partition("t", 1), {ids({1}), ids({2}), true}},
                         {partition("t", 2), {ids({1, 2}), ids({2}), false}}}) ==
          "Status of partition reassignment:\nReassignment of partition t-0 is complete.\nThere is no active "
          "reassignment of partition t-1, but replica set is 1 rather than 2.\nReassignment of partition t-2 is still "
          "in progress.");
}

TEST_CASE("throttles name the original replicas as leaders and the new ones as followers") {
    const RunningReassignments running{{partition("t", 0), {ids({4, 1, 2}), ids({4}), ids({2})}},
                                       {partition("u", 0), {ids({3, 1}), ids({3}), ids({1})}}};
    const Assignment proposed{{partition("t", 0), ids({5, 1})}, {partition("t", 1), ids({2, 3})}};
    const Assignment current{{partition("t", 0), ids({4, 1, 2})}, {partition("t", 1), ids({1, 2})}};
    const Moves moves = proposed_moves(running, proposed, current);
    CHECK(leader_throttles(moves.at(TopicName("t"))) == "0:1,0:2,1:1,1:2");
    CHECK(follower_throttles(moves.at(TopicName("t"))) == "0:5,1:3");
    CHECK(leader_throttles(moves.at(TopicName("u"))) == "0:1");
    CHECK(follower_throttles(moves.at(TopicName("u"))) == "0:3");
    const std::set<BrokerId> brokers = brokers_in(moves);
    CHECK(std::vector<BrokerId>(brokers.begin(), brokers.end()) == ids({1, 2, 3, 5}));
}

TEST_CASE("doubled entries are named once, in the order of a Scala map") {
    CHECK(duplicates(ids({3, 1, 3, 2, 1})) == ids({3, 1}));
    CHECK(duplicates(ids({1, 2, 3})).empty());
    CHECK(in_set_order(ids({3, 1, 3, 2})) == ids({3, 1, 2}));
}

}  // namespace kafkasim::tools
