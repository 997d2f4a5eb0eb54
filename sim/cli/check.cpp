// SPDX-License-Identifier: Apache-2.0
// kafkasim check: reads scenarios and plays nothing.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "sim/cli/commands.hpp"
#include "sim/cli/load.hpp"

namespace kafkasim::sim::cli {

void add_check(CLI::App& program, Command& chosen) {
    auto files = std::make_shared<std::vector<std::string>>();
    CLI::App* check = program.add_subcommand("check", "Read scenarios and name all their mistakes; play nothing");
    check->add_option("scenario", *files, "Files, folders of them, or names of built-in scenarios")
        ->required()
        ->type_name("FILE|FOLDER|NAME");
    check->footer(
        "Example:\n  kafkasim check my.json\n\nExit code: 0 no mistakes, 2 mistakes; each is a line FILE:LINE:COLUMN: "
        "...");
    check->callback([files, &chosen] {
        chosen = [files] {
            const auto scenarios = load(with_folders(*files));
            if (!scenarios) return kBadInput;
            for (const scenario::Scenario& scenario : *scenarios)
                fmt::print("{}: {} steps, no mistakes\n", scenario.path, scenario.steps.size());
            return kGood;
        };
    });
}

}  // namespace kafkasim::sim::cli
