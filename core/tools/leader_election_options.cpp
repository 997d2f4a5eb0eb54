// SPDX-License-Identifier: Apache-2.0
// The options of bin/kafka-leader-election.sh, with the words of its help. Kafka 3.0.0:
// kafka.admin.LeaderElectionCommandOptions.

#include "core/tools/options.hpp"

namespace kafkasim::tools {
namespace {

constexpr Option kOptions[] = {
    {"admin.config", Argument::Required, ArgumentType::String, "config file", "",
     "Configuration properties files to pass to the admin client"},
    {"all-topic-partitions", Argument::None, ArgumentType::String, "", "",
     "Perform election on all of the eligible topic partitions based on the type of election (see the --election-type "
     "flag). Not allowed if --topic or --path-to-json-file is specified."},
    {"bootstrap-server", Argument::Required, ArgumentType::String, "host:port", "",
     "A hostname and port for the broker to connect to, in the form host:port. Multiple comma separated URLs can be "
     "given. REQUIRED."},
    {"election-type", Argument::Required, ArgumentType::ElectionType, "election type", "",
     "Type of election to attempt. Possible values are \"preferred\" for preferred leader election or \"unclean\" for "
     "unclean leader election. If preferred election is selection, the election is only performed if the current "
     "leader is not the preferred leader for the topic partition. If unclean election is selected, the election is "
     "only performed if there are no leader for the topic partition. REQUIRED."},
    {"help", Argument::None, ArgumentType::String, "", "", "Print usage information."},
    {"partition", Argument::Required, ArgumentType::Integer, "partition id", "",
     "Partition id for which to perform an election. REQUIRED if --topic is specified."},
    {"path-to-json-file", Argument::Required, ArgumentType::String, "Path to JSON file", "",
     "The JSON file with the list  of partition for which leader elections should be performed. This is an example "
     "format. \n{\"partitions\":\n\t[{\"topic\": \"foo\", \"partition\": 1},\n\t {\"topic\": \"foobar\", "
     "\"partition\": 2}]\n}\nNot allowed if --all-topic-partitions or --topic flags are specified."},
    {"topic", Argument::Required, ArgumentType::String, "topic name", "",
     "Name of topic for which to perform an election. Not allowed if --path-to-json-file or --all-topic-partitions is "
     "specified."},
    {"version", Argument::None, ArgumentType::String, "", "", "Display Kafka version."},
};

}  // namespace

std::span<const Option> leader_election_options() { return kOptions; }

}  // namespace kafkasim::tools
