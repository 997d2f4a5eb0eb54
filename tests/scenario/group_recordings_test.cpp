// SPDX-License-Identifier: Apache-2.0
// What a real Kafka 3.0.0 did with groups: the coordinator's log after each event, generations, assignments,
// descriptions and what each member printed. And of all recorded scenarios that people play, those in scenarios/groups
// and scenarios/really: they do what was recorded.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/scenario/recorded.hpp"

using namespace kafkasim;
using namespace kafkasim::sim::scenario;

namespace {

using Json = nlohmann::ordered_json;

/// Of the files in a folder, without `begin` and ".json".
std::set<std::string> names_in(const std::string& folder, const std::string& begin) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().stem().string();
        if (name.starts_with(begin)) names.insert(name.substr(begin.size()));
    }
    return names;
}

/// What is installed, pinned and done, without what is told, claimed and seen.
Json deeds(const std::string& path) {
    const Json file = Json::parse(test::project_file(path), nullptr, false);
    REQUIRE(file.is_object());
    Json result;
    for (const char* key : {"seed", "start_time", "pin", "cluster"}) {
        if (file.contains(key)) result[key] = file[key];
    }
    for (Json step : file["steps"]) {
        for (const char* told : {"id", "title", "say", "ask", "answer", "expect", "seen"}) step.erase(told);
        result["steps"].push_back(step);
    }
    return result;
}

/// How many of a folder's scenarios were recorded, each of them the same in both.
size_t same_deeds(const std::string& folder, const std::string& begin) {
    const std::set<std::string> recorded = names_in("tests/recordings", begin);
    size_t same = 0;
    for (const std::string& name : names_in("scenarios/" + folder, "")) {
        if (!recorded.contains(name)) continue;
        INFO(name);
        const std::string as_played = deeds("scenarios/" + folder + "/" + name + ".json").dump(1);
        CHECK(as_played == deeds("tests/recordings/" + begin + name + ".json").dump(1));
        ++same;
    }
    return same;
}

}  // namespace

TEST_CASE("members come, go, die, freeze and return as on the real cluster") {
    const auto recorded = names_in("tests/recordings", "group-");
    REQUIRE(recorded.size() >= 25);
    for (const std::string& name : recorded) {
        INFO(name);
        check_equal("group-" + name + ".json", {});
    }
}

TEST_CASE("what people play is what was recorded") {
    CHECK(same_deeds("groups", "group-") >= 14);
    CHECK(same_deeds("really", "really-") >= 22);
}
