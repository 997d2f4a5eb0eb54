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

/// The terminal of which a step shows something; empty if it shows none.
std::string shown_terminal(const scenario::Step& step) {
    if (const auto* look = std::get_if<scenario::Look>(&step.verb)) return look->terminal.value_or("");
    if (const auto* kill = std::get_if<scenario::Kill>(&step.verb)) return kill->terminal;
    if (const auto* pause = std::get_if<scenario::Pause>(&step.verb)) return pause->terminal;
    return std::holds_alternative<scenario::Press>(step.verb) ? step.terminal : "";
}

/// What runs in the terminal that a step shows, and what it has done since somebody last looked there.
Question question_of_terminal(const World& world, const scenario::Scenario& scenario,
                              const scenario::StepResult& result) {
    const scenario::Step& step = scenario.steps[result.number - 1];
    Question question{"", result.first_event, result.last_event, result.seen.stdout_text.value_or("")};
    const std::string terminal = shown_terminal(step);
    if (terminal.empty()) return question;
    const bool looks = std::holds_alternative<scenario::Look>(step.verb);
    size_t since = 0;
    for (size_t i = result.number - 1; i > 0 && question.command.empty(); --i) {
        const scenario::Step& before = scenario.steps[i - 1];
        const auto* run = std::get_if<scenario::Run>(&before.verb);
        const bool ran_there = run != nullptr && run->background && before.terminal == terminal;
        if (since == 0 && (ran_there || (looks && shown_terminal(before) == terminal))) since = i;
        if (ran_there) question.command = run->command;
    }
    for (const TraceEvent& event : world.trace().events()) {
        if (event.kind == TraceKind::Step && event.text == std::to_string(since)) question.after = event.id;
    }
    for (const std::string& line : result.seen.lines.value_or(std::vector<std::string>()))
        question.printed += line + "\n";
    return question;
}

Question question_of(const World& world, const scenario::Scenario& scenario, const scenario::StepResult& result) {
    const auto* run = std::get_if<scenario::Run>(&scenario.steps[result.number - 1].verb);
    if (run == nullptr) return question_of_terminal(world, scenario, result);
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

/// A member that runs in a terminal somebody looks at: what it has, and why it printed nothing if so.
std::string about_a_member(const Telling& telling, const Question& question) {
    std::string text = question.printed.empty() ? why_a_group_has_no_coordinator(telling, question) : "";
    if (text.empty()) text = why_a_member_reads_that(telling, question);
    return text;
}

/// The groups that the shown lines of a coordinator's log, or of a workload's table, tell of.
std::string about_the_groups(const Telling& telling, const scenario::StepResult& result) {
    std::string shown = "\n";
    for (const std::string& line : result.seen.lines.value_or(std::vector<std::string>())) shown += line + "\n";
    std::string text;
    for (const auto& [group, partition] : groups_as_of(telling.trace(), result.last_event)) {
        if (holds(shown, "roup " + group + " ") || holds(shown, "\n" + group + " "))
            text += what_a_group_was_like(telling, group, result.last_event);
    }
    return text;
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
        const std::string group = option_of(question.command, "--group");
        for (const auto& [name, partition] : groups_as_of(telling.trace(), question.until)) {
            if (!group.empty() && name != group) continue;
            if (name == group && !holds(question.command, "--members") && !holds(question.command, "--state"))
                text += where_a_group_was(telling, name, question.until);
            text += what_a_group_was_like(telling, name, question.until);
        }
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
           std::holds_alternative<scenario::Disk>(verb) || std::holds_alternative<scenario::Clock>(verb) ||
           std::holds_alternative<scenario::Workload>(verb);
}

std::string answer(const Telling& telling, const scenario::Scenario& scenario, const scenario::StepResult& result) {
    const Question question = question_of(telling.world, scenario, result);
    const scenario::Verb& verb = scenario.steps[result.number - 1].verb;
    const auto* look = std::get_if<scenario::Look>(&verb);
    std::string text;
    if (look != nullptr && (look->log || !look->workload.empty())) text = about_the_groups(telling, result);
    if (look != nullptr && look->terminal && holds(question.command, "console-consumer"))
        text = about_a_member(telling, question);
    const bool halts = std::holds_alternative<scenario::Kill>(verb) || std::holds_alternative<scenario::Pause>(verb);
    if (halts && holds(question.command, "console-consumer"))
        text = what_a_group_was_like(telling, option_of(question.command, "--group"), question.until);
    if (text.empty()) text = about_the_step(telling, question);
    if (!text.empty()) return text;
    if (is_act(verb)) return about_after(telling, question);
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
