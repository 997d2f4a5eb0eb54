// SPDX-License-Identifier: Apache-2.0

#include "core/tools/programs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/tools/broker_api_versions_command.hpp"
#include "core/tools/cluster_command.hpp"
#include "core/tools/configs_command.hpp"
#include "core/tools/console_consumer_command.hpp"
#include "core/tools/console_producer_command.hpp"
#include "core/tools/consumer_groups_command.hpp"
#include "core/tools/delete_records_command.hpp"
#include "core/tools/dump_log_command.hpp"
#include "core/tools/get_offsets_command.hpp"
#include "core/tools/leader_election_command.hpp"
#include "core/tools/options.hpp"
#include "core/tools/reassign_partitions_command.hpp"
#include "core/tools/server_process.hpp"
#include "core/tools/topics_command.hpp"
#include "core/tools/verifiable_consumer_command.hpp"
#include "core/tools/verifiable_producer_command.hpp"
#include "core/tools/zookeeper_shell_command.hpp"

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
    "kafka-consumer-perf-test",
    "kafka-delegation-tokens",
    "kafka-features",
    "kafka-log-dirs",
    "kafka-metadata-shell",
    "kafka-mirror-maker",
    "kafka-producer-perf-test",
    "kafka-replica-verification",
    "kafka-storage",
    "kafka-streams-application-reset",
    "trogdor",
    "zookeeper-security-migration",
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

template <typename Command>
Program tool(const std::vector<std::string>& words) {
    return {std::make_unique<Command>(words), kToolStartUp, false, false};
}

template <typename Server, const Duration& kStartUp>
Program server(const std::vector<std::string>& typed) {
    std::vector<std::string> words = typed;
    const bool has_arguments = words.size() > 1;
    const bool daemon = has_arguments && words[1] == "-daemon";
    if (daemon) words.erase(words.begin() + 1);
    return {std::make_unique<Server>(std::move(words)), has_arguments ? kStartUp : kScriptOnly, true, daemon};
}

/// The classes that kafka-run-class.sh may be given, with the script that runs the same one.
struct MainClass {
    std::string_view name;
    std::string_view script;
};
constexpr auto kMainClasses = std::to_array<MainClass>({
    {"kafka.admin.BrokerApiVersionsCommand", "kafka-broker-api-versions"},
    {"kafka.admin.ConsumerGroupCommand", "kafka-consumer-groups"},
    {"kafka.admin.DeleteRecordsCommand", "kafka-delete-records"},
    {"kafka.admin.LeaderElectionCommand", "kafka-leader-election"},
    {"kafka.admin.ReassignPartitionsCommand", "kafka-reassign-partitions"},
    {"kafka.admin.TopicCommand", "kafka-topics"},
    {"kafka.tools.ConsoleConsumer", "kafka-console-consumer"},
    {"kafka.tools.ConsoleProducer", "kafka-console-producer"},
    {"kafka.tools.DumpLogSegments", "kafka-dump-log"},
    {"kafka.tools.GetOffsetShell", "kafka-get-offsets"},
    {"org.apache.kafka.tools.VerifiableConsumer", "kafka-verifiable-consumer"},
    {"org.apache.kafka.tools.VerifiableProducer", "kafka-verifiable-producer"},
});

class NotModelledClass final : public ToolProcess {
public:
    using ToolProcess::ToolProcess;

private:
    Task<int> run() override {
        if (!arguments().empty()) co_return not_modelled(fmt::format("kafka-run-class.sh {}", arguments().front()));
        out("USAGE: " + program() + " [-daemon] [-name servicename] [-loggc] classname [opts]\n");
        co_return 1;
    }
};

Program program_of_class(const std::vector<std::string>& words) {
    const auto known = std::find_if(kMainClasses.begin(), kMainClasses.end(),
                                    [&](const MainClass& each) { return words.size() > 1 && each.name == words[1]; });
    if (known == kMainClasses.end()) return {std::make_unique<NotModelledClass>(words), kScriptOnly, false, false};
    std::vector<std::string> of_script(words.begin() + 1, words.end());
    of_script.front() = known->script;
    return *make_program(of_script);
}

constexpr Script kScripts[] = {
    {"kafka-broker-api-versions", broker_api_versions_options, tool<BrokerApiVersionsCommand>},
    {"kafka-cluster", nullptr, tool<ClusterCommand>},
    {"kafka-configs", configs_options, tool<ConfigsCommand>},
    {"kafka-console-consumer", console_consumer_options, tool<ConsoleConsumerCommand>},
    {"kafka-console-producer", console_producer_options, tool<ConsoleProducerCommand>},
    {"kafka-consumer-groups", consumer_groups_options, tool<ConsumerGroupsCommand>},
    {"kafka-delete-records", delete_records_options, tool<DeleteRecordsCommand>},
    {"kafka-dump-log", dump_log_options, tool<DumpLogCommand>},
    {"kafka-get-offsets", get_offsets_options, tool<GetOffsetsCommand>},
    {"kafka-leader-election", leader_election_options, tool<LeaderElectionCommand>},
    {"kafka-reassign-partitions", reassign_partitions_options, tool<ReassignPartitionsCommand>},
    {"kafka-run-class", nullptr, program_of_class},
    {"kafka-server-start", nullptr, server<KafkaServerStart, kBrokerStartUp>},
    {"kafka-topics", topics_options, tool<TopicsCommand>},
    {"kafka-verifiable-consumer", nullptr, tool<VerifiableConsumerCommand>},
    {"kafka-verifiable-producer", nullptr, tool<VerifiableProducerCommand>},
    {"zookeeper-server-start", nullptr, server<ZooKeeperServerStart, kZooKeeperStartUp>},
    {"zookeeper-shell", nullptr, tool<ZooKeeperShellCommand>},
};

}  // namespace

std::string script_name(std::string_view word) {
    const size_t slash = word.rfind('/');
    std::string_view name = slash == std::string_view::npos ? word : word.substr(slash + 1);
    if (name.ends_with(".sh")) name.remove_suffix(3);
    return std::string(name);
}

std::span<const Script> scripts() { return kScripts; }

std::optional<Program> make_program(const std::vector<std::string>& words) {
    if (words.empty()) return std::nullopt;
    const std::string name = script_name(words.front());
    for (const Script& script : kScripts) {
        if (script.name == name) return script.make(words);
    }
    if (std::find(kNotModelledScripts.begin(), kNotModelledScripts.end(), name) == kNotModelledScripts.end())
        return std::nullopt;
    return Program{std::make_unique<NotModelledScript>(words), kScriptOnly, false, false};
}

}  // namespace kafkasim::tools
