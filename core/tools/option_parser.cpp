// SPDX-License-Identifier: Apache-2.0

#include "core/tools/option_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace kafkasim::tools {
namespace {

const Option* find_option(std::span<const Option> options, std::string_view name) {
    const auto found =
        std::find_if(options.begin(), options.end(), [&](const Option& each) { return each.name == name; });
    return found == options.end() ? nullptr : &*found;
}

bool looks_like_an_option(std::string_view word) { return word.size() > 1 && word.front() == '-'; }

class Parser {
public:
    Parser(std::span<const Option> options, std::span<const std::string> words)
        : options_(options), words_(words), outcome_{ParsedOptions(options), std::nullopt} {}

    ParseOutcome parse() {
        while (next_ < words_.size() && !outcome_.error) {
            const std::string& word = words_[next_++];
            if (word == "--") break;
            if (looks_like_an_option(word)) take(word);
        }
        return std::move(outcome_);
    }

private:
    void take(std::string_view word) {
        const bool is_long = word.starts_with("--");
        const std::string_view body = word.substr(is_long ? 2 : 1);
        const size_t equals = body.find('=');
        const std::string_view name = body.substr(0, equals);
        const Option* option = find_option(options_, name);
        if (option == nullptr) return fail_unrecognized(is_long ? name : name.substr(0, 1));
        take(*option, equals == std::string_view::npos ? std::string_view() : body.substr(equals + 1));
    }

    void take(const Option& option, std::string_view attached) {
        if (option.argument == Argument::None) return outcome_.options.add(option.name);
        if (!attached.empty()) return outcome_.options.add(option.name, std::string(attached));
        if (option.argument == Argument::Required) {
            if (next_ == words_.size())
                return fail("OptionMissingRequiredArgumentException",
                            fmt::format("Option {} requires an argument", option.name));
            return outcome_.options.add(option.name, words_[next_++]);
        }
        const bool argument_follows = next_ < words_.size() && !looks_like_an_option(words_[next_]);
        if (argument_follows) return outcome_.options.add(option.name, words_[next_++]);
        outcome_.options.add(option.name);
    }

    // A word with one dash that is no option is a cluster of one-letter options; no tool has any, so its first
    // letter is the culprit.
    void fail_unrecognized(std::string_view name) {
        fail("UnrecognizedOptionException", fmt::format("{} is not a recognized option", name));
    }
    void fail(std::string_view exception, std::string message) {
        outcome_.error = OptionError{fmt::format("joptsimple.{}", exception), std::move(message)};
    }

    std::span<const Option> options_;
    std::span<const std::string> words_;
    size_t next_ = 0;
    ParseOutcome outcome_;
};

}  // namespace

const Option* ParsedOptions::option(std::string_view name) const { return find_option(options_, name); }

void ParsedOptions::fail(std::string_view exception, std::string message) {
    if (!error_) error_ = OptionError{fmt::format("joptsimple.{}", exception), std::move(message)};
}

std::vector<std::string> ParsedOptions::all(std::string_view name) const {
    const auto found = given_.find(name);
    if (found != given_.end() && !found->second.empty()) return found->second;
    const Option* known = option(name);
    if (known == nullptr || known->default_value.empty()) return {};
    return {std::string(known->default_value)};
}

std::optional<std::string> ParsedOptions::text(std::string_view name) {
    std::vector<std::string> values = all(name);
    if (values.empty()) return std::nullopt;
    if (values.size() > 1)
        fail("MultipleArgumentsForOptionException",
             fmt::format("Found multiple arguments for option {}, but you asked for only one", name));
    return std::move(values.front());
}

std::optional<int64_t> ParsedOptions::number(std::string_view name) {
    const Option* known = option(name);
    std::optional<int64_t> first;
    for (const std::string& value : all(name)) {
        const std::optional<int64_t> number = whole_number(value, known == nullptr ? ArgumentType::Long : known->type);
        if (!number)
            fail("OptionArgumentConversionException",
                 fmt::format("Cannot parse argument '{}' of option {}", value, name));
        if (!first) first = number;
    }
    (void)text(name);
    return first;
}

ParseOutcome parse_options(std::span<const Option> options, std::span<const std::string> words) {
    return Parser(options, words).parse();
}

std::optional<std::string> missing_required(const ParsedOptions& options,
                                            std::initializer_list<std::string_view> required) {
    for (std::string_view name : required) {
        if (!options.has(name)) return fmt::format("Missing required argument \"[{}]\"", name);
    }
    return std::nullopt;
}

std::optional<std::string> invalid_together(const ParsedOptions& options, std::string_view used,
                                            std::initializer_list<std::string_view> invalid) {
    if (!options.has(used)) return std::nullopt;
    for (std::string_view name : invalid) {
        if (options.has(name)) return fmt::format("Option \"[{}]\" can't be used with option \"[{}]\"", used, name);
    }
    return std::nullopt;
}

config::Properties key_values(const std::vector<std::string>& words) {
    config::Properties properties;
    for (const std::string& word : words) {
        const size_t equals = word.find('=');
        const std::string key = word.substr(0, equals);
        if (key.empty() && word.find_first_not_of('=') == std::string::npos) continue;
        std::string value;
        if (equals != std::string::npos) value = word.substr(equals + 1);
        properties[key] = value;
    }
    return properties;
}

std::optional<int64_t> whole_number(std::string_view text, ArgumentType type) {
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    const bool fits = type != ArgumentType::Integer ||
                      (value >= std::numeric_limits<int32_t>::min() && value <= std::numeric_limits<int32_t>::max());
    return fits ? std::optional(value) : std::nullopt;
}

}  // namespace kafkasim::tools
