// SPDX-License-Identifier: Apache-2.0

#include "core/tools/programs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/tools/console_consumer_command.hpp"
#include "core/tools/console_producer_command.hpp"
#include "core/tools/consumer_groups_command.hpp"
#include "core/tools/server_process.hpp"
#include "core/tools/topics_command.hpp"

namespace kafkasim::tools {
namespace {

constexpr Duration kToolStartUp = 450ms;
constexpr Duration kZooKeeperStartUp = 600ms;
constexpr Duration kBrokerStartUp = 900ms;
constexpr Duration kScriptOnly = 5ms;

/// The other scripts of kafka_2.13-3.0.0/bin.
constexpr auto kNotModelledScripts = std::to_array<std::string_view>({
    "connect-distributed",
    "connect-mirror-maker",
    "connect-standalone",
    "kafka-acls",
    "kafka-broker-api-versions",
    "kafka-cluster",
    "kafka-configs",
    "kafka-consumer-perf-test",
    "kafka-delegation-tokens",
    "kafka-delete-records",
    "kafka-dump-log",
    "kafka-features",
    "kafka-get-offsets",
    "kafka-leader-election",
    "kafka-log-dirs",
    "kafka-metadata-shell",
    "kafka-mirror-maker",
    "kafka-producer-perf-test",
    "kafka-reassign-partitions",
    "kafka-replica-verification",
    "kafka-run-class",
    "kafka-server-stop",
    "kafka-storage",
    "kafka-streams-application-reset",
    "kafka-verifiable-consumer",
    "kafka-verifiable-producer",
    "trogdor",
    "zookeeper-security-migration",
    "zookeeper-server-stop",
    "zookeeper-shell",
});

class NotModelledScript final : public ToolProcess {
public:
    using ToolProcess::ToolProcess;

private:
    Task<int> run() override {
        const std::string& typed = program();
        co_return not_modelled(typed.substr(typed.rfind('/') + 1));
    }
};

std::string script_name(std::string_view word) {
    const size_t slash = word.rfind('/');
    std::string_view name = slash == std::string_view::npos ? word : word.substr(slash + 1);
    if (name.ends_with(".sh")) name.remove_suffix(3);
    return std::string(name);
}

template <typename Command>
Program tool(const std::vector<std::string>& words) {
    return {std::make_unique<Command>(words), kToolStartUp, false, false};
}

template <typename Server>
Program server(std::vector<std::string> words, Duration start_up) {
    const bool has_arguments = words.size() > 1;
    const bool daemon = has_arguments && words[1] == "-daemon";
    if (daemon) words.erase(words.begin() + 1);
    return {std::make_unique<Server>(std::move(words)), has_arguments ? start_up : kScriptOnly, true, daemon};
}

}  // namespace

std::optional<Program> make_program(const std::vector<std::string>& words) {
    if (words.empty()) return std::nullopt;
    const std::string name = script_name(words.front());
    if (name == "kafka-topics") return tool<TopicsCommand>(words);
    if (name == "kafka-console-producer") return tool<ConsoleProducerCommand>(words);
    if (name == "kafka-console-consumer") return tool<ConsoleConsumerCommand>(words);
    if (name == "kafka-consumer-groups") return tool<ConsumerGroupsCommand>(words);
    if (name == "kafka-server-start") return server<KafkaServerStart>(words, kBrokerStartUp);
    if (name == "zookeeper-server-start") return server<ZooKeeperServerStart>(words, kZooKeeperStartUp);
    if (std::find(kNotModelledScripts.begin(), kNotModelledScripts.end(), name) == kNotModelledScripts.end())
        return std::nullopt;
    return Program{std::make_unique<NotModelledScript>(words), kScriptOnly, false, false};
}

}  // namespace kafkasim::tools
