// SPDX-License-Identifier: Apache-2.0
// kafkasim schema: the scenario format for editors.
#include "sim/scenario/schema.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "sim/cli/commands.hpp"

namespace kafkasim::sim::cli {

void add_schema(CLI::App& program, Command& chosen) {
    CLI::App* schema = program.add_subcommand("schema", "Print the JSON Schema of scenarios, for editors");
    schema->footer(
        "Example:\n  kafkasim schema > scenario.schema.json\n  (then begin a scenario with \"$schema\": "
        "\"./scenario.schema.json\")");
    schema->callback([&chosen] {
        chosen = [] {
            fmt::print("{}", scenario::schema_text());
            return kGood;
        };
    });
}

}  // namespace kafkasim::sim::cli
