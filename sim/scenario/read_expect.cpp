// SPDX-License-Identifier: Apache-2.0
// What a step claims (`expect`) and what a wait waits for (`until`).
#include "sim/scenario/fields.hpp"

namespace kafkasim::sim::scenario {

namespace {

constexpr int64_t kHighestExitCode = 255;

std::map<std::string, ByPartition<int64_t>> read_offsets(Reading& reading, const Located* value) {
    std::map<std::string, ByPartition<int64_t>> by_group;
    each_member(reading, value, "group", [&](const LocatedMember& group) {
        each_partition(reading, &group.value, [&](const std::string& topic, int32_t partition, const Located& offset) {
            if (const auto number = read_integer(reading, &offset, 0, INT64_MAX))
                by_group[group.key][topic][partition] = *number;
        });
    });
    return by_group;
}

void check_znode(Reading& reading, const LocatedMember& member) {
    if (!member.key.starts_with("/"))
        reading.problem(member.key_begin, "\"" + member.key + "\" is not a path in ZooKeeper",
                        "a path that begins with /");
}

std::map<std::string, std::string> read_log_lines(Reading& reading, const Located* value) {
    std::map<std::string, std::string> lines;
    each_member(reading, value, "log", [&](const LocatedMember& member) {
        check_log_name(reading, member.key_begin, member.key);
        lines[member.key] = read_text(reading, &member.value).value_or("");
    });
    return lines;
}

/// A text or a list of texts.
std::vector<std::string> read_text_or_texts(Reading& reading, const Located* value) {
    if (value != nullptr && value->is(Located::Kind::String)) return {value->text};
    return read_texts(reading, value);
}

Acknowledged read_one_acknowledged(Reading& reading, const Located& value) {
    const Fields fields(reading, value, kAcknowledged);
    Acknowledged claim;
    claim.by = read_text(reading, fields["by"]).value_or("");
    claim.read = read_text(reading, fields["read"]).value_or("");
    claim.duplicates = read_boolean(reading, fields["duplicates"]).value_or(true);
    claim.at_least = read_integer(reading, fields["at_least"], 1, INT64_MAX).value_or(1);
    return claim;
}

std::vector<Acknowledged> read_acknowledged(Reading& reading, const Located* value) {
    std::vector<Acknowledged> claims;
    if (value == nullptr) return claims;
    if (!value->is(Located::Kind::Array)) return {read_one_acknowledged(reading, *value)};
    for (const Located& item : value->items) claims.push_back(read_one_acknowledged(reading, item));
    return claims;
}

DeliveredClaim read_one_delivered(Reading& reading, const Located& value) {
    const Fields fields(reading, value, kDelivered);
    DeliveredClaim claim;
    const std::vector<std::string_view> groups(reading.groups.begin(), reading.groups.end());
    claim.to = read_word(reading, fields["to"], groups, "a group of a workload").value_or("");
    claim.duplicates = read_boolean(reading, fields["duplicates"]).value_or(true);
    claim.at_least = read_integer(reading, fields["at_least"], 1, INT64_MAX).value_or(1);
    return claim;
}

std::vector<DeliveredClaim> read_delivered(Reading& reading, const Located* value) {
    std::vector<DeliveredClaim> claims;
    if (value == nullptr) return claims;
    if (!value->is(Located::Kind::Array)) return {read_one_delivered(reading, *value)};
    for (const Located& item : value->items) claims.push_back(read_one_delivered(reading, item));
    return claims;
}

}  // namespace

Condition read_condition(Reading& reading, const Located& value) {
    const Fields fields(reading, value, kCondition);
    Condition condition;
    condition.leader = read_leaders(reading, fields["leader"]);
    condition.isr = read_broker_lists(reading, fields["isr"], BrokerIds::OfCluster);
    condition.log_line = read_log_lines(reading, fields["log_line"]);
    condition.printed = read_text_by_name(reading, fields["printed"]);
    condition.consumed = read_consumed(reading, fields["consumed"]);
    condition.in_sync = read_text_or_texts(reading, fields["in_sync"]);
    if (const Located* workloads = fields["caught_up"]) {
        const bool several = workloads->is(Located::Kind::Array);
        for (const Located& item : several ? workloads->items : std::vector<Located>{*workloads})
            condition.caught_up.push_back(read_workload_name(reading, &item));
    }
    each_member(reading, fields["registered"], "broker", [&](const LocatedMember& member) {
        Located broker = member.value;
        broker.kind = Located::Kind::String;
        broker.text = member.key;
        broker.begin = member.key_begin;
        const std::string name = read_process(reading, &broker);
        if (name == "zookeeper") reading.problem(broker, "ZooKeeper does not register itself", "a broker");
        condition.registered[name] = read_boolean(reading, &member.value).value_or(true);
    });
    each_member(reading, fields["znode"], "path", [&](const LocatedMember& member) {
        check_znode(reading, member);
        condition.znode[member.key] = read_boolean(reading, &member.value).value_or(true);
    });
    if (value.is(Located::Kind::Object) && value.members.empty())
        reading.problem(value, "nothing to wait for", quoted_list(names_of(kCondition)));
    return condition;
}

std::optional<Expectation> read_expect(Reading& reading, const Located* value) {
    if (value == nullptr) return std::nullopt;
    const Fields fields(reading, *value, kExpect);
    Expectation expect;
    expect.stdout_text = read_text(reading, fields["stdout"]);
    expect.stderr_text = read_text(reading, fields["stderr"]);
    if (const auto code = read_integer(reading, fields["exit_code"], 0, kHighestExitCode))
        expect.exit_code = static_cast<int>(*code);
    expect.stdout_like = read_text(reading, fields["stdout_like"]);
    if (fields.has("stdout_set")) expect.stdout_set = read_texts(reading, fields["stdout_set"]);
    expect.leader = read_leaders(reading, fields["leader"]);
    expect.isr = read_broker_lists(reading, fields["isr"], BrokerIds::OfCluster);
    expect.replicas = read_broker_lists(reading, fields["replicas"], BrokerIds::Any);
    expect.offline = read_broker_lists(reading, fields["offline"], BrokerIds::Any);
    expect.lag = read_offsets(reading, fields["lag"]);
    expect.committed = read_offsets(reading, fields["committed"]);
    expect.log_line = read_log_lines(reading, fields["log_line"]);
    expect.read = read_texts(reading, fields["read"]);
    expect.acknowledged = read_acknowledged(reading, fields["acknowledged"]);
    expect.delivered = read_delivered(reading, fields["delivered"]);
    expect.consumed = read_consumed(reading, fields["consumed"]);
    expect.met = read_boolean(reading, fields["met"]);
    expect.within = read_time(reading, fields["within"]);
    expect.why = read_text(reading, fields["why"]);
    each_member(reading, fields["znode"], "path", [&](const LocatedMember& member) {
        check_znode(reading, member);
        // A text is the data itself (znodes hold JSON as text); anything else is the JSON value that the data must
        // be.
        expect.znode[member.key] =
            member.value.is(Located::Kind::String) ? member.value.text : std::string(reading.source_of(member.value));
    });
    return expect;
}

}  // namespace kafkasim::sim::scenario
