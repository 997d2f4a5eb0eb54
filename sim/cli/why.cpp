// SPDX-License-Identifier: Apache-2.0
// kafkasim why: plays a scenario silently and explains a step, or those that the scenario asks about.
#include "sim/why/why.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "sim/cli/commands.hpp"
#include "sim/cli/load.hpp"
#include "sim/world/run_label.hpp"

namespace kafkasim::sim::cli {

namespace {

struct WhyCommand {
    std::string scenario;
    std::optional<size_t> step;
    std::optional<uint64_t> seed;
    std::string language = "en";
};

/// What the step does, as a heading: "Step 7 (line 30): stop broker-2".
std::string heading(const scenario::Step& step, size_t number, const std::string& language) {
    std::string text = fmt::format("Step {} (line {}): {}", number, step.line, scenario::verb_name(step.verb));
    if (const auto* run = std::get_if<scenario::Run>(&step.verb))
        text = fmt::format("Step {} (line {}): $ {}", number, step.line, run->command);
    if (const auto* stop = std::get_if<scenario::Stop>(&step.verb)) text += " " + stop->process;
    if (const auto* kill = std::get_if<scenario::Kill>(&step.verb)) text += " " + kill->process + kill->terminal;
    if (const auto* start = std::get_if<scenario::Start>(&step.verb)) text += " " + start->process;
    if (!step.ask.empty()) text += "\n" + step.ask.in(language);
    return text + "\n\n";
}

/// The steps to explain; empty, after a complaint, if there are none.
std::vector<size_t> wanted_steps(const WhyCommand& command, const scenario::Scenario& scenario) {
    const std::string range = "1 to " + std::to_string(scenario.steps.size());
    if (command.step) {
        if (*command.step >= 1 && *command.step <= scenario.steps.size()) return {*command.step};
        complain("there is no step " + std::to_string(*command.step) + " in " + scenario.path + "; its steps are " +
                 range);
        return {};
    }
    const std::vector<size_t> steps = asked_steps(scenario);
    if (steps.empty()) complain(scenario.path + " asks no question; name a step with --step, " + range);
    return steps;
}

int why(const WhyCommand& command) {
    auto scenarios = load({command.scenario});
    if (!scenarios) return kBadInput;
    scenario::Scenario& scenario = scenarios->front();
    const std::vector<size_t> steps = wanted_steps(command, scenario);
    if (steps.empty()) return kBadInput;
    if (command.seed) scenario.seed = *command.seed;
    set_run_label("kafkasim why " + scenario.path + " --seed " + std::to_string(scenario.seed));
    scenario::RunOptions options;
    options.trace = TraceLevel::Notes;
    options.why = explain_step;
    scenario::Runner runner(scenario, options);
    const scenario::RunResult result = runner.run();
    for (const std::string& problem : result.problems) fmt::print(stderr, "{}: {}\n", scenario.path, problem);
    bool all = true;
    for (size_t number : steps) {
        if (number > result.steps.size()) {
            complain("step " + std::to_string(number) + " was not reached");
            all = false;
            continue;
        }
        if (number != steps.front()) fmt::print("\n");
        std::string text = heading(scenario.steps[number - 1], number, command.language) +
                           explain(runner.world(), scenario, result, number, command.language);
        if (!text.ends_with('\n')) text += '\n';
        fmt::print("{}", text);
    }
    return all ? kGood : kFailed;
}

}  // namespace

void add_why(CLI::App& program, Command& chosen) {
    auto command = std::make_shared<WhyCommand>();
    CLI::App* why_program = program.add_subcommand("why", "Explain what happened in a step, from its causes");
    why_program->add_option("scenario", command->scenario, "A file, or the name of a built-in scenario")
        ->required()
        ->type_name("FILE|NAME");
    why_program
        ->add_option("--step", command->step, "The step, from 1; without it, the questions that the scenario asks")
        ->check(CLI::NonNegativeNumber)
        ->type_name("N");
    why_program->add_option("--seed", command->seed, "Another seed than the scenario's")
        ->check(CLI::NonNegativeNumber)
        ->type_name("N");
    why_program->add_option("--lang", command->language, "Language of questions and answers: en, ko")
        ->check(CLI::IsMember({"en", "ko"}))
        ->type_name("LANG");
    why_program->footer("Examples:\n  kafkasim why replication-test\n  kafkasim why replication-test --step 7");
    why_program->callback([command, &chosen] { chosen = [command] { return why(*command); }; });
}

}  // namespace kafkasim::sim::cli
