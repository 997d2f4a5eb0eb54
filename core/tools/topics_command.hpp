// SPDX-License-Identifier: Apache-2.0
#pragma once
// bin/kafka-topics.sh: creates, lists, describes, grows and deletes topics. What is wrong in the command line it
// says itself, in the real tool's order of checks; the rest brokers say.
// Kafka 3.0.0: kafka.admin.TopicCommand.
// Simplified: racks do not exist.

#include "core/tools/admin_tool.hpp"
#include "core/tools/topics_format.hpp"

namespace kafkasim::tools {

/// TopicCommandOptions.checkArgs up to the first complaint that ends in the usage text.
std::optional<std::string> complaint_about_topics_options(const ParsedOptions& options);

class TopicsCommand final : public AdminTool {
public:
    using AdminTool::AdminTool;

private:
    Task<int> run() override;
    Task<int> act(ParsedOptions options);
    Task<int> create(ParsedOptions options);
    Task<int> list(ParsedOptions options);
    Task<int> describe(ParsedOptions options);
    Task<int> alter(ParsedOptions options);   // topics_changes.cpp
    Task<int> remove(ParsedOptions options);  // topics_changes.cpp
    /// The names of the topics that --topic and --exclude-internal let through, sorted.
    Task<client::AdminResult> list_topics();
    std::optional<std::vector<std::string>> chosen_topics(const client::AdminResult& listed, ParsedOptions& options);

    /// --topic names nothing that exists, and --if-exists does not excuse it.
    std::optional<int> complain_if_absent(ParsedOptions& options, const std::vector<std::string>& found);
    std::optional<int> check_new_topic(const std::optional<int64_t>& partitions,
                                       const std::optional<int64_t>& replication_factor);
    std::optional<int> read_configs(const std::vector<std::string>& words, config::Properties& configs);
    std::optional<int> read_described(const client::AdminResult& topics, const client::AdminResult& configs,
                                      const client::AdminResult& reassignments, std::vector<DescribedTopic>& described);

    /// "Error while executing topic command : ..", the same in the log; 1.
    int fail(const std::string& exception, const std::string& message);
    int fail(const client::AdminError& error) { return fail(error.exception, error.message); }
};

}  // namespace kafkasim::tools
