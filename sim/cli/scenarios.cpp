// SPDX-License-Identifier: Apache-2.0
// kafkasim scenarios: what is built in.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <vector>

#include "sim/cli/commands.hpp"
#include "sim/scenario/embedded_scenarios.hpp"
#include "sim/scenario/reader.hpp"

namespace kafkasim::sim::cli {

namespace {

int list(const std::string& language) {
    size_t width = 0;
    std::vector<EmbeddedScenario> all(embedded_scenarios().begin(), embedded_scenarios().end());
    std::stable_partition(all.begin(), all.end(), [](const EmbeddedScenario& built_in) {
        return built_in.name.find('/') == std::string_view::npos;  // those in folders after the others
    });
    for (const EmbeddedScenario& built_in : all) width = std::max(width, built_in.name.size());
    for (const EmbeddedScenario& built_in : all) {
        const auto read = scenario::read_scenario(built_in.json, std::string(built_in.name));
        fmt::print("{:<{}}  {}\n", built_in.name, width, read.scenario ? read.scenario->title.in(language) : "");
    }
    return kGood;
}

}  // namespace

void add_scenarios(CLI::App& program, Command& chosen) {
    auto language = std::make_shared<std::string>("en");
    CLI::App* scenarios = program.add_subcommand("scenarios", "List the built-in scenarios");
    scenarios->add_option("--lang", *language, "Language of the titles: en, ko")
        ->check(CLI::IsMember({"en", "ko"}))
        ->type_name("LANG");
    scenarios->callback([language, &chosen] { chosen = [language] { return list(*language); }; });
}

}  // namespace kafkasim::sim::cli
