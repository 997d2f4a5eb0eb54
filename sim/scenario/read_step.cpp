// SPDX-License-Identifier: Apache-2.0
// One step: which verb it has, and what stands beside it.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "sim/scenario/fields.hpp"
#include "sim/scenario/suggestion.hpp"

namespace kafkasim::sim::scenario {

namespace {

bool is_verb(std::string_view key) { return std::find(verbs().begin(), verbs().end(), key) != verbs().end(); }

/// The step's verb; "" (and a problem) if it has none or several.
std::string verb_of(Reading& reading, const Located& value) {
    std::vector<std::string> found;
    for (std::string_view verb : verbs()) {
        const bool verb_if_alone = verb == "type" || verb == "note";
        if (value.member(verb) != nullptr && !(verb_if_alone && !found.empty())) found.emplace_back(verb);
    }
    if (found.size() == 1) return found.front();
    if (found.size() > 1) {
        reading.problem(value, "a step does one thing, and this has \"" + found[0] + "\" and \"" + found[1] + "\"");
        return "";
    }
    // A mistyped verb has been reported as an unknown key.
    for (const LocatedMember& member : value.members) {
        if (is_verb(nearest(member.key, names_of(kStep)))) return "";
    }
    if (value.is(Located::Kind::Object))
        reading.problem(value, "a step without a verb", quoted_list({verbs().begin(), verbs().end()}));
    return "";
}

std::string source_of_step(std::string_view text) {
    auto json = nlohmann::ordered_json::parse(text, nullptr, false);
    if (json.is_object()) json.erase("seen");
    return json.dump();
}

/// `as`: from here on the name stands for the process of this step.
std::string read_name(Reading& reading, const Located* value, std::string_view verb) {
    const auto name = read_text(reading, value);
    if (!name) return "";
    constexpr std::string_view kOfOneProcess[] = {"start", "stop", "kill", "pause", "resume", "power_off"};
    if (std::find(std::begin(kOfOneProcess), std::end(kOfOneProcess), verb) == std::end(kOfOneProcess))
        reading.problem(*value, "\"as\" names the process of a step that has one",
                        quoted_list({std::begin(kOfOneProcess), std::end(kOfOneProcess)}));
    const bool taken = *name == "controller" || *name == "all" || name->ends_with(".sh") ||
                       std::find(reading.processes.begin(), reading.processes.end(), *name) != reading.processes.end();
    if (name->empty() || taken)
        reading.problem(*value, "\"" + *name + "\" cannot be the name of a process", "a word of your own: \"victim\"");
    else
        reading.names.insert(*name);
    return *name;
}

}  // namespace

std::optional<Step> read_step(Reading& reading, const Located& value) {
    const Fields fields(reading, value, kStep);
    Step step;
    reading.roles.clear();
    step.line = reading.line_of(value);
    step.id = read_text(reading, fields["id"]).value_or("");
    step.title = read_words(reading, fields["title"]);
    step.say = read_words(reading, fields["say"]);
    step.ask = read_words(reading, fields["ask"]);
    step.answer = read_words(reading, fields["answer"]);
    step.terminal = read_text(reading, fields["terminal"]).value_or("main");
    step.may_be_idle = read_boolean(reading, fields["may_be_idle"]).value_or(false);
    const std::string verb_key = verb_of(reading, value);
    if (verb_key != "note") step.note = read_words(reading, fields["note"]);
    if (verb_key != "run") {  // what stands beside `run` is read for its own mistakes
        read_time(reading, fields["for"]);
        read_text(reading, fields["stdin"]);
        if (verb_key != "workload") read_boolean(reading, fields["background"]);
        read_boolean(reading, fields["tty"]);
    }
    auto verb = verb_key.empty() ? std::nullopt : read_verb(reading, verb_key, fields);
    step.expect = read_expect(reading, fields["expect"]);  // it may speak of what the verb begins
    if (!verb) return std::nullopt;
    step.verb = std::move(*verb);
    step.as = read_name(reading, fields["as"], verb_key);
    step.roles = std::exchange(reading.roles, {});
    step.source = source_of_step(reading.source_of(value));
    return step;
}

}  // namespace kafkasim::sim::scenario
