// SPDX-License-Identifier: Apache-2.0
#pragma once
// One function per kind of answer; each is empty if there is nothing of its kind to explain. All speak of the
// events (after, until] and of nothing later, except where they
// say so.

#include <string>

#include "sim/why/causes.hpp"
#include "sim/why/telling.hpp"
#include "sim/why/why.hpp"

namespace kafkasim::sim {

/// What an explanation is about: a step's command and the events it spans.
struct Question {
    std::string command;
    uint64_t after = 0;
    uint64_t until = 0;
    std::string printed{};  // what the command printed
};

/// Whose coordinator it is and why; or that there is none, why, and that this is no matter of majorities.
std::string why_a_group_has_no_coordinator(const Telling& telling, const Question& question);
std::string which_coordinator(const Telling& telling, const Question& question);
/// The group as of an event: its state, who owns what, and what caused its last generations. Empty if there was none.
std::string what_a_group_was_like(const Telling& telling, const std::string& group, uint64_t until);
/// What the group had committed as of an event, and what is left to read. Empty if nothing.
std::string where_a_group_was(const Telling& telling, const std::string& group, uint64_t until);
/// Why the consumer of that command line, a member of a group, has the partitions that it has, or none.
std::string why_a_member_reads_that(const Telling& telling, const Question& question);
/// A consumer that printed nothing though its group, if it has one, is coordinated.
std::string why_nothing_was_printed(const Telling& telling, const Question& question);
std::string why_in_that_order(const Telling& telling, const Question& question);
std::string why_to_those_partitions(const Telling& telling, const Question& question);
std::string why_leaders_and_isrs_changed(const Telling& telling, const Question& question);
/// Who cut its log, where, and what was lost by it.
std::string why_records_were_cut(const Telling& telling, const Question& question);

}  // namespace kafkasim::sim
