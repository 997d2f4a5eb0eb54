// SPDX-License-Identifier: Apache-2.0

#include "core/tools/argument_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/tools/option_parser.hpp"
#include "core/tools/usage.hpp"

namespace kafkasim::tools {
namespace {

constexpr size_t kColumns = 75;
constexpr std::string_view kHelpFlags[] = {"-h", "--help"};

bool is_negative_number(std::string_view word) {
    return word.size() > 1 && word.front() == '-' && word.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

/// Words that look like an option, and are one or a mistake.
bool looks_like_option(std::string_view word) {
    return word.size() > 1 && word.front() == '-' && !is_negative_number(word);
}

/// How far a mistyped word is from a known one: swapped letters cost nothing, a wrong one 2, one too few 1, one too
/// many 4. Kafka 3.0.0: ArgumentParserImpl.levenshtein.
size_t distance(std::string_view typed, std::string_view known) {
    constexpr size_t kWrong = 2, kAdded = 1, kRemoved = 4;
    std::vector<std::vector<size_t>> costs(typed.size() + 1, std::vector<size_t>(known.size() + 1));
    for (size_t j = 0; j <= known.size(); ++j) costs[0][j] = j;
    for (size_t i = 1; i <= typed.size(); ++i) {
        costs[i][0] = i;
        for (size_t j = 1; j <= known.size(); ++j) {
            const bool same = typed[i - 1] == known[j - 1];
            size_t best = costs[i - 1][j - 1] + (same ? 0 : kWrong);
            const bool swapped =
                i > 1 && j > 1 && !same && typed[i - 2] == known[j - 1] && typed[i - 1] == known[j - 2];
            if (swapped) best = std::min(best, costs[i - 2][j - 2]);
            best = std::min(best, costs[i - 1][j] + kRemoved);
            costs[i][j] = std::min(best, costs[i][j - 1] + kAdded);
        }
    }
    return costs[typed.size()][known.size()];
}

std::string_view without_dashes(std::string_view word) {
    return word.substr(std::min(word.find_first_not_of('-'), word.size()));
}

/// Removes spaces at both ends of a line and widens the others until it is full.
std::string justified(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    line.erase(0, line.find_first_not_of(' '));
    size_t gaps = 0;
    for (size_t i = 0; i < line.size(); ++i) gaps += line[i] == ' ' && line[i - 1] != ' ' ? 1 : 0;
    if (gaps == 0) return line;
    const size_t missing = kColumns - line.size();
    const size_t rest = missing % gaps;
    const size_t first_wider = (gaps - rest + 1) / 2;
    std::string wide;
    size_t gap = 0;
    for (size_t i = 0; i < line.size(); ++i) {
        if (line[i] == ' ' && line[i - 1] != ' ') {
            const bool wider = gap >= first_wider && gap < first_wider + rest;
            wide.append(missing / gaps + (wider ? 1 : 0), ' ');
            ++gap;
        }
        wide += line[i];
    }
    return wide;
}

class ArgumentWords {
public:
    ArgumentWords(const ArgumentTool& tool, std::span<const std::string> words) : tool_(tool), words_(words) {}

    ParsedArguments parse() {
        for (size_t at = 0; at < words_.size() && !result_.help && !result_.error;) at = take(at);
        if (!result_.help && !result_.error) check_required();
        for (const ArgumentOption& option : tool_.options) {
            if (!option.default_value.empty())
                result_.values.emplace(std::string(option.name), std::string(option.default_value));
        }
        return std::move(result_);
    }

private:
    void fail(std::string message) {
        if (!result_.error) result_.error = ArgumentError{std::move(message)};
    }

    /// Returns where to go on.
    size_t take(size_t at) {
        const std::string_view word = words_[at];
        if (!looks_like_option(word) || word == "--") {
            unrecognized(word == "--" ? at + 1 : at);
            return words_.size();
        }
        const size_t equals = word.starts_with("--") ? word.find('=') : std::string_view::npos;
        const ArgumentOption* option = find(word.substr(0, equals));
        if (option == nullptr) return words_.size();
        if (option->kind == ArgumentKind::Flag) {
            if (equals != std::string_view::npos)
                fail(fmt::format("argument {}: ignore implicit argument '{}'", option->name, word.substr(equals + 1)));
            result_.values[std::string(option->name)] = "true";
            return at + 1;
        }
        if (equals != std::string_view::npos) {
            set(*option, word.substr(equals + 1));
            return at + 1;
        }
        if (at + 1 == words_.size() || looks_like_option(words_[at + 1])) {
            fail(fmt::format("argument {}: expected one argument", option->name));
            return words_.size();
        }
        set(*option, words_[at + 1]);
        return at + 2;
    }

    void unrecognized(size_t from) {
        if (from == words_.size()) return;
        std::string all;
        for (const std::string& word : words_.subspan(from)) all += (all.empty() ? "" : " ") + word;
        fail(fmt::format("unrecognized arguments: '{}'", all));
    }

    /// nullptr: it is --help, or a mistake.
    const ArgumentOption* find(std::string_view typed) {
        std::vector<const ArgumentOption*> begin_so;
        for (const ArgumentOption& option : tool_.options) {
            if (option.name == typed) return &option;
            if (typed.starts_with("--") && option.name.starts_with(typed)) begin_so.push_back(&option);
        }
        const bool help = typed.starts_with("--") ? kHelpFlags[1].starts_with(typed) : typed.starts_with(kHelpFlags[0]);
        if (help && begin_so.empty()) {
            result_.help = true;
            return nullptr;
        }
        if (begin_so.size() == 1) return begin_so.front();
        if (begin_so.empty()) {
            fail(fmt::format("unrecognized arguments: '{}'", typed));
            result_.error->did_you_mean = meant(without_dashes(typed));
            return nullptr;
        }
        std::string names;
        for (const ArgumentOption* option : begin_so) names += (names.empty() ? "" : ", ") + std::string(option->name);
        fail(fmt::format("ambiguous option: {} could match {}", typed, names));
        return nullptr;
    }

    /// Those that are nearest, if they are near at all.
    std::vector<std::string> meant(std::string_view typed) const {
        constexpr size_t kTooFar = 7;
        if (typed.size() < 2) return {};
        std::vector<std::string_view> names(1, kHelpFlags[1]);
        for (const ArgumentOption& option : tool_.options) names.push_back(option.name);
        size_t least = kTooFar;
        std::vector<std::string> nearest;
        for (std::string_view name : names) {
            const std::string_view body = without_dashes(name);
            const size_t cost = body.starts_with(typed) ? 0 : distance(typed, body);
            if (cost < least) nearest.clear();
            if (cost <= least && cost < kTooFar) nearest.emplace_back(name);
            least = std::min(least, cost);
        }
        std::sort(nearest.begin(), nearest.end());
        return nearest;
    }

    void set(const ArgumentOption& option, std::string_view value) {
        if (option.kind == ArgumentKind::Integer || option.kind == ArgumentKind::Long) {
            const bool is_long = option.kind == ArgumentKind::Long;
            if (!whole_number(value, is_long ? ArgumentType::Long : ArgumentType::Integer)) {
                return fail(fmt::format("argument {}: could not convert '{}' to {} (For input string: \"{}\")",
                                        option.name, value, is_long ? "Long" : "Integer", value));
            }
        }
        const auto& choices = option.choices;
        if (!choices.empty() && std::find(choices.begin(), choices.end(), value) == choices.end()) {
            return fail(fmt::format("argument {}: invalid choice: '{}' (choose from {{{}}})", option.name, value,
                                    fmt::join(choices, ",")));
        }
        if (option.in_group && !group_.empty() && group_ != option.name)
            return fail(fmt::format("argument {}: not allowed with argument {}", option.name, group_));
        if (option.in_group) group_ = option.name;
        result_.values[std::string(option.name)] = value;
    }

    void check_required() {
        std::string group;
        for (const ArgumentOption& option : tool_.options) {
            if (option.in_group) group += " " + std::string(option.name);
            if (option.required && !result_.values.contains(option.name))
                result_.error = ArgumentError{fmt::format("argument {} is required", option.name)};  // the last is told
        }
        if (!group.empty() && group_.empty()) fail(fmt::format("one of the arguments{} is required", group));
    }

    const ArgumentTool& tool_;
    std::span<const std::string> words_;
    ParsedArguments result_;
    std::string_view group_;  // which of the group was given
};

}  // namespace

std::optional<std::string> ParsedArguments::text(std::string_view name) const {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
}

std::optional<int64_t> ParsedArguments::number(std::string_view name) const {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : whole_number(found->second, ArgumentType::Long);
}

ParsedArguments parse_arguments(const ArgumentTool& tool, std::span<const std::string> words) {
    return ArgumentWords(tool, words).parse();
}

std::string wrap_justified(std::string_view text) {
    std::string wrapped;
    std::string line;
    for (size_t at = 0; at < text.size();) {
        size_t end = at + 1;
        while (end < text.size() && !may_break_before(text, end)) ++end;
        const std::string_view piece = text.substr(at, end - at);
        if (line.size() + piece.size() > kColumns) {
            wrapped += justified(std::move(line)) + "\n";
            line.clear();
        }
        line += piece;
        if (piece.ends_with('\n')) wrapped += std::exchange(line, {});
        at = end;
    }
    return wrapped + line;
}

std::string error_text(const ArgumentTool& tool, const ArgumentError& error) {
    std::string text(tool.usage);
    text += wrap_justified(fmt::format("{}: error: {}\n", tool.program, error.message));
    if (!error.did_you_mean.empty()) text += "\nDid you mean:\n";
    for (const std::string& option : error.did_you_mean) text += "\t" + option + "\n";
    return text;
}

}  // namespace kafkasim::tools
