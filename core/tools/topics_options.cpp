// SPDX-License-Identifier: Apache-2.0
// The options of bin/kafka-topics.sh, with the words of its help. Kafka 3.0.0:
// kafka.admin.TopicCommand.TopicCommandOptions.

#include "core/tools/options.hpp"

namespace kafkasim::tools {
namespace {

constexpr Option kOptions[] = {
    {"alter", Argument::None, ArgumentType::String, "", "",
     "Alter the number of partitions, replica assignment, and/or configuration for the topic."},
    {"at-min-isr-partitions", Argument::None, ArgumentType::String, "", "",
     "if set when describing topics, only show partitions whose isr count is equal to the configured minimum."},
    {"bootstrap-server", Argument::Required, ArgumentType::String, "server to connect to", "",
     "REQUIRED: The Kafka server to connect to."},
    {"command-config", Argument::Required, ArgumentType::String, "command config property file", "",
     "Property file containing configs to be passed to Admin Client. This is used only with --bootstrap-server "
     "option for describing and altering broker configs."},
    {"config", Argument::Required, ArgumentType::String, "name=value", "",
     "A topic configuration override for the topic being created or altered. The following is a list of valid "
     "configurations:\n\tcleanup.policy\n\tcompression.type\n\tdelete.retention.ms\n\tfile.delete.delay.ms\n\tflush."
     "messages\n"
     "\tflush.ms\n\tfollower.replication.throttled.replicas\n\tindex.interval.bytes\n"
     "\tleader.replication.throttled.replicas\n\tlocal.retention.bytes\n\tlocal.retention.ms\n\tmax.compaction.lag.ms\n"
     "\tmax.message.bytes\n\tmessage.downconversion.enable\n\tmessage.format.version\n"
     "\tmessage.timestamp.difference.max.ms\n\tmessage.timestamp.type\n\tmin.cleanable.dirty.ratio\n"
     "\tmin.compaction.lag.ms\n\tmin.insync.replicas\n\tpreallocate\n\tremote.storage.enable\n\tretention.bytes\n"
     "\tretention.ms\n\tsegment.bytes\n\tsegment.index.bytes\n\tsegment.jitter.ms\n\tsegment.ms\n"
     "\tunclean.leader.election.enable\n"
     "See the Kafka documentation for full details on the topic configs. It is supported only in combination with "
     "--create if --bootstrap-server option is used (the kafka-configs CLI supports altering topic configs with a "
     "--bootstrap-server option)."},
    {"create", Argument::None, ArgumentType::String, "", "", "Create a new topic."},
    {"delete", Argument::None, ArgumentType::String, "", "", "Delete a topic"},
    {"delete-config", Argument::Required, ArgumentType::String, "name", "",
     "A topic configuration override to be removed for an existing topic (see the list of configurations under the "
     "--config option). Not supported with the --bootstrap-server option."},
    {"describe", Argument::None, ArgumentType::String, "", "", "List details for the given topics."},
    {"disable-rack-aware", Argument::None, ArgumentType::String, "", "", "Disable rack aware replica assignment"},
    {"exclude-internal", Argument::None, ArgumentType::String, "", "",
     "exclude internal topics when running list or describe command. The internal topics will be listed by default"},
    {"help", Argument::None, ArgumentType::String, "", "", "Print usage information."},
    {"if-exists", Argument::None, ArgumentType::String, "", "",
     "if set when altering or deleting or describing topics, the action will only execute if the topic exists."},
    {"if-not-exists", Argument::None, ArgumentType::String, "", "",
     "if set when creating topics, the action will only execute if the topic does not already exist."},
    {"list", Argument::None, ArgumentType::String, "", "", "List all available topics."},
    {"partitions", Argument::Required, ArgumentType::Integer, "# of partitions", "",
     "The number of partitions for the topic being created or altered (WARNING: If partitions are increased for a "
     "topic that has a key, the partition logic or ordering of the messages will be affected). If not supplied for "
     "create, defaults to the cluster default."},
    {"replica-assignment", Argument::Required, ArgumentType::String,
     "broker_id_for_part1_replica1 : broker_id_for_part1_replica2 , broker_id_for_part2_replica1 : "
     "broker_id_for_part2_replica2 , ...",
     "", "A list of manual partition-to-broker assignments for the topic being created or altered."},
    {"replication-factor", Argument::Required, ArgumentType::Integer, "replication factor", "",
     "The replication factor for each partition in the topic being created. If not supplied, defaults to the "
     "cluster default."},
    {"topic", Argument::Required, ArgumentType::String, "topic", "",
     "The topic to create, alter, describe or delete. It also accepts a regular expression, except for --create "
     "option. Put topic name in double quotes and use the '\\' prefix to escape regular expression symbols; e.g. "
     "\"test\\.topic\"."},
    {"topics-with-overrides", Argument::None, ArgumentType::String, "", "",
     "if set when describing topics, only show topics that have overridden configs"},
    {"unavailable-partitions", Argument::None, ArgumentType::String, "", "",
     "if set when describing topics, only show partitions whose leader is not available"},
    {"under-min-isr-partitions", Argument::None, ArgumentType::String, "", "",
     "if set when describing topics, only show partitions whose isr count is less than the configured minimum."},
    {"under-replicated-partitions", Argument::None, ArgumentType::String, "", "",
     "if set when describing topics, only show under replicated partitions"},
    {"version", Argument::None, ArgumentType::String, "", "", "Display Kafka version."},
};

}  // namespace

std::span<const Option> topics_options() { return kOptions; }

}  // namespace kafkasim::tools
