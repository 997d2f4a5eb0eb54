// SPDX-License-Identifier: Apache-2.0
// The transcript as a class reads it, against an approved file; and what it tells of a claim that does not hold.
#include "sim/reports/transcript.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "sim/scenario/reader.hpp"
#include "sim/why/why.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::sim;

namespace {

std::string text_of(const std::string& path) {
    std::ifstream file(std::string(KAFKASIM_SOURCE_DIR) + "/" + path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string transcript_of(const std::string& json, const std::string& language = "en", bool colour = false) {
    const auto read = scenario::read_scenario(json, "test");
    for (const auto& problem : read.problems) FAIL_CHECK(problem.text());
    REQUIRE(read.scenario);
    std::string text;
    TranscriptOptions options{language, colour, [&](const World& world, const scenario::Failure& failure) {
                                  return story_behind(world, failure, language);
                              }};
    Transcript transcript(std::move(options), [&](const std::string& part) { text += part; });
    scenario::RunOptions run;
    run.trace = TraceLevel::Notes;
    run.why = explain_step;
    scenario::Runner(*read.scenario, run, &transcript).run();
    return text;
}

/// Without the count of events and the digest, which every change of the cluster's insides moves.
std::string without_digest(const std::string& text) { return text.substr(0, text.rfind(" of virtual time")) + "\n"; }

}  // namespace

TEST_CASE("transcript: the replication test reads as approved") {
    const std::string path = "tests/approved/replication-test.txt";
    const std::string seen = without_digest(transcript_of(text_of("scenarios/replication-test.json")));
    if (std::getenv("KAFKASIM_REWRITE") != nullptr)
        std::ofstream(std::string(KAFKASIM_SOURCE_DIR) + "/" + path, std::ios::binary) << seen;
    const std::string approved = text_of(path);
    CHECK(seen.find("all claims hold") != std::string::npos);
    size_t line = 1;
    size_t at = 0;
    for (; at < std::min(seen.size(), approved.size()) && seen[at] == approved[at]; ++at)
        line += seen[at] == '\n' ? 1 : 0;
    INFO(path << " differs from what is printed now, from line " << line
              << " on. If the new text is right: run tests/rewrite.sh and read the diff.");
    INFO("now: " << seen.substr(std::min(at, seen.size()), 200));
    CHECK(seen == approved);
}

TEST_CASE("transcript: without colour no escape is printed, and with it the text is the same") {
    const std::string json = text_of("scenarios/crash-instead-of-ctrl-c.json");
    const std::string plain = transcript_of(json);
    std::string coloured = transcript_of(json, "en", true);
    CHECK(plain.find('\x1b') == std::string::npos);
    CHECK(coloured.find("\x1b[") != std::string::npos);
    for (size_t at = coloured.find("\x1b["); at != std::string::npos; at = coloured.find("\x1b["))
        coloured.erase(at, coloured.find('m', at) - at + 1);
    CHECK(coloured == plain);
}

TEST_CASE("transcript: in Korean questions, answers and labels are Korean") {
    const std::string text = transcript_of(text_of("scenarios/replication-test.json"), "ko");
    CHECK(text.find("질문: 왜 입력한 순서와 다를까?") != std::string::npos);
    CHECK(text.find("답: ") != std::string::npos);
    CHECK(text.find("Question") == std::string::npos);
    CHECK(text.find("Answer") == std::string::npos);
}

TEST_CASE("transcript: a claim that does not hold tells what was expected, what was seen, when, and the causes") {
    std::string json = text_of("scenarios/replication-test.json");
    const std::string right = "\"1\": 2,\n            \"2\": 2";
    REQUIRE(json.find(right) != std::string::npos);
    json.replace(json.find(right), 6, "\"1\": 3");
    const std::string text = transcript_of(json);
    INFO(text);
    CHECK(text.find("leader of my-kafka-topic-1 at 01:08:") != std::string::npos);
    CHECK(text.find("expected 3, but saw 2") != std::string::npos);
    CHECK(text.find("How it came to that") != std::string::npos);
    CHECK(text.find("my-kafka-topic-1: the leader goes from broker 1 to broker 2") != std::string::npos);
    CHECK(text.find("claim does not hold") != std::string::npos);
}

TEST_CASE("transcript: the session of a tool that has ended is not called a broker's") {
    const std::string text = transcript_of(R"({"title":"t","cluster":{"running":true},"steps":[
        {"run":"bin/zookeeper-shell.sh localhost:2181 get /controller"},{"wait":"40s"}]})");
    CHECK(text.find("a ZooKeeper session that owned no znode expired") != std::string::npos);
    CHECK(text.find("session of") == std::string::npos);
}

TEST_CASE("transcript: who a step means, what he is called and which round it is stands beside the act") {
    const std::string text = transcript_of(
        R"({"cluster": {"running": true}, "steps": [{"repeat": 2, "steps": [{"stop": "controller", "as": "victim"}, {"start": "victim"}]}]})");
    CHECK(text.find("Ctrl+C in the terminal of broker-1  = victim  (controller)  [1/2]\n") != std::string::npos);
    CHECK(text.find("start broker-1  [1/2]\n") != std::string::npos);
    CHECK(text.find("  = victim  (controller)  [2/2]\n") != std::string::npos);
}

TEST_CASE("transcript: of a program that prints for minutes the beginning and the end are shown") {
    const auto shown = [](const std::string& last) {
        return transcript_of(R"({"steps": [{"run": "seq )" + last + R"("}]})");
    };
    CHECK(shown("300").find("\n  │ 21\n") != std::string::npos);
    const std::string text = shown("301");
    CHECK(text.find("\n  │ 20\n  │ … 261 more lines …\n  │ 282\n") != std::string::npos);
    CHECK(text.find("\n  │ 301\n") != std::string::npos);
}
