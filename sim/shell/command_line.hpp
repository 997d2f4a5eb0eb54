// SPDX-License-Identifier: Apache-2.0
#pragma once
// A command line as bash would read it: words, quotes, `\`, `<`, `>`, `>>`, `2>`, `|`, a trailing `&`. What bash
// could do beyond that (variables, `;`, `&&`,
// substitution, globs) is refused by name.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace kafkasim::sim {

/// One program of a pipeline.
struct Command {
    std::vector<std::string> words;
    std::optional<std::string> input_file;
    std::optional<std::string> output_file;
    bool append = false;
};

struct CommandLine {
    std::vector<Command> pipeline;
    bool in_background = false;
};

Result<CommandLine> parse_command_line(std::string_view text);

}  // namespace kafkasim::sim
