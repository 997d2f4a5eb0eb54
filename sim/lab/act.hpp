// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a person did in the lab, one act after another, and how that is written down as a scenario: each act is a step,
// the time before it a `wait`. A command that had ended before the next act is a plain `run`; one that still ran is one
// with `background`.

#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/scenario.hpp"
#include "sim/scenario/seen.hpp"

namespace kafkasim::sim::lab {

struct Act {
    enum class Kind : uint8_t {
        Person,    // done in the lab
        Scenario,  // a step of the scenario that the lab began with
    } kind = Kind::Person;
    scenario::Step step;
    /// The time since the end of the act before; nullopt: none at all, so that not even what happens at that very
    /// instant has happened.
    std::optional<Duration> before{};
    scenario::StepResult result;
    bool running = false;  // a command whose program has not ended
};

/// As JSON text, without what the scenario format does not need.
std::string json_of(const scenario::Step& step);
/// The file: the head of the scenario, then the acts; `rest` is the time since the last one.
std::string scenario_text(const scenario::Scenario& scenario, const std::vector<Act>& acts,
                          std::optional<Duration> rest);
/// For people: "$ bin/kafka-topics.sh --list", "> first insert", "stop broker-1".
std::string text_of(const scenario::Step& step);

}  // namespace kafkasim::sim::lab
