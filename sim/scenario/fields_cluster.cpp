// SPDX-License-Identifier: Apache-2.0
// Values that name parts of the cluster: processes, logs, brokers, partitions; and properties and typed lines.
#include <algorithm>
#include <charconv>

#include "sim/scenario/fields.hpp"
#include "sim/scenario/suggestion.hpp"

namespace kafkasim::sim::scenario {

namespace {

std::vector<std::string_view> process_words(const Reading& reading) {
    return {reading.processes.begin(), reading.processes.end()};
}

std::optional<int32_t> partition_of(const std::string& key) {
    int32_t partition = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), partition);
    if (error != std::errc() || end != key.data() + key.size() || partition < 0) return std::nullopt;
    return partition;
}

std::optional<TypedLine> read_line(Reading& reading, const Located& value) {
    if (value.is(Located::Kind::String)) return TypedLine{{}, value.text};
    if (!value.is(Located::Kind::Array) || value.items.size() != 2) {
        reading.problem(value, "found " + Reading::kind_of(value), "a text, or [\"3s\", \"text\"]: wait, then type");
        return std::nullopt;
    }
    const auto wait = read_time(reading, &value.items[0]);
    const auto text = read_text(reading, &value.items[1]);
    if (!wait || !text) return std::nullopt;
    return TypedLine{*wait, *text};
}

}  // namespace

/// {"leader": {"orders": 0}}
std::string read_leader(Reading& reading, const Located& value) {
    const Fields fields(reading, value, kLeaderOf);
    Role role;
    size_t partitions = 0;
    each_member(reading, fields["leader"], "topic: {\"orders\": 0}", [&](const LocatedMember& topic) {
        role.topic = topic.key;
        role.partition = static_cast<int32_t>(read_integer(reading, &topic.value, 0, INT32_MAX).value_or(0));
        ++partitions;
    });
    if (const Located* leader = fields["leader"]; leader != nullptr && partitions != 1)
        reading.problem(*leader, "the leader of one partition is wanted", "{\"leader\": {\"orders\": 0}}");
    const std::string name = "the leader of " + role.topic + "-" + std::to_string(role.partition);
    reading.roles[name] = role;
    return name;
}

std::string read_process(Reading& reading, const Located* value) {
    if (value == nullptr) return "";
    if (value->is(Located::Kind::Object)) return read_leader(reading, *value);
    std::vector<std::string_view> words = process_words(reading);
    words.emplace_back("controller");
    words.insert(words.end(), reading.names.begin(), reading.names.end());
    const std::string name = read_word(reading, value, words, "a process of this cluster").value_or("");
    if (name == "controller") reading.roles[name] = Role{};
    return name;
}

std::string read_program(Reading& reading, const Located* value) {
    const bool is_text = value != nullptr && value->is(Located::Kind::String);
    if (is_text && reading.clients.contains(value->text)) return value->text;
    if (is_text && !reading.clients.empty()) {
        const std::vector<std::string_view> clients(reading.clients.begin(), reading.clients.end());
        std::vector<std::string_view> words = process_words(reading);
        words.insert(words.end(), reading.names.begin(), reading.names.end());
        const std::string meant = nearest(value->text, clients);
        if (!meant.empty() && nearest(value->text, words).empty()) {
            reading.problem(*value, in_quotes(value->text) + " is not a client of a workload",
                            in_quotes(clients.front()) + " to " + in_quotes(clients.back()), meant);
            return "";
        }
    }
    return read_process(reading, value);
}

std::string read_host(Reading& reading, const Located* value) {
    if (value != nullptr && value->is(Located::Kind::String) && value->text.ends_with(".sh")) return value->text;
    return read_program(reading, value);
}

void check_log_name(Reading& reading, size_t at, const std::string& name) {
    std::vector<std::string> names;
    for (const std::string& process : reading.processes) {
        names.push_back(process);
        if (process == "zookeeper") continue;
        for (const char* file : {"/controller", "/state-change", "/log-cleaner"}) names.push_back(process + file);
    }
    const std::vector<std::string_view> words(names.begin(), names.end());
    if (std::find(words.begin(), words.end(), name) == words.end())
        reading.problem(at, in_quotes(name) + " is not a log", quoted_list(words), nearest(name, words));
}

