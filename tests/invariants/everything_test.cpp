// SPDX-License-Identifier: Apache-2.0
// Every recording and scenario of the project is played by the rules of 3.0.0 with the invariants checked. They hold
// but for what is named here or by the file itself: data that somebody chose to lose.
#include <algorithm>
#include <filesystem>
#include <set>

#include "sim/scenario/breaks.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/runner.hpp"
#include "tests/catch.hpp"
#include "tests/support/data_file.hpp"

using namespace kafkasim::sim;
namespace fs = std::filesystem;

namespace {

using Names = std::set<std::string>;

struct Loss {
    std::string file;
    Names breaks;
    std::string why;
};

const std::vector<Loss>& losses() {
    static const std::vector<Loss> kLosses = {
        {"13-unclean-election.json",
         {"LogMatching"},
         "unclean election: a replica outside the Isr leads, writes where committed records stood, and the old leader "
         "comes back with them"},
        {"really-the-high-watermark-goes-back.json",
         {"LogMatching"},
         "unclean election; the old leader takes over a high watermark above what it has in common (KAFKA-14704)"},
        {"logs-agree-after-unclean-elections.json", {"LogMatching"}, "unclean elections, one after another"},
        {"a-leader-that-lost-records-is-the-truth-for-its-follower.json",
         {"LogMatching"},
         "power loss: the last of the Isr leads again without what it had not flushed"},
    };
    return kLosses;
}

std::vector<fs::path> files() {
    std::vector<fs::path> paths;
    for (const char* folder : {"tests/recordings", "scenarios", "tests/scenarios"}) {
        for (const auto& entry : fs::recursive_directory_iterator(fs::path(KAFKASIM_SOURCE_DIR) / folder)) {
            const std::string name = entry.path().filename().string();
            const bool about_usage = name.starts_with("bad-usage");  // hundreds of commands, no record
            const bool template_only = entry.path().parent_path().filename() == "templates";
            const bool twice = name.starts_with("group-") && fs::exists("scenarios/groups/" + name.substr(6));
            if (entry.path().extension() == ".json" && !about_usage && !template_only && !twice)
                paths.push_back(entry.path());
        }
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

Names allowed_to_break(const scenario::Scenario& scenario, const std::string& file) {
    const std::vector<std::string> said = scenario::must_break(scenario);
    Names names(said.begin(), said.end());
    for (const Loss& loss : losses()) {
        if (loss.file == file) names.insert(loss.breaks.begin(), loss.breaks.end());
    }
    return names;
}

}  // namespace

TEST_CASE("in every recording and scenario the invariants hold under 3.0.0 unless data was given up") {
    Names played;
    for (const fs::path& path : files()) {
        const std::string name = path.filename().string();
        INFO(path.string());
        auto read = scenario::read_scenario(kafkasim::test::project_file(path.string()), path.string());
        if (!read.scenario) continue;  // a file with mistakes, for a test of its own
        played.insert(name);
        scenario::Scenario& scenario = *read.scenario;
        scenario::choose_rules(scenario, "3.0.0");
        const Names allowed = allowed_to_break(scenario, name);
        scenario.breaks.emplace();
        const scenario::RunResult result = scenario::Runner(scenario, {}).run();
        Names broken;
        for (const scenario::BrokenInvariant& each : result.broken) {
            broken.insert(each.violation.invariant);
            if (!allowed.contains(each.violation.invariant))
                FAIL_CHECK(each.violation.invariant << ", step " << each.step << ": " << each.violation.text);
        }
        CHECK(broken == allowed);
    }
    for (const Loss& loss : losses()) CHECK(played.contains(loss.file));
    CHECK(played.size() > 40);
}
