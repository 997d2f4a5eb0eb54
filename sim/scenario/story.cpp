// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/story.hpp"

#include "sim/scenario/suggestion.hpp"

namespace kafkasim::sim::scenario {

void Story::tell(const Step& step, const Located& value) {
    if (!step.id.empty() && !ids_.insert(step.id).second)
        problem(*value.member("id"), "another step has the id \"" + step.id + "\"");
    if (std::holds_alternative<Run>(step.verb)) ran_.insert(step.terminal);
    if (const Located* expect = value.member("expect")) check_acknowledged(expect->member("acknowledged"));
    if (const Located* expect = value.member("expect")) check_consumed(expect->member("consumed"));
    check_met(step, value);
    const Located* named = value.member("terminal");
    const Located& at = named != nullptr ? *named : value;
    if (const auto* run = std::get_if<Run>(&step.verb)) {
        const auto busy = busy_.find(step.terminal);
        if (busy != busy_.end() && !may_have_ended_.contains(step.terminal))
            problem(at, "in terminal \"" + step.terminal + "\" runs the program of line " +
                            std::to_string(busy->second) + "; press Ctrl+C there first");
        if (!run->background) return;
        busy_[step.terminal] = step.line;
        // A person at a terminal sees when a program has ended; the file does not say.
        if (run->tty)
            may_have_ended_.insert(step.terminal);
        else
            may_have_ended_.erase(step.terminal);
    } else if (std::holds_alternative<Type>(step.verb)) {
        needs_program(step.terminal, at);
    } else if (std::holds_alternative<Press>(step.verb)) {
        needs_program(step.terminal, at);
        if (!may_have_ended_.contains(step.terminal)) busy_.erase(step.terminal);
    } else if (const auto* look = std::get_if<Look>(&step.verb)) {
        if (look->terminal) needs_program(*look->terminal, *value.member("look")->member("terminal"));
        if (named != nullptr) problem(*named, "a look names its terminal inside: {\"look\": {\"terminal\": \"c1\"}}");
    } else if (const auto* kill = std::get_if<Kill>(&step.verb); kill != nullptr && named == nullptr) {
        if (!may_have_ended_.contains(kill->terminal)) busy_.erase(kill->terminal);
    } else if (named != nullptr) {
        problem(*named, "\"terminal\" stands only beside \"run\", \"type\" and \"press\"");
    }
}

void Story::problem(const Located& at, std::string found, std::string allowed, std::string suggestion) {
    if (told_.insert(at.begin).second)
        reading_.problem(at, std::move(found), std::move(allowed), std::move(suggestion));
}

void Story::skip(const Located& value) {
    const Located* terminal = value.member("terminal");
    unknown_.insert(terminal != nullptr ? terminal->text : "main");
}

void Story::check_acknowledged(const Located* claims) {
    if (claims == nullptr) return;
    if (claims->is(Located::Kind::Array)) {
        for (const Located& claim : claims->items) check_acknowledged(&claim);
        return;
    }
    check_ran(claims->member("by"));
    check_ran(claims->member("read"));
}

void Story::check_consumed(const Located* claims) {
    if (claims == nullptr) return;
    if (claims->is(Located::Kind::Array)) {
        for (const Located& claim : claims->items) check_consumed(&claim);
        return;
    }
    const Located* by = claims->member("by");
    if (by != nullptr && by->is(Located::Kind::Array)) {
        for (const Located& terminal : by->items) check_ran(&terminal);
        if (by->items.empty()) problem(*by, "nobody is named", "the terminals of consumers");
    }
    const Located* since = claims->member("since");
    if (since == nullptr || since->text == kThisStep || ids_.contains(since->text)) return;
    std::vector<std::string_view> names(ids_.begin(), ids_.end());
    names.push_back(kThisStep);
    problem(*since, "no step so far has the id \"" + since->text + "\"", quoted_list(names),
            nearest(since->text, names));
}

void Story::check_met(const Step& step, const Located& value) {
    const auto* wait = std::get_if<Wait>(&step.verb);
    const bool waits = wait != nullptr && wait->until;
    if (waits) check_consumed(value.member("wait")->member("until")->member("consumed"));
    if (step.expect && step.expect->met && !waits)
        problem(*value.member("expect")->member("met"), "\"met\" is of a step that waits until something holds");
}

void Story::check_ran(const Located* terminal) {
    if (terminal == nullptr || !terminal->is(Located::Kind::String) || ran_.contains(terminal->text) ||
        unknown_.contains(terminal->text))
        return;
    const std::vector<std::string_view> names(ran_.begin(), ran_.end());
    problem(*terminal, "in terminal \"" + terminal->text + "\" nothing has run", quoted_list(names),
            nearest(terminal->text, names));
}

void Story::needs_program(const std::string& terminal, const Located& at) {
    if (busy_.contains(terminal) || unknown_.contains(terminal)) return;
    std::vector<std::string_view> names;
    for (const auto& [name, line] : busy_) names.push_back(name);
    problem(
        at, "in terminal \"" + terminal + "\" no program runs in the background",
        names.empty() ? "a terminal in which a step before did \"run\" with \"background\": true" : quoted_list(names),
        nearest(terminal, names));
}

}  // namespace kafkasim::sim::scenario
