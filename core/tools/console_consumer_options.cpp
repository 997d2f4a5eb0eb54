// SPDX-License-Identifier: Apache-2.0
// The options of bin/kafka-console-consumer.sh, with the words of its help. Kafka 3.0.0:
// kafka.tools.ConsoleConsumer.ConsumerConfig.

#include "core/tools/options.hpp"

namespace kafkasim::tools {
namespace {

constexpr Option kOptions[] = {
    {"bootstrap-server", Argument::Required, ArgumentType::String, "server to connect to", "",
     "REQUIRED: The server(s) to connect to."},
    {"consumer-property", Argument::Required, ArgumentType::String, "consumer_prop", "",
     "A mechanism to pass user-defined properties in the form key=value to the consumer."},
    {"consumer.config", Argument::Required, ArgumentType::String, "config file", "",
     "Consumer config properties file. Note that [consumer-property] takes precedence over this config."},
    {"enable-systest-events", Argument::None, ArgumentType::String, "", "",
     "Log lifecycle events of the consumer in addition to logging consumed messages. (This is specific for system "
     "tests.)"},
    {"formatter", Argument::Required, ArgumentType::String, "class", "kafka.tools.DefaultMessageFormatter",
     "The name of a class to use for formatting kafka messages for display."},
    {"from-beginning", Argument::None, ArgumentType::String, "", "",
     "If the consumer does not already have an established offset to consume from, start with the earliest message "
     "present in the log rather than the latest message."},
    {"group", Argument::Required, ArgumentType::String, "consumer group id", "",
     "The consumer group id of the consumer."},
    {"help", Argument::None, ArgumentType::String, "", "", "Print usage information."},
    {"include", Argument::Required, ArgumentType::String, "Java regex (String)", "",
     "Regular expression specifying list of topics to include for consumption."},
    {"isolation-level", Argument::Required, ArgumentType::String, "", "read_uncommitted",
     "Set to read_committed in order to filter out transactional messages which are not committed. Set to "
     "read_uncommitted to read all messages."},
    {"key-deserializer", Argument::Required, ArgumentType::String, "deserializer for key", "", ""},
    {"max-messages", Argument::Required, ArgumentType::Integer, "num_messages", "",
     "The maximum number of messages to consume before exiting. If not set, consumption is continual."},
    {"offset", Argument::Required, ArgumentType::String, "consume offset", "latest",
     "The offset to consume from (a non-negative number), or 'earliest' which means from beginning, or 'latest' "
     "which means from end"},
    {"partition", Argument::Required, ArgumentType::Integer, "partition", "",
     "The partition to consume from. Consumption starts from the end of the partition unless '--offset' is "
     "specified."},
    {"property", Argument::Required, ArgumentType::String, "prop", "",
     "The properties to initialize the message formatter. Default properties include:\n print.timestamp=true|false\n"
     " print.key=true|false\n print.offset=true|false\n print.partition=true|false\n print.headers=true|false\n"
     " print.value=true|false\n key.separator=<key.separator>\n line.separator=<line.separator>\n"
     " headers.separator=<line.separator>\n null.literal=<null.literal>\n key.deserializer=<key.deserializer>\n"
     " value.deserializer=<value.deserializer>\n header.deserializer=<header.deserializer>\n"
     "Users can also pass in customized properties for their formatter; more specifically, users can pass in "
     "properties keyed with 'key.deserializer.', 'value.deserializer.' and 'headers.deserializer.' prefixes to "
     "configure their deserializers."},
    {"skip-message-on-error", Argument::None, ArgumentType::String, "", "",
     "If there is an error when processing a message, skip it instead of halt."},
    {"timeout-ms", Argument::Required, ArgumentType::Integer, "timeout_ms", "",
     "If specified, exit if no message is available for consumption for the specified interval."},
    {"topic", Argument::Required, ArgumentType::String, "topic", "", "The topic to consume on."},
    {"value-deserializer", Argument::Required, ArgumentType::String, "deserializer for values", "", ""},
    {"version", Argument::None, ArgumentType::String, "", "", "Display Kafka version."},
    {"whitelist", Argument::Required, ArgumentType::String, "Java regex (String)", "",
     "DEPRECATED, use --include instead; ignored if --include specified. Regular expression specifying list of "
     "topics to include for consumption."},
};

}  // namespace

std::span<const Option> console_consumer_options() { return kOptions; }

}  // namespace kafkasim::tools
