// SPDX-License-Identifier: Apache-2.0
// Random scenarios are scenarios like any others, one seed is one run, and the command says what it has found.
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "sim/fuzz/play_seed.hpp"
#include "sim/fuzz/report.hpp"
#include "sim/scenario/reader.hpp"
#include "tests/catch.hpp"
#include "tests/support/built_program.hpp"

using namespace kafkasim;
using namespace kafkasim::sim;
using namespace kafkasim::sim::fuzz;

namespace {

const Profile& groups() {
    const Profile* profile = find_profile("groups");
    REQUIRE(profile != nullptr);
    return *profile;
}

/// Standard output of the built program.
test::Ran fuzz_command(const std::string& arguments, const std::string& before = "") {
    return test::run_in_shell(before + test::built_program() + " fuzz " + arguments + " 2>/dev/null");
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("every seed of a profile is a scenario without a mistake, always the same, with what it is about") {
    std::map<std::string, int> seen;
    for (uint64_t seed = 0; seed < 200; ++seed) {
        INFO("seed " << seed);
        const std::string text = groups().scenario(seed);
        const auto read = scenario::read_scenario(text, "t");
        for (const scenario::Problem& problem : read.problems) UNSCOPED_INFO(problem.text());
        REQUIRE(read.scenario);
        REQUIRE(read.scenario->breaks);
        CHECK(groups().scenario(seed) == text);
        for (const char* word : {"\"pattern\"", "Cooperative", "\"static\": true", "\"stop\": \"broker",
                                 "\"kill\": \"broker", "\"kill\": \"g", "\"cut\"", "\"slow\"", "\"hold\"",
                                 "\"pause\": \"zookeeper\"", "\"pause\": \"g", "\"hang\"", "--alter", "t-late",
                                 "\"duplicates\": false", "\"start\": \"g", "\"stop\": \"g", "\"commit\": \"async\""}) {
            seen[word] += has(text, word) ? 1 : 0;
        }
    }
    for (const auto& [word, times] : seen) {
        INFO(word << " in " << times << " of 200");
        CHECK(times > 4);
        CHECK(times < 196);
    }
}

TEST_CASE("one seed has one verdict and one digest") {
    const SeedResult once = play_seed(groups(), 1);
    const SeedResult again = play_seed(groups(), 1);
    for (const FoundProblem& each : once.found) FAIL_CHECK(each.kind << ": " << each.text);
    CHECK(once.digest == again.digest);
    CHECK(once.events == again.events);
    CHECK(once.events > 1000);
    CHECK(play_seed(groups(), 2).digest != once.digest);
}

TEST_CASE("a sweep sums up its seeds in any order, and tells what was not played") {
    SeedResult good{1, 0xab, 100, 2000, {}};
    SeedResult bad{3, 0xcd, 10, 1000, {{"WeakIsr", "step 1: \"quoted\"\n\xff"}, {"met", "never"}}};
    const auto through = [](const SeedResult& result) {
        const auto back = result_of_line(line_of(result));
        REQUIRE(back);
        return *back;
    };
    CHECK(through(bad).found.size() == 2);
    CHECK(through(bad).digest == 0xcd);
    CHECK_FALSE(result_of_line("{\"seed\":1"));
    Sweep forth{"groups", 1, 3, {}, {}, 0, 0};
    Sweep back = forth;
    forth.add(through(good));
    forth.add(through(bad));
    back.add(through(bad));
    CHECK_FALSE(back.complete());
    back.add(through(good));
    CHECK(text_of(forth, "out") == text_of(back, "out"));
    CHECK(json_of(forth) == json_of(back));
    CHECK(has(text_of(forth, "out"), "seed 3: met: never\n  kafkasim run out/groups-3.json\n"));
    CHECK(has(text_of(forth, ""), "2 seeds of groups (1 to 3): 1 found something; 110 events, 3 s of virtual time"));
    CHECK(has(text_of(forth, ""), "not played: 1 of 3"));
    const auto json = nlohmann::json::parse(json_of(forth));
    CHECK(json["failed"].size() == 1);
    CHECK(json["failed"][0]["scenario"] == "groups-3.json");
    CHECK(json["complete"] == false);
}

TEST_CASE("the command's result does not depend on the number of jobs, and its exit code tells it") {
    const std::string json = "/tmp/kafkasim-fuzz-" + std::to_string(getpid()) + ".json";
    const test::Ran one = fuzz_command("--profile groups --seeds 1..3 --json " + json);
    CHECK(one.exit_code == 0);
    CHECK(has(one.output, "3 seeds of groups (1 to 3): 0 found something"));
    CHECK(fuzz_command("--profile groups --seeds 1..3 --jobs 3").output == one.output);
    CHECK(std::filesystem::file_size(json) > 100);
    std::filesystem::remove(json);
    for (const char* wrong : {"--profile group --seeds 1", "--profile groups --seeds 3..1", "--profile groups",
                              "--profile groups --seeds x", "--profile groups --seeds 1 --jobs 0",
                              "--profile groups --seeds 1 --json /no/such/folder/x.json"}) {
        INFO(wrong);
        const test::Ran refused = fuzz_command(wrong);
        CHECK(refused.exit_code == 2);
        CHECK(refused.output.empty());
    }
    const test::Ran interrupted = fuzz_command("--profile groups --seeds 1..100000", "timeout -s INT 1 ");
    CHECK(has(interrupted.output, "not played: "));
}
