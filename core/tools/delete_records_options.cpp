// SPDX-License-Identifier: Apache-2.0
// The options of bin/kafka-delete-records.sh, with the words of its help. Kafka 3.0.0:
// kafka.admin.DeleteRecordsCommand.DeleteRecordsCommandOptions.

#include "core/tools/options.hpp"

namespace kafkasim::tools {
namespace {

constexpr Option kOptions[] = {
    {"bootstrap-server", Argument::Required, ArgumentType::String, "server(s) to use for bootstrapping", "",
     "REQUIRED: The server to connect to."},
    {"command-config", Argument::Required, ArgumentType::String, "command config property file path", "",
     "A property file containing configs to be passed to Admin Client."},
    {"help", Argument::None, ArgumentType::String, "", "", "Print usage information."},
    {"offset-json-file", Argument::Required, ArgumentType::String, "Offset json file path", "",
     "REQUIRED: The JSON file with offset per partition. The format to use is:\n{\"partitions\":\n  [{\"topic\": "
     "\"foo\", \"partition\": 1, \"offset\": 1}],\n \"version\":1\n}"},
    {"version", Argument::None, ArgumentType::String, "", "", "Display Kafka version."},
};

}  // namespace

std::span<const Option> delete_records_options() { return kOptions; }

}  // namespace kafkasim::tools
