// SPDX-License-Identifier: Apache-2.0
#pragma once
// bin/kafka-leader-election.sh: asks the controller to elect the preferred leaders, or unclean ones, of some
// partitions or of all, and tells what came of it.
// Kafka 3.0.0: kafka.admin.LeaderElectionCommand.
// Simplified: of stack traces the first line, the cause and what was suppressed are printed, without frames. A JSON
// file whose fields have other types is refused by name.

#include "core/tools/admin_tool.hpp"

namespace kafkasim::tools {

/// What validate() throws: the text of an AdminCommandFailedException.
std::optional<std::string> complaint_about_election_options(const ParsedOptions& options);

/// The partitions of `--path-to-json-file`, or the exception that its reading ends in.
struct ElectionFile {
    std::vector<TopicPartition> partitions;
    std::string exception;      // "kafka.admin.AdminOperationException: .."
    bool not_modelled = false;  // an exception whose text is not known
};
ElectionFile parse_election_file(const std::string& json);

/// Of a partition: the exception that its election ended in, empty if it has a new leader.
struct ElectionOutcome {
    TopicPartition tp;
    ErrorCode code = ErrorCode::None;
    std::string exception;
};
struct ElectionReport {
    std::string on_stdout;
    std::string uncaught;  // with the suppressed ones; empty: exit code 0
};
/// `type` is "PREFERRED" or "UNCLEAN".
ElectionReport election_report(std::string_view type, const std::vector<ElectionOutcome>& outcomes);

class LeaderElectionCommand final : public AdminTool {
public:
    using AdminTool::AdminTool;

private:
    /// Which partitions: nullopt for all, or the exit code of a mistake.
    struct Wanted {
        std::optional<std::vector<TopicPartition>> partitions;
        std::optional<int> exit_code;
    };

    Task<int> run() override;
    Task<int> elect(std::string type, std::optional<std::vector<TopicPartition>> partitions);
    Wanted wanted(ParsedOptions& options);
};

}  // namespace kafkasim::tools
