// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/compare.hpp"

#include <nlohmann/json.hpp>

#include "sim/scenario/chance_values.hpp"
#include "tests/catch.hpp"

using namespace kafkasim::sim::scenario;

namespace {

using Json = nlohmann::ordered_json;

/// Two recordings of one step that differ in one field of what was seen.
std::vector<Difference> compared(const Json& step, const std::string& field, const Json& left, const Json& right) {
    const auto recording = [&](const Json& value) {
        Json one = step;
        one["seen"] = {{field, value}};
        Json whole;
        whole["pin"] = {{"topics", {{"one", {{"assignment", {{1}}}}}, {"three", {{"assignment", {{1}, {2}, {3}}}}}}}};
        whole["steps"] = Json::array({one});
        return whole.dump();
    };
    return compare_recordings(recording(left), recording(right));
}

bool same(const Json& step, const std::string& field, const Json& left, const Json& right) {
    return compared(step, field, left, right).empty();
}

Json run(const std::string& command) { return {{"run", command}}; }

}  // namespace

TEST_CASE("values of chance are named by their kind") {
    struct Case {
        std::string text;
        std::string plain;
    };
    const Case cases[] = {
        {"[2022-01-01 01:08:20,944] WARN x", "[stamp] WARN x"},
        {"at 1640966900944, and 16409669009440", "at <epoch ms>, and 16409669009440"},
        {"#Sat Jan  1 01:08:20 KST 2022", "#<date>"},
        {"zxid: 0x1f, zxid0x2", "zxid <zxid>, zxid <zxid>"},
        {"cZxid = 0x1f\nctime = Sat Jan 01\nno mtime = x", "cZxid = <zxid>\nctime = <date>\nno mtime = x"},
        {"correlation id 17, correlation id: =4", "correlation id <n>, correlation id: =<n>"},
        {"/127.0.0.1:45678 localhost/127.0.0.1:9093", "/127.0.0.1:<port> localhost/127.0.0.1:9093"},
        {"[I@1f2e", "[I@<hash>"},
        {"after 3 attempt(s) in 25ms, 7 milliseconds, 8 msx",
         "after <n> attempt(s) in <n> ms, <n> milliseconds, 8 msx"},
        {"epoch=INITIAL12 sessionId=34", "epoch=INITIAL<n> sessionId=<n>"},
        {"Call(callName=listNodes, deadlineMs=1, tries=2, nextAllowedTryMs=-3) timed out at 4 after 5 attempt(s)!",
         "<timed out: listNodes>!"},
        {"Timed out waiting for a node assignment. Call: listNodes", "<timed out: listNodes>"},
        {"Call(callName=a,b)", "Call(callName=a,b)"},
        {"25bc2367-49bc-4136-a3f3-7ad586c767dd", "<uuid 1>"},
        {"0x10000a1b2c3d4e 0x1 0x10000a1b2c3d4f 0x10000a1b2c3d4e", "<session 1> 0x1 <session 2> <session 1>"},
        {"console-consumer-12345 console-consumer-123456", "<group 1> console-consumer-123456"},
        {"2c7cvTC1QGKy2bu18revoA is known, 3c7cvTC1QGKy2bu18revoA is not",
         "<topic id 1> is known, 3c7cvTC1QGKy2bu18revoA is not"},
    };
    for (const Case& test_case : cases) {
        ChanceValues chance;
        chance.collect_ids("Topic: t\tTopicId: 2c7cvTC1QGKy2bu18revoA\tx");
        CHECK(chance.plain(test_case.text) == test_case.plain);
    }
}

TEST_CASE("ids are found where Kafka prints them, also in JSON within JSON") {
    for (const std::string text : {R"({"version":"1","id":"2c7cvTC1QGKy2bu18revoA"})",
                                   R"({\"id\":\"2c7cvTC1QGKy2bu18revoA\"})", "cluster.id=2c7cvTC1QGKy2bu18revoA\n"}) {
        ChanceValues chance;
        chance.collect_ids(text);
        CHECK(chance.plain("2c7cvTC1QGKy2bu18revoA") == "<topic id 1>");
    }
}

