// SPDX-License-Identifier: Apache-2.0
// The options of bin/kafka-reassign-partitions.sh, with the words of its help. Kafka 3.0.0:
// kafka.admin.ReassignPartitionsCommand.ReassignPartitionsCommandOptions.

#include "core/tools/reassign_partitions_command.hpp"

namespace kafkasim::tools {
namespace {

constexpr Option kOptions[] = {
    {"additional", Argument::None, ArgumentType::String, "", "",
     "Execute this reassignment in addition to any other ongoing ones. This option can also be used to change the "
     "throttle of an ongoing reassignment."},
    {"bootstrap-server", Argument::Required, ArgumentType::String, "Server(s) to use for bootstrapping", "",
     "REQUIRED: the server(s) to use for bootstrapping."},
    {"broker-list", Argument::Required, ArgumentType::String, "brokerlist", "",
     "The list of brokers to which the partitions need to be reassigned in the form \"0,1,2\". This is required if "
     "--topics-to-move-json-file is used to generate reassignment configuration"},
    {"cancel", Argument::None, ArgumentType::String, "", "", "Cancel an active reassignment."},
    {"command-config", Argument::Required, ArgumentType::String, "Admin client property file", "",
     "Property file containing configs to be passed to Admin Client."},
    {"disable-rack-aware", Argument::None, ArgumentType::String, "", "", "Disable rack aware replica assignment"},
    {"execute", Argument::None, ArgumentType::String, "", "",
     "Kick off the reassignment as specified by the --reassignment-json-file option."},
    {"generate", Argument::None, ArgumentType::String, "", "",
     "Generate a candidate partition reassignment configuration. Note that this only generates a candidate "
     "assignment, it does not execute it."},
    {"help", Argument::None, ArgumentType::String, "", "", "Print usage information."},
    {"list", Argument::None, ArgumentType::String, "", "", "List all active partition reassignments."},
    {"preserve-throttles", Argument::None, ArgumentType::String, "", "", "Do not modify broker or topic throttles."},
    {"reassignment-json-file", Argument::Required, ArgumentType::String, "manual assignment json file path", "",
     "The JSON file with the partition reassignment configurationThe format to use is - \n{\"partitions\":\n\t"
     "[{\"topic\": \"foo\",\n\t  \"partition\": 1,\n\t  \"replicas\": [1,2,3],\n\t  \"log_dirs\": [\"dir1\",\"dir2\","
     "\"dir3\"] }],\n\"version\":1\n}\nNote that \"log_dirs\" is optional. When it is specified, its length must equal "
     "the length of the replicas list. The value in this list can be either \"any\" or the absolution path of the log "
     "directory on the broker. If absolute log directory path is specified, the replica will be moved to the "
     "specified log directory on the broker."},
    {"replica-alter-log-dirs-throttle", Argument::Required, ArgumentType::Long, "replicaAlterLogDirsThrottle", "-1",
     "The movement of replicas between log directories on the same broker will be throttled to this value "
     "(bytes/sec). This option can be included with --execute when a reassignment is started, and it can be altered by "
     "resubmitting the current reassignment along with the --additional flag. The throttle rate should be at least 1 "
     "KB/s."},
    {"throttle", Argument::Required, ArgumentType::Long, "throttle", "-1",
     "The movement of partitions between brokers will be throttled to this value (bytes/sec). This option can be "
     "included with --execute when a reassignment is started, and it can be altered by resubmitting the current "
     "reassignment along with the --additional flag. The throttle rate should be at least 1 KB/s."},
    {"timeout", Argument::Required, ArgumentType::Long, "timeout", "10000",
     "The maximum time in ms to wait for log directory replica assignment to begin."},
    {"topics-to-move-json-file", Argument::Required, ArgumentType::String, "topics to reassign json file path", "",
     "Generate a reassignment configuration to move the partitions of the specified topics to the list of brokers "
     "specified by the --broker-list option. The format to use is - \n{\"topics\":\n\t[{\"topic\": \"foo\"},{\"topic\":"
     " \"foo1\"}],\n\"version\":1\n}"},
    {"verify", Argument::None, ArgumentType::String, "", "",
     "Verify if the reassignment completed as specified by the --reassignment-json-file option. If there is a throttle "
     "engaged for the replicas specified, and the rebalance has completed, the throttle will be removed"},
    {"version", Argument::None, ArgumentType::String, "", "", "Display Kafka version."},
};

}  // namespace

std::span<const Option> reassign_partitions_options() { return kOptions; }

}  // namespace kafkasim::tools
