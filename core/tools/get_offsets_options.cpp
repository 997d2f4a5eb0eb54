// SPDX-License-Identifier: Apache-2.0
// The options of bin/kafka-get-offsets.sh, with the words of its help. Kafka 3.0.0: kafka.tools.GetOffsetShell.

#include "core/tools/options.hpp"

namespace kafkasim::tools {
namespace {

constexpr Option kOptions[] = {
    {"bootstrap-server", Argument::Required, ArgumentType::String, "HOST1:PORT1,...,HOST3:PORT3", "",
     "REQUIRED. The server(s) to connect to in the form HOST1:PORT1,HOST2:PORT2."},
    {"broker-list", Argument::Required, ArgumentType::String, "HOST1:PORT1,...,HOST3:PORT3", "",
     "DEPRECATED, use --bootstrap-server instead; ignored if --bootstrap-server is specified. The server(s) to connect "
     "to in the form HOST1:PORT1,HOST2:PORT2."},
    {"command-config", Argument::Required, ArgumentType::String, "config file", "",
     "Property file containing configs to be passed to Consumer Client."},
    {"exclude-internal-topics", Argument::None, ArgumentType::String, "", "",
     "By default, internal topics are included. If specified, internal topics are excluded."},
    {"partitions", Argument::Required, ArgumentType::String, "partition ids", "",
     "Comma separated list of partition ids to get the offsets for. If not present, all partitions of the authorized "
     "topics are queried. Cannot be used if --topic-partitions is present."},
    {"time", Argument::Required, ArgumentType::Long, "timestamp/-1(latest)/-2(earliest)", "-1",
     "timestamp of the offsets before that. [Note: No offset is returned, if the timestamp greater than recently "
     "committed record timestamp is given.]"},
    {"topic", Argument::Required, ArgumentType::String, "topic", "",
     "The topic to get the offsets for. It also accepts a regular expression. If not present, all authorized topics "
     "are queried. Cannot be used if --topic-partitions is present."},
    {"topic-partitions", Argument::Required, ArgumentType::String, "topic1:1,topic2:0-3,topic3,topic4:5-,topic5:-3", "",
     "Comma separated list of topic-partition patterns to get the offsets for, with the format of "
     "'([^:,]*)(?::(?:([0-9]*)|(?:([0-9]*)-([0-9]*))))?'. The first group is an optional regex for the topic name, if "
     "omitted, it matches any topic name. The section after ':' describes a 'partition' pattern, which can be: a "
     "number, a range in the format of 'NUMBER-NUMBER' (lower inclusive, upper exclusive), an inclusive lower bound in "
     "the format of 'NUMBER-', an exclusive upper bound in the format of '-NUMBER' or may be omitted to accept all "
     "partitions."},
};

}  // namespace

std::span<const Option> get_offsets_options() { return kOptions; }

}  // namespace kafkasim::tools
