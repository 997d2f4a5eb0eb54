// SPDX-License-Identifier: Apache-2.0
#pragma once
// bin/kafka-reassign-partitions.sh: proposes where the replicas of topics could go, asks the controller to move them,
// sets and clears the throttles, and tells how far it is.
// Kafka 3.0.0: kafka.admin.ReassignPartitionsCommand.
// Simplified: of stack traces the first line and the causes are printed, without frames. Moves between log directories
// are refused by name: brokers have one each.

#include "core/broker/placement.hpp"
#include "core/tools/admin_tool.hpp"
#include "core/tools/reassign_partitions_json.hpp"
#include "core/tools/reassign_partitions_moves.hpp"

namespace kafkasim::tools {

std::span<const Option> reassign_partitions_options();

/// What validateAndParseArgs says before usage and exit 1. `words`: as typed, for the order of the options.
std::optional<std::string> complaint_about_reassign_options(const ParsedOptions& options,
                                                            std::span<const std::string> words);

class ReassignPartitionsCommand final : public AdminTool {
public:
    using AdminTool::AdminTool;

private:
    using Maybe = std::optional<ToolProblem>;
    using ConfigsOfOne = protocol::IncrementalAlterConfigsRequest::AlterConfigsResource;
    template <typename T>
    struct Answer {
        T value;
        Maybe problem;
    };
    struct File {
        std::string text;
        Maybe problem;
    };
    /// A topic that is not there has no entry.
    struct Described {
        std::map<TopicName, std::vector<std::vector<BrokerId>>> topics;
        std::map<TopicName, client::AdminError> failed;
    };

    Task<int> run() override;
    Maybe create(ParsedOptions& options);
    Task<Maybe> act(ParsedOptions options);
    Task<Maybe> verify(ReassignmentFile file, bool preserve_throttles);
    Task<Maybe> generate(TopicsFile file, std::vector<BrokerId> brokers, bool by_racks);
    Maybe propose(const Assignment& current, const std::vector<broker::BrokerMetadata>& candidates,
                  Assignment& proposed);
    Task<Maybe> execute(ReassignmentFile file, bool additional, int64_t throttle, int64_t log_dirs_throttle);
    Task<Maybe> cancel(ReassignmentFile file, bool preserve_throttles);
    Task<Maybe> list();

    // reassign_partitions_admin.cpp: what is asked of the cluster.
    Task<Answer<RunningReassignments>> running(std::optional<std::vector<TopicPartition>> partitions);
    Task<Answer<std::vector<broker::BrokerMetadata>>> live_brokers();
    Task<Answer<Described>> describe(std::vector<TopicName> topics);
    /// Fails if a topic is not there.
    Task<Answer<Assignment>> assignment_of(std::vector<TopicName> topics);
    /// Empty target replicas: cancel. The errors by partition.
    Task<Answer<std::map<TopicPartition, std::string>>> alter(Assignment wanted);
    Task<Maybe> alter_configs(std::vector<ConfigsOfOne> resources);
    Task<Maybe> set_throttles(Moves moves, int64_t rate);
    Task<Maybe> clear_throttles(ReassignmentFile file);

    File read_file(const std::string& path);
    static ToolProblem failed(const client::AdminError& error);
    int print(const ToolProblem& problem);
};

}  // namespace kafkasim::tools
