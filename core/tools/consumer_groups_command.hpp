// SPDX-License-Identifier: Apache-2.0
#pragma once
// bin/kafka-consumer-groups.sh: lists and describes consumer groups. As the real one it ends with 0 also when it failed, except for mistakes in the command line.
// Kafka 3.0.0: kafka.admin.ConsumerGroupCommand.
// Simplified: --delete, --reset-offsets and --delete-offsets are refused by name; of stack traces the first line and its cause are printed, without frames.

#include "core/tools/admin_tool.hpp"
#include "core/tools/groups_format.hpp"

namespace kafkasim::tools {

/// ConsumerGroupCommandOptions.checkArgs: the first complaint that ends in the usage text.
std::optional<std::string> complaint_about_groups_options(ParsedOptions& options);

class ConsumerGroupsCommand final : public AdminTool {
public:
    using AdminTool::AdminTool;

private:
    /// What DescribeConsumerGroups says of a group.
    struct Description {
        std::string group;
        std::string state;
        std::string coordinator;
        std::string strategy;
        std::vector<GroupMemberInfo> members;
    };
    /// What is to be printed of a group, once all groups were asked.
    struct Report {
        std::string group;
        std::string state;
        size_t rows = 0;
        std::string table;
    };
    /// What may be thrown: `cause` of an ExecutionException, or a plain message.
    struct Failure {
        std::string message;
        bool execution = false;
        bool usage = false;  // an IllegalArgumentException: usage, exit code 1
    };
    template <typename T>
    struct Outcome {
        std::optional<Failure> failure;
        T value{};
    };

    Task<int> run() override;
    Task<Outcome<int>> act(ParsedOptions options);
    Task<Outcome<int>> list(ParsedOptions options);
    Task<Outcome<int>> describe(ParsedOptions options);
    Task<Outcome<Report>> report_of(Description group, ParsedOptions options);
    Task<Outcome<Report>> offsets_of(Description group);

    Task<Outcome<std::vector<GroupAndState>>> listed_groups(std::vector<std::string> states);
    Task<Outcome<std::vector<Description>>> described_groups(std::vector<std::string> groups);
    Task<Outcome<std::map<TopicPartition, int64_t>>> committed_offsets(std::string group);
    Task<Outcome<std::map<TopicPartition, int64_t>>> log_end_offsets(std::vector<TopicPartition> partitions);
    Task<Outcome<std::vector<OffsetRow>>> rows_of(std::vector<TopicPartition> partitions,
                                                  std::map<TopicPartition, int64_t> committed, OffsetRow owner);

    static Failure thrown_by_future(const client::AdminError& error) { return {error.text(), true, false}; }
    static Outcome<Description> description_of(const std::string& group, const client::AdminResult& result);
    Outcome<int> print(const Report& report);
    client::AdminCall timed(client::AdminCall call) const;
    void print_failure(const Failure& failure);

    Duration timeout_ = 5s;
};

}  // namespace kafkasim::tools
