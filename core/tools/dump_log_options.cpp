// SPDX-License-Identifier: Apache-2.0
// The options of bin/kafka-dump-log.sh, with the words of its help. Kafka 3.0.0:
// kafka.tools.DumpLogSegments.DumpLogSegmentsOptions.

#include "core/tools/options.hpp"

namespace kafkasim::tools {
namespace {

constexpr std::string_view kStringDecoder = "kafka.serializer.StringDecoder";

constexpr Option kOptions[] = {
    {"cluster-metadata-decoder", Argument::None, ArgumentType::String, "", "",
     "if set, log data will be parsed as cluster metadata records."},
    {"deep-iteration", Argument::None, ArgumentType::String, "", "",
     "if set, uses deep instead of shallow iteration. Automatically set if print-data-log is enabled."},
    {"files", Argument::Required, ArgumentType::String, "file1, file2, ...", "",
     "REQUIRED: The comma separated list of data and index log files to be dumped."},
    {"help", Argument::None, ArgumentType::String, "", "", "Print usage information."},
    {"index-sanity-check", Argument::None, ArgumentType::String, "", "",
     "if set, just checks the index sanity without printing its content. This is the same check that is executed on "
     "broker startup to determine if an index needs rebuilding or not."},
    {"key-decoder-class", Argument::Optional, ArgumentType::String, "", kStringDecoder,
     "if set, used to deserialize the keys. This class should implement kafka.serializer.Decoder trait. Custom jar "
     "should be available in kafka/libs directory."},
    {"max-message-size", Argument::Required, ArgumentType::Integer, "size", "5242880", "Size of largest message."},
    {"offsets-decoder", Argument::None, ArgumentType::String, "", "",
     "if set, log data will be parsed as offset data from the __consumer_offsets topic."},
    {"print-data-log", Argument::None, ArgumentType::String, "", "",
     "if set, printing the messages content when dumping data logs. Automatically set if any decoder option is "
     "specified."},
    {"skip-record-metadata", Argument::None, ArgumentType::String, "", "",
     "whether to skip printing metadata for each record."},
    {"transaction-log-decoder", Argument::None, ArgumentType::String, "", "",
     "if set, log data will be parsed as transaction metadata from the __transaction_state topic."},
    {"value-decoder-class", Argument::Optional, ArgumentType::String, "", kStringDecoder,
     "if set, used to deserialize the messages. This class should implement kafka.serializer.Decoder trait. Custom jar "
     "should be available in kafka/libs directory."},
    {"verify-index-only", Argument::None, ArgumentType::String, "", "",
     "if set, just verify the index log without printing its content."},
    {"version", Argument::None, ArgumentType::String, "", "", "Display Kafka version."},
};

}  // namespace

std::span<const Option> dump_log_options() { return kOptions; }

}  // namespace kafkasim::tools
