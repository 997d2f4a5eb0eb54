// SPDX-License-Identifier: Apache-2.0
#pragma once
// What kafka-consumer-groups.sh --reset-offsets, --delete and --delete-offsets decide and print, without asking
// anybody: which partitions are meant, the offset that
// is possible, the orders of Java's and Scala's maps, the table, the CSV of --export and --from-file. Pure.
// Kafka 3.0.0: kafka.admin.ConsumerGroupCommand.ConsumerGroupService (parseTopicPartitionsToReset,
// checkOffsetsRange, parseResetPlan, exportOffsetsToCsv, deleteGroups,
// deleteOffsets), CsvUtils, com.fasterxml.jackson.dataformat.csv (2.12).
// Simplified: what Jackson says of a bad line is not modelled; parse_reset_plan only tells that there is one.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/ids.hpp"

namespace kafkasim::tools {

/// `--topic t:0,1 --topic u`: partitions that were named, topics of which all are meant, or the first complaint.
struct TopicArguments {
    std::vector<TopicPartition> partitions;
    std::vector<std::string> topics;
    std::optional<std::string> illegal;
};
TopicArguments parse_topic_arguments(const std::vector<std::string>& arguments);

struct NewOffset {
    TopicPartition tp;
    int64_t offset = 0;
    bool operator==(const NewOffset&) const = default;
};
using NewOffsets = std::vector<NewOffset>;
using GroupOffsets = std::vector<std::pair<std::string, NewOffsets>>;

/// `.toMap` of Scala: the last offset of a partition counts, in the place of its first.
NewOffsets in_map_order(const NewOffsets& offsets);
/// The same for the groups.
GroupOffsets in_map_order(const GroupOffsets& groups);
/// As a HashMap of Java that was moved to one of Scala has them: the partitions without a record at or after a time.
std::vector<TopicPartition> in_mutable_map_order(const std::vector<TopicPartition>& partitions);
/// The order of the names in a java.util.HashMap that was made for so many.
std::vector<std::string> in_presized_order(const std::vector<std::string>& names);

struct OffsetInRange {
    int64_t offset = 0;
    std::string warning;  // empty: as wanted
};
OffsetInRange in_range(const TopicPartition& tp, int64_t wanted, int64_t earliest, int64_t latest);

/// Of one group without its name ("topic,partition,offset"), of several with it.
std::string reset_csv(const GroupOffsets& groups, bool single_group);
/// The plan in a file; nullopt if a line cannot be read. `groups` as given by --group.
std::optional<std::map<std::string, NewOffsets>> parse_reset_plan(std::string_view csv,
                                                                  const std::vector<std::string>& groups);
/// Nothing if no group was asked for.
std::string reset_table(const GroupOffsets& groups);

/// Of a group that was to be deleted: the exception, empty if it worked.
struct DeletedGroup {
    std::string group;
    std::string error;
};
std::string deletion_text(std::vector<DeletedGroup> groups);

/// Of an offset that was to be deleted; partition -1: the topic is not there.
struct DeletedOffset {
    TopicPartition tp;
    std::string error;
};
std::string deleted_offsets_table(std::vector<DeletedOffset> offsets);

}  // namespace kafkasim::tools
