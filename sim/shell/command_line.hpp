// SPDX-License-Identifier: Apache-2.0
#pragma once
// A command line as bash would read it: words, quotes, `\`, `<`, `>`, `>>`, `2>`, `|`, a trailing `&`. What bash
// could do beyond that (variables, `;`, `&&`, substitution) is refused by name. File name patterns with `*` and `?`
// are found here and expanded by glob.hpp.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace kafkasim::sim {

/// What stands for an unquoted `*` and `?` in a file name pattern.
inline constexpr char kAnyText = '\x01';
inline constexpr char kAnyCharacter = '\x02';

/// One program of a pipeline.
struct Command {
    std::vector<std::string> words;
    std::map<size_t, std::string> globs;  // by place among the words: the file name pattern
    std::optional<std::string> input_file;
    std::optional<std::string> output_file;
    bool append = false;
};

struct CommandLine {
    std::vector<Command> pipeline;
    bool in_background = false;
    /// Where bash says that a mistake is: it has read the word after the command's name by then.
    int line = 1;
};

Result<CommandLine> parse_command_line(std::string_view text);

}  // namespace kafkasim::sim
