// SPDX-License-Identifier: Apache-2.0
// The chains of events of ground-truth 02, 02b, 03 and 03b as scenarios: what a real cluster answered in each, and an
// approved text of what happens in ZooKeeper (tests/event_chains/NAME.json and NAME.approved.txt; rewritten by
// tests/rewrite.sh).
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/scenario/compare.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/recording.hpp"
#include "sim/scenario/runner.hpp"
#include "tests/catch.hpp"
#include "tests/event_chains/chain_text.hpp"
#include "tests/event_chains/excused.hpp"
#include "tests/event_chains/ground_truth.hpp"

using namespace kafkasim;
using namespace kafkasim::sim;
namespace fs = std::filesystem;

namespace {

const fs::path kFolder = fs::path(KAFKASIM_SOURCE_DIR) / "tests/event_chains";

std::string text_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<std::string> chains() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(kFolder)) {
        if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

/// A recording without the lines that are excused.
std::string comparable(const std::string& chain, const std::string& recording) {
    auto json = nlohmann::ordered_json::parse(recording, nullptr, false);
    for (auto& step : json["steps"]) {
        if (!step.contains("look") || !step["look"].contains("log") || !step["seen"]["lines"].is_array()) continue;
        auto lines = nlohmann::ordered_json::array();
        for (const auto& line : step["seen"]["lines"]) {
            const std::string text = line.get<std::string>();
            const bool begins = text.starts_with("[");  // else it is the end of an entry of several lines
            if (begins && !event_chains::is_excused(chain, text))
                lines.push_back(event_chains::without_counts(event_chains::without_hash_order(text)));
        }
        step["seen"]["lines"] = std::move(lines);
    }
    return json.dump();
}

std::vector<event_chains::Watched> watched(const std::string& json, const std::string& chain) {
    std::vector<event_chains::Watched> all;
    for (const auto& entry : nlohmann::json::parse(json, nullptr, false)) {
        if (entry["chain"] != chain) continue;
        event_chains::Watched one{entry["record"], entry["after"], entry["time"], {}};
        for (const auto& change : entry["changes"])
            one.changes.push_back({change["ms"], change["path"], change["version"], change["data"]});
        all.push_back(std::move(one));
    }
    return all;
}

struct Played {
    std::string recording;  // of the simulator
    std::string title;
    std::vector<event_chains::Act> acts;
};

Played play(const std::string& name, const std::string& recorded) {
    const auto read = scenario::read_scenario(recorded, name + ".json");
    for (const auto& problem : read.problems) FAIL_CHECK(problem.text());
    REQUIRE(read.scenario);
    scenario::RunOptions options;
    options.trace = TraceLevel::Notes;
    scenario::Runner runner(*read.scenario, options);
    const scenario::RunResult result = runner.run();
    for (const std::string& problem : result.problems) FAIL_CHECK(name << ": " << problem);
    return {scenario::recording_text(*read.scenario, result), read.scenario->title.in("en"),
            event_chains::acts_of(runner.world(), *read.scenario, result)};
}

void check_approved(const std::string& name, const std::string& story) {
    const fs::path path = kFolder / (name + ".approved.txt");
    if (std::getenv("KAFKASIM_REWRITE") != nullptr) std::ofstream(path, std::ios::binary) << story;
    INFO(path << " differs. If the new text is right: run tests/rewrite.sh and read the diff.");
    CHECK(story == text_of(path));
}

/// What the ground truth saw of this chain's znodes.
void check_znodes(const std::string& name, const std::vector<event_chains::Act>& acts) {
    const std::string seen = text_of(fs::path(KAFKASIM_SOURCE_DIR) / "tests/data/znode-changes.json");
    event_chains::EpochShift shift;
    for (const event_chains::Watched& watched : watched(seen, name)) {
        for (const std::string& difference : event_chains::differences(acts, watched, shift))
            FAIL_CHECK(name << ", " << difference);
    }
}

/// Plays the chain; every answer must be as recorded and the story as approved.
void check_chain(const std::string& name) {
    const std::string recorded = text_of(kFolder / (name + ".json"));
    REQUIRE_FALSE(recorded.empty());
    const Played played = play(name, recorded);
    const auto differences =
        scenario::compare_recordings(comparable(name, recorded), comparable(name, played.recording));
    for (const auto& difference : differences) FAIL_CHECK(name << ", " << difference.text());
    check_znodes(name, played.acts);
    check_approved(name, event_chains::story(played.title, played.acts));
}

}  // namespace

