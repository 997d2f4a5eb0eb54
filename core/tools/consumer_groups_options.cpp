// SPDX-License-Identifier: Apache-2.0
// The options of bin/kafka-consumer-groups.sh, with the words of its help. Kafka 3.0.0:
// kafka.admin.ConsumerGroupCommand.ConsumerGroupCommandOptions.

#include "core/tools/options.hpp"

namespace kafkasim::tools {
namespace {

constexpr Option kOptions[] = {
    {"all-groups", Argument::None, ArgumentType::String, "", "", "Apply to all consumer groups."},
    {"all-topics", Argument::None, ArgumentType::String, "", "",
     "Consider all topics assigned to a group in the `reset-offsets` process."},
    {"bootstrap-server", Argument::Required, ArgumentType::String, "server to connect to", "",
     "REQUIRED: The server(s) to connect to."},
    {"by-duration", Argument::Required, ArgumentType::String, "duration", "",
     "Reset offsets to offset by duration from current timestamp. Format: 'PnDTnHnMnS'"},
    {"command-config", Argument::Required, ArgumentType::String, "command config property file", "",
     "Property file containing configs to be passed to Admin Client and Consumer."},
    {"delete", Argument::None, ArgumentType::String, "", "",
     "Pass in groups to delete topic partition offsets and ownership information over the entire consumer group. "
     "For instance --group g1 --group g2"},
    {"delete-offsets", Argument::None, ArgumentType::String, "", "",
     "Delete offsets of consumer group. Supports one consumer group at the time, and multiple topics."},
    {"describe", Argument::None, ArgumentType::String, "", "",
     "Describe consumer group and list offset lag (number of messages not yet processed) related to given group."},
    {"dry-run", Argument::None, ArgumentType::String, "", "",
     "Only show results without executing changes on Consumer Groups. Supported operations: reset-offsets."},
    {"execute", Argument::None, ArgumentType::String, "", "",
     "Execute operation. Supported operations: reset-offsets."},
    {"export", Argument::None, ArgumentType::String, "", "",
     "Export operation execution to a CSV file. Supported operations: reset-offsets."},
    {"from-file", Argument::Required, ArgumentType::String, "path to CSV file", "",
     "Reset offsets to values defined in CSV file."},
    {"group", Argument::Required, ArgumentType::String, "consumer group", "", "The consumer group we wish to act on."},
    {"help", Argument::None, ArgumentType::String, "", "", "Print usage information."},
    {"list", Argument::None, ArgumentType::String, "", "", "List all consumer groups."},
    {"members", Argument::None, ArgumentType::String, "", "",
     "Describe members of the group. This option may be used with '--describe' and '--bootstrap-server' options "
     "only.\nExample: --bootstrap-server localhost:9092 --describe --group group1 --members",
     "describe"},
    {"offsets", Argument::None, ArgumentType::String, "", "",
     "Describe the group and list all topic partitions in the group along with their offset lag. This is the "
     "default sub-action of and may be used with '--describe' and '--bootstrap-server' options only.\n"
     "Example: --bootstrap-server localhost:9092 --describe --group group1 --offsets",
     "describe"},
    {"reset-offsets", Argument::None, ArgumentType::String, "", "",
     "Reset offsets of consumer group. Supports one consumer group at the time, and instances should be inactive\n"
     "Has 2 execution options: --dry-run (the default) to plan which offsets to reset, and --execute to update the "
     "offsets. Additionally, the --export option is used to export the results to a CSV format.\n"
     "You must choose one of the following reset specifications: --to-datetime, --by-period, --to-earliest, "
     "--to-latest, --shift-by, --from-file, --to-current.\n"
     "To define the scope use --all-topics or --topic. One scope must be specified unless you use '--from-file'."},
    {"shift-by", Argument::Required, ArgumentType::Long, "number-of-offsets", "",
     "Reset offsets shifting current offset by 'n', where 'n' can be positive or negative."},
    {"state", Argument::Optional, ArgumentType::String, "", "",
     "When specified with '--describe', includes the state of the group.\n"
     "Example: --bootstrap-server localhost:9092 --describe --group group1 --state\n"
     "When specified with '--list', it displays the state of all groups. It can also be used to list groups with "
     "specific states.\nExample: --bootstrap-server localhost:9092 --list --state stable,empty\n"
     "This option may be used with '--describe', '--list' and '--bootstrap-server' options only.",
     "describe list"},
    {"timeout", Argument::Required, ArgumentType::Long, "timeout (ms)", "5000",
     "The timeout that can be set for some use cases. For example, it can be used when describing the group to "
     "specify the maximum amount of time in milliseconds to wait before the group stabilizes (when the group is "
     "just created, or is going through some changes)."},
    {"to-current", Argument::None, ArgumentType::String, "", "", "Reset offsets to current offset."},
    {"to-datetime", Argument::Required, ArgumentType::String, "datetime", "",
     "Reset offsets to offset from datetime. Format: 'YYYY-MM-DDTHH:mm:SS.sss'"},
    {"to-earliest", Argument::None, ArgumentType::String, "", "", "Reset offsets to earliest offset."},
    {"to-latest", Argument::None, ArgumentType::String, "", "", "Reset offsets to latest offset."},
    {"to-offset", Argument::Required, ArgumentType::Long, "offset", "", "Reset offsets to a specific offset."},
    {"topic", Argument::Required, ArgumentType::String, "topic", "",
     "The topic whose consumer group information should be deleted or topic whose should be included in the reset "
     "offset process. In `reset-offsets` case, partitions can be specified using this format: `topic1:0,1,2`, where "
     "0,1,2 are the partition to be included in the process. Reset-offsets also supports multiple topic inputs."},
    {"verbose", Argument::None, ArgumentType::String, "", "",
     "Provide additional information, if any, when describing the group. This option may be used with "
     "'--offsets'/'--members'/'--state' and '--bootstrap-server' options only.\n"
     "Example: --bootstrap-server localhost:9092 --describe --group group1 --members --verbose",
     "describe"},
    {"version", Argument::None, ArgumentType::String, "", "", "Display Kafka version."},
};

}  // namespace

std::span<const Option> consumer_groups_options() { return kOptions; }

}  // namespace kafkasim::tools
