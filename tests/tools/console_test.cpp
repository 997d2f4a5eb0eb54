// SPDX-License-Identifier: Apache-2.0
// The parts of the console tools that decide: lines to records, records to lines, options to properties.

#include "core/tools/bootstrap.hpp"
#include "core/tools/console_consumer_command.hpp"
#include "core/tools/console_producer_command.hpp"
#include "core/tools/options.hpp"
#include "tests/catch.hpp"

namespace kafkasim::tools {
namespace {

std::string key_and_value(const config::Properties& properties, const std::string& line) {
    LineReader reader(properties);
    auto read = reader.read(line);
    return read ? read.value().key.value_or("null") + "|" + read.value().value : read.error();
}

std::string formatted(const config::Properties& properties, const protocol::Record& record) {
    const auto made = MessageFormatter::make("kafka.tools.DefaultMessageFormatter", properties);
    const auto* formatter = std::get_if<MessageFormatter>(&made);
    if (formatter == nullptr) return std::get<FormatterFailure>(made).thrown;
    const Written written = formatter->write({1, 0, 1795351880538, false, &record});
    return written.text + written.thrown.value_or("");
}

std::optional<std::string> complaint(const std::vector<std::string>& words) {
    ParseOutcome outcome = parse_options(console_consumer_options(), words);
    REQUIRE(!outcome.error);
    ConsoleConsumerArguments arguments;
    return read_console_consumer_arguments(outcome.options, arguments);
}

client::ClientProperties producer_properties(std::vector<std::string> words, const config::Properties& file = {}) {
    words.insert(words.end(), {"--topic", "t", "--broker-list", "localhost:9093"});
    ParseOutcome outcome = parse_options(console_producer_options(), words);
    REQUIRE(!outcome.error);
    return console_producer_properties(outcome.options, file);
}

}  // namespace

TEST_CASE("a line becomes a record as LineMessageReader makes it") {
    const config::Properties keyed{{"parse.key", "true"}, {"key.separator", ":"}};
    CHECK(key_and_value({}, "a:b") == "null|a:b");
    CHECK(key_and_value(keyed, "a:b:c") == "a|b:c");
    CHECK(key_and_value(keyed, ":value of empty key") == "|value of empty key");
    CHECK(key_and_value(keyed, "keyonly:") == "keyonly|");
    CHECK(key_and_value(keyed, "no separator") == "No key found on line 1: no separator");
    CHECK(key_and_value({{"parse.key", " TRUE "}}, "tab\tvalue") == "tab|value");
    CHECK(key_and_value({{"parse.key", "true"}, {"ignore.error", "true"}}, "no separator") == "null|no separator");
}

TEST_CASE("all lines are counted, not only the wrong ones") {
    LineReader reader(config::Properties{{"parse.key", "true"}, {"key.separator", ":"}});
    (void)reader.read("k1:ok");
    CHECK(reader.read("no separator here").error() == "No key found on line 2: no separator here");
}

TEST_CASE("a record prints its fields in the recorded order") {
    protocol::Record record;
    record.key = "d";
    record.value = "vd";
    CHECK(formatted({}, record) == "vd\n");
    CHECK(
        formatted(
            {{"print.timestamp", "true"}, {"print.partition", "true"}, {"print.offset", "true"}, {"print.key", "true"}},
            record) == "CreateTime:1795351880538\tPartition:1\tOffset:0\td\tvd\n");
    CHECK(formatted({{"print.headers", "true"}, {"key.separator", "|"}}, record) == "NO_HEADERS|vd\n");
    CHECK(formatted({{"print.key", "true"}, {"print.value", "false"}}, record) == "d\n");
    record.key.reset();
    record.value.reset();
    CHECK(formatted({{"print.key", "true"}, {"null.literal", "NIL"}}, record) == "NIL\tNIL\n");
    record.headers = {{"a", "1"}, {"b", std::nullopt}};
    CHECK(formatted({{"print.headers", "true"}}, record) == "a:1,b:null\tnull\n");
}

TEST_CASE("the console consumer complains in the real tool's order and words") {
    CHECK(complaint({"--topic", "t", "--bootstrap-server", "b:1"}) == std::nullopt);
    CHECK(complaint({"--bootstrap-server", "b:1"}) == "Exactly one of --include/--topic is required. ()");
    CHECK(complaint({"--topic", "t", "--include", "t"}) == "Exactly one of --include/--topic is required. ()");
    CHECK(complaint({"--include", "t", "--partition", "1"}) == "The topic is required when partition is specified.");
    CHECK(complaint({"--topic", "t", "--partition", "1", "--offset", "1", "--from-beginning"}) ==
          "Options from-beginning and offset cannot be specified together.");
    CHECK(complaint({"--topic", "t", "--offset", "1"}) == "The partition is required when offset is specified.");
    CHECK(
        complaint({"--topic", "t", "--partition", "1", "--offset", "-1"}) ==
        "The provided offset value '-1' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long.");
    CHECK(complaint({"--topic", "t"}) == "Missing required argument \"[bootstrap-server]\"");
}

TEST_CASE("group ids from different places are collected once each") {
    ParseOutcome outcome = parse_options(console_consumer_options(), std::vector<std::string>{"--group", "g1"});
    CHECK(group_ids(outcome.options, {{"group.id", "g1"}}, {{"group.id", "g2"}}) ==
          std::vector<std::string>{"g1", "g2"});
    CHECK(group_ids(outcome.options, {}, {}) == std::vector<std::string>{"g1"});
}

TEST_CASE("the console producer's defaults give way to properties, its options do not") {
    CHECK(producer_properties({}).at("acks") == "1");
    CHECK(producer_properties({}).at("linger.ms") == "1000");
    CHECK(producer_properties({}).at("retries") == "3");
    CHECK(producer_properties({}).at("client.id") == "console-producer");
    CHECK(producer_properties({"--producer-property", "acks=all"}).at("acks") == "all");
    CHECK(producer_properties({"--producer-property", "acks=all", "--request-required-acks", "0"}).at("acks") == "0");
    CHECK(producer_properties({}, {{"acks", "all"}}).at("acks") == "all");
    CHECK(producer_properties({"--compression-codec"}).at("compression.type") == "gzip");
    CHECK(producer_properties({"--bootstrap-server", "x:1"}).at("bootstrap.servers") == "x:1");
}

TEST_CASE("each broker of a list needs a port") {
    CHECK(has_valid_ports("localhost:9093,localhost:9094"));
    CHECK(!has_valid_ports("localhost"));
    CHECK(!has_valid_ports("localhost:9093,localhost"));
    CHECK(!has_valid_ports("localhost:x"));
    CHECK(!has_valid_ports(""));
}

}  // namespace kafkasim::tools
