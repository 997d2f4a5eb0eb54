// SPDX-License-Identifier: Apache-2.0
// Scenario files as tests: the lessons in scenarios/, the mechanism tests in tests/scenarios/, and recordings of a
// real cluster in tests/recordings/ (the
// states that ground-truth has after each stop, crash and restart). Every claim must hold and every recorded state
// must be equal.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sim/scenario/compare.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/recording.hpp"
#include "sim/scenario/runner.hpp"
#include "sim/why/why.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::sim;
namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<fs::path> files_in(const std::string& folder, const std::string& prefix = "") {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(fs::path(KAFKASIM_SOURCE_DIR) / folder)) {
        if (entry.path().extension() == ".json" && entry.path().filename().string().starts_with(prefix))
            paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

/// In the folder and its sub-folders.
std::vector<fs::path> files_below(const std::string& folder) {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(KAFKASIM_SOURCE_DIR) / folder)) {
        if (entry.path().extension() == ".json") paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

struct Played {
    scenario::Scenario scenario;
    scenario::RunResult result;
    std::string stderr_text;
};

Played play(const std::string& json, const std::string& path) {
    auto read = scenario::read_scenario(json, path);
    for (const auto& problem : read.problems) FAIL_CHECK(problem.text());
    REQUIRE(read.scenario);
    scenario::RunOptions options;
    options.trace = TraceLevel::Notes;
    options.why = explain_step;
    scenario::Runner runner(*read.scenario, options);
    Played played{*read.scenario, runner.run(), {}};
    for (size_t i = 0; i < runner.world().process_count(); ++i)
        played.stderr_text += runner.world().process(static_cast<ProcessId>(i)).stderr_text;
    return played;
}

void check_claims(const scenario::RunResult& result) {
    for (const std::string& problem : result.problems) FAIL_CHECK(problem);
    for (const auto& step : result.steps) {
        for (const auto& failure : step.failures)
            FAIL_CHECK("step " << step.number << ": " << failure.what << ": expected " << failure.expected << ", seen "
                               << failure.seen);
    }
}

}  // namespace

TEST_CASE("every claim of every lesson and mechanism test holds") {
    std::vector<fs::path> paths = files_below("scenarios");
    std::erase_if(paths, [](const fs::path& path) {  // group_matrix_test.cpp plays those
        return path.parent_path().filename() == "group-matrix";
    });
    for (const fs::path& path : files_in("tests/scenarios")) paths.push_back(path);
    REQUIRE(paths.size() >= 8);
    for (const fs::path& path : paths) {
        INFO(path.filename().string());
        check_claims(play(text_of(path), path.string()).result);
    }
}

TEST_CASE("after each stop, crash and restart the states are those of ground-truth 02 and 03") {
    const std::vector<fs::path> paths = files_in("tests/recordings", "gt-");
    REQUIRE(paths.size() >= 6);
    for (const fs::path& path : paths) {
        INFO(path.filename().string());
        const std::string recorded = text_of(path);
        const Played played = play(recorded, path.string());
        check_claims(played.result);
        for (const auto& difference :
             scenario::compare_recordings(recorded, scenario::recording_text(played.scenario, played.result))) {
            FAIL_CHECK("step " << difference.step << " " << difference.field << ":\n"
                               << difference.left << "\nagainst\n"
                               << difference.right);
        }
    }
}

TEST_CASE("a recording's state that is changed is noticed") {
    const fs::path path = files_in("tests/recordings", "gt-").front();
    std::string recorded = text_of(path);
    const Played played = play(recorded, path.string());
    const size_t at = recorded.rfind("\"version\": ");
    REQUIRE(at != std::string::npos);
    recorded.replace(at, 12, "\"version\": 9");
    CHECK_FALSE(
        scenario::compare_recordings(recorded, scenario::recording_text(played.scenario, played.result)).empty());
}

TEST_CASE("the replication factor of the offsets topic decides who reads with one broker left") {
    // The same steps; only the setting and the layout that follows from it differ.
    const std::string text = text_of(fs::path(KAFKASIM_SOURCE_DIR) / "tests/scenarios/templates/one-broker-left.json");
    const auto with = [&](const std::string& factor, const std::string& replicas) {
        std::string layout;
        for (int i = 0; i < 50; ++i) layout += (i > 0 ? "," : "") + replicas;
        std::string changed = text;
        for (size_t at = changed.find("FACTOR"); at != std::string::npos; at = changed.find("FACTOR"))
            changed.replace(at, 6, factor);
        changed.replace(changed.find("LAYOUT"), 6, layout);
        return play(changed, "one-broker-left").result.steps.back().seen.stdout_text.value_or("?");
    };
    CHECK(with("3", "[1,2,3]") == "one\n");
    CHECK(with("1", "[1]").empty());
}

TEST_CASE("a broker whose LeaderAndIsr is held answers NOT_LEADER_OR_FOLLOWER") {
    const fs::path path =
        fs::path(KAFKASIM_SOURCE_DIR) / "tests/scenarios/a-held-leader-and-isr-leaves-a-stale-leader.json";
    const Played played = play(text_of(path), path.string());
    CHECK_THAT(played.stderr_text, Catch::Matchers::Contains("Error: NOT_LEADER_OR_FOLLOWER"));
}
