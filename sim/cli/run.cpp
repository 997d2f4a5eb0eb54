// SPDX-License-Identifier: Apache-2.0
// kafkasim run: plays scenarios, prints the transcript, judges the claims.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>

#include "core/broker/replication_rules.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/load.hpp"
#include "sim/reports/table.hpp"
#include "sim/reports/trace_json.hpp"
#include "sim/reports/transcript.hpp"
#include "sim/scenario/breaks.hpp"
#include "sim/scenario/fields.hpp"
#include "sim/scenario/recording.hpp"
#include "sim/scenario/runner.hpp"
#include "sim/scenario/suggestion.hpp"
#include "sim/why/why.hpp"
#include "sim/world/run_label.hpp"

namespace kafkasim::sim::cli {

namespace {

struct RunCommand {
    std::vector<std::string> scenarios;
    std::string record;
    std::string trace;
    std::optional<uint64_t> seed;
    std::string rules;
    std::string language = "en";
    bool quiet = false;
};

bool asks_why(const scenario::Scenario& scenario) {
    return std::any_of(scenario.steps.begin(), scenario.steps.end(),
                       [](const scenario::Step& step) { return step.expect && step.expect->why; });
}

scenario::RunOptions run_options(const RunCommand& command, const scenario::Scenario& scenario) {
    scenario::RunOptions options;
    if (!command.quiet || asks_why(scenario)) options.trace = TraceLevel::Notes;
    if (!command.trace.empty()) {
        options.trace = TraceLevel::Full;
        options.keep_logs = true;
    }
    options.why = explain_step;
    return options;
}

bool wants_colour() {
    const char* no_colour = std::getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) != 0 && (no_colour == nullptr || *no_colour == '\0');
}

/// With --quiet: what is not as it should be, and nothing else.
void print_failures(const World& world, const scenario::Scenario& scenario, const scenario::RunResult& result) {
    for (const scenario::StepResult& step : result.steps) {
        for (const scenario::Failure& failure : step.failures) {
            fmt::print(stderr, "{}:{}: step {}: {}\n", scenario.path, scenario.steps[step.number - 1].line, step.number,
                       failure_text(world, failure));
        }
    }
    for (const std::string& problem : result.problems) fmt::print(stderr, "{}: {}\n", scenario.path, problem);
    for (const std::string& sentence : result.not_as_said) fmt::print(stderr, "{}: {}\n", scenario.path, sentence);
}

/// A file that is written when all is done; whether it can be is known before anything is.
class OutputFile {
public:
    explicit OutputFile(const std::string& path) : wanted_(!path.empty()), path_(path) {
        if (wanted_) file_.open(path, std::ios::binary | std::ios::trunc);
        if (!good()) complain(path_ + ": cannot be written");
    }
    bool wanted() const { return wanted_; }
    bool good() const { return !wanted_ || file_.good(); }
    void write(const std::string& text) { file_ << text; }
    bool close() {
        if (wanted_) file_.close();
        if (!good()) complain(path_ + ": could not be written");
        return good();
    }

private:
    bool wanted_;
    std::string path_;
    std::ofstream file_;
};

int run_one(const RunCommand& command, const scenario::Scenario& scenario, std::vector<PlayedScenario>& played) {
    OutputFile record(command.record);
    OutputFile trace(command.trace);
    if (!record.good() || !trace.good()) return kBadInput;
    set_run_label("kafkasim run " + scenario.path + " --seed " + std::to_string(scenario.seed) +
                  (command.rules.empty() ? "" : " --rules " + command.rules));
    const auto story = [&](const World& world, const scenario::Failure& failure) {
        return story_behind(world, failure, command.language);
    };
    Transcript transcript({command.language, wants_colour(), story}, print);
    scenario::Runner runner(scenario, run_options(command, scenario), command.quiet ? nullptr : &transcript);
    const scenario::RunResult result = runner.run();
    std::fflush(stdout);
    if (command.quiet) print_failures(runner.world(), scenario, result);
    if (record.wanted()) record.write(scenario::recording_text(scenario, result));
    if (trace.wanted()) write_trace(runner.world(), [&](const std::string& line) { trace.write(line); });
    const bool written = record.close() && trace.close();
    played.push_back(played_scenario(scenario, result));
    return result.ok() && written ? kGood : kFailed;
}

bool known_rules(const std::string& rules) {
    if (rules.empty() || broker::find_rules(rules) != nullptr) return true;
    const std::vector<std::string_view> all = broker::rule_set_names();
    const std::string suggestion = scenario::nearest(rules, all);
    complain("--rules: \"" + rules + "\" is not a rule set" +
             (suggestion.empty() ? "." : "; did you mean \"" + suggestion + "\"?") +
             " Allowed: " + scenario::quoted_list(all));
    return false;
}

int run(const RunCommand& command) {
    const std::vector<std::string> names = with_folders(command.scenarios);
    if (names.size() > 1 && (!command.record.empty() || !command.trace.empty())) {
        complain("--record and --trace take one scenario, and here are " + std::to_string(names.size()));
        return kBadInput;
    }
    if (!known_rules(command.rules)) return kBadInput;
    auto scenarios = load(names);
    if (!scenarios) return kBadInput;
    int code = kGood;
    std::vector<PlayedScenario> played;
    for (scenario::Scenario& scenario : *scenarios) {
        if (command.seed) scenario.seed = *command.seed;
        if (!command.rules.empty()) scenario::choose_rules(scenario, command.rules);
        if (!command.quiet && &scenario != &scenarios->front()) print("\n");
        code = std::max(code, run_one(command, scenario, played));
    }
    if (names != command.scenarios) print((command.quiet ? "" : "\n") + table_of(played));
    return code;
}

}  // namespace

void add_run(CLI::App& program, Command& chosen) {
    auto command = std::make_shared<RunCommand>();
    CLI::App* run_program = program.add_subcommand("run", "Play a scenario and print what happens, step by step");
    run_program->add_option("scenario", command->scenarios, "Files, folders of them, or names of built-in scenarios")
        ->required()
        ->type_name("FILE|FOLDER|NAME");
    run_program->add_option("--record", command->record, "Write what was seen in each step, in the form of a recording")
        ->type_name("OUT.json");
    run_program
        ->add_option("--seed", command->seed, "Another seed than the scenario's: other latencies and random choices")
        ->check(CLI::NonNegativeNumber)
        ->type_name("N");
    run_program
        ->add_option("--rules", command->rules, "Another rule set of replication than the scenario's: kip-101, ...")
        ->type_name("NAME");
    run_program->add_option("--trace", command->trace, "Write every event, as JSON Lines")->type_name("OUT.jsonl");
    run_program->add_option("--lang", command->language, "Language of narration and questions: en, ko")
        ->check(CLI::IsMember({"en", "ko"}))
        ->type_name("LANG");
    run_program->add_flag("--quiet", command->quiet,
                          "Print only what is not as it should be, and the table of a folder");
    run_program->footer(
        "Examples:\n"
        "  kafkasim run replication-test\n"
        "  kafkasim run replication-test --lang ko\n"
        "  kafkasim run my.json --seed 7 --trace events.jsonl\n"
        "  kafkasim run recording.json --record out.json\n"
        "  kafkasim run replication-matrix --quiet\n"
        "  kafkasim run group-matrix --quiet\n"
        "\n"
        "Exit code: 0 all claims hold, 1 one does not, 2 the file or the command line is wrong.");
    run_program->callback([command, &chosen] { chosen = [command] { return run(*command); }; });
}

}  // namespace kafkasim::sim::cli
