// SPDX-License-Identifier: Apache-2.0
#include "sim/why/why.hpp"

#include "sim/why/explanations.hpp"
#include "sim/why/history.hpp"

namespace kafkasim::sim {

namespace {

bool holds(const std::string& command, std::string_view tool) { return command.find(tool) != std::string::npos; }

/// What a program on a terminal printed on standard output: the terminal shows its errors and what is typed as well.
std::string printed_on_tty(const World& world, const std::string& command, const scenario::StepResult& result) {
    std::string text;
    for (const TraceEvent& event : world.trace().events()) {
        const bool is_output = event.kind == TraceKind::Printed && event.name == "stdout";
        if (is_output && event.id > result.first_event && event.id <= result.last_event &&
            world.process(event.process).options.command == command)
            text += event.text;
    }
    return text;
}

Question question_of(const World& world, const scenario::Scenario& scenario, const scenario::StepResult& result) {
    const auto* run = std::get_if<scenario::Run>(&scenario.steps[result.number - 1].verb);
    if (run == nullptr) return {"", result.first_event, result.last_event, result.seen.stdout_text.value_or("")};
    return {run->command, result.first_event, result.last_event,
            run->tty ? printed_on_tty(world, run->command, result) : result.seen.stdout_text.value_or("")};
}

/// Leaders, Isrs and logs.
std::string what_changed(const Telling& telling, const Question& question) {
    return why_leaders_and_isrs_changed(telling, question) + why_records_were_cut(telling, question);
}

/// What a consumer does not see any more.
std::string cut_before(const Telling& telling, Question question) {
    question.after = 0;
    return why_records_were_cut(telling, question);
}

std::string about_a_consumer(const Telling& telling, const Question& question) {
    if (!question.printed.empty())
        return why_in_that_order(telling, question) + which_coordinator(telling, question) +
               cut_before(telling, question);
    std::string text = why_a_group_has_no_coordinator(telling, question);
    if (text.empty()) text = why_nothing_was_printed(telling, question);
    if (text.empty()) text = which_coordinator(telling, question);
    return text + cut_before(telling, question);
}

/// What the step's command itself explains; then what changed while it ran.
std::string about_the_step(const Telling& telling, const Question& question) {
    if (holds(question.command, "console-consumer")) {
        if (std::string text = about_a_consumer(telling, question); !text.empty()) return text;
    }
    std::string text = what_changed(telling, question);
    if (holds(question.command, "console-producer")) text = why_to_those_partitions(telling, question) + text;
    if (holds(question.command, "consumer-groups")) {
        text += why_a_group_has_no_coordinator(telling, question);
        text += which_coordinator(telling, question);
    }
    return text;
}

bool is_step(const TraceEvent& event) { return event.kind == TraceKind::Step && !event.text.empty(); }

/// What a step shows that did nothing itself: the last changes before it.
std::string about_before(const Telling& telling, Question question) {
    const auto& events = telling.trace().events();
    uint64_t until = question.after;
    const uint64_t asked = question.after;
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
        if (!is_step(*event) || event->id > asked) continue;
        question.after = event->id;
        question.until = until;
        until = event->id;
        const std::string text = what_changed(telling, question);
        if (!text.empty())
            return telling.say("What it shows came about in step {0}:\n", "여기 보이는 것은 {0}단계에서 생겼다:\n",
                               event->text) +
                   text;
    }
    return "";
}

/// What an act set off that shows only later.
std::string about_after(const Telling& telling, Question question) {
    const auto& events = telling.trace().events();
    std::string now =
        telling.say("No leader and no Isr changed in this step", "이 단계에서는 리더도 Isr도 바뀌지 않았다");
    const TraceEvent* begin = nullptr;
    for (size_t i = 0; i <= events.size(); ++i) {
        const bool at_end = i == events.size();
        if (!at_end && (!is_step(events[i]) || events[i].id <= question.until)) continue;
        if (begin != nullptr) {
            question.after = begin->id;
            question.until = at_end ? events.back().id : events[i].id;
            const std::string text = what_changed(telling, question);
            if (!text.empty())
                return telling.say("{0}. What follows from it shows in step {1}:\n",
                                   "{0}. 그 결과는 {1}단계에서 보인다:\n", now, begin->text) +
                       text;
        }
        if (!at_end) begin = &events[i];
    }
    return now + ".\n";
}

bool is_act(const scenario::Verb& verb) {
    return std::holds_alternative<scenario::Start>(verb) || std::holds_alternative<scenario::Stop>(verb) ||
           std::holds_alternative<scenario::Kill>(verb) || std::holds_alternative<scenario::Pause>(verb) ||
           std::holds_alternative<scenario::Resume>(verb) || std::holds_alternative<scenario::PowerOff>(verb) ||
           std::holds_alternative<scenario::Cut>(verb) || std::holds_alternative<scenario::Heal>(verb) ||
           std::holds_alternative<scenario::Hold>(verb) || std::holds_alternative<scenario::Release>(verb) ||
           std::holds_alternative<scenario::Disk>(verb) || std::holds_alternative<scenario::Clock>(verb);
}

std::string answer(const Telling& telling, const scenario::Scenario& scenario, const scenario::StepResult& result) {
    const Question question = question_of(telling.world, scenario, result);
    std::string text = about_the_step(telling, question);
    if (!text.empty()) return text;
    if (is_act(scenario.steps[result.number - 1].verb)) return about_after(telling, question);
    text = about_before(telling, question);
    if (!text.empty()) return text;
    return telling.say(
        "Nothing in this step has a cause to tell: no leader or Isr changed, and no consumer read or waited.\n",
        "이 단계에는 이야기할 원인이 없다: 리더도 Isr도 바뀌지 않았고, 읽거나 기다린 컨슈머도 없다.\n");
}

}  // namespace

std::string explain_step(const World& world, const scenario::Scenario& scenario, const scenario::StepResult& result) {
    return answer({world, "en"}, scenario, result);
}

std::string explain(const World& world, const scenario::Scenario& scenario, const scenario::RunResult& result,
                    size_t step_number, const std::string& language) {
    if (step_number == 0 || step_number > result.steps.size()) return "There is no such step.\n";
    return answer({world, language}, scenario, result.steps[step_number - 1]);
}

std::string story_behind(const World& world, const scenario::Failure& failure, const std::string& language) {
    const Telling telling{world, language};
    const size_t step = step_as_of(world.trace(), failure.event);
    uint64_t begin = 0;
    for (const TraceEvent& event : world.trace().events()) {
        if (is_step(event) && event.text == std::to_string(step)) begin = event.id;
    }
    Question question{"", begin, failure.event, ""};
    const std::string text =
        why_leaders_and_isrs_changed(telling, question) + why_a_group_has_no_coordinator(telling, question);
    return text.empty() ? about_before(telling, question) : text;
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
