// SPDX-License-Identifier: Apache-2.0
#include "core/tools/argument_parser.hpp"

#include "core/tools/verifiable_producer_command.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::tools;

namespace {

ParsedArguments parsed(const std::vector<std::string>& words) {
    return parse_arguments(verifiable_producer_tool(), words);
}

/// What the real kafka-verifiable-producer.sh prints below its usage.
std::string complaint(const std::vector<std::string>& words) {
    const ParsedArguments result = parsed(words);
    if (!result.error) return "";
    const ArgumentTool& tool = verifiable_producer_tool();
    return error_text(tool, *result.error).substr(tool.usage.size());
}

}  // namespace

TEST_CASE("mistakes on an argparse4j command line are told in its words, justified to 75 columns") {
    struct Case {
        std::vector<std::string> words;
        std::string said;
    };
    const std::vector<Case> cases{
        {{"--topic", "x"},
         "verifiable-producer: error:  one  of  the  arguments  --bootstrap-server --\nbroker-list is required\n"},
        {{"--bootstrap-server", "a:1"}, "verifiable-producer: error: argument --topic is required\n"},
        {{"--acks", "1"}, "verifiable-producer: error: argument --topic is required\n"},
        {{"--acks", "2"},
         "verifiable-producer: error: argument  --acks:  invalid  choice: '2' (choose\nfrom {0,1,-1})\n"},
        {{"--acks", "all"},
         "verifiable-producer: error: argument  --acks:  could  not  convert 'all' to\nInteger (For input string: "
         "\"all\")\n"},
        {{"--topic", "x", "--bootstrap-server", "a:1", "--broker-list", "b:1"},
         "verifiable-producer:  error:  argument  --broker-list:   not  allowed  with\nargument --bootstrap-server\n"},
        {{"--max-messages", "3000000000"},
         "verifiable-producer: error:  argument  --max-messages:  could  not  convert\n'3000000000' to Integer (For "
         "input string: \"3000000000\")\n"},
        {{"--max-message", "x"},
         "verifiable-producer: error: argument --max-messages:  could not convert 'x'\nto Integer (For input string: "
         "\"x\")\n"},
        {{"--m", "3"},
         "verifiable-producer:  error:  ambiguous  option:  --m  could  match  --max-\nmessages, "
         "--message-create-time\n"},
        {{"--throughput", "-1.5"}, "verifiable-producer: error: argument --throughput: expected one argument\n"},
        {{"--throughput", "-5", "--topic"}, "verifiable-producer: error: argument --topic: expected one argument\n"},
        {{"--message-create-time", "1.5"},
         "verifiable-producer:  error:  argument   --message-create-time:  could  not\nconvert '1.5' to Long (For "
         "input "
         "string: \"1.5\")\n"},
        {{"--frob", "3"}, "verifiable-producer: error: unrecognized arguments: '--frob'\n"},
        {{"a", "b", "c"}, "verifiable-producer: error: unrecognized arguments: 'a b c'\n"},
        {{"--topic", "x", "-"}, "verifiable-producer: error: unrecognized arguments: '-'\n"},
        {{"--topic", "x", "--", "--y"}, "verifiable-producer: error: unrecognized arguments: '--y'\n"},
        {{"surplus", "--max-messages", "1"},
         "verifiable-producer:  error:   unrecognized   arguments:   'surplus  --max-\nmessages 1'\n"},
        {{"--throghput", "3"},
         "verifiable-producer: error: unrecognized arguments: '--throghput'\n\nDid you mean:\n\t--throughput\n"},
        {{"-topic", "x"}, "verifiable-producer: error: unrecognized arguments: '-topic'\n\nDid you mean:\n\t--topic\n"},
        {{"-x"}, "verifiable-producer: error: unrecognized arguments: '-x'\n"},
    };
    for (const Case& each : cases) CHECK(complaint(each.words) == each.said);
}

TEST_CASE("an argparse4j command line takes abbreviations, = and negative numbers, and the last of several") {
    const ParsedArguments result =
        parsed({"--topi", "a", "--topic=b", "--bootstrap-server=", "--max-mess", "-7", "--acks", "0"});
    REQUIRE_FALSE(result.error);
    CHECK(result.text("--topic") == "b");
    CHECK(result.text("--bootstrap-server") == "");
    CHECK(result.number("--max-messages") == -7);
    CHECK(result.number("--acks") == 0);
    CHECK(result.number("--throughput") == -1);
    CHECK_FALSE(result.text("--producer.config"));
}

TEST_CASE("help is asked for before anything is missing") {
    for (const std::string word : {"-h", "--help", "--he", "-hx"}) CHECK(parsed({"--acks", "1", word}).help);
    CHECK(parsed({"--acks", "2", "-h"}).error);
}

TEST_CASE("the throttler lets the first millisecond pass, then sleeps off what is too early") {
    ThroughputThrottler throttler(10, WallMillis{1000});
    CHECK_FALSE(throttler.should_throttle(5, WallMillis{1000}));
    CHECK(throttler.should_throttle(1, WallMillis{1099}));
    CHECK_FALSE(throttler.should_throttle(1, WallMillis{1100}));
    CHECK(throttler.sleep() == Duration{100ms});

    ThroughputThrottler fast(1000, WallMillis{0});  // sleeps of less than 2 ms are saved up
    CHECK(fast.sleep() == Duration::zero());
    CHECK(fast.sleep() == Duration{2ms});

    ThroughputThrottler none(0, WallMillis{0});
    CHECK_FALSE(none.should_throttle(0, WallMillis{5}));
    CHECK(none.should_throttle(1, WallMillis{5}));
    CHECK_FALSE(none.sleep());

    const ThroughputThrottler unlimited(-1, WallMillis{0});
    CHECK_FALSE(unlimited.should_throttle(1000000, WallMillis{1}));
}
