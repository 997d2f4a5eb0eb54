// SPDX-License-Identifier: Apache-2.0
// `repeat` is a way to write steps, not to play them: what comes out of the reader are the steps themselves, round
// after round, each with a number of its own.
#include <algorithm>

#include "sim/scenario/fields.hpp"
#include "sim/scenario/roles.hpp"

namespace kafkasim::sim::scenario {

namespace {

constexpr std::string_view kEach = "each";

/// How many rounds there are; the processes of the rounds if they have one.
struct Rounds {
    int count = 1;
    std::vector<std::string> processes;
};

Rounds read_rounds(Reading& reading, const Located* value) {
    constexpr int64_t kMostRounds = 1000;
    if (value == nullptr || !value->is(Located::Kind::Array))
        return {static_cast<int>(read_integer(reading, value, 1, kMostRounds).value_or(1)), {}};
    if (value->items.empty()) reading.problem(*value, "nobody to do this for", "a list of processes");
    Rounds rounds;
    reading.roles.clear();
    for (const Located& item : value->items) {
        rounds.processes.push_back(read_program(reading, &item));
        if (!reading.roles.empty())
            reading.problem(item, "who this is can change from round to round", "a process by name");
        reading.roles.clear();
    }
    rounds.count = std::max(static_cast<int>(rounds.processes.size()), 1);
    return rounds;
}

/// Also in the step's text: a recording has the steps one by one.
void put_for_each(Step& step, const std::string& process) {
    each_process(step.verb, [&](std::string& name) {
        if (name == kEach) name = process;
    });
    const std::string word = '"' + std::string(kEach) + '"', name = '"' + process + '"';
    for (size_t at = step.source.find(word); at != std::string::npos; at = step.source.find(word, at + name.size()))
        step.source.replace(at, word.size(), name);
}

}  // namespace

bool is_repeat(const Located& value) { return value.member("repeat") != nullptr || value.member("steps") != nullptr; }

std::vector<RepeatedStep> read_repeat(Reading& reading, const Located& value) {
    const Fields fields(reading, value, kRepeat);
    read_words(reading, fields["note"]);
    const Rounds rounds = read_rounds(reading, fields["repeat"]);
    std::vector<RepeatedStep> steps;
    const Located* items = fields["steps"];
    if (items == nullptr) return steps;
    if (!items->is(Located::Kind::Array) || items->items.empty()) {
        reading.problem(*items, "found " + Reading::kind_of(*items), "a list of one or more steps");
        return steps;
    }
    const bool names_each = !rounds.processes.empty() && reading.names.insert(std::string(kEach)).second;
    for (const Located& item : items->items) {
        if (is_repeat(item))
            reading.problem(item, "a \"repeat\" inside another one");
        else
            steps.push_back({read_step(reading, item), &item});
    }
    if (names_each) reading.names.erase(std::string(kEach));
    const size_t length = steps.size();
    for (int round = 2; round <= rounds.count; ++round) {
        for (size_t i = 0; i < length; ++i) steps.push_back(steps[i]);
    }
    for (size_t i = 0; i < steps.size(); ++i) {
        if (!steps[i].step) continue;
        Step& step = *steps[i].step;
        step.round = static_cast<int>(i / length) + 1;
        step.rounds = rounds.count;
        if (!rounds.processes.empty()) put_for_each(step, rounds.processes[i / length]);
        if (step.round == 1) continue;
        if (!step.id.empty()) step.id += "." + std::to_string(step.round);
        step.say = step.ask = step.answer = Text{};  // told once
    }
    return steps;
}

}  // namespace kafkasim::sim::scenario
