// SPDX-License-Identifier: Apache-2.0
#pragma once
// What must be right from step to step: ids of their own, and terminals in which a program runs when somebody
// types, presses or looks there. Called by the reader, step by step.

#include <map>
#include <set>

#include "sim/scenario/fields.hpp"

namespace kafkasim::sim::scenario {

class Story {
public:
    explicit Story(Reading& reading) : reading_(reading) {}

    void tell(const Step& step, const Located& value);
    /// A step that could not be read: from here on nobody knows what runs in its terminal.
    void skip(const Located& value);

private:
    /// Once, however many rounds of a `repeat` have it.
    void problem(const Located& at, std::string found, std::string allowed = "", std::string suggestion = "");
    /// A claim names terminals in which something has run.
    void check_acknowledged(const Located* claims);
    void check_consumed(const Located* claims);
    void check_met(const Step& step, const Located& value);
    void check_ran(const Located* terminal);
    void needs_program(const std::string& terminal, const Located& at);

    Reading& reading_;
    std::set<size_t> told_;  // places that have a problem
    std::set<std::string> ids_;
    std::set<std::string> may_have_ended_;  // terminals: ttys with a program in the background
    std::set<std::string> ran_;             // terminals in which a program was started
    std::map<std::string, int> busy_;       // terminal -> line of the step that started its program
    std::set<std::string> unknown_;         // terminals
};

}  // namespace kafkasim::sim::scenario
