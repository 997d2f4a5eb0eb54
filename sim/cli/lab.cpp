// SPDX-License-Identifier: Apache-2.0
// kafkasim lab: a live cluster with several terminals in one window; without a terminal, a file of lines.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "sim/cli/commands.hpp"
#include "sim/cli/lab_terminal.hpp"
#include "sim/cli/load.hpp"
#include "sim/lab/session.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/world/run_label.hpp"

namespace kafkasim::sim::cli {

namespace {

struct LabCommandLine {
    std::string scenario;
    std::string speed = "real";
    std::optional<uint64_t> seed;
    std::string language = "en";
    bool play = false;
};

constexpr std::string_view kBareTarball =
    R"({"title": {"en": "A session in the lab", "ko": "랩에서 한 일"}, "seed": 1, "steps": []})";

std::optional<scenario::Scenario> scenario_of(const LabCommandLine& command) {
    if (command.scenario.empty()) return scenario::read_scenario(kBareTarball, "lab").scenario;
    auto scenarios = load({command.scenario});
    if (!scenarios) return std::nullopt;
    return std::move(scenarios->front());
}

/// Every line, with where it was typed before it; then what came of it.
int play_lines(lab::Session& session, std::istream& lines) {
    bool all = true;
    std::string line;
    while (!session.wants_to_quit() && std::getline(lines, line)) {
        const std::string where = session.focus();
        const lab::Reply reply = session.enter(line);
        print(fmt::format("[{}] {}{}\n{}", where, reply.prompt, line, reply.text));
        std::fflush(stdout);
        all = all && !reply.failed;
    }
    return all ? kGood : kFailed;
}

int run_lab(const LabCommandLine& command) {
    auto scenario = scenario_of(command);
    if (!scenario) return kBadInput;
    if (command.seed) scenario->seed = *command.seed;
    set_run_label("kafkasim lab " + command.scenario + " --seed " + std::to_string(scenario->seed));
    lab::SessionOptions options;
    options.language = command.language;
    options.play_steps = command.play;
    options.write_file = write_file;
    const bool on_terminal = isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
    if (on_terminal) return run_on_terminal(std::move(*scenario), std::move(options), command.speed);
    lab::Session session(std::move(*scenario), std::move(options));
    return play_lines(session, std::cin);
}

/// "" if it is a speed.
std::string check_speed(const std::string& text) {
    const bool is_number =
        !text.empty() && text.size() < 6 && text.find_first_not_of("0123456789") == std::string::npos;
    if (text == "real" || text == "max" || (is_number && text != "0")) return "";
    return "\"" + text + "\" is no speed: a number of virtual seconds a second, real or max";
}

}  // namespace

void add_lab(CLI::App& program, Command& chosen) {
    auto command = std::make_shared<LabCommandLine>();
    CLI::App* lab = program.add_subcommand("lab", "A live cluster, and terminals to work with it");
    lab->add_option("scenario", command->scenario, "A file, or the name of a built-in scenario: its cluster")
        ->type_name("FILE|NAME");
    lab->add_flag("--play", command->play, "Play the scenario's steps first");
    lab->add_option("--speed", command->speed, "Virtual seconds a second: a number, real (1) or max")
        ->check(check_speed)
        ->type_name("N|real|max");
    lab->add_option("--seed", command->seed, "Another seed than the scenario's")
        ->check(CLI::NonNegativeNumber)
        ->type_name("N");
    lab->add_option("--lang", command->language, "Language of the lab's own words: en, ko")
        ->check(CLI::IsMember({"en", "ko"}))
        ->type_name("LANG");
    lab->footer(
        "Examples:\n"
        "  kafkasim lab                       the unpacked tarball, and nothing runs\n"
        "  kafkasim lab replication-test      the cluster of a scenario, before its first step\n"
        "  kafkasim lab < lines.txt           no terminal: each line is done when the one before has ended\n"
        "\n"
        "Type :help in it. Exit code: 0 all was done, 1 a lab command could not be done, 2 bad usage.");
    lab->callback([command, &chosen] { chosen = [command] { return run_lab(*command); }; });
}

}  // namespace kafkasim::sim::cli
