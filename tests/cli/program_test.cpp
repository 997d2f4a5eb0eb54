// SPDX-License-Identifier: Apache-2.0
// The built program as people call it: output, exit codes, bad input.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/scenario/compare.hpp"
#include "tests/catch.hpp"
#include "tests/support/built_program.hpp"

using namespace kafkasim;

namespace {

std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string temporary(const std::string& name) { return "/tmp/kafkasim-" + std::to_string(getpid()) + "-" + name; }

/// Standard output and standard error.
test::Ran kafkasim_with(const std::string& arguments, const std::string& folder = "") {
    return test::run_in_shell("cd '" + std::string(KAFKASIM_SOURCE_DIR) + folder + "' && NO_COLOR=1 " +
                              test::built_program() + " " + arguments + " 2>&1");
}

std::string digest_in(const std::string& output) {
    const size_t at = output.rfind("digest ");
    REQUIRE(at != std::string::npos);
    return output.substr(at + 7, 16);
}

/// A folder, a file, that is there while the test needs it.
struct TemporaryFolder {
    explicit TemporaryFolder(const std::string& name) : path(temporary(name)) {
        std::filesystem::create_directory(path);
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    std::string path;
};

struct TemporaryFile {
    TemporaryFile(const std::string& name, const std::string& text) : path(temporary(name)) {
        std::ofstream(path, std::ios::binary) << text;
    }
    ~TemporaryFile() { std::remove(path.c_str()); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    std::string path;
};

}  // namespace

TEST_CASE("program: a file with ten mistakes names all ten and exits 2") {
    const std::string approved = text_of(std::string(KAFKASIM_SOURCE_DIR) + "/tests/data/ten-mistakes.approved.txt");
    for (const std::string command : {"run", "check"}) {
        const test::Ran ran = kafkasim_with(command + " ten-mistakes.json", "/tests/data");
        CHECK(ran.exit_code == 2);
        CHECK(ran.output == approved + "ten-mistakes.json: 10 problems\n");
    }
}

TEST_CASE("program: bad usage exits 2 and says what was meant") {
    struct Row {
        std::string arguments;
        std::string phrase;
    };
    const std::vector<Row> rows{
        {"run no/such/file.json", "no/such/file.json: no such file"},
        {"run replication-tset", "did you mean \"replication-test\"?"},
        {"why replication-tset", "did you mean \"replication-test\"?"},
        {"rnu replication-test", "did you mean \"run\"?"},
        {"--frobnicate", "unknown option --frobnicate"},
        {"run --frobnicate replication-test", "--frobnicate"},
        {"run", "scenario"},
        {"", "no command"},
        {"run replication-test --lang fr", "fr"},
        {"run replication-test --seed minus", "seed"},
        {"run replication-test --rules kip-302", "is not a rule set; did you mean \"kip-320\"?"},
        {"why replication-test --step 99", "there is no step 99"},
        {"run replication-test restart-and-catch-up --record /dev/null", "take one scenario"},
        {"run replication-test --record /no/such/folder/out.json", "cannot be written"},
    };
    for (const Row& row : rows) {
        const test::Ran ran = kafkasim_with(row.arguments);
        INFO("kafkasim " << row.arguments << "\n" << ran.output);
        CHECK(ran.exit_code == 2);
        CHECK(ran.output.find(row.phrase) != std::string::npos);
    }
}

TEST_CASE("program: help tells commands, examples and exit codes") {
    for (const std::string arguments :
         {"--help", "run --help", "why --help", "check --help", "scenarios --help", "schema --help"}) {
        const test::Ran ran = kafkasim_with(arguments);
        INFO(arguments << "\n" << ran.output);
        CHECK(ran.exit_code == 0);
        CHECK(ran.output.find("Usage: kafkasim") != std::string::npos);
    }
    const std::string help = kafkasim_with("--help").output;
    for (const std::string word : {"run", "why", "check", "scenarios", "schema", "Examples:", "Exit code:"})
        CHECK(help.find(word) != std::string::npos);
}

TEST_CASE("program: the built-in scenarios are there from anywhere, and pass quietly") {
    const test::Ran listed = kafkasim_with("scenarios");
    CHECK(listed.exit_code == 0);
    for (const std::string name : {"replication-test", "replication-test-offsets-rf3", "coordinator-on-dead-broker",
                                   "crash-instead-of-ctrl-c", "restart-and-catch-up"}) {
        CHECK(listed.output.find(name) != std::string::npos);
        const test::Ran ran = kafkasim_with("run --quiet " + name);
        CHECK(ran.exit_code == 0);
        CHECK(ran.output.empty());
    }
}

TEST_CASE("program: a claim that does not hold exits 1 and names file, line and step") {
    const TemporaryFile file("claim.json",
                             "{\"cluster\": {\"running\": true},\n \"steps\": [\n  {\"run\": \"bin/kafka-topics.sh "
                             "--list --bootstrap-server localhost:9093\",\n"
                             "   \"expect\": {\"stdout\": \"orders\\n\"}}]}\n");
    const test::Ran loud = kafkasim_with("run " + file.path);
    INFO(loud.output);
    CHECK(loud.exit_code == 1);
    CHECK(loud.output.find("expected") != std::string::npos);
    const test::Ran quiet = kafkasim_with("run --quiet " + file.path);
    INFO(quiet.output);
    CHECK(quiet.exit_code == 1);
    CHECK(quiet.output.find(file.path + ":3: step 1: stdout at ") != std::string::npos);
}

TEST_CASE("program: the same run twice gives the same digest, another seed another") {
    const std::string digest = digest_in(kafkasim_with("run replication-test").output);
    CHECK(digest_in(kafkasim_with("run replication-test").output) == digest);
    CHECK(digest_in(kafkasim_with("run replication-test --lang ko").output) == digest);
    CHECK(digest_in(kafkasim_with("run replication-test --seed 3").output) != digest);
}

TEST_CASE("program: --rules plays by other rules, and what then breaks and should not is a failure") {
    const test::Ran own = kafkasim_with("run counter-examples/kip-101");
    INFO(own.output);
    CHECK(own.exit_code == 0);
    CHECK(own.output.find("broken, as the scenario says: ") != std::string::npos);
    CHECK(own.output.find(", rules kip-101; ") != std::string::npos);

    const test::Ran current = kafkasim_with("run counter-examples/kip-101 --rules 3.0.0");
    INFO(current.output);
    CHECK(current.exit_code == 0);
    CHECK(current.output.find("no invariant broken; ") != std::string::npos);

    const TemporaryFile unnamed("unnamed.json", [] {
        auto scenario = nlohmann::json::parse(
            text_of(std::string(KAFKASIM_SOURCE_DIR) + "/scenarios/counter-examples/kip-101.json"), nullptr, false);
        scenario.erase("breaks");
        scenario["invariants"] = true;
        return scenario.dump();
    }());
    const test::Ran failed = kafkasim_with("run --quiet " + unnamed.path);
    INFO(failed.output);
    CHECK(failed.exit_code == 1);
    CHECK(failed.output.find("broke, and the scenario does not say so of the rules kip-101: step ") !=
          std::string::npos);
    CHECK(kafkasim_with("run --quiet " + unnamed.path + " --rules kip-320").exit_code == 0);
}

TEST_CASE("program: --record writes a recording equal to the real one") {
    const std::string recorded = std::string(KAFKASIM_SOURCE_DIR) + "/tests/recordings/01-replication-test.json";
    const TemporaryFile out("out.json", "");
    const test::Ran ran = kafkasim_with("run --quiet tests/recordings/01-replication-test.json --record " + out.path);
    INFO(ran.output);
    CHECK(ran.exit_code == 0);
    for (const auto& difference : sim::scenario::compare_recordings(text_of(recorded), text_of(out.path)))
        FAIL_CHECK(difference.text());
}

TEST_CASE("program: --trace writes JSON Lines in which every cause comes before") {
    const TemporaryFile out("events.jsonl", "");
    CHECK(kafkasim_with("run --quiet replication-test --trace " + out.path).exit_code == 0);
    std::ifstream file(out.path);
    size_t lines = 0;
    uint64_t last = 0;
    for (std::string line; std::getline(file, line); ++lines) {
        const auto event = nlohmann::json::parse(line, nullptr, false);
        REQUIRE(event.is_object());
        const auto id = event.at("id").get<uint64_t>();
        if (id <= last || event.at("cause").get<uint64_t>() >= id) FAIL_CHECK("out of order: " << line);
        last = id;
    }
    CHECK(lines > 1000);
}

TEST_CASE("program: why answers the scenario's questions, in both languages") {
    const test::Ran english = kafkasim_with("why replication-test");
    CHECK(english.exit_code == 0);
    CHECK(english.output.find("not a matter of majorities") != std::string::npos);
    const test::Ran korean = kafkasim_with("why replication-test --lang ko");
    CHECK(korean.exit_code == 0);
    CHECK(korean.output.find("과반수의 문제가 아니다") != std::string::npos);
}

TEST_CASE("program: a folder is all its scenarios, and ends with a table") {
    const TemporaryFolder made("folder");
    const std::string& folder = made.path;
    const TemporaryFile good("folder/b-good.json", R"({"steps": [{"wait": "1s"}]})");
    const TemporaryFile other("folder/a-bad.json", R"({"steps": [{"run": "seq 2", "expect": {"stdout": "1"}}]})");
    const TemporaryFile text("folder/README.md", "no scenario");
    const test::Ran ran = kafkasim_with("run " + folder + "/ --quiet");
    CHECK(ran.exit_code == 1);
    const size_t table = ran.output.find("scenario  claims       steps            digest\n");
    REQUIRE(table != std::string::npos);
    CHECK(ran.output.find("a-bad     DO NOT HOLD      1  ", table) < ran.output.find("b-good    hold ", table));
    CHECK(ran.output.find("a-bad.json:1: step 1: stdout") != std::string::npos);

    const test::Ran checked = kafkasim_with("check " + folder);
    CHECK(checked.exit_code == 0);
    CHECK(checked.output.find("b-good.json: 1 steps, no mistakes") != std::string::npos);

    CHECK(kafkasim_with("run " + folder + " --record x.json").output.find("take one scenario, and here are 2") !=
          std::string::npos);
    const test::Ran built_in = kafkasim_with("check replication-matrix", "/tests");
    CHECK(built_in.exit_code == 0);
    CHECK(std::count(built_in.output.begin(), built_in.output.end(), '\n') == 8);
}
