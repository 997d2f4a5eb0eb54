// SPDX-License-Identifier: Apache-2.0
#pragma once
// How the tools written in Java read their command lines: the rules of argparse4j 0.7.0 for optional arguments.
// `--opt value` and `--opt=value` mean the same, an option may be abbreviated as long as only one begins so, the
// last of several counts, a negative number is a value. Pure.
// Kafka 3.0.0: net.sourceforge.argparse4j.internal.ArgumentParserImpl and helper.TextHelper.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kafkasim::tools {

enum class ArgumentKind : uint8_t { Text, Integer, Long, Flag };  // Flag: there or not, without a value

struct ArgumentOption {
    std::string_view name;  // "--topic"
    ArgumentKind kind = ArgumentKind::Text;
    bool required = false;
    std::string_view default_value = {};
    std::span<const std::string_view> choices = {};
    bool in_group = false;  // of the one group of which exactly one must be given
};

struct ArgumentTool {
    std::string_view program;  // "verifiable-producer"
    std::string_view usage;    // as printed above a mistake
    std::string_view help;     // what follows the usage with --help
    std::span<const ArgumentOption> options;
};

/// What argparse4j says of the first mistake.
struct ArgumentError {
    std::string message;                         // "argument --topic is required"
    std::vector<std::string> did_you_mean = {};  // options
};

struct ParsedArguments {
    std::map<std::string, std::string, std::less<>> values;  // by option, defaults too
    bool help = false;
    std::optional<ArgumentError> error = std::nullopt;

    std::optional<std::string> text(std::string_view name) const;
    std::optional<int64_t> number(std::string_view name) const;
};

/// `words` without the program's name.
ParsedArguments parse_arguments(const ArgumentTool& tool, std::span<const std::string> words);

/// What the parser prints of a mistake: the usage, the message and what may have been meant.
std::string error_text(const ArgumentTool& tool, const ArgumentError& error);

/// TextHelper.wrap to 75 columns: lines that are broken have their spaces widened to fill them.
std::string wrap_justified(std::string_view text);

}  // namespace kafkasim::tools
