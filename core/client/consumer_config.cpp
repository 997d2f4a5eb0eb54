// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/client/consumer.hpp"

namespace kafkasim::client {

namespace {

void read_reset(PropertyReader& reader, ResetStrategy& reset) {
    const auto text = reader.text("auto.offset.reset");
    if (!text) return;
    if (*text == "latest") {
        reset = ResetStrategy::Latest;
    } else if (*text == "earliest") {
        reset = ResetStrategy::Earliest;
    } else if (*text == "none") {
        reset = ResetStrategy::None;
    } else {
        reader.fail(fmt::format(
            "Invalid value {} for configuration auto.offset.reset: String must be one of: latest, earliest, none",
            *text));
    }
}

/// Class names of org.apache.kafka.clients.consumer, as they stand in partition.assignment.strategy.
void read_assignors(PropertyReader& reader, std::vector<std::string>& assignors) {
    const auto text = reader.text("partition.assignment.strategy");
    if (!text) return;
    assignors.clear();
    std::string_view rest = *text;
    while (!rest.empty()) {
        const size_t comma = rest.find(',');
        std::string_view name = rest.substr(0, comma);
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
        while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
        while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
        const size_t dot = name.rfind('.');
        const std::string_view simple = dot == std::string_view::npos ? name : name.substr(dot + 1);
        if (simple == "RangeAssignor") {
            assignors.emplace_back("range");
        } else if (simple == "RoundRobinAssignor") {
            assignors.emplace_back("roundrobin");
        } else if (simple == "CooperativeStickyAssignor" && !assignors.empty() && assignors.front() == "range") {
            assignors.emplace_back("cooperative-sticky");  // offered beside range, which wins
        } else {
            reader.fail(fmt::format("not modelled: partition.assignment.strategy={}", name));
        }
    }
}

}  // namespace

Result<ConsumerConfig> ConsumerConfig::from_properties(const ClientProperties& properties) {
    ConsumerConfig config;
    PropertyReader reader(properties);
    reader.read_bootstrap(config.bootstrap);
    config.group_id = reader.text("group.id");
    config.group_instance_id = reader.text("group.instance.id");
    reader.read("client.id", config.client_id);
    read_reset(reader, config.auto_offset_reset);
    reader.read("enable.auto.commit", config.enable_auto_commit);
    if (!config.group_id) config.enable_auto_commit = false;
    reader.read_ms("auto.commit.interval.ms", config.auto_commit_interval);
    reader.read_ms("session.timeout.ms", config.session_timeout);
    reader.read_ms("heartbeat.interval.ms", config.heartbeat_interval);
    reader.read_ms("max.poll.interval.ms", config.max_poll_interval, 1);
    reader.read("max.poll.records", config.max_poll_records, 1);
    reader.read("fetch.min.bytes", config.fetch.min_bytes);
    reader.read_ms("fetch.max.wait.ms", config.fetch.max_wait);
    reader.read("fetch.max.bytes", config.fetch.max_bytes);
    reader.read("max.partition.fetch.bytes", config.fetch.max_partition_bytes);
    read_assignors(reader, config.assignors);
    reader.read_ms("request.timeout.ms", config.request_timeout);
    reader.read_ms("default.api.timeout.ms", config.default_api_timeout);
    reader.read_ms("retry.backoff.ms", config.retry_back_off);
    reader.read_ms("metadata.max.age.ms", config.metadata_max_age);
    reader.read("allow.auto.create.topics", config.allow_auto_create_topics);
    reader.read("exclude.internal.topics", config.exclude_internal_topics);
    reader.only("isolation.level", {"read_uncommitted"});
    reader.only("client.rack", {""});
    if (reader.error()) return Error{*reader.error()};
    return config;
}

}  // namespace kafkasim::client
