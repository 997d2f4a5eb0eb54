// SPDX-License-Identifier: Apache-2.0
#pragma once
// The files of kafka-reassign-partitions: `--reassignment-json-file` and `--topics-to-move-json-file`. Pure.
// Kafka 3.0.0: kafka.admin.ReassignPartitionsCommand (parsePartitionReassignmentData, parseExecuteAssignmentArgs,
// parseTopicsData), kafka.utils.json.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/ids.hpp"

namespace kafkasim::tools {

/// An exception that main() catches: prints "Error: " + message, then the trace.
struct ToolProblem {
    std::string message;
    std::string trace;  // without frames; empty: main() prints the message alone, without "Error: "
};
ToolProblem problem(std::string_view exception, const std::string& message);

struct ReassignmentFile {
    std::vector<std::pair<TopicPartition, std::vector<BrokerId>>> partitions;  // as they stand there
    bool names_log_dirs = false;                                               // other than "any"
    std::optional<ToolProblem> problem;
};
/// `more`: frames between the reading and main(), which Java counts below the cause of a syntax error.
ReassignmentFile parse_reassignment_file(const std::string& text, int more);
/// What --execute refuses before it asks anybody: nothing to do, doubled partitions, doubled replicas.
std::optional<ToolProblem> complaint_about(const ReassignmentFile& file);

struct TopicsFile {
    std::vector<TopicName> topics;
    std::optional<ToolProblem> problem;
};
TopicsFile parse_topics_file(const std::string& text);

}  // namespace kafkasim::tools
