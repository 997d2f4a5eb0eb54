// SPDX-License-Identifier: Apache-2.0

#include "core/tools/option_parser.hpp"

#include "tests/catch.hpp"

namespace kafkasim::tools {
namespace {

constexpr Option kOptions[] = {
    {"topic", Argument::Required, ArgumentType::String, "topic", "", ""},
    {"partitions", Argument::Required, ArgumentType::Integer, "", "", ""},
    {"timeout", Argument::Required, ArgumentType::Long, "", "5000", ""},
    {"state", Argument::Optional, ArgumentType::String, "", "", ""},
    {"list", Argument::None, ArgumentType::String, "", "", ""},
};

using Words = std::vector<std::string>;

/// "name=argument" of each option that was seen, or the error.
std::string read(const Words& words) {
    const ParseOutcome outcome = parse_options(kOptions, words);
    if (outcome.error) return outcome.error->exception.substr(11) + ": " + outcome.error->message;
    std::string seen;
    for (const Option& option : kOptions) {
        if (!outcome.options.has(option.name)) continue;
        seen += seen.empty() ? "" : " ";
        seen += option.name;
        for (const std::string& value : outcome.options.all(option.name)) seen += "=" + value;
    }
    return seen;
}

}  // namespace

TEST_CASE("a command line is read as jopt-simple reads it") {
    struct Case {
        Words words;
        std::string_view seen;
    };
    const Case cases[] = {
        {{"--topic", "a", "--list"}, "topic=a list"},
        {{"--topic=a"}, "topic=a"},
        {{"-topic", "a"}, "topic=a"},
        {{"-topic=a=b"}, "topic=a=b"},
        {{"--topic", "--list"}, "topic=--list"},
        {{"--topic=", "a"}, "topic="},
        {{"--topic", "a", "--topic", "b"}, "topic=a=b"},
        {{"--list=3"}, "list"},
        {{"stray", "--list", "stray"}, "list"},
        {{"--list", "--", "--topic"}, "list"},
        {{"-", "--list"}, "list"},
        {{"--state", "Empty"}, "state=Empty"},
        {{"--state", "--list"}, "state list"},
        {{"--state"}, "state"},
        {{"--partitions", "-1"}, "partitions=-1"},
        {{"--top", "a"}, "UnrecognizedOptionException: top is not a recognized option"},
        {{"--zookeeper=x"}, "UnrecognizedOptionException: zookeeper is not a recognized option"},
        {{"-zookeeper"}, "UnrecognizedOptionException: z is not a recognized option"},
        {{"--topic"}, "OptionMissingRequiredArgumentException: Option topic requires an argument"},
    };
    for (const Case& each : cases) CHECK(read(each.words) == each.seen);
}

TEST_CASE("numbers and repetitions are checked when the value is asked for") {
    auto ask = [](const Words& words, std::string_view name, bool number) -> std::string {
        ParseOutcome outcome = parse_options(kOptions, words);
        REQUIRE(!outcome.error);
        std::string value = "none";
        if (number) {
            if (auto read_number = outcome.options.number(name)) value = std::to_string(*read_number);
        } else {
            value = outcome.options.text(name).value_or("none");
        }
        return outcome.options.error() ? outcome.options.error()->message : value;
    };
    CHECK(ask({"--partitions", "3"}, "partitions", true) == "3");
    CHECK(ask({"--partitions", "+3"}, "partitions", true) == "3");
    CHECK(ask({"--partitions", "three"}, "partitions", true) == "Cannot parse argument 'three' of option partitions");
    CHECK(ask({"--partitions", "3000000000"}, "partitions", true) ==
          "Cannot parse argument '3000000000' of option partitions");
    CHECK(ask({"--timeout", "3000000000"}, "timeout", true) == "3000000000");
    CHECK(ask({}, "timeout", true) == "5000");
    CHECK(ask({}, "partitions", true) == "none");
    CHECK(ask({"--topic", "a", "--topic", "b"}, "topic", false) ==
          "Found multiple arguments for option topic, but you asked for only one");
    CHECK(ask({"--topic", "a"}, "topic", false) == "a");
}

TEST_CASE("the first missing and the first forbidden option are named in brackets") {
    const ParseOutcome outcome = parse_options(kOptions, Words{"--topic", "a", "--list"});
    CHECK(missing_required(outcome.options, {"topic", "list"}) == std::nullopt);
    CHECK(missing_required(outcome.options, {"topic", "partitions"}) == "Missing required argument \"[partitions]\"");
    CHECK(invalid_together(outcome.options, "topic", {"state", "list"}) ==
          "Option \"[topic]\" can't be used with option \"[list]\"");
    CHECK(invalid_together(outcome.options, "state", {"list"}) == std::nullopt);
}

TEST_CASE("in key=value arguments a second equals sign belongs to the value, as recording 08 shows") {
    const config::Properties read = key_values({"acks=all", "linger.ms", "key.separator==", "a=b=c", "="});
    CHECK(read ==
          config::Properties{{"acks", "all"}, {"linger.ms", ""}, {"key.separator", "="}, {"a", "b=c"}, {"", ""}});
}

TEST_CASE("an argument behind an equals sign may be empty, and the next word is left alone") {
    constexpr Option options[] = {{"topic", Argument::Required, ArgumentType::String, "", "", ""},
                                  {"state", Argument::Optional, ArgumentType::String, "", "", ""}};
    const std::vector<std::string> words{"--topic=", "orders", "--state=", "stable"};
    ParseOutcome parsed = parse_options(options, words);
    REQUIRE(!parsed.error);
    CHECK(parsed.options.text("topic") == "");
    CHECK(parsed.options.text("state") == "");
}

TEST_CASE("an option that another one must accompany is unavailable without it, unless help is asked for") {
    constexpr Option options[] = {{"describe", Argument::None, ArgumentType::String, "", "", ""},
                                  {"help", Argument::None, ArgumentType::String, "", "", ""},
                                  {"list", Argument::None, ArgumentType::String, "", "", ""},
                                  {"members", Argument::None, ArgumentType::String, "", "", "", "describe"},
                                  {"state", Argument::None, ArgumentType::String, "", "", "", "describe list"}};
    const auto complaint = [&](const std::vector<std::string>& words) {
        const ParseOutcome parsed = parse_options(options, words);
        return parsed.error ? parsed.error->exception + ": " + parsed.error->message : "";
    };
    CHECK(complaint({"--list", "--state"}).empty());
    CHECK(complaint({"--describe", "--members"}).empty());
    CHECK(complaint({"--help", "--members"}).empty());
    CHECK(
        complaint({"--list", "--members"}) ==
        "joptsimple.UnavailableOptionException: Option(s) [members] are unavailable given other options on the command "
        "line");
}

TEST_CASE("a mistake has the parser's part of the stack, by the way the option was written") {
    constexpr Option options[] = {{"topic", Argument::Required, ArgumentType::String, "", "", ""}};
    const auto frames = [&](const std::vector<std::string>& words) {
        const ParseOutcome parsed = parse_options(options, words);
        return parsed.error ? parsed.error->frames : std::vector<std::string>();
    };
    using Frames = std::vector<std::string>;
    CHECK(frames({"--nosuch"}) == Frames{"joptsimple.OptionException.unrecognizedOption(OptionException.java:108)",
                                         "joptsimple.OptionParser.handleLongOptionToken(OptionParser.java:510)",
                                         "joptsimple.OptionParserState$2.handleArgument(OptionParserState.java:56)",
                                         "joptsimple.OptionParser.parse(OptionParser.java:396)"});
    CHECK(frames({"-nosuch"}) == Frames{"joptsimple.OptionException.unrecognizedOption(OptionException.java:108)",
                                        "joptsimple.OptionParser.validateOptionCharacters(OptionParser.java:633)",
                                        "joptsimple.OptionParser.handleShortOptionCluster(OptionParser.java:528)",
                                        "joptsimple.OptionParser.handleShortOptionToken(OptionParser.java:523)",
                                        "joptsimple.OptionParserState$2.handleArgument(OptionParserState.java:59)",
                                        "joptsimple.OptionParser.parse(OptionParser.java:396)"});
    const std::string missing =
        "joptsimple.RequiredArgumentOptionSpec.detectOptionArgument(RequiredArgumentOptionSpec.java:48)";
    CHECK(frames({"--topic"})[0] == missing);
    CHECK(frames({"--topic"})[2] == "joptsimple.OptionParser.handleLongOptionToken(OptionParser.java:513)");
    CHECK(frames({"-topic"})[2] == "joptsimple.OptionParser.handleShortOptionToken(OptionParser.java:520)");
}

}  // namespace kafkasim::tools
