// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who it is that a step means by "the leader of orders-0", "controller", or a name that a step before has given: looked
// up when the step begins, as somebody does who looks at ZooKeeper before he pulls a plug. The scenario only looks; it
// never decides who leads.

#include <functional>

#include "sim/scenario/scenario.hpp"
#include "sim/world/world.hpp"

namespace kafkasim::sim::scenario {

/// Every place of a verb where a process may stand.
void each_process(Verb& verb, const std::function<void(std::string&)>& visit);

/// "broker-2"; nullopt if there is no controller, or no leader, as ZooKeeper has it.
std::optional<std::string> process_in_role(const World& world, const Role& role);

/// What is known when a step begins.
struct Chosen {
    Step step;                                // with processes in place of words
    std::map<std::string, std::string> who;   // by word
    std::optional<std::string> problem = {};  // nobody is that
};
Chosen choose_processes(const World& world, const Step& step, const std::map<std::string, std::string>& names);

/// The one process that the step is about, "" if there is none.
std::string process_of(const Verb& verb);

}  // namespace kafkasim::sim::scenario
