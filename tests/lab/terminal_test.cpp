// SPDX-License-Identifier: Apache-2.0
// The lab on a real terminal of 80 columns and 24 rows: what a person types and what then stands in the window, as
// approved in tests/approved/lab-*.txt. With --speed max no clock has a part in it.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/catch.hpp"
#include "tests/lab/real_terminal.hpp"

using namespace kafkasim::sim::lab;

namespace {

constexpr const char* kSkipped =
    "SKIPPED: tmux is not installed, so nothing was typed on a real terminal. apt-get install tmux";

bool can_be_had() {
    if (RealTerminal::can_be_had()) return true;
    WARN(kSkipped);
    return false;
}

void check_picture(const std::string& name, const std::string& seen) {
    const std::string path = std::string(KAFKASIM_SOURCE_DIR) + "/tests/approved/lab-" + name + ".txt";
    if (std::getenv("KAFKASIM_REWRITE") != nullptr) std::ofstream(path, std::ios::binary) << seen;
    std::stringstream approved;
    approved << std::ifstream(path, std::ios::binary).rdbuf();
    INFO(path << " is not what stands in the window now. If that is right: run tests/rewrite.sh and read the diff.");
    CHECK(seen == approved.str());
}

void start(RealTerminal& terminal) {
    terminal.line(":start zookeeper");
    for (const char* id : {"1", "2", "3"}) terminal.line(std::string(":start ") + id);
    REQUIRE(terminal.shows("zk 1* 2 3"));
}

}  // namespace

TEST_CASE("lab terminal: typing, completion, Korean, Ctrl+C, the status line") {
    if (!can_be_had()) return;
    RealTerminal terminal("--speed max --seed 3");
    REQUIRE(terminal.shows("main $"));
    CHECK(terminal.screen().find("| (zk) (1) (2) (3) | [1:main]") != std::string::npos);
    start(terminal);
    terminal.letters("bin/kafka-top");
    terminal.key("Tab");
    REQUIRE(terminal.shows("main $ bin/kafka-topics.sh"));
    terminal.letters("--cr");
    terminal.key("Tab");
    terminal.letters("--topic music --boot");
    terminal.key("Tab");
    terminal.letters("localhost:909");
    terminal.key("Tab");  // three brokers: all are shown below each other
    REQUIRE(terminal.shows("localhost:9095"));
    terminal.line("3 --partitions 1 --replication-factor 3");
    REQUIRE(terminal.shows("Created topic music."));
    terminal.line(":go consumer");
    terminal.letters("bin/kafka-console-consumer.sh --bootstrap-server localhost:9093 --from-beginning --topic mu");
    terminal.key("Tab");
    terminal.key("Enter");
    terminal.key("M-1");
    terminal.line("bin/kafka-console-producer.sh --broker-list localhost:9093 --topic music");
    REQUIRE(terminal.shows(">"));
    terminal.letters("두번째 입력");
    for (int i = 0; i < 2; ++i) terminal.key("Left");
    terminal.letters("새 ");  // in the midst of the line
    terminal.key("Enter");
    REQUIRE(terminal.shows("consumer | 두번째 새 입력"));
    check_picture("typing", terminal.picture());
    terminal.key("C-c");
    REQUIRE(terminal.shows(">^C"));
    terminal.key("M-2");
    terminal.key("C-c");
    REQUIRE(terminal.shows("Processed a total of 1 messages"));
    terminal.letters("half a line");
    terminal.key("C-c");
    terminal.line(":describe");
    REQUIRE(terminal.shows("partition 0"));
    check_picture("keys", terminal.picture());
    terminal.key("C-d");
    REQUIRE(terminal.shows("Ctrl+D again"));
    terminal.key("C-d");
    REQUIRE(terminal.ended());
    CHECK(terminal.screen().find("exit code 0") != std::string::npos);
}

TEST_CASE("lab terminal: in Korean all columns stand below each other, within 80") {
    if (!can_be_had()) return;
    RealTerminal terminal("replication-test --play --speed max --lang ko", 80, 40);
    REQUIRE(terminal.shows("main $"));
    terminal.line(":describe");
    REQUIRE(terminal.shows("(브로커 아래:"));
    terminal.line(":도움");
    REQUIRE(terminal.shows("랩의 명령이 아님"));
    check_picture("korean", terminal.picture());
    terminal.line(":quit");
    CHECK(terminal.ended());
}

TEST_CASE("lab terminal: in real time a program speaks while a line is typed, and the window may change its size") {
    if (!can_be_had()) return;
    RealTerminal terminal("--speed 5", 80, 25);
    REQUIRE(terminal.shows("main $"));
    start(terminal);
    terminal.line(
        "bin/kafka-topics.sh --create --topic music --partitions 1 --replication-factor 1 --bootstrap-server "
        "localhost:9093");
    REQUIRE(terminal.shows("Created topic music."));
    terminal.line(":go c");
    terminal.line("bin/kafka-console-consumer.sh --bootstrap-server localhost:9093 --topic music --from-beginning");
    terminal.line(":go p");
    terminal.line("bin/kafka-console-producer.sh --broker-list localhost:9093 --topic music");
    REQUIRE(terminal.shows(">"));
    terminal.line("one");
    terminal.letters("half typed");  // the consumer prints above it
    REQUIRE(terminal.shows("c | one\n>half typed"));
    terminal.resize(100, 30);
    REQUIRE(terminal.shows("c | one\n>half typed"));
    terminal.key("Enter");
    REQUIRE(terminal.shows("c | half typed"));
    terminal.line(":quit");
    CHECK(terminal.ended());
}
