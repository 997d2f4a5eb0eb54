// SPDX-License-Identifier: Apache-2.0
#include "sim/why/why.hpp"

#include "sim/why/explanations.hpp"

namespace kafkasim::sim {

namespace {

std::string command_of(const scenario::Step& step) {
    const auto* run = std::get_if<scenario::Run>(&step.verb);
    return run == nullptr ? std::string() : run->command;
}

bool is_consumer(const std::string& command) { return command.find("console-consumer") != std::string::npos; }

std::string about_the_consumer(const World& world, const Question& question, const scenario::Seen& seen) {
    if (!is_consumer(question.command)) return "";
    if (!seen.stdout_text.value_or("").empty()) return why_in_that_order(world, question);
    return why_a_group_reads_nothing(world, question);
}

}  // namespace

std::string explain_step(const World& world, const scenario::Scenario& scenario, const scenario::StepResult& result) {
    Question question{command_of(scenario.steps[result.number - 1]), result.first_event, result.last_event};
    std::string answer = about_the_consumer(world, question, result.seen);
    if (!answer.empty()) return answer;
    if (answer = why_leaders_and_isrs_changed(world, question); !answer.empty()) return answer;
    if (answer = why_a_group_reads_nothing(world, question); !answer.empty()) return answer;
    // Nothing happened here: what it shows came about before. The last stretch of the trace that has a change is asked.
    uint64_t until = result.first_event;
    const auto& events = world.trace().events();
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
        if (event->kind != TraceKind::Step || event->id > result.first_event) continue;
        question.after = event->id;
        question.until = until;
        if (answer = why_leaders_and_isrs_changed(world, question); !answer.empty()) return answer;
        until = event->id;
    }
    return "Nothing in this step has a cause to tell: no leader or Isr changed, and no consumer waited for a coordinator.\n";
}

std::string explain(const World& world, const scenario::Scenario& scenario, const scenario::RunResult& result, size_t step_number) {
    if (step_number == 0 || step_number > result.steps.size()) return "There is no such step.\n";
    return explain_step(world, scenario, result.steps[step_number - 1]);
}

std::vector<size_t> asked_steps(const scenario::Scenario& scenario) {
    std::vector<size_t> numbers;
    for (size_t i = 0; i < scenario.steps.size(); ++i) {
        const scenario::Step& step = scenario.steps[i];
        if (!step.ask.empty() || (step.expect && step.expect->why)) numbers.push_back(i + 1);
    }
    return numbers;
}

}  // namespace kafkasim::sim
