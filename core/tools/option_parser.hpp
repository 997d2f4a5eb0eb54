// SPDX-License-Identifier: Apache-2.0
#pragma once
// How the tools read their command lines: the rules of jopt-simple 5.0.4 as `new OptionParser(false)` has them.
// `--opt value`, `--opt=value` (also an empty one) and `-opt value` mean
// the same, nothing may be abbreviated, an argument is taken even if it begins with `--`, words that belong to no
// option are ignored, everything after `--` too.
// Numbers and repetitions are checked only when a tool asks for the value. Pure.
// Kafka 3.0.0: joptsimple.OptionParser, OptionSet; kafka.utils.CommandLineUtils.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/properties.hpp"

namespace kafkasim::tools {

enum class Argument : uint8_t { None, Optional, Required };
enum class ArgumentType : uint8_t { String, Integer, Long, ElectionType };

struct Option {
    std::string_view name;
    Argument argument = Argument::None;
    ArgumentType type = ArgumentType::String;
    std::string_view about_argument;     // "server to connect to"; may be empty
    std::string_view default_value;      // empty: none
    std::string_view description;        // lines separated by \n
    std::string_view available_if = {};  // only together with one of these options, separated by spaces; empty: always
};

/// A joptsimple.OptionException.
struct OptionError {
    std::string exception;  // "joptsimple.UnrecognizedOptionException"
    std::string message;    // "zookeeper is not a recognized option"
    /// The parser's part of the stack: "joptsimple.OptionParser.parse(OptionParser.java:396)". Of the parser's own
    /// mistakes only; the caller's part stands below it.
    std::vector<std::string> frames = {};
};

class ParsedOptions {
public:
    explicit ParsedOptions(std::span<const Option> options) : options_(options) {}

    bool has(std::string_view name) const { return given_.find(name) != given_.end(); }
    /// All arguments of an option as typed; its default if there are none.
    std::vector<std::string> all(std::string_view name) const;
    /// The one argument, the default, or nullopt. Several arguments, or one that is no number where one is wanted,
    /// are an error(): the first is kept.
    std::optional<std::string> text(std::string_view name);
    std::optional<int64_t> number(std::string_view name);
    const std::optional<OptionError>& error() const { return error_; }

    void add(std::string_view name) { given_.try_emplace(std::string(name)); }
    void add(std::string_view name, std::string argument) { given_[std::string(name)].push_back(std::move(argument)); }

private:
    const Option* option(std::string_view name) const;
    void fail(std::string_view exception, std::string message);

    std::span<const Option> options_;
    std::map<std::string, std::vector<std::string>, std::less<>> given_;
    std::optional<OptionError> error_;
};

struct ParseOutcome {
    ParsedOptions options;
    std::optional<OptionError> error;
};

/// `words` without the program's name.
ParseOutcome parse_options(std::span<const Option> options, std::span<const std::string> words);

/// "Missing required argument "[topic]"" for the first that is not there.
std::optional<std::string> missing_required(const ParsedOptions& options,
                                            std::initializer_list<std::string_view> required);
/// "Option "[a]" can't be used with option "[b]"" if `used` is there together with one of `invalid`.
std::optional<std::string> invalid_together(const ParsedOptions& options, std::string_view used,
                                            std::initializer_list<std::string_view> invalid);
/// CommandLineUtils.parseKeyValueArgs: "k=v"; without a value the value is empty; a second `=` belongs to the value.
config::Properties key_values(const std::vector<std::string>& words);
/// As Integer.valueOf and Long.valueOf read.
std::optional<int64_t> whole_number(std::string_view text, ArgumentType type);

}  // namespace kafkasim::tools
