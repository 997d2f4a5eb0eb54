// SPDX-License-Identifier: Apache-2.0
// docs/tutorial.md and docs/tutorial.ko.md say what a learner sees: every block of the page is typed in one session of
// the lab. KAFKASIM_REWRITE=1 (tests/rewrite.sh) writes the blocks that differ anew.
#include <cstdlib>
#include <fstream>

#include "sim/lab/transcript.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/text_pattern.hpp"
#include "tests/catch.hpp"
#include "tests/support/data_file.hpp"

using namespace kafkasim;
using namespace kafkasim::sim;

namespace {

lab::PlayedPage play(const std::string& page, const std::string& language) {
    const auto read = scenario::read_scenario(test::project_file("scenarios/tutorial.json"), "scenarios/tutorial.json");
    REQUIRE(read.scenario);
    lab::SessionOptions options;
    options.language = language;
    lab::Session session(*read.scenario, std::move(options));
    return lab::play_page(session, test::project_file(page));
}

void check_page(const std::string& page, const std::string& language) {
    const lab::PlayedPage result = play(page, language);
    CHECK(result.blocks > 30);
    if (std::getenv("KAFKASIM_REWRITE") != nullptr) {
        if (!result.differences.empty()) std::ofstream(page, std::ios::binary) << result.text;
        return;
    }
    for (const std::string& difference : result.differences) FAIL_CHECK(page << ", " << difference);
}

std::vector<std::string> typed_on(const std::string& page) {
    std::vector<std::string> typed;
    for (const lab::Block& block : lab::blocks_of(scenario::lines_in(test::project_file(page)))) {
        for (const std::string& line : block.lines) {
            if (const auto text = lab::typed_in(line)) typed.push_back(block.terminal + ": " + *text);
        }
    }
    return typed;
}

}  // namespace

TEST_CASE("page: the tutorial in English shows what the lab shows") { check_page("docs/tutorial.md", "en"); }

TEST_CASE("page: the tutorial in Korean shows what the lab shows") { check_page("docs/tutorial.ko.md", "ko"); }

TEST_CASE("both pages of the tutorial type the same") {
    CHECK(typed_on("docs/tutorial.md") == typed_on("docs/tutorial.ko.md"));
}

TEST_CASE("a page's line of dots stands for any number of lines, also none") {
    using Lines = std::vector<std::string>;
    CHECK(lab::matches({"a", "…", "c"}, {"a", "b", "b", "c"}));
    CHECK(lab::matches({"a", "…", "c"}, {"a", "c"}));
    CHECK(lab::matches({"…"}, Lines{}));
    CHECK(lab::matches({"…", "a", "…", "b"}, {"a", "a", "b"}));
    CHECK_FALSE(lab::matches({"a", "…", "c"}, {"a", "b"}));
    CHECK_FALSE(lab::matches({"a"}, {"a", "a"}));
    CHECK_FALSE(lab::matches({"a", "a"}, {"a"}));
}

TEST_CASE("what a page types is told from what it shows") {
    CHECK(lab::typed_in("$ ls") == "ls");
    CHECK(lab::typed_in(">first insert") == "first insert");
    CHECK(lab::typed_in(">^C") == "^C");
    CHECK(lab::typed_in("^CProcessed a total of 0 messages") == "^C");
    CHECK(lab::typed_in("» ls /brokers") == "ls /brokers");
    CHECK(lab::typed_in(":wait 3s") == ":wait 3s");
    CHECK_FALSE(lab::typed_in(">"));
    CHECK_FALSE(lab::typed_in("my-kafka-topic"));
}
