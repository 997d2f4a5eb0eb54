// SPDX-License-Identifier: Apache-2.0
#pragma once
// The lab's own commands, those that begin with a colon: one table with their words, used by `:help`, by completion
// and to find the one that is meant.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kafkasim::sim::lab {

class Session;

struct LabCommand {
    std::string_view name;
    std::string_view arguments;  // "FILE KEY=VALUE..."
    std::string_view about;
    std::string_view about_in_korean;
    bool (*run)(Session& session, const std::vector<std::string>& words);
};

std::span<const LabCommand> lab_commands();

/// `line` without its colon. False, after the session has been told why, if it could not be done.
bool do_lab_command(Session& session, const std::string& line);

/// What a person at a real machine would do at the shell and the lab does otherwise (an editor, cd); "" for the rest.
std::string hint_for_shell(const Session& session, const std::string& line);

}  // namespace kafkasim::sim::lab