TEST_CASE("distinct values must be distinct on both sides") {
    const Json step = run("bin/kafka-topics.sh --list");
    const std::string a = "25bc2367-49bc-4136-a3f3-7ad586c767dd", b = "35bc2367-49bc-4136-a3f3-7ad586c767dd";
    CHECK(same(step, "stdout", a + "\n" + b + "\n", b + "\n" + a + "\n"));
    CHECK_FALSE(same(step, "stdout", a + "\n" + b + "\n", a + "\n" + a + "\n"));
}

TEST_CASE("consumed records compare per partition, per key or as a multiset") {
    const std::string consumer = "bin/kafka-console-consumer.sh --bootstrap-server localhost:9093 --topic ";
    CHECK(same(run(consumer + "three"), "stdout", "a\nb\n", "b\na\n"));
    CHECK_FALSE(same(run(consumer + "three"), "stdout", "a\nb\n", "a\na\n"));
    CHECK_FALSE(same(run(consumer + "one"), "stdout", "a\nb\n", "b\na\n"));
    CHECK_FALSE(same(run(consumer + "three --partition 0"), "stdout", "a\nb\n", "b\na\n"));
    const Json told = run(consumer + "three --property print.partition=true");
    CHECK(same(told, "stdout", "Partition:0\ta\nPartition:1\tb\nPartition:0\tc\n",
               "Partition:1\tb\nPartition:0\ta\nPartition:0\tc\n"));
    CHECK_FALSE(same(told, "stdout", "Partition:0\ta\nPartition:0\tc\n", "Partition:0\tc\nPartition:0\ta\n"));
    const Json keyed = run(consumer + "three --property print.key=true --property key.separator=':'");
    CHECK(same(keyed, "stdout", "k:1\nl:2\nk:3\n", "l:2\nk:1\nk:3\n"));
    CHECK_FALSE(same(keyed, "stdout", "k:1\nk:3\n", "k:3\nk:1\n"));
}

TEST_CASE("tables of groups compare without the order of rows, and members by what they have") {
    const Json step = run("bin/kafka-consumer-groups.sh --describe --group g");
    const std::string heading =
        "\nGROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG CONSUMER-ID HOST CLIENT-ID\n";
    const std::string row0 = "g t 0 1 1 0 c-25bc2367-49bc-4136-a3f3-7ad586c767dd /127.0.0.1 c\n";
    const std::string row1 = "g t 1 1 1 0 c-35bc2367-49bc-4136-a3f3-7ad586c767dd /127.0.0.1 c\n";
    const std::string row1_same_member = "g t 1 1 1 0 c-25bc2367-49bc-4136-a3f3-7ad586c767dd /127.0.0.1 c\n";
    CHECK(same(step, "stdout", heading + row0 + row1, heading + row1 + row0));
    CHECK_FALSE(same(step, "stdout", heading + row0 + row1, heading + row0 + row1_same_member));
    CHECK_FALSE(same(step, "stdout", heading + row0, heading + row0 + row1));
    CHECK(same(step, "stdout", "console-consumer-1   x\n", "console-consumer-12345 x\n"));
}

TEST_CASE("what a client logs compares as the set of distinct lines") {
    const Json step = run("bin/kafka-console-producer.sh --broker-list localhost:9093,localhost:9094 --topic three");
    CHECK(same(step, "stderr", "a\nb\na\n", "b\na\n"));
    CHECK(same(step, "stderr", "a\n\tat org.apache.X\nCaused by: y\n\t... 3 more\n", "a\n"));
    CHECK(same(step, "stderr", "Connection to node -1 (localhost) could not be established\n", ""));
    CHECK_FALSE(same(step, "stderr", "Connection to node 1 (localhost) could not be established\n", ""));
    CHECK_FALSE(same(run("x --broker-list localhost:9093"), "stderr",
                     "Connection to node -1 (localhost) could not be established\n", ""));
    CHECK_FALSE(same(step, "stderr", "a\n", "b\n"));
}

