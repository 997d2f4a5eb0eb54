// SPDX-License-Identifier: Apache-2.0
#pragma once
// bin/kafka-configs.sh: describes and alters the configuration of topics and brokers. A topic's changes are sent as
// changes; a broker's whole new set is.
// Before every change it reads what is there. Kafka 3.0.0: kafka.admin.ConfigCommand.
// Simplified: clients, users, ips, broker loggers and --zookeeper are refused by name.

#include "core/tools/admin_tool.hpp"
#include "core/tools/configs_words.hpp"

namespace kafkasim::tools {

std::span<const Option> configs_options();

class ConfigsCommand final : public AdminTool {
public:
    using AdminTool::AdminTool;

private:
    using Config = protocol::DescribeConfigsResponse::DescribeConfigsResourceResult;
    /// Where the tool waits for an answer, for the stack trace.
    enum class Site : uint8_t {
        Describing,
        ListingTopics,
        ReadingTopic,
        ReadingBroker,
        AlteringTopic,
        AlteringBroker,
    };
    struct Change {
        config::Properties add;
        std::vector<std::string> remove;
    };

    Task<int> run() override;
    Task<int> act(ParsedOptions options);
    Task<int> describe(ParsedOptions options);
    Task<int> describe_one(std::string type, std::string name, bool all);
    /// The names to describe when none was given.
    Task<std::optional<int>> find_entities(std::string type, std::vector<std::string>* names);
    Task<int> alter(ParsedOptions options);
    Task<int> alter_topic(std::string name, Change change);
    Task<int> alter_broker(std::string name, Change change);
    std::optional<int> read_change(ParsedOptions& options, Change& change);
    std::optional<int> check_removed(const Change& change, const std::vector<Config>& configs);

    /// The settings of an entity; only those that are set at its own level, or all. The exit code if that failed.
    Task<std::optional<int>> read_configs(std::string type, std::string name, bool all, Site site,
                                          std::vector<Config>* configs);
    int complain(std::string_view message);
    /// "Error while executing config command with args '...'" and the stack trace.
    int fail(const std::string& exception, Site site, bool timed_out = false);
    /// What was thrown before a broker was asked.
    int fail_here(std::string_view exception);
    int fail(const client::AdminError& error, Site site);
};

}  // namespace kafkasim::tools
