// SPDX-License-Identifier: Apache-2.0
// `kafkasim lab` without a terminal: lines in, a transcript out, exit codes.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "tests/catch.hpp"

namespace {

struct Ran {
    std::string output;
    int exit_code = -1;
};

Ran kafkasim_with(const std::string& arguments, const std::string& lines) {
    const std::string input = "/tmp/kafkasim-lab-" + std::to_string(getpid()) + ".txt";
    std::ofstream(input, std::ios::binary) << lines;
    const std::string program = std::string(KAFKASIM_BINARY_DIR) + "/kafkasim";
    INFO("the program has to be built: " << program);
    REQUIRE(access(program.c_str(), X_OK) == 0);
    Ran ran;
    FILE* pipe = popen(("'" + program + "' " + arguments + " < " + input + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    char buffer[4096];
    for (size_t count = fread(buffer, 1, sizeof buffer, pipe); count > 0; count = fread(buffer, 1, sizeof buffer, pipe))
        ran.output.append(buffer, count);
    const int status = pclose(pipe);
    if (WIFEXITED(status)) ran.exit_code = WEXITSTATUS(status);
    std::remove(input.c_str());
    return ran;
}

const std::string kLines =
    ":start zookeeper\n"
    ":start 1\n"
    "bin/kafka-topics.sh --create --topic music --bootstrap-server localhost:9093 --partitions 1 "
    "--replication-factor 1\n"
    ":go consumer\n"
    "bin/kafka-console-consumer.sh --bootstrap-server localhost:9093 --topic music\n"
    ":go main\n"
    "bin/kafka-console-producer.sh --broker-list localhost:9093 --topic music\n"
    "하나\n"
    "^C\n"
    ":go consumer\n"
    "^C\n";

}  // namespace

TEST_CASE("lab lines: a file of lines reads as a transcript") {
    const Ran ran = kafkasim_with("lab", kLines);
    CHECK(ran.exit_code == 0);
    CHECK(ran.output ==
          "[main] :start zookeeper\n"
          "[main] :start 1\n"
          "[main] $ bin/kafka-topics.sh --create --topic music --bootstrap-server localhost:9093 --partitions 1 "
          "--replication-factor 1\n"
          "Created topic music.\n"
          "[main] :go consumer\n"
          "[consumer] $ bin/kafka-console-consumer.sh --bootstrap-server localhost:9093 --topic music\n"
          "[consumer] :go main\n"
          "[main] $ bin/kafka-console-producer.sh --broker-list localhost:9093 --topic music\n"
          "[main] >하나\n"
          "consumer | 하나\n"
          "[main] >^C\n"
          "[main] :go consumer\n"
          "[consumer] ^C\n"
          "Processed a total of 1 messages\n");
}

TEST_CASE("lab lines: what was saved is a scenario without mistakes, and run gives the same digest twice") {
    const std::string saved = "/tmp/kafkasim-lab-saved-" + std::to_string(getpid()) + ".json";
    const Ran ran = kafkasim_with("lab", kLines + ":save " + saved + "\n");
    CHECK(ran.exit_code == 0);
    CHECK(kafkasim_with("check " + saved, "").exit_code == 0);
    const Ran first = kafkasim_with("run " + saved, "");
    CHECK(first.exit_code == 0);
    CHECK(first.output.find("Processed a total of 1 messages") != std::string::npos);
    CHECK(first.output == kafkasim_with("run " + saved, "").output);
    SECTION("and the lab can begin where it ended") {
        const Ran again = kafkasim_with("lab " + saved + " --play",
                                        ":terminals\nbin/kafka-topics.sh --list "
                                        "--bootstrap-server localhost:9093\n");
        CHECK(again.exit_code == 0);
        CHECK(again.output.find("music\n") != std::string::npos);
    }
    std::remove(saved.c_str());
}

TEST_CASE("lab lines: exit codes") {
    CHECK(kafkasim_with("lab", "ls\n:quit\n:descibe\n").exit_code == 0);  // nothing is done after :quit
    CHECK(kafkasim_with("lab", ":descibe\nls\n").exit_code == 1);
    CHECK(kafkasim_with("lab", "no-such-program\n").exit_code == 0);
    CHECK(kafkasim_with("lab no-such-scenario", "").exit_code == 2);
    CHECK(kafkasim_with("lab --speed fast", "").exit_code == 2);
    CHECK(kafkasim_with("lab --lang fr", "").exit_code == 2);
    CHECK(kafkasim_with("lab", ":save /no/such/folder/x.json\n").exit_code == 1);
}
