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

class OptionWords {
public:
    OptionWords(std::span<const Option> options, std::span<const std::string> words)
        : options_(options), words_(words), outcome_{ParsedOptions(options), std::nullopt} {}

    ParseOutcome parse() {
        while (next_ < words_.size() && !outcome_.error) {
            const std::string& word = words_[next_++];
            if (word == "--") break;
            if (looks_like_an_option(word)) take(word);
        }
        if (!outcome_.error && !outcome_.options.has("help")) refuse_unavailable();
        return std::move(outcome_);
    }

private:
    /// OptionParser.ensureAllowedOptions.
    void refuse_unavailable() {
        std::string names;
        for (const Option& option : options_) {
            if (option.available_if.empty() || !outcome_.options.has(option.name) || any_given(option.available_if))
                continue;
            names += fmt::format("{}{}", names.empty() ? "" : ", ", option.name);
        }
        if (names.empty()) return;
        fail("UnavailableOptionException",
             fmt::format("Option(s) [{}] are unavailable given other options on the command line", names),
             {"joptsimple.OptionParser.ensureAllowedOptions(OptionParser.java:434)",
              "joptsimple.OptionParser.parse(OptionParser.java:401)"});
    }

    bool any_given(std::string_view names) const {
        while (!names.empty()) {
            const size_t space = std::min(names.find(' '), names.size());
            if (outcome_.options.has(names.substr(0, space))) return true;
            names.remove_prefix(std::min(space + 1, names.size()));
        }
        return false;
    }

    void take(std::string_view word) {
        const bool is_long = word.starts_with("--");
        const std::string_view body = word.substr(is_long ? 2 : 1);
        const size_t equals = body.find('=');
        const std::string_view name = body.substr(0, equals);
        const Option* option = find_option(options_, name);
        if (option == nullptr) return fail_unrecognized(is_long ? name : name.substr(0, 1), is_long);
        is_long_ = is_long;
        take(*option, equals == std::string_view::npos ? std::nullopt : std::optional(body.substr(equals + 1)));
    }

    void take(const Option& option, const std::optional<std::string_view>& attached) {
        if (option.argument == Argument::None) return outcome_.options.add(option.name);
        if (attached) return outcome_.options.add(option.name, std::string(*attached));
        if (option.argument == Argument::Required) {
            if (next_ == words_.size())
                return fail("OptionMissingRequiredArgumentException",
                            fmt::format("Option {} requires an argument", option.name), missing_argument_frames());
            return outcome_.options.add(option.name, words_[next_++]);
        }
        const bool argument_follows = next_ < words_.size() && !looks_like_an_option(words_[next_]);
        if (argument_follows) return outcome_.options.add(option.name, words_[next_++]);
        outcome_.options.add(option.name);
    }

    // A word with one dash that is no option is a cluster of one-letter options; no tool has any, so its first
    // letter is the culprit.
    void fail_unrecognized(std::string_view name, bool is_long) {
        std::vector<std::string> frames{"joptsimple.OptionException.unrecognizedOption(OptionException.java:108)"};
        if (is_long) {
            frames.emplace_back("joptsimple.OptionParser.handleLongOptionToken(OptionParser.java:510)");
        } else {
            frames.emplace_back("joptsimple.OptionParser.validateOptionCharacters(OptionParser.java:633)");
            frames.emplace_back("joptsimple.OptionParser.handleShortOptionCluster(OptionParser.java:528)");
            frames.emplace_back("joptsimple.OptionParser.handleShortOptionToken(OptionParser.java:523)");
        }
        is_long_ = is_long;
        fail("UnrecognizedOptionException", fmt::format("{} is not a recognized option", name),
             with_parse_frames(std::move(frames)));
    }

    std::vector<std::string> missing_argument_frames() const {
        return with_parse_frames(
            {"joptsimple.RequiredArgumentOptionSpec.detectOptionArgument(RequiredArgumentOptionSpec.java:48)",
             "joptsimple.ArgumentAcceptingOptionSpec.handleOption(ArgumentAcceptingOptionSpec.java:257)",
             is_long_ ? "joptsimple.OptionParser.handleLongOptionToken(OptionParser.java:513)"
                      : "joptsimple.OptionParser.handleShortOptionToken(OptionParser.java:520)"});
    }

    /// Those of a word that begins with a dash: two dashes or one.
    std::vector<std::string> with_parse_frames(std::vector<std::string> frames) const {
        frames.push_back(fmt::format("joptsimple.OptionParserState$2.handleArgument(OptionParserState.java:{})",
                                     is_long_ ? 56 : 59));
        frames.emplace_back("joptsimple.OptionParser.parse(OptionParser.java:396)");
        return frames;
    }

    void fail(std::string_view exception, std::string message, std::vector<std::string> frames) {
        outcome_.error = OptionError{fmt::format("joptsimple.{}", exception), std::move(message), std::move(frames)};
    }

    std::span<const Option> options_;
    std::span<const std::string> words_;
    size_t next_ = 0;
    bool is_long_ = true;  // the option at hand began with two dashes
    ParseOutcome outcome_;
};

}  // namespace

const Option* ParsedOptions::option(std::string_view name) const { return find_option(options_, name); }

void ParsedOptions::fail(std::string_view exception, std::string message) {
    if (!error_) error_ = OptionError{fmt::format("joptsimple.{}", exception), std::move(message), {}};
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
    return OptionWords(options, words).parse();
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