TEST_CASE("znodes compare as values, and logs and files by their kind") {
    const Json look = {{"look", {{"znodes", {"/a"}}}}};
    const auto znode = [](const std::string& data) { return Json{{"/a", {{"data", data}, {"version", 0}}}}; };
    CHECK(same(look, "znodes", znode(R"({"a":1,"b":2})"), znode(R"({"b":2,"a":1})")));
    CHECK_FALSE(same(look, "znodes", znode(R"({"a":1})"), znode(R"({"a":2})")));
    CHECK_FALSE(same(look, "znodes", znode("{}"), Json{{"/a", nullptr}}));
    CHECK(same({{"look", {{"log", "broker-1"}}}}, "lines", {"a", "b", "a"}, {"b", "a"}));
    CHECK_FALSE(same({{"look", {{"terminal", "c1"}}}}, "lines", {"a", "b", "a"}, {"b", "a"}));
    CHECK(same({{"look", {{"files", {"x"}}}}}, "files", {{"x-checkpoint", "0\nt 0 1\nt 1 2\n"}},
               {{"x-checkpoint", "0\nt 1 2\nt 0 1\n"}}));
    CHECK_FALSE(same({{"look", {{"files", {"x"}}}}}, "files", {{"x", "140 bytes"}}, {{"x", "141 bytes"}}));
}

TEST_CASE("times compare by class, where a step is timed") {
    CHECK(same_time(10, 900));
    CHECK(same_time(900, 4800));
    CHECK_FALSE(same_time(900, 5000));
    CHECK_FALSE(same_time(9000, 30000));
    CHECK_FALSE(same({{"stop", "broker-1"}}, "ms", 100, 20000));
    CHECK(same({{"start", "broker-1"}}, "ms", 100, 20000));
    CHECK(same({{"wait", "5s"}}, "ms", 100, 20000));
    CHECK_FALSE(same({{"wait", {{"until", {}}}}}, "ms", 100, 20000));
}

TEST_CASE("what is volatile is not compared, in whole or by name") {
    CHECK(same({{"run", "x"}, {"volatile", {"stdout"}}}, "stdout", "a", "b"));
    const Json step = {{"look", {{"znodes", {"/a", "/b"}}}}, {"volatile", {"znodes:/a"}}};
    CHECK(same(step, "znodes", {{"/a", nullptr}, {"/b", nullptr}}, {{"/a", {{"data", "x"}}}, {"/b", nullptr}}));
    CHECK_FALSE(same(step, "znodes", {{"/a", nullptr}, {"/b", nullptr}}, {{"/a", nullptr}, {"/b", {{"data", "x"}}}}));
}

TEST_CASE("a missing field, a missing step and another exit code are differences") {
    CHECK_FALSE(same(run("x"), "exit_code", 0, 1));
    CHECK(compare_recordings(R"({"steps": [{"run": "x", "seen": {"stdout": ""}}]})",
                             R"({"steps": [{"run": "x", "seen": {}}]})")
              .size() == 1);
    CHECK(compare_recordings(R"({"steps": [{"run": "x"}]})", R"({"steps": []})").size() == 1);
    CHECK(compare_recordings("x", R"({"steps": []})").size() == 1);
}

TEST_CASE("errors that were cut off when they were recorded compare up to there") {
    const Json step = run("bin/zookeeper-shell.sh localhost:2181");
    const std::string cut = "one\ntwo\n\tat Frame.of(Java)\n... (36 more lines)\n";
    CHECK(same(step, "stderr", cut, "one\ntwo\nthree\nfour\n"));
    CHECK_FALSE(same(step, "stderr", cut, "one\nthree\ntwo\n"));
    CHECK_FALSE(same(step, "stderr", "one\ntwo\n", "one\ntwo\nthree\n"));
    CHECK_FALSE(same(step, "stdout", cut, "one\ntwo\nthree\nfour\n"));
}

TEST_CASE("lines that do not count do not use up numbers") {
    const Json step = run("bin/zookeeper-shell.sh localhost:2181");
    CHECK(same(step, "stderr",
               "WARN while closing send thread for session 0x10000a1b2c3d4e\nsession 0x10000a1b2c3d4f\n",
               "session 0x10000a1b2c3d4f\n"));
}
