// SPDX-License-Identifier: Apache-2.0

#include "core/tools/leader_election_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/java.hpp"
#include "core/tools/options.hpp"

namespace kafkasim::tools {
namespace {

constexpr std::string_view kElectionFailed = "kafka.common.AdminCommandFailedException: ";
constexpr std::string_view kOperation = "kafka.admin.AdminOperationException: ";
constexpr int8_t kPreferred = 0;
constexpr int8_t kUnclean = 1;

/// EnumConverter: the name of an ElectionType in any case.
std::optional<std::string> election_type(std::string text) {
    for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return text == "PREFERRED" || text == "UNCLEAN" ? std::optional(std::move(text)) : std::nullopt;
}

/// As a mutable set of Scala prints.
std::string joined(const std::vector<TopicPartition>& partitions) {
    std::vector<int32_t> hashes;
    for (const TopicPartition& tp : partitions) hashes.push_back(java::hash(tp));
    std::vector<std::string> names;
    for (size_t i : java::scala_mutable_order(hashes)) names.push_back(to_string(partitions[i]));
    return fmt::format("{}", fmt::join(names, ", "));
}

std::vector<ElectionOutcome> outcomes_of(const protocol::ElectLeadersResponse& response) {
    std::vector<ElectionOutcome> outcomes;
    for (const auto& topic : response.replica_election_results) {
        for (const auto& partition : topic.partition_result) {
            ElectionOutcome outcome{{topic.topic, partition.partition_id}, partition.error_code, ""};
            if (outcome.code != ErrorCode::None)
                outcome.exception = admin_error(partition.error_code, partition.error_message).text();
            outcomes.push_back(std::move(outcome));
        }
    }
    return outcomes;
}

}  // namespace

std::optional<std::string> complaint_about_election_options(const ParsedOptions& options) {
    std::vector<std::string_view> missing;
    for (std::string_view name : {"election-type", "bootstrap-server"}) {
        if (!options.has(name)) missing.push_back(name);
    }
    if (!missing.empty()) return fmt::format("Missing required option(s): {}", fmt::join(missing, ", "));
    const int scopes = (options.has("topic") ? 1 : 0) + (options.has("all-topic-partitions") ? 1 : 0) +
                       (options.has("path-to-json-file") ? 1 : 0);
    if (scopes != 1)
        return "One and only one of the following options is required: topic, all-topic-partitions, path-to-json-file";
    if (options.has("topic") && !options.has("partition")) return "Missing required option(s): partition";
    if (!options.has("topic") && options.has("partition")) return "Option partition is only allowed if topic is used";
    return std::nullopt;
}

ElectionFile parse_election_file(const std::string& json) {
    ElectionFile file;
    const auto data = nlohmann::ordered_json::parse(json, nullptr, false);
    if (data.is_discarded()) {
        file.exception = fmt::format("{}Replica election data is empty", kOperation);
        return file;
    }
    if (data.is_object() && !data.contains("partitions")) {
        file.exception = fmt::format("{}Replica election data is missing \"partitions\" field", kOperation);
        return file;
    }
    file.not_modelled = !data.is_object() || !data["partitions"].is_array();
    if (file.not_modelled) return file;
    std::vector<std::string> duplicates;
    for (const auto& entry : data["partitions"]) {
        const bool whole = entry.is_object() && entry.contains("topic") && entry["topic"].is_string() &&
                           entry.contains("partition") && entry["partition"].is_number_integer();
        if (!whole) {
            file.not_modelled = true;
            return file;
        }
        TopicPartition tp{TopicName(entry["topic"].get<std::string>()), entry["partition"].get<int32_t>()};
        if (std::find(file.partitions.begin(), file.partitions.end(), tp) == file.partitions.end()) {
            file.partitions.push_back(std::move(tp));
        } else if (std::find(duplicates.begin(), duplicates.end(), to_string(tp)) == duplicates.end()) {
            duplicates.push_back(to_string(tp));
        }
    }
    if (!duplicates.empty())
        file.exception = fmt::format("{}Replica election data contains duplicate partitions: {}", kOperation,
                                     fmt::join(duplicates, ","));
    return file;
}

ElectionReport election_report(std::string_view type, const std::vector<ElectionOutcome>& outcomes) {
    std::vector<TopicPartition> succeeded;
    std::vector<TopicPartition> not_needed;
    std::vector<ElectionOutcome> failed;
    std::vector<int32_t> hashes;
    for (const ElectionOutcome& outcome : outcomes) {
        if (outcome.code == ErrorCode::None) {
            succeeded.push_back(outcome.tp);
        } else if (outcome.code == ErrorCode::ElectionNotNeeded) {
            not_needed.push_back(outcome.tp);
        } else {
            failed.push_back(outcome);
            hashes.push_back(java::hash(outcome.tp));
        }
    }
    ElectionReport report;
    if (!succeeded.empty())
        report.on_stdout +=
            fmt::format("Successfully completed leader election ({}) for partitions {}\n", type, joined(succeeded));
    if (!not_needed.empty())
        report.on_stdout += fmt::format("Valid replica already elected for partitions {}\n", joined(not_needed));
    if (failed.empty()) return report;
    report.uncaught = fmt::format("{}{} replica(s) could not be elected", kElectionFailed, failed.size());
    for (size_t i : java::scala_mutable_order(hashes)) {
        report.on_stdout += fmt::format("Error completing leader election ({}) for partition: {}: {}\n", type,
                                        to_string(failed[i].tp), failed[i].exception);
        report.uncaught += "\n\tSuppressed: " + failed[i].exception;
    }
    return report;
}

Task<int> LeaderElectionCommand::run() {
    const auto table = leader_election_options();
    ParseOutcome parsed = parse_options(table, arguments());
    if (parsed.error) {
        co_return parse_failed(*parsed.error,
                               {"kafka.admin.LeaderElectionCommandOptions.<init>(LeaderElectionCommand.scala:286)",
                                "kafka.admin.LeaderElectionCommand$.run(LeaderElectionCommand.scala:46)",
                                "kafka.admin.LeaderElectionCommand$.main(LeaderElectionCommand.scala:42)",
                                "kafka.admin.LeaderElectionCommand.main(LeaderElectionCommand.scala)"});
    }
    ParsedOptions options = std::move(parsed.options);
    const std::string about =
        "This tool attempts to elect a new leader for a set of topic partitions. The type of elections supported are "
        "preferred replicas and unclean replicas.";
    if (auto code = help_or_version(options, table, about)) co_return *code;
    if (auto complaint = complaint_about_election_options(options))
        co_return uncaught(std::string(kElectionFailed) + *complaint);
    const std::string typed = options.text("election-type").value_or("");
    const std::optional<std::string> type = election_type(typed);
    if (!type) {
        co_return uncaught(fmt::format(
            "joptsimple.OptionArgumentConversionException: Cannot parse argument '{0}' of option election-type\nCaused "
            "by: joptsimple.ValueConversionException: Value [{0}] is not one of [[PREFERRED,UNCLEAN]]",
            typed));
    }
    const Wanted which = wanted(options);
    if (which.exit_code) co_return *which.exit_code;
    const std::optional<std::string> admin_config = options.text("admin.config");
    const std::optional<std::string> bootstrap = options.text("bootstrap-server");
    if (options.error()) co_return uncaught(options.error()->exception + ": " + options.error()->message);
    const config::Properties timeouts{{"default.api.timeout.ms", "30000"}, {"request.timeout.ms", "15000"}};
    if (auto exception = create_admin(*bootstrap, admin_config, timeouts)) co_return uncaught(*exception);
    std::optional<std::vector<TopicPartition>> partitions = which.partitions;
    const int code = co_await elect(*type, std::move(partitions));
    close_admin();
    co_return code;
}

LeaderElectionCommand::Wanted LeaderElectionCommand::wanted(ParsedOptions& options) {
    const std::optional<std::string> path = options.text("path-to-json-file");
    const std::optional<std::string> topic = options.text("topic");
    const std::optional<int64_t> partition = options.number("partition");
    if (options.error()) return {std::nullopt, uncaught(options.error()->exception + ": " + options.error()->message)};
    if (!path) {
        if (!topic) return {};
        return {std::vector<TopicPartition>{{TopicName(*topic), static_cast<int32_t>(*partition)}}, std::nullopt};
    }
    const std::optional<std::string> json = env().disk().read_text(*path);
    if (!json) return {std::nullopt, uncaught(fmt::format("java.io.IOException: Unable to read file {}", *path))};
    const ElectionFile file = parse_election_file(*json);
    if (file.not_modelled)
        return {std::nullopt, not_modelled(fmt::format("what Kafka says of the fields of {}", *path))};
    if (!file.exception.empty()) return {std::nullopt, uncaught(file.exception)};
    return {file.partitions, std::nullopt};
}

Task<int> LeaderElectionCommand::elect(std::string type, std::optional<std::vector<TopicPartition>> partitions) {
    client::AdminCall request = client::elect_leaders(type == "UNCLEAN" ? kUnclean : kPreferred, std::move(partitions));
    const client::AdminResult result = co_await call(std::move(request));
    std::optional<client::AdminError> error = result.error;
    if (!error) {
        const ErrorCode whole = body_of<protocol::ElectLeadersResponse>(result).error_code;
        if (whole != ErrorCode::None) error = admin_error(whole);
    }
    if (error && error->code == ErrorCode::RequestTimedOut) {
        out("Timeout waiting for election results\n");
        co_return uncaught(
            fmt::format("{}Timeout waiting for election results\nCaused by: {}", kElectionFailed, error->text()));
    }
    if (error)
        co_return uncaught(fmt::format("java.util.concurrent.ExecutionException: {0}\nCaused by: {0}", error->text()));
    const ElectionReport report = election_report(type, outcomes_of(body_of<protocol::ElectLeadersResponse>(result)));
    out(report.on_stdout);
    co_return report.uncaught.empty() ? 0 : uncaught(report.uncaught);
}

}  // namespace kafkasim::tools
