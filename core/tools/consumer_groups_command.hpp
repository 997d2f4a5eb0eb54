// SPDX-License-Identifier: Apache-2.0
#pragma once
// bin/kafka-consumer-groups.sh: lists, describes, resets and deletes consumer groups and their offsets. As the real
// one it ends with 0 also when it failed, except for
// mistakes in the command line. --reset-offsets stands in consumer_groups_reset.cpp, --delete and --delete-offsets
// in consumer_groups_delete.cpp.
// Kafka 3.0.0: kafka.admin.ConsumerGroupCommand.
// Simplified: of stack traces the first line and its cause are printed, without frames; a bad line in a file of
// --from-file is refused by name.

#include "core/tools/admin_tool.hpp"
#include "core/tools/groups_format.hpp"
#include "core/tools/java_time.hpp"
#include "core/tools/reset_offsets.hpp"

namespace kafkasim::tools {

/// ConsumerGroupCommandOptions.checkArgs: the first complaint that ends in the usage text.
std::optional<std::string> complaint_about_groups_options(ParsedOptions& options);
/// What checkArgs says on stderr of a reset that only shows what it would do, because nothing else was asked for;
/// empty otherwise.
std::string remark_on_dry_run(ParsedOptions& options);

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
        bool usage = false;                                    // an IllegalArgumentException: usage, exit code 1
        std::string exception = "java.lang.RuntimeException";  // the class of a plain message
        bool not_modelled = false;                             // refused by name
    };
    /// What DescribeTopics says of a topic.
    struct TopicPartitions {
        std::string topic;
        std::optional<client::AdminError> error;
        std::vector<TopicPartition> partitions;
    };
    using Offsets = std::map<TopicPartition, int64_t>;
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

    Task<Outcome<int>> reset_offsets(ParsedOptions options);
    Task<Outcome<int>> delete_groups(ParsedOptions options);
    Task<Outcome<int>> delete_offsets(ParsedOptions options);

    Task<Outcome<std::vector<TopicPartition>>> partitions_to_reset(std::string group, ParsedOptions options);
    Task<Outcome<NewOffsets>> prepared_offsets(std::string group, std::vector<TopicPartition> partitions,
                                               ParsedOptions options);
    Task<Outcome<NewOffsets>> offsets_in_range(NewOffsets wanted);
    Task<Outcome<NewOffsets>> offsets_at(std::vector<TopicPartition> partitions, int64_t timestamp);
    Task<Outcome<NewOffsets>> offsets_after(std::vector<TopicPartition> partitions, JavaResult<int64_t> timestamp);
    Task<Outcome<NewOffsets>> shifted_offsets(std::string group, std::vector<TopicPartition> partitions,
                                              ParsedOptions options);
    Task<Outcome<NewOffsets>> current_offsets(std::string group, std::vector<TopicPartition> partitions);
    Task<Outcome<NewOffsets>> offsets_of_file(std::string group, ParsedOptions options);
    Task<Outcome<int>> alter_offsets(std::string group, NewOffsets offsets);
    JavaResult<int64_t> time_before_now(const std::string& duration);
    Task<std::vector<TopicPartitions>> described_topics(std::vector<std::string> topics);

    Task<Outcome<std::vector<std::string>>> chosen_groups(ParsedOptions options);
    Task<Outcome<std::vector<GroupAndState>>> listed_groups(std::vector<std::string> states);
    Task<Outcome<std::vector<Description>>> described_groups(std::vector<std::string> groups);
    Task<Outcome<Offsets>> committed_offsets(std::string group);
    /// What the leaders say of a time: a timestamp, earliest or latest.
    Task<Outcome<Offsets>> listed_offsets(std::vector<TopicPartition> partitions, int64_t timestamp);
    Task<Outcome<std::vector<OffsetRow>>> rows_of(std::vector<TopicPartition> partitions,
                                                  std::map<TopicPartition, int64_t> committed, OffsetRow owner);

    static Failure thrown_by_future(const client::AdminError& error) { return {error.text(), true, false}; }
    static Failure thrown_by_parser(const OptionError& error) { return {error.message, false, false, error.exception}; }
    static Failure illegal_argument(std::string message) { return {std::move(message), false, true}; }
    static Outcome<Description> description_of(const std::string& group, const client::AdminResult& result);
    Outcome<int> print(const Report& report);
    client::AdminCall timed(client::AdminCall call) const;
    void print_failure(const Failure& failure);

    Duration timeout_ = 5s;
};

}  // namespace kafkasim::tools
