// SPDX-License-Identifier: Apache-2.0
#pragma once
// The tables of kafka-consumer-groups.sh. Pure. Kafka 3.0.0: kafka.admin.ConsumerGroupCommand.ConsumerGroupService
// (print... and collect...).

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"

namespace kafkasim::tools {

/// A row of `--describe [--offsets]`. What is not known prints as "-".
struct OffsetRow {
    TopicPartition tp;
    std::optional<int64_t> current_offset;
    std::optional<int64_t> log_end_offset;
    std::string consumer_id = "-";
    std::string host = "-";
    std::string client_id = "-";
};

struct GroupMemberInfo {
    std::string consumer_id;
    std::string host;
    std::string client_id;
    std::string instance_id;  // empty: a dynamic member
    std::vector<TopicPartition> assignment;
};

struct GroupStateInfo {
    std::string coordinator;  // "localhost:9094 (2)"
    std::string assignment_strategy;
    std::string state;
    size_t members = 0;
};

struct GroupAndState {
    std::string group;
    std::string state;
};

/// What is said about a group before its table: on stdout (an error), on stderr, or a text that the command fails
/// with; and whether a table follows.
struct StateRemark {
    std::string on_stdout;
    std::string on_stderr;
    std::optional<std::string> failure;
    bool table = false;
};
StateRemark remark_about_state(const std::string& group, const std::string& state, size_t rows);

std::string offsets_table(const std::string& group, const std::vector<OffsetRow>& rows);
std::string members_table(const std::string& group, const std::vector<GroupMemberInfo>& members, bool verbose);
std::string state_table(const std::string& group, const GroupStateInfo& state);
std::string list_with_states(const std::vector<GroupAndState>& groups);

/// The order in which listed groups are printed: a Java HashMap's. Indexes.
std::vector<size_t> listed_order(const std::vector<std::string>& groups);

/// The order of a block of rows: by partition number; from five on as Scala's immutable map has it. `partitions`
/// come in the order of a Java HashSet.
std::vector<TopicPartition> row_order(std::vector<TopicPartition> partitions);
/// Members with partitions, those with more first, ties as they come.
std::vector<size_t> members_with_partitions(const std::vector<GroupMemberInfo>& members);
/// As java.util.HashMap iterates over them.
std::vector<TopicPartition> hash_order(const std::vector<TopicPartition>& partitions, size_t capacity = 0);

/// `--state a,b`: the states; nullopt if one is none ("Invalid state list .." is said then).
std::optional<std::vector<std::string>> parse_states(const std::string& text);
std::string invalid_states(const std::string& text);

}  // namespace kafkasim::tools
