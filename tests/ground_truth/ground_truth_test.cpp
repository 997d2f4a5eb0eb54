// SPDX-License-Identifier: Apache-2.0
// The score: commands of ground-truth/01, 01b, 04 and 08, asked of the simulator and compared with what Kafka 3.0.0
// answered. tests/ground_truth/score.txt keeps how many are equal; docs/fidelity.md says why the others are not.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "sim/scenario/compare.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/recording.hpp"
#include "sim/scenario/runner.hpp"
#include "tests/catch.hpp"
#include "tests/support/data_file.hpp"

using namespace kafkasim;
using namespace kafkasim::sim::scenario;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> files() {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator("tests/ground_truth")) {
        if (entry.path().extension() == ".json") paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

/// By the id of a recorded command, in the order of the files: what differs; "" if it is equal.
using Answers = std::vector<std::pair<std::string, std::string>>;

/// One recorded command may be several steps: "01-tutorial-111", "01-tutorial-111/2". All of them must be equal.
std::string command_of(const std::string& step_id) { return step_id.substr(0, step_id.find('/')); }

void note(Answers& answers, const std::string& id, const std::string& difference) {
    for (auto& [known, text] : answers) {
        if (known != id) continue;
        text += difference;
        return;
    }
    answers.emplace_back(id, difference);
}

void compare(const std::string& text, const std::string& replayed, Answers& answers) {
    const auto steps = nlohmann::ordered_json::parse(text, nullptr, false)["steps"];
    const size_t played = nlohmann::ordered_json::parse(replayed, nullptr, false)["steps"].size();
    const auto differences = compare_recordings(text, replayed);
    for (size_t i = 0; i < steps.size(); ++i) {
        if (!steps[i].contains("id")) continue;
        std::string difference = i < played ? "" : "not asked\n";
        for (const Difference& found : differences) {
            if (found.step == i + 1) difference += found.text();
        }
        note(answers, command_of(steps[i]["id"].get<std::string>()), difference);
    }
}

void play(const fs::path& path, Answers& answers) {
    const std::string text = test::project_file(path.string());
    const auto read = read_scenario(text, path.string());
    for (const Problem& problem : read.problems) FAIL_CHECK(problem.text());
    REQUIRE(read.scenario);
    Runner runner(*read.scenario, {});
    const RunResult result = runner.run();
    for (const std::string& problem : result.problems) FAIL_CHECK(path.filename().string() << ": " << problem);
    compare(text, recording_text(*read.scenario, result), answers);
}

/// The ids in the table of docs/fidelity.md, below "## Ground truth".
std::set<std::string> excused() {
    std::istringstream lines(test::project_file("docs/fidelity.md"));
    std::set<std::string> ids;
    bool here = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("## ")) here = line == "## Ground truth";
        const size_t end = line.find(" |", 2);
        if (here && line.starts_with("| 0") && end != std::string::npos) ids.insert(line.substr(2, end - 2));
    }
    return ids;
}

}  // namespace

TEST_CASE("as many commands of the ground truth as the kept score answer as Kafka 3.0.0 did") {
    Answers answers;
    for (const fs::path& path : files()) play(path, answers);
    const std::set<std::string> rows = excused();
    size_t equal = 0;
    for (const auto& [id, difference] : answers) {
        if (difference.empty()) {
            ++equal;
            if (rows.contains(id)) FAIL_CHECK(id << " is equal: take its row out of docs/fidelity.md");
            continue;
        }
        std::cout << "differs: " << id << "\n";
        if (!rows.contains(id))
            FAIL_CHECK(id << " differs and has no row in docs/fidelity.md, \"Ground truth\"\n" << difference);
    }
    std::cout << "equal " << equal << " of " << answers.size() << std::endl;
    size_t kept = 0;
    std::istringstream(test::project_file("tests/ground_truth/score.txt")) >> kept;
    CHECK(equal >= kept);
    if (equal > kept) FAIL_CHECK("the score has risen: write " << equal << " to tests/ground_truth/score.txt");
}

TEST_CASE("a command whose recorded answer is changed counts as differing") {
    const std::string text = test::project_file("tests/ground_truth/08-usage.json");
    auto changed = nlohmann::ordered_json::parse(text, nullptr, false);
    changed["steps"][1]["seen"]["exit_code"] = 77;
    changed["steps"].erase(changed["steps"].size() - 1);
    Answers answers;
    compare(text, changed.dump(), answers);
    std::vector<std::string> differing;
    for (const auto& [id, difference] : answers) {
        if (!difference.empty()) differing.push_back(id);
    }
    CHECK(differing == std::vector<std::string>{"08-usage-002", "08-usage-028"});
}
