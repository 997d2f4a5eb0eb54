// SPDX-License-Identifier: Apache-2.0
// kafka-consumer-groups.sh --reset-offsets: works out an offset for each partition of each group without members,
// and commits it with --execute.
// Kafka 3.0.0: kafka.admin.ConsumerGroupCommand.ConsumerGroupService.resetOffsets, prepareOffsetsToReset.

#include <fmt/format.h>

#include <algorithm>

#include "core/node/log.hpp"
#include "core/tools/consumer_groups_command.hpp"
#include "core/tools/loggers.hpp"

namespace kafkasim::tools {
namespace {

constexpr std::string_view kNoScenario =
    "Option '[reset-offsets]' requires one of the following scenarios: HashSet([by-duration], [to-offset], "
    "[from-file], [to-datetime], [to-earliest], [to-current], [shift-by], [to-latest])";

}  // namespace

Task<ConsumerGroupsCommand::Outcome<int>> ConsumerGroupsCommand::reset_offsets(ParsedOptions options) {
    const Outcome<std::vector<std::string>> groups = co_await chosen_groups(options);
    if (groups.failure) co_return Outcome<int>{groups.failure, 0};
    const Outcome<std::vector<Description>> described = co_await described_groups(groups.value);
    if (described.failure) co_return Outcome<int>{described.failure, 0};
    GroupOffsets reset;
    for (const Description& group : described.value) {
        if (group.state != "Empty" && group.state != "Dead") {
            out(
                fmt::format("\nError: Assignments can only be reset if the group '{}' is inactive, but the current "
                            "state is {}.\n",
                            group.group, group.state));
            reset.emplace_back(group.group, NewOffsets{});
            continue;
        }
        const Outcome<std::vector<TopicPartition>> partitions = co_await partitions_to_reset(group.group, options);
        if (partitions.failure) co_return Outcome<int>{partitions.failure, 0};
        const Outcome<NewOffsets> prepared = co_await prepared_offsets(group.group, partitions.value, options);
        if (prepared.failure) co_return Outcome<int>{prepared.failure, 0};
        if (options.has("execute")) {
            const Outcome<int> altered = co_await alter_offsets(group.group, prepared.value);
            if (altered.failure) co_return altered;
        }
        reset.emplace_back(group.group, prepared.value);
    }
    reset = in_map_order(reset);
    out(options.has("export") ? reset_csv(reset, options.all("group").size() == 1) + "\n" : reset_table(reset));
    co_return Outcome<int>{};
}

Task<ConsumerGroupsCommand::Outcome<std::vector<TopicPartition>>> ConsumerGroupsCommand::partitions_to_reset(
    std::string group, ParsedOptions options) {
    Outcome<std::vector<TopicPartition>> outcome;
    if (options.has("all-topics")) {
        const Outcome<Offsets> committed = co_await committed_offsets(group);
        outcome.failure = committed.failure;
        for (const auto& [tp, offset] : committed.value) outcome.value.push_back(tp);
        outcome.value = hash_order(outcome.value);
        co_return outcome;
    }
    if (!options.has("topic")) {
        if (!options.has("from-file"))
            outcome.failure = illegal_argument("One of the reset scopes should be defined: --all-topics, --topic.");
        co_return outcome;
    }
    const TopicArguments arguments = parse_topic_arguments(options.all("topic"));
    if (arguments.illegal) {
        outcome.failure = illegal_argument(*arguments.illegal);
        co_return outcome;
    }
    outcome.value = arguments.partitions;
    const std::vector<TopicPartitions> topics = co_await described_topics(arguments.topics);
    for (const TopicPartitions& topic : topics) {
        if (topic.error && !outcome.failure) outcome.failure = thrown_by_future(*topic.error);
        outcome.value.insert(outcome.value.end(), topic.partitions.begin(), topic.partitions.end());
    }
    co_return outcome;
}

Task<std::vector<ConsumerGroupsCommand::TopicPartitions>> ConsumerGroupsCommand::described_topics(
    std::vector<std::string> topics) {
    std::vector<TopicPartitions> described;
    std::sort(topics.begin(), topics.end());
    topics.erase(std::unique(topics.begin(), topics.end()), topics.end());
    if (topics.empty()) co_return described;
    std::vector<TopicName> names;
    for (const std::string& topic : topics) names.emplace_back(topic);
    client::AdminCall request = timed(client::describe_topics(names));
    const client::AdminResult result = co_await call(std::move(request));
    for (const std::string& name : in_presized_order(topics)) {
        TopicPartitions topic{name, result.error, {}};
        if (result.error) {
            described.push_back(std::move(topic));
            continue;
        }
        for (const auto& answered : body_of<protocol::MetadataResponse>(result).topics) {
            if (answered.name.view() != name) continue;
            if (answered.error_code != ErrorCode::None) topic.error = admin_error(answered.error_code);
            for (const auto& partition : answered.partitions)
                topic.partitions.push_back({answered.name, partition.partition_index});
        }
        std::sort(topic.partitions.begin(), topic.partitions.end());
        described.push_back(std::move(topic));
    }
    co_return described;
}

Task<ConsumerGroupsCommand::Outcome<NewOffsets>> ConsumerGroupsCommand::prepared_offsets(
    std::string group, std::vector<TopicPartition> partitions, ParsedOptions options) {
    Outcome<NewOffsets> outcome;
    if (options.has("to-offset")) {
        const std::optional<int64_t> offset = options.number("to-offset");
        if (options.error()) co_return Outcome<NewOffsets>{thrown_by_parser(*options.error()), {}};
        NewOffsets wanted;
        for (const TopicPartition& tp : partitions) wanted.push_back({tp, *offset});
        outcome = co_await offsets_in_range(std::move(wanted));
    } else if (options.has("to-earliest")) {
        outcome = co_await offsets_at(partitions, client::kEarliestTimestamp);
    } else if (options.has("to-latest")) {
        outcome = co_await offsets_at(partitions, client::kLatestTimestamp);
    } else if (options.has("shift-by")) {
        outcome = co_await shifted_offsets(group, partitions, options);
    } else if (options.has("to-datetime") || options.has("by-duration")) {
        const bool date = options.has("to-datetime");
        const std::optional<std::string> text = options.text(date ? "to-datetime" : "by-duration");
        if (options.error()) co_return Outcome<NewOffsets>{thrown_by_parser(*options.error()), {}};
        const JavaResult<int64_t> timestamp = date ? parse_date_time(*text) : time_before_now(*text);
        outcome = co_await offsets_after(partitions, timestamp);
    } else if (options.has("from-file")) {
        outcome = co_await offsets_of_file(group, options);
    } else if (options.has("to-current")) {
        outcome = co_await current_offsets(group, partitions);
    } else {
        outcome.failure = illegal_argument(std::string(kNoScenario));
    }
    co_return outcome;
}

Task<ConsumerGroupsCommand::Outcome<NewOffsets>> ConsumerGroupsCommand::offsets_in_range(NewOffsets wanted) {
    Outcome<NewOffsets> outcome;
    wanted = in_map_order(wanted);
    std::vector<TopicPartition> partitions;
    for (const NewOffset& each : wanted) partitions.push_back(each.tp);
    Outcome<Offsets> earliest = co_await listed_offsets(partitions, client::kEarliestTimestamp);
    if (earliest.failure) co_return Outcome<NewOffsets>{earliest.failure, {}};
    Outcome<Offsets> latest = co_await listed_offsets(partitions, client::kLatestTimestamp);
    if (latest.failure) co_return Outcome<NewOffsets>{latest.failure, {}};
    for (const NewOffset& each : wanted) {
        const OffsetInRange possible = in_range(each.tp, each.offset, earliest.value[each.tp], latest.value[each.tp]);
        if (!possible.warning.empty()) node::warn(env(), kConsumerGroupCommandLogger, "{}", possible.warning);
        outcome.value.push_back({each.tp, possible.offset});
    }
    co_return outcome;
}

Task<ConsumerGroupsCommand::Outcome<NewOffsets>> ConsumerGroupsCommand::offsets_at(
    std::vector<TopicPartition> partitions, int64_t timestamp) {
    Outcome<Offsets> listed = co_await listed_offsets(partitions, timestamp);
    NewOffsets offsets;
    for (const TopicPartition& tp : partitions) offsets.push_back({tp, listed.value[tp]});
    co_return Outcome<NewOffsets>{listed.failure, in_map_order(offsets)};
}

Task<ConsumerGroupsCommand::Outcome<NewOffsets>> ConsumerGroupsCommand::offsets_after(
    std::vector<TopicPartition> partitions, JavaResult<int64_t> timestamp) {
    if (!timestamp.value) {
        co_return Outcome<NewOffsets>{Failure{timestamp.thrown.message, false, false, timestamp.thrown.exception}, {}};
    }
    Outcome<Offsets> found = co_await listed_offsets(partitions, *timestamp.value);
    if (found.failure) co_return Outcome<NewOffsets>{found.failure, {}};
    std::vector<TopicPartition> without;
    for (const auto& [tp, offset] : found.value) {
        if (offset < 0) without.push_back(tp);
    }
    for (const TopicPartition& tp : in_mutable_map_order(without)) {
        out(fmt::format("\nWarn: Partition {} from topic {} is empty. Falling back to latest known offset.\n",
                        tp.partition, tp.topic.view()));
    }
    Outcome<Offsets> ends = co_await listed_offsets(without, client::kLatestTimestamp);
    if (ends.failure) co_return Outcome<NewOffsets>{ends.failure, {}};
    NewOffsets offsets;
    for (const TopicPartition& tp : partitions) {
        const auto end = ends.value.find(tp);
        offsets.push_back({tp, end == ends.value.end() ? found.value[tp] : end->second});
    }
    co_return Outcome<NewOffsets>{std::nullopt, in_map_order(offsets)};
}

JavaResult<int64_t> ConsumerGroupsCommand::time_before_now(const std::string& duration) {
    const JavaResult<JavaDuration> parsed = parse_duration(duration);
    if (!parsed.value) return {std::nullopt, parsed.thrown};
    return before(env().wall_clock().value, *parsed.value);
}

Task<ConsumerGroupsCommand::Outcome<NewOffsets>> ConsumerGroupsCommand::shifted_offsets(
    std::string group, std::vector<TopicPartition> partitions, ParsedOptions options) {
    const Outcome<Offsets> committed = co_await committed_offsets(group);
    if (committed.failure) co_return Outcome<NewOffsets>{committed.failure, {}};
    NewOffsets wanted;
    for (const TopicPartition& tp : partitions) {
        const std::optional<int64_t> shift = options.number("shift-by");
        if (options.error()) co_return Outcome<NewOffsets>{thrown_by_parser(*options.error()), {}};
        const auto current = committed.value.find(tp);
        if (current == committed.value.end()) {
            co_return Outcome<NewOffsets>{
                illegal_argument(fmt::format(
                    "Cannot shift offset for partition {} since there is no current committed offset", to_string(tp))),
                {}};
        }
        // Wraps around as a long does.
        const uint64_t sum = static_cast<uint64_t>(current->second) + static_cast<uint64_t>(*shift);
        wanted.push_back({tp, static_cast<int64_t>(sum)});
    }
    Outcome<NewOffsets> outcome = co_await offsets_in_range(std::move(wanted));
    co_return outcome;
}

Task<ConsumerGroupsCommand::Outcome<NewOffsets>> ConsumerGroupsCommand::current_offsets(
    std::string group, std::vector<TopicPartition> partitions) {
    const Outcome<Offsets> committed = co_await committed_offsets(group);
    if (committed.failure) co_return Outcome<NewOffsets>{committed.failure, {}};
    NewOffsets offsets;
    std::vector<TopicPartition> without;
    for (const TopicPartition& tp : partitions) {
        const auto current = committed.value.find(tp);
        if (current == committed.value.end()) {
            without.push_back(tp);
        } else {
            offsets.push_back({tp, current->second});
        }
    }
    const Outcome<NewOffsets> ends = co_await offsets_at(without, client::kLatestTimestamp);
    offsets.insert(offsets.end(), ends.value.begin(), ends.value.end());
    co_return Outcome<NewOffsets>{ends.failure, in_map_order(offsets)};
}

Task<ConsumerGroupsCommand::Outcome<NewOffsets>> ConsumerGroupsCommand::offsets_of_file(std::string group,
                                                                                        ParsedOptions options) {
    const std::optional<std::string> path = options.text("from-file");
    if (options.error()) co_return Outcome<NewOffsets>{thrown_by_parser(*options.error()), {}};
    const std::optional<std::string> csv = env().disk().read_text(*path);
    if (!csv) {
        co_return Outcome<NewOffsets>{
            Failure{fmt::format("Unable to read file {}", *path), false, false, "java.io.IOException"}, {}};
    }
    const auto plan = parse_reset_plan(*csv, options.all("group"));
    if (!plan) {
        Failure refused;
        refused.message = fmt::format("a line of {} that is no record of a reset plan", *path);
        refused.not_modelled = true;
        co_return Outcome<NewOffsets>{std::move(refused), {}};
    }
    const auto wanted = plan->find(group);
    if (wanted == plan->end()) {
        out(fmt::format("\nError: No reset plan for group {} found\n", group));
        co_return Outcome<NewOffsets>{};
    }
    NewOffsets offsets = wanted->second;
    Outcome<NewOffsets> outcome = co_await offsets_in_range(std::move(offsets));
    co_return outcome;
}

Task<ConsumerGroupsCommand::Outcome<int>> ConsumerGroupsCommand::alter_offsets(std::string group, NewOffsets offsets) {
    Outcome<int> outcome;
    std::vector<client::OffsetToCommit> commits;
    for (const NewOffset& each : offsets) commits.push_back({each.tp, each.offset});
    client::AdminCall request = timed(client::alter_consumer_group_offsets(group, commits));
    const client::AdminResult result = co_await call(std::move(request));
    if (result.error) {
        outcome.failure = thrown_by_future(*result.error);
        co_return outcome;
    }
    std::vector<TopicPartition> failed;
    std::map<TopicPartition, ErrorCode> errors;
    for (const auto& topic : body_of<protocol::OffsetCommitResponse>(result).topics) {
        for (const auto& partition : topic.partitions) {
            if (partition.error_code == ErrorCode::None) continue;
            failed.push_back({topic.name, partition.partition_index});
            errors[failed.back()] = partition.error_code;
        }
    }
    if (failed.empty()) co_return outcome;
    failed = hash_order(failed);
    std::vector<std::string> names;
    for (const TopicPartition& tp : failed) names.push_back(to_string(tp));
    outcome.failure = thrown_by_future(admin_error(
        errors[failed.front()], fmt::format("Failed altering consumer group offsets for the following partitions: [{}]",
                                            fmt::join(names, ", "))));
    co_return outcome;
}

}  // namespace kafkasim::tools
