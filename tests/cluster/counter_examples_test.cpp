// SPDX-License-Identifier: Apache-2.0
// The shortest known counter-examples of the published rule sets, played in the whole cluster: each breaks what the
// literature says under its rule set, and nothing under kip-320 and 3.0.0.
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "core/broker/replication_rules.hpp"
#include "sim/scenario/breaks.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/runner.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::sim;

namespace {

scenario::Scenario read_example(const std::string& name) {
    const std::filesystem::path path =
        std::filesystem::path(KAFKASIM_SOURCE_DIR) / "scenarios" / "counter-examples" / (name + ".json");
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    auto read = scenario::read_scenario(text.str(), path.string());
    for (const auto& problem : read.problems) FAIL_CHECK(problem.text());
    REQUIRE(read.scenario);
    return std::move(*read.scenario);
}

std::string broken_in(const scenario::RunResult& result) {
    std::set<std::string> names;
    for (const auto& broken : result.broken) names.insert(std::string(broken.violation.invariant));
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

}  // namespace

TEST_CASE("Each counter-example breaks its rule set and none that is fenced") {
    struct Row {
        std::string_view example;
        std::string_view rules;
        std::string_view broken;
    };
    constexpr std::string_view kAtOnce = "StrongIsr, ValidHighWatermark, WeakIsr";
    constexpr std::string_view kDiverged = "LogMatching, StrongIsr, TruncationConverges, WeakIsr";
    const Row rows[] = {
        {"truncate-to-high-watermark", "truncate-to-high-watermark", kAtOnce},
        {"truncate-to-high-watermark", "kip-101", ""},
        {"truncate-to-high-watermark", "kip-320", ""},
        {"truncate-to-high-watermark", "3.0.0", ""},
        {"kip-101", "kip-101", kDiverged},
        {"kip-101", "kip-279", ""},  // two replicas: it holds
        {"kip-101", "kip-320", ""},
        {"kip-101", "3.0.0", ""},
        {"kip-279", "kip-101", kAtOnce},
        {"kip-279", "kip-279", kAtOnce},
        {"kip-279", "kip-320", ""},
        {"kip-279", "3.0.0", ""},
        {"kip-320-first-try", "kip-320-first-try", kAtOnce},
        {"kip-320-first-try", "kip-320", ""},
        {"kip-320-first-try", "3.0.0", ""},
    };
    for (const Row& row : rows) {
        for (const uint64_t seed : {1, 3, 5}) {  // in 2 and 4 the second producer asks the wrong broker who leads
            INFO(row.example << " under " << row.rules << ", seed " << seed);
            scenario::Scenario example = read_example(std::string(row.example));
            scenario::choose_rules(example, std::string(row.rules));
            example.seed = seed;
            scenario::Runner runner(example, {});
            const scenario::RunResult result = runner.run();
            CHECK(broken_in(result) == row.broken);
            CHECK(result.ok());
        }
    }
}
