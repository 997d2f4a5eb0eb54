// SPDX-License-Identifier: Apache-2.0
#pragma once
// One function per kind of answer; empty if there is nothing of that kind to explain.

#include <string>

#include "sim/why/causes.hpp"
#include "sim/why/why.hpp"

namespace kafkasim::sim {

/// What an explanation is about: a step's command and the events it spans.
struct Question {
    std::string command;
    uint64_t after = 0;
    uint64_t until = 0;
};

std::string why_a_group_reads_nothing(const World& world, const Question& question);
std::string why_in_that_order(const World& world, const Question& question);
std::string why_leaders_and_isrs_changed(const World& world, const Question& question);

}  // namespace kafkasim::sim
