// SPDX-License-Identifier: Apache-2.0
// `repeat` is a way to write steps, not to play them: what comes out of the reader are the steps themselves, round
// after round, each with a number of its own.
#include <algorithm>

#include "sim/scenario/fields.hpp"

namespace kafkasim::sim::scenario {

bool is_repeat(const Located& value) { return value.member("repeat") != nullptr || value.member("steps") != nullptr; }

std::vector<RepeatedStep> read_repeat(Reading& reading, const Located& value) {
    constexpr int64_t kMostRounds = 1000;
    const Fields fields(reading, value, kRepeat);
    read_words(reading, fields["note"]);
    const auto rounds = read_integer(reading, fields["repeat"], 1, kMostRounds);
    std::vector<RepeatedStep> steps;
    const Located* items = fields["steps"];
    if (items == nullptr) return steps;
    if (!items->is(Located::Kind::Array) || items->items.empty()) {
        reading.problem(*items, "found " + Reading::kind_of(*items), "a list of one or more steps");
        return steps;
    }
    for (const Located& item : items->items) {
        if (is_repeat(item))
            reading.problem(item, "a \"repeat\" inside another one");
        else
            steps.push_back({read_step(reading, item), &item});
    }
    const size_t length = steps.size();
    const int last = static_cast<int>(rounds.value_or(1));
    for (int round = 2; round <= last; ++round) {
        for (size_t i = 0; i < length; ++i) steps.push_back(steps[i]);
    }
    for (size_t i = 0; i < steps.size(); ++i) {
        if (!steps[i].step) continue;
        Step& step = *steps[i].step;
        step.round = static_cast<int>(i / length) + 1;
        step.rounds = last;
        if (step.round == 1) continue;
        if (!step.id.empty()) step.id += "." + std::to_string(step.round);
        step.say = step.ask = step.answer = Text{};  // told once
    }
    return steps;
}

}  // namespace kafkasim::sim::scenario
