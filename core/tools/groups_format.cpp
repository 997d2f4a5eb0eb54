// SPDX-License-Identifier: Apache-2.0

#include "core/tools/groups_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/java.hpp"

namespace kafkasim::tools {
namespace {

constexpr size_t kMinimumWidth = 15;
constexpr size_t kMinimumInstanceIdWidth = 17;
constexpr size_t kMinimumStateWidth = 25;
constexpr std::array<std::string_view, 5> kStates{"PreparingRebalance", "CompletingRebalance", "Stable", "Dead",
                                                  "Empty"};

std::string number_or_dash(const std::optional<int64_t>& number) { return number ? fmt::format("{}", *number) : "-"; }

std::string lag_of(const OffsetRow& row) {
    if (!row.current_offset || !row.log_end_offset) return "-";
    return fmt::format("{}", *row.log_end_offset - *row.current_offset);
}

/// Left-aligned in bytes, never cut: java.util.Formatter's `%-Ns` for what Kafka allows in these columns.
std::string padded(std::string_view text, size_t width) {
    std::string cell(text);
    if (cell.size() < width) cell.append(width - cell.size(), ' ');
    return cell;
}

std::string assignment_text(const std::vector<TopicPartition>& assignment) {
    if (assignment.empty()) return "-";
    std::vector<std::pair<TopicName, std::vector<int32_t>>> topics;
    for (const TopicPartition& tp : assignment) {
        auto found =
            std::find_if(topics.begin(), topics.end(), [&](const auto& each) { return each.first == tp.topic; });
        if (found == topics.end()) found = topics.insert(topics.end(), {tp.topic, {}});
        found->second.push_back(tp.partition);
    }
    std::vector<std::string> texts;
    for (auto& [topic, partitions] : topics) {
        std::sort(partitions.begin(), partitions.end());
        texts.push_back(fmt::format("{}({})", topic.view(), fmt::join(partitions, ",")));
    }
    std::sort(texts.begin(), texts.end());
    return fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace

StateRemark remark_about_state(const std::string& group, const std::string& state, size_t rows) {
    StateRemark remark;
    remark.table = state != "Dead" && rows > 0;
    if (state == "Dead") {
        remark.on_stdout = fmt::format("\nError: Consumer group '{}' does not exist.\n", group);
    } else if (state == "Empty") {
        remark.on_stderr = fmt::format("\nConsumer group '{}' has no active members.\n", group);
    } else if (state == "PreparingRebalance" || state == "CompletingRebalance") {
        remark.on_stderr = fmt::format("\nWarning: Consumer group '{}' is rebalancing.\n", group);
    } else if (state != "Stable") {
        remark.failure = fmt::format("Expected a valid consumer group state, but found '{}'.", state);
    }
    return remark;
}

std::string offsets_table(const std::string& group, const std::vector<OffsetRow>& rows) {
    size_t group_width = kMinimumWidth;
    size_t topic_width = kMinimumWidth;
    size_t consumer_width = kMinimumWidth;
    size_t host_width = kMinimumWidth;
    for (const OffsetRow& row : rows) {
        group_width = std::max(group_width, group.size());
        topic_width = std::max(topic_width, row.tp.topic.view().size());
        consumer_width = std::max(consumer_width, row.consumer_id.size());
        host_width = std::max(host_width, row.host.size());
    }
    auto line = [&](std::string_view name, std::string_view topic, const std::string& partition,
                    const std::string& current, const std::string& end, const std::string& lag,
                    std::string_view consumer, std::string_view host, std::string_view client) {
        return fmt::format("{} {} {:<10} {:<15} {:<15} {:<15} {} {} {}\n", padded(name, group_width),
                           padded(topic, topic_width), partition, current, end, lag, padded(consumer, consumer_width),
                           padded(host, host_width), client);
    };
    std::string table = "\n" + line("GROUP", "TOPIC", "PARTITION", "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG",
                                    "CONSUMER-ID", "HOST", "CLIENT-ID");
    for (const OffsetRow& row : rows) {
        table +=
            line(group, row.tp.topic.view(), fmt::format("{}", row.tp.partition), number_or_dash(row.current_offset),
                 number_or_dash(row.log_end_offset), lag_of(row), row.consumer_id, row.host, row.client_id);
    }
    return table;
}

std::string members_table(const std::string& group, const std::vector<GroupMemberInfo>& members, bool verbose) {
    size_t group_width = kMinimumWidth;
    size_t consumer_width = kMinimumWidth;
    size_t instance_width = kMinimumInstanceIdWidth;
    size_t host_width = kMinimumWidth;
    size_t client_width = kMinimumWidth;
    bool has_instance_ids = false;
    for (const GroupMemberInfo& member : members) {
        group_width = std::max(group_width, group.size());
        consumer_width = std::max(consumer_width, member.consumer_id.size());
        instance_width = std::max(instance_width, member.instance_id.size());
        host_width = std::max(host_width, member.host.size());
        client_width = std::max(client_width, member.client_id.size());
        has_instance_ids = has_instance_ids || !member.instance_id.empty();
    }
    auto line = [&](std::string_view name, std::string_view consumer, std::string_view instance, std::string_view host,
                    std::string_view client, const std::string& partitions, const std::string& assignment) {
        const std::string instance_cell = has_instance_ids ? padded(instance, instance_width) + " " : "";
        return fmt::format("{} {} {}{} {} {:<15} {}\n", padded(name, group_width), padded(consumer, consumer_width),
                           instance_cell, padded(host, host_width), padded(client, client_width), partitions,
                           verbose ? assignment : "");
    };
    std::string table =
        "\n" + line("GROUP", "CONSUMER-ID", "GROUP-INSTANCE-ID", "HOST", "CLIENT-ID", "#PARTITIONS", "ASSIGNMENT");
    for (const GroupMemberInfo& member : members) {
        table += line(group, member.consumer_id, member.instance_id, member.host, member.client_id,
                      fmt::format("{}", member.assignment.size()), assignment_text(member.assignment));
    }
    return table;
}

std::string state_table(const std::string& group, const GroupStateInfo& state) {
    const size_t width = std::max(
        kMinimumStateWidth, state.coordinator.size());  // of the coordinator's text, but used for the group's column
    auto line = [&](std::string_view name, std::string_view coordinator, std::string_view strategy,
                    std::string_view status, const std::string& members) {
        return fmt::format("\n{} {} {} {} {}", padded(name, width), padded(coordinator, 25), padded(strategy, 20),
                           padded(status, 15), members);
    };
    return line("GROUP", "COORDINATOR (ID)", "ASSIGNMENT-STRATEGY", "STATE", "#MEMBERS") +
           line(group, state.coordinator, state.assignment_strategy, state.state, fmt::format("{}", state.members)) +
           "\n";
}

std::string list_with_states(const std::vector<GroupAndState>& groups) {
    size_t width = kMinimumWidth;
    for (const GroupAndState& each : groups) width = std::max(width, each.group.size());
    std::string table = fmt::format("{} {}\n", padded("GROUP", width), "STATE");
    for (const GroupAndState& each : groups) table += fmt::format("{} {}\n", padded(each.group, width), each.state);
    return table;
}

std::vector<size_t> listed_order(const std::vector<std::string>& groups) {
    std::vector<int32_t> hashes;
    for (const std::string& group : groups) hashes.push_back(java::string_hash(group));
    return java::hash_map_order(hashes);
}

std::vector<TopicPartition> hash_order(const std::vector<TopicPartition>& partitions, size_t capacity) {
    std::vector<int32_t> hashes;
    for (const TopicPartition& tp : partitions) hashes.push_back(java::hash(tp));
    std::vector<TopicPartition> ordered;
    for (size_t i : java::hash_map_order(hashes, capacity)) ordered.push_back(partitions[i]);
    return ordered;
}

std::vector<TopicPartition> row_order(std::vector<TopicPartition> partitions) {
    std::stable_sort(partitions.begin(), partitions.end(),
                     [](const TopicPartition& a, const TopicPartition& b) { return a.partition < b.partition; });
    std::vector<int32_t> hashes;
    for (const TopicPartition& tp : partitions) hashes.push_back(java::hash(tp));
    std::vector<TopicPartition> ordered;
    for (size_t i : java::scala_immutable_order(hashes)) ordered.push_back(partitions[i]);
    return ordered;
}

std::vector<size_t> members_with_partitions(const std::vector<GroupMemberInfo>& members) {
    std::vector<size_t> order;
    for (size_t i = 0; i < members.size(); ++i) {
        if (!members[i].assignment.empty()) order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return members[a].assignment.size() > members[b].assignment.size(); });
    return order;
}

std::optional<std::vector<std::string>> parse_states(const std::string& all) {
    std::vector<std::string> states;
    std::string text = all;
    while (text.ends_with(',')) text.pop_back();  // String.split drops what is empty at the end
    if (text.empty() && !all.empty()) return states;
    for (size_t at = 0; at <= text.size();) {
        const size_t end = std::min(text.find(',', at), text.size());
        std::string state = text.substr(at, end - at);
        state.erase(0, state.find_first_not_of(' '));
        state.erase(state.find_last_not_of(' ') + 1);
        if (std::find(kStates.begin(), kStates.end(), state) == kStates.end()) return std::nullopt;
        states.push_back(std::move(state));
        at = end + 1;
    }
    return states;
}

std::string invalid_states(const std::string& text) {
    return fmt::format("Invalid state list '{}'. Valid states are: {}", text, fmt::join(kStates, ", "));
}

}  // namespace kafkasim::tools
