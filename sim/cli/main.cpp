// SPDX-License-Identifier: Apache-2.0
// The program kafkasim: reads its command line and hands over to a subcommand. Exceptions, which only CLI11 throws,
// end here.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>

#include "sim/cli/commands.hpp"
#include "sim/cli/load.hpp"
#include "sim/scenario/suggestion.hpp"
#include "sim/version.hpp"

namespace {

using namespace kafkasim::sim;

constexpr std::string_view kExamples =
    "Examples:\n"
    "  kafkasim scenarios                        what is built in\n"
    "  kafkasim run replication-test             stop one broker, then another; who can still read?\n"
    "  kafkasim run replication-test --lang ko   the same in Korean\n"
    "  kafkasim why replication-test             the answers, from the causes\n"
    "  kafkasim check my.json                    all mistakes of a file at once\n"
    "\n"
    "`kafkasim COMMAND --help` tells the options of a command.\n"
    "Exit code: 0 all went well, 1 a claim does not hold, 2 bad usage or bad input.";

/// What is wrong where a command was wanted; "" if a command was given.
std::string wrong_command(const CLI::App& program, int argc, char** argv) {
    std::vector<std::string> names;
    for (const CLI::App* command : program.get_subcommands(nullptr)) names.push_back(command->get_name());
    if (!program.get_subcommands().empty()) return "";
    if (argc < 2) return "no command";
    if (argv[1][0] == '-') return "unknown option " + std::string(argv[1]);
    const std::string meant = scenario::nearest(argv[1], {names.begin(), names.end()});
    return "unknown command \"" + std::string(argv[1]) + "\"" +
           (meant.empty() ? "" : "; did you mean \"" + meant + "\"?");
}

int bad_usage(const CLI::App& program, const CLI::ParseError& error, int argc, char** argv) {
    const std::string command = wrong_command(program, argc, argv);
    std::string asked = "kafkasim --help";
    for (const CLI::App* chosen : program.get_subcommands()) asked = "kafkasim " + chosen->get_name() + " --help";
    cli::complain((command.empty() ? std::string(error.what()) : command) + "\n  see: " + asked);
    return cli::kBadInput;
}

int run_program(int argc, char** argv) {
    CLI::App program(
        "kafkasim: a ZooKeeper-mode Apache Kafka 3.0.0 cluster, simulated in one process.\n"
        "Plays lessons and tests (scenarios) in virtual time; the same seed gives the same run.");
    program.name("kafkasim");
    program.set_version_flag("--version", "kafkasim " + std::string(version()), "Print the version");
    program.set_help_flag("--help,-h", "Print this");
    program.get_formatter()->label("SUBCOMMAND", "COMMAND");
    program.get_formatter()->column_width(34);
    program.footer(std::string(kExamples));
    program.require_subcommand(1);
    cli::Command chosen;
    cli::add_run(program, chosen);
    cli::add_why(program, chosen);
    cli::add_check(program, chosen);
    cli::add_scenarios(program, chosen);
    cli::add_schema(program, chosen);
    cli::add_fuzz(program, chosen);
    cli::add_lab(program, chosen);
    try {
        program.parse(argc, argv);
    } catch (const CLI::Success& asked) {  // --help, --version
        return program.exit(asked);
    } catch (const CLI::ParseError& error) {
        return bad_usage(program, error, argc, argv);
    }
    return chosen();
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run_program(argc, argv);
    } catch (const std::exception& error) {
        cli::complain(error.what());
        return cli::kBadInput;
    }
}