TEST_CASE("event chain: every chain goes as on the real cluster and as approved") {
    const std::vector<std::string> names = chains();
    REQUIRE(names.size() >= 20);
    for (const std::string& name : names) check_chain(name);
}

TEST_CASE("event chain: every excuse excuses something that a real cluster has printed") {
    std::vector<bool> used(event_chains::kExcused.size());
    for (const std::string& name : chains()) {
        const std::string recorded = text_of(kFolder / (name + ".json"));
        for (size_t i = 0; i < used.size(); ++i) {
            const event_chains::Excused& excused = event_chains::kExcused[i];
            if (!excused.chain.empty() && excused.chain != name) continue;
            used[i] = used[i] || recorded.find(excused.like) != std::string::npos;
        }
    }
    for (size_t i = 0; i < used.size(); ++i) {
        INFO(event_chains::kExcused[i].chain << " " << event_chains::kExcused[i].like);
        CHECK(used[i]);
    }
}

TEST_CASE("event chain: a line that is missing and a line too many are noticed") {
    const std::string name = chains().front();
    const std::string recorded = text_of(kFolder / (name + ".json"));
    auto changed = nlohmann::ordered_json::parse(recorded, nullptr, false);
    size_t made = 0;
    for (auto& step : changed["steps"]) {
        if (!step.contains("look") || !step["look"].contains("log")) continue;
        step["seen"]["lines"].push_back("[2026-11-22 12:50:42,069] INFO one more (kafka.server.KafkaServer)");
        ++made;
    }
    REQUIRE(made > 0);
    const auto differences = scenario::compare_recordings(comparable(name, recorded), comparable(name, changed.dump()));
    CHECK(differences.size() == made);
}

TEST_CASE("event chain: a znode change of the ground truth that is another one here is noticed") {
    using namespace event_chains;
    const std::string state = R"({"controller_epoch":4,"leader":2,"version":1,"leader_epoch":1,"isr":[2,3]})";
    const std::string path = "/brokers/topics/t/partitions/0/state";
    const Watched watched{"r", "stop broker-1", 1, {{48, path, 1, state}}};
    const auto check = [&](const std::string& data, int64_t version, int64_t ms) {
        EpochShift shift = 3;
        const Change change{Instant{from_millis(ms)}, ms, path, version, data};
        return differences({{"stop broker-1", Instant{}, {change}}}, watched, shift).size();
    };
    const std::string same = R"({"controller_epoch":1,"leader":2,"version":1,"leader_epoch":1,"isr":[2,3]})";
    CHECK(check(same, 1, 90) == 0);
    CHECK(check(same, 2, 90) == 1);
    CHECK(check(same, 1, 18000) == 1);
    CHECK(check(R"({"controller_epoch":1,"leader":2,"version":1,"leader_epoch":1,"isr":[3,2]})", 1, 90) == 1);
    CHECK(check(R"({"controller_epoch":1,"leader":3,"version":1,"leader_epoch":1,"isr":[2,3]})", 1, 90) == 1);
    CHECK(check(R"({"controller_epoch":1,"leader":2,"version":1,"leader_epoch":2,"isr":[2,3]})", 1, 90) == 1);
    CHECK(check(R"({"controller_epoch":2,"leader":2,"version":1,"leader_epoch":1,"isr":[2,3]})", 1, 90) == 1);
    EpochShift shift;
    CHECK(differences({{"stop broker-1", Instant{}, {}}}, watched, shift).size() == 1);
}

TEST_CASE("event chain: only the order of a hash table is taken from a line") {
    using event_chains::without_hash_order;
    CHECK(without_hash_order("Removed fetcher for partitions HashSet(a-2, a-0) (x)") ==
          "Removed fetcher for partitions HashSet(a-0, a-2) (x)");
    CHECK(without_hash_order("Map(a-2 -> S(B(id=3),4,2), a-0 -> S(B(id=3),4,0))") ==
          "Map(a-0 -> S(B(id=3),4,0), a-2 -> S(B(id=3),4,2))");
    CHECK(without_hash_order("isr=List(3, 1)") == "isr=List(3, 1)");
    CHECK(without_hash_order("ISR [3,2] addingReplicas []") == "ISR [3,2] addingReplicas []");
}