std::vector<int32_t> read_brokers(Reading& reading, const Located* value, BrokerIds allowed) {
    std::vector<int32_t> brokers;
    if (value == nullptr) return brokers;
    if (!value->is(Located::Kind::Array)) {
        reading.problem(*value, "found " + Reading::kind_of(*value), "a list of broker ids: [3, 1, 2]");
        return brokers;
    }
    for (const Located& item : value->items) {
        const auto id = read_integer(reading, &item, 0, INT32_MAX);
        if (!id) continue;
        const auto broker = static_cast<int32_t>(*id);
        if (allowed == BrokerIds::OfCluster && !reading.brokers.contains(broker)) {
            std::string ids;
            for (int32_t known : reading.brokers) ids += (ids.empty() ? "" : ", ") + std::to_string(known);
            reading.problem(item, "the cluster has no broker " + std::to_string(broker), ids);
        }
        if (std::find(brokers.begin(), brokers.end(), broker) != brokers.end())
            reading.problem(item, "broker " + std::to_string(broker) + " stands in this list twice");
        brokers.push_back(broker);
    }
    return brokers;
}

config::Properties read_properties(Reading& reading, const Located* value) {
    config::Properties properties;
    each_member(reading, value, "property name", [&](const LocatedMember& member) {
        switch (member.value.kind) {
            case Located::Kind::String:
                properties[member.key] = member.value.text;
                return;
            case Located::Kind::Boolean:
            case Located::Kind::Integer:
            case Located::Kind::Number:
                properties[member.key] = std::string(reading.source_of(member.value));
                return;
            case Located::Kind::Null:
            case Located::Kind::Array:
            case Located::Kind::Object:
                reading.problem(member.value, "found " + Reading::kind_of(member.value),
                                "a property's value as a text");
        }
    });
    return properties;
}

std::vector<TypedLine> read_lines(Reading& reading, const Located* value) {
    std::vector<TypedLine> lines;
    if (value == nullptr) return lines;
    if (value->is(Located::Kind::String)) {
        lines.push_back({{}, value->text});
        return lines;
    }
    if (!value->is(Located::Kind::Array)) {
        reading.problem(*value, "found " + Reading::kind_of(*value),
                        "a list of lines, each a text or [\"3s\", \"text\"]");
        return lines;
    }
    for (const Located& item : value->items) {
        if (auto line = read_line(reading, item)) lines.push_back(std::move(*line));
    }
    return lines;
}

std::map<std::string, std::string> read_text_by_name(Reading& reading, const Located* value) {
    std::map<std::string, std::string> texts;
    each_member(reading, value, "name", [&](const LocatedMember& member) {
        if (auto text = read_text(reading, &member.value)) texts[member.key] = std::move(*text);
    });
    return texts;
}

void each_partition(Reading& reading, const Located* value,
                    const std::function<void(const std::string&, int32_t, const Located&)>& visit) {
    each_member(reading, value, "topic", [&](const LocatedMember& topic) {
        each_member(reading, &topic.value, "partition", [&](const LocatedMember& member) {
            const auto partition = partition_of(member.key);
            if (!partition)
                return reading.problem(member.key_begin, in_quotes(member.key) + " is not a partition",
                                       "a partition's number as a text: \"0\"");
            visit(topic.key, *partition, member.value);
        });
    });
}

ByPartition<int32_t> read_leaders(Reading& reading, const Located* value) {
    ByPartition<int32_t> leaders;
    each_partition(reading, value, [&](const std::string& topic, int32_t partition, const Located& leader) {
        const auto id = read_integer(reading, &leader, -1, INT32_MAX);
        if (!id) return;
        if (*id >= 0 && !reading.brokers.contains(static_cast<int32_t>(*id)))
            reading.problem(leader, "the cluster has no broker " + std::to_string(*id),
                            "a broker's id, or -1 for no leader");
        leaders[topic][partition] = static_cast<int32_t>(*id);
    });
    return leaders;
}

ByPartition<std::vector<int32_t>> read_broker_lists(Reading& reading, const Located* value, BrokerIds ids) {
    ByPartition<std::vector<int32_t>> lists;
    each_partition(reading, value, [&](const std::string& topic, int32_t partition, const Located& list) {
        lists[topic][partition] = read_brokers(reading, &list, ids);
    });
    return lists;
}

}  // namespace kafkasim::sim::scenario
