// SPDX-License-Identifier: Apache-2.0

#include "core/tools/consumer_groups_command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/java.hpp"
#include "core/protocol/consumer_protocol.hpp"
#include "core/tools/options.hpp"

namespace kafkasim::tools {
namespace {

/// In the order of Scala's HashSet.
constexpr std::string_view kScenarios[] = {"by-duration", "to-offset",  "from-file", "to-datetime",
                                           "to-earliest", "to-current", "shift-by",  "to-latest"};
constexpr std::string_view kActions[] = {"list", "describe", "delete", "reset-offsets", "delete-offsets"};

std::string text_of(const client::ClientNode& node) {
    return fmt::format("{}:{} ({})", node.endpoint.host, node.endpoint.port, node.id);
}

std::optional<std::string> complaint_about_describe(ParsedOptions& options) {
    if (!options.has("group") && !options.has("all-groups"))
        return "Option [describe] takes one of these options: [group], [all-groups]";
    const int forms =
        (options.has("members") ? 1 : 0) + (options.has("offsets") ? 1 : 0) + (options.has("state") ? 1 : 0);
    if (forms > 1) return "Option [describe] takes at most one of these options: [members], [offsets], [state]";
    if (!options.all("state").empty()) return "Option [describe] does not take a value for [state]";
    return std::nullopt;
}

/// What checkArgs looks at before it looks at --reset-offsets.
std::optional<std::string> complaint_before_reset(ParsedOptions& options) {
    if (auto text = missing_required(options, {"bootstrap-server"})) return text;
    if (options.has("describe")) {
        if (auto text = complaint_about_describe(options)) return text;
    }
    if (options.has("delete")) {
        if (!options.has("group") && !options.has("all-groups"))
            return "Option [delete] takes one of these options: [group], [all-groups]";
        if (options.has("topic"))
            return "The consumer does not support topic-specific offset deletion from a consumer group.";
    }
    if (options.has("delete-offsets") && (!options.has("group") || !options.has("topic")))
        return "Option [delete-offsets] takes the following options: [group], [topic]";
    return std::nullopt;
}

std::optional<std::string> complaint_about_reset(const ParsedOptions& options) {
    if (!options.has("reset-offsets")) return std::nullopt;
    if (options.has("dry-run") && options.has("execute"))
        return "Option [reset-offsets] only accepts one of [execute] and [dry-run]";
    if (!options.has("group") && !options.has("all-groups"))
        return "Option [reset-offsets] takes one of these options: [group], [all-groups]";
    for (std::string_view scenario :
         {"to-offset", "to-datetime", "by-duration", "to-earliest", "to-latest", "shift-by", "from-file"}) {
        if (!options.has(scenario)) continue;
        for (std::string_view other : kScenarios) {
            if (other == scenario) continue;
            if (auto text = invalid_together(options, scenario, {other})) return text;
        }
    }
    return std::nullopt;
}

GroupMemberInfo member_info(const protocol::DescribeGroupsResponse::DescribedGroupMember& member) {
    GroupMemberInfo info{
        member.member_id, member.client_host, member.client_id, member.group_instance_id.value_or(""), {}};
    if (const auto assignment = protocol::decode_assignment(member.member_assignment))
        info.assignment = protocol::partitions_of(*assignment);
    return info;
}

std::optional<int64_t> find_offset(const std::map<TopicPartition, int64_t>& offsets, const TopicPartition& tp) {
    const auto found = offsets.find(tp);
    return found == offsets.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::optional<std::string> complaint_about_groups_options(ParsedOptions& options) {
    if (auto text = complaint_before_reset(options)) return text;
    if (auto text = complaint_about_reset(options)) return text;
    if (auto text = invalid_together(options, "group", {"all-groups"})) return text;
    if (auto text = invalid_together(options, "group", {"list"})) return text;
    return invalid_together(options, "topic", {"list", "describe"});
}

std::string remark_on_dry_run(ParsedOptions& options) {
    if (!options.has("reset-offsets") || options.has("dry-run") || options.has("execute")) return "";
    if (complaint_before_reset(options)) return "";
    return "WARN: No action will be performed as the --execute option is missing.In a future major release, the "
           "default behavior of this command will be to prompt the user before executing the reset rather than doing a "
           "dry run. You should add the --dry-run option explicitly if you are scripting this command and want to keep "
           "the current default behavior without prompting.\n";
}

Task<int> ConsumerGroupsCommand::run() {
    const auto table = consumer_groups_options();
    ParseOutcome parsed = parse_options(table, arguments());
    if (parsed.error) {
        co_return parse_failed(
            *parsed.error,
            {"kafka.admin.ConsumerGroupCommand$ConsumerGroupCommandOptions.<init>(ConsumerGroupCommand.scala:1084)",
             "kafka.admin.ConsumerGroupCommand$.main(ConsumerGroupCommand.scala:49)",
             "kafka.admin.ConsumerGroupCommand.main(ConsumerGroupCommand.scala)"});
    }
    ParsedOptions options = std::move(parsed.options);
    err(remark_on_dry_run(options));
    if (auto complaint = complaint_about_groups_options(options)) co_return print_usage_and_die(*complaint, table);
    const std::string about =
        "This tool helps to list all consumer groups, describe a consumer group, delete consumer group info, or reset "
        "consumer group offsets.";
    if (auto code = help_or_version(options, table, about)) co_return *code;
    if (std::count_if(std::begin(kActions), std::end(kActions),
                      [&](std::string_view action) { return options.has(action); }) != 1) {
        co_return print_usage_and_die(
            "Command must include exactly one action: --list, --describe, --delete, --reset-offsets, --delete-offsets",
            table);
    }
    const std::optional<std::string> bootstrap = options.text("bootstrap-server");
    const std::optional<std::string> command_config = options.text("command-config");
    if (options.error()) co_return print_usage_and_die(options.error()->message, table);
    if (auto exception = create_admin(*bootstrap, command_config)) co_return uncaught(*exception);

    const Outcome<int> outcome = co_await act(options);
    close_admin();
    if (!outcome.failure) co_return 0;
    if (outcome.failure->not_modelled) co_return not_modelled(outcome.failure->message);
    if (outcome.failure->usage) co_return print_usage_and_die(outcome.failure->message, table);
    print_failure(*outcome.failure);
    co_return 0;
}

void ConsumerGroupsCommand::print_failure(const Failure& failure) {
    out(fmt::format("\nError: Executing consumer group command failed due to {}\n", failure.message));
    if (!failure.execution) return err(fmt::format("{}: {}\n", failure.exception, failure.message));
    err(fmt::format("java.util.concurrent.ExecutionException: {0}\nCaused by: {0}\n", failure.message));
}

Task<ConsumerGroupsCommand::Outcome<int>> ConsumerGroupsCommand::act(ParsedOptions options) {
    const std::optional<int64_t> timeout = options.number("timeout");
    if (options.error()) co_return Outcome<int>{thrown_by_parser(*options.error()), 0};
    timeout_ = from_millis(*timeout);
    if (options.has("list")) co_return co_await list(options);
    if (options.has("describe")) co_return co_await describe(options);
    if (options.has("delete")) co_return co_await delete_groups(options);
    if (options.has("reset-offsets")) co_return co_await reset_offsets(options);
    co_return co_await delete_offsets(options);
}

client::AdminCall ConsumerGroupsCommand::timed(client::AdminCall call) const {
    call.timeout = timeout_;
    return call;
}

Task<ConsumerGroupsCommand::Outcome<int>> ConsumerGroupsCommand::list(ParsedOptions options) {
    const std::string wanted = options.text("state").value_or("");
    std::vector<std::string> states;
    if (!wanted.empty()) {
        auto parsed = parse_states(wanted);
        if (!parsed) co_return Outcome<int>{Failure{invalid_states(wanted), false, true}, 0};
        states = std::move(*parsed);
    }
    const Outcome<std::vector<GroupAndState>> listed = co_await listed_groups(states);
    if (listed.failure) co_return Outcome<int>{listed.failure, 0};
    if (options.has("state")) {
        out(list_with_states(listed.value));
    } else {
        for (const GroupAndState& each : listed.value) out(each.group + "\n");
    }
    co_return Outcome<int>{};
}

Task<ConsumerGroupsCommand::Outcome<std::vector<GroupAndState>>> ConsumerGroupsCommand::listed_groups(
    std::vector<std::string> states) {
    Outcome<std::vector<GroupAndState>> outcome;
    client::AdminCall request = timed(client::list_consumer_groups(std::move(states)));
    const client::AdminResult result = co_await call(std::move(request));
    if (result.error) {
        outcome.failure = thrown_by_future(*result.error);
        co_return outcome;
    }
    std::vector<GroupAndState> groups;
    std::vector<std::string> names;
    for (const client::AdminResponse& response : result.responses) {
        const auto* body = std::get_if<protocol::ListGroupsResponse>(&response.body);
        if (body == nullptr) continue;
        if (body->error_code != ErrorCode::None) outcome.failure = thrown_by_future(admin_error(body->error_code));
        for (const auto& group : body->groups) {
            const bool is_consumer = group.protocol_type == "consumer" || group.protocol_type.empty();
            if (!is_consumer || std::find(names.begin(), names.end(), group.group_id) != names.end()) continue;
            groups.push_back({group.group_id, group.group_state});
            names.push_back(group.group_id);
        }
    }
    for (size_t i : listed_order(names)) outcome.value.push_back(groups[i]);
    co_return outcome;
}

Task<ConsumerGroupsCommand::Outcome<std::vector<std::string>>> ConsumerGroupsCommand::chosen_groups(
    ParsedOptions options) {
    Outcome<std::vector<std::string>> outcome;
    std::vector<std::string> groups = options.all("group");
    if (options.has("all-groups")) {
        const Outcome<std::vector<GroupAndState>> listed = co_await listed_groups({});
        outcome.failure = listed.failure;
        groups.clear();
        for (const GroupAndState& each : listed.value) groups.push_back(each.group);
    }
    for (const std::string& group : groups) {
        if (std::find(outcome.value.begin(), outcome.value.end(), group) == outcome.value.end())
            outcome.value.push_back(group);
    }
    co_return outcome;
}

Task<ConsumerGroupsCommand::Outcome<int>> ConsumerGroupsCommand::describe(ParsedOptions options) {
    const Outcome<std::vector<std::string>> groups = co_await chosen_groups(options);
    if (groups.failure) co_return Outcome<int>{groups.failure, 0};
    Outcome<std::vector<Description>> described = co_await described_groups(groups.value);
    if (described.failure) co_return Outcome<int>{described.failure, 0};
    std::sort(described.value.begin(), described.value.end(),
              [](const Description& a, const Description& b) { return a.group < b.group; });
    std::vector<Report> reports;
    for (const Description& group : described.value) {
        Outcome<Report> report = co_await report_of(group, options);
        if (report.failure) co_return Outcome<int>{report.failure, 0};
        reports.push_back(std::move(report.value));
    }
    for (const Report& report : reports) {
        Outcome<int> printed = print(report);
        if (printed.failure) co_return printed;
    }
    co_return Outcome<int>{};
}

Task<ConsumerGroupsCommand::Outcome<std::vector<ConsumerGroupsCommand::Description>>>
ConsumerGroupsCommand::described_groups(std::vector<std::string> groups) {
    Outcome<std::vector<Description>> outcome;
    std::vector<uint64_t> calls;
    for (const std::string& group : groups) calls.push_back(submit(timed(client::describe_consumer_group(group))));
    for (size_t i : listed_order(groups)) {
        const client::AdminResult result = co_await answer(calls[i]);
        Outcome<Description> one = description_of(groups[i], result);
        if (one.failure) {
            outcome.failure = one.failure;
            co_return outcome;
        }
        outcome.value.push_back(std::move(one.value));
    }
    co_return outcome;
}

ConsumerGroupsCommand::Outcome<ConsumerGroupsCommand::Description> ConsumerGroupsCommand::description_of(
    const std::string& group, const client::AdminResult& result) {
    if (result.error) return {thrown_by_future(*result.error), {}};
    for (const auto& each : body_of<protocol::DescribeGroupsResponse>(result).groups) {
        if (each.group_id != group) continue;
        if (each.error_code != ErrorCode::None) return {thrown_by_future(admin_error(each.error_code)), {}};
        Description description{
            group, each.group_state, text_of(result.responses.front().node), each.protocol_data, {}};
        for (const auto& member : each.members) description.members.push_back(member_info(member));
        return {std::nullopt, std::move(description)};
    }
    return {Failure{fmt::format("no description of group {}", group), false, false}, {}};
}

ConsumerGroupsCommand::Outcome<int> ConsumerGroupsCommand::print(const Report& report) {
    const StateRemark said = remark_about_state(report.group, report.state, report.rows);
    if (said.failure) return {Failure{*said.failure, false, false, "org.apache.kafka.common.KafkaException"}, 0};
    out(said.on_stdout);
    err(said.on_stderr);
    if (said.table) out(report.table);
    return {};
}

Task<ConsumerGroupsCommand::Outcome<ConsumerGroupsCommand::Report>> ConsumerGroupsCommand::report_of(
    Description group, ParsedOptions options) {
    Outcome<Report> outcome;
    outcome.value = {group.group, group.state, group.members.size(), {}};
    if (options.has("members")) {
        outcome.value.table = members_table(group.group, group.members, options.has("verbose"));
        co_return outcome;
    }
    if (options.has("state")) {
        outcome.value.rows = 1;
        outcome.value.table =
            state_table(group.group, {group.coordinator, group.strategy, group.state, group.members.size()});
        co_return outcome;
    }
    outcome = co_await offsets_of(group);
    co_return outcome;
}

Task<ConsumerGroupsCommand::Outcome<ConsumerGroupsCommand::Report>> ConsumerGroupsCommand::offsets_of(
    Description group) {
    Outcome<Report> outcome;
    const Outcome<Offsets> committed = co_await committed_offsets(group.group);
    if (committed.failure) co_return Outcome<Report>{committed.failure, {}};
    std::vector<TopicPartition> unassigned;
    for (const auto& [tp, offset] : committed.value) unassigned.push_back(tp);
    std::vector<OffsetRow> rows;
    for (size_t i : members_with_partitions(group.members)) {
        const GroupMemberInfo& member = group.members[i];
        std::vector<TopicPartition> partitions =
            hash_order(member.assignment, java::presized_capacity(member.assignment.size()));
        for (const TopicPartition& tp : partitions) std::erase(unassigned, tp);
        OffsetRow owner{{}, std::nullopt, std::nullopt, member.consumer_id, member.host, member.client_id};
        const Outcome<std::vector<OffsetRow>> block =
            co_await rows_of(std::move(partitions), committed.value, std::move(owner));
        if (block.failure) co_return Outcome<Report>{block.failure, {}};
        rows.insert(rows.end(), block.value.begin(), block.value.end());
    }
    if (!unassigned.empty()) {
        std::vector<TopicPartition> partitions = hash_order(unassigned);
        OffsetRow nobody;
        const Outcome<std::vector<OffsetRow>> block =
            co_await rows_of(std::move(partitions), committed.value, std::move(nobody));
        if (block.failure) co_return Outcome<Report>{block.failure, {}};
        rows.insert(rows.end(), block.value.begin(), block.value.end());
    }
    outcome.value = {group.group, group.state, rows.size(), offsets_table(group.group, rows)};
    co_return outcome;
}

Task<ConsumerGroupsCommand::Outcome<std::vector<OffsetRow>>> ConsumerGroupsCommand::rows_of(
    std::vector<TopicPartition> partitions, std::map<TopicPartition, int64_t> committed, OffsetRow owner) {
    Outcome<std::vector<OffsetRow>> outcome;
    const std::vector<TopicPartition> ordered = row_order(std::move(partitions));
    const Outcome<Offsets> ends = co_await listed_offsets(ordered, client::kLatestTimestamp);
    if (ends.failure) {
        outcome.failure = ends.failure;
        co_return outcome;
    }
    for (const TopicPartition& tp : ordered) {
        OffsetRow row = owner;
        row.tp = tp;
        row.current_offset = find_offset(committed, tp);
        row.log_end_offset = find_offset(ends.value, tp);
        outcome.value.push_back(std::move(row));
    }
    co_return outcome;
}

Task<ConsumerGroupsCommand::Outcome<ConsumerGroupsCommand::Offsets>> ConsumerGroupsCommand::committed_offsets(
    std::string group) {
    Outcome<Offsets> outcome;
    client::AdminCall request = timed(client::list_consumer_group_offsets(group));
    const client::AdminResult result = co_await call(std::move(request));
    if (result.error) {
        outcome.failure = thrown_by_future(*result.error);
        co_return outcome;
    }
    for (const auto& answered : body_of<protocol::OffsetFetchResponse>(result).groups) {
        if (answered.error_code != ErrorCode::None)
            outcome.failure = thrown_by_future(admin_error(answered.error_code));
        for (const auto& topic : answered.topics) {
            for (const auto& partition : topic.partitions) {
                const bool has_offset = partition.error_code == ErrorCode::None && partition.committed_offset >= 0;
                if (has_offset) outcome.value[{topic.name, partition.partition_index}] = partition.committed_offset;
            }
        }
    }
    co_return outcome;
}

Task<ConsumerGroupsCommand::Outcome<ConsumerGroupsCommand::Offsets>> ConsumerGroupsCommand::listed_offsets(
    std::vector<TopicPartition> partitions, int64_t timestamp) {
    Outcome<Offsets> outcome;
    if (partitions.empty()) co_return outcome;
    std::vector<client::OffsetQuery> queries;
    for (const TopicPartition& tp : partitions) queries.push_back({tp, timestamp});
    client::AdminCall request = timed(client::list_offsets(queries));
    const client::AdminResult result = co_await call(std::move(request));
    if (result.error) outcome.failure = thrown_by_future(*result.error);
    for (const client::AdminResponse& response : result.responses) {
        const auto* body = std::get_if<protocol::ListOffsetsResponse>(&response.body);
        if (body == nullptr) continue;
        for (const auto& topic : body->topics) {
            for (const auto& partition : topic.partitions) {
                if (partition.error_code != ErrorCode::None)
                    outcome.failure = thrown_by_future(admin_error(partition.error_code));
                outcome.value[{topic.name, partition.partition_index}] = partition.offset;
            }
        }
    }
    co_return outcome;
}

}  // namespace kafkasim::tools
