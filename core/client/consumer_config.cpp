// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <limits>

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

std::string failed_to_construct_consumer(std::string_view cause) {
    return fmt::format("org.apache.kafka.common.KafkaException: Failed to construct kafka consumer\nCaused by: {}",
                       cause);
}

bool is_of_kafka(std::string_view assignor) { return assignor.starts_with("org.apache.kafka.clients.consumer."); }

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
        } else if (simple == "StickyAssignor") {
            assignors.emplace_back("sticky");
        } else if (simple == "CooperativeStickyAssignor") {
            assignors.emplace_back("cooperative-sticky");
        } else if (is_of_kafka(name)) {
            reader.fail(fmt::format("not modelled: partition.assignment.strategy={}", name));
        } else {
            reader.fail(
                fmt::format("org.apache.kafka.common.KafkaException: {} ClassNotFoundException exception "
                            "occurred\nCaused by: java.lang.ClassNotFoundException: {}",
                            name, name));
        }
    }
}

void read_isolation_level(PropertyReader& reader, bool& read_committed) {
    const std::string level = reader.text("isolation.level").value_or("read_uncommitted");
    read_committed = level == "read_committed";
    if (read_committed || level == "read_uncommitted") return;
    reader.fail(
        fmt::format("Invalid value {} for configuration isolation.level: String must be one of: "
                    "read_committed, read_uncommitted",
                    level));
}

/// In the order of ConsumerConfig's definitions: the first mistake is the one that is told.
void read_values(PropertyReader& reader, ConsumerConfig& config) {
    constexpr int64_t kAny = std::numeric_limits<int32_t>::min();
    config.group_id = reader.text("group.id");
    config.group_instance_id = reader.text("group.instance.id");
    reader.read_int_ms("session.timeout.ms", config.session_timeout, kAny);
    reader.read_int_ms("heartbeat.interval.ms", config.heartbeat_interval, kAny);
    reader.read_ms("metadata.max.age.ms", config.metadata_max_age);
    reader.read("enable.auto.commit", config.enable_auto_commit);
    reader.read_int_ms("auto.commit.interval.ms", config.auto_commit_interval);
    reader.read("client.id", config.client_id);
    reader.only("client.rack", {""});
    reader.read("max.partition.fetch.bytes", config.fetch.max_partition_bytes);
    reader.read("fetch.min.bytes", config.fetch.min_bytes);
    reader.read("fetch.max.bytes", config.fetch.max_bytes);
    reader.read_int_ms("fetch.max.wait.ms", config.fetch.max_wait);
    reader.read_ms("retry.backoff.ms", config.retry_back_off);
    read_reset(reader, config.auto_offset_reset);
    reader.read_int_ms("request.timeout.ms", config.request_timeout);
    reader.read_int_ms("default.api.timeout.ms", config.default_api_timeout);
    reader.read("max.poll.records", config.max_poll_records, 1);
    reader.read_int_ms("max.poll.interval.ms", config.max_poll_interval, 1);
    reader.read("exclude.internal.topics", config.exclude_internal_topics);
    read_isolation_level(reader, config.fetch.read_committed);
    reader.read("allow.auto.create.topics", config.allow_auto_create_topics);
    reader.only("security.protocol", {"PLAINTEXT"});
}

/// Kafka 3.0.0: JoinGroupRequest.validateGroupInstanceId, the rules of topic names. "" if there is none or it is well.
std::string complaint_of_instance_id(const std::optional<std::string>& id) {
    constexpr size_t kLongest = 249;
    constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const std::string what = "Group instance id";
    if (!id) return "";
    if (id->empty()) return what + " is illegal, it can't be empty";
    if (*id == "." || *id == "..") return what + " cannot be \".\" or \"..\"";
    if (id->size() > kLongest)
        return fmt::format("{} is illegal, it can't be longer than {} characters, {}: {}", what, kLongest, what, *id);
    if (id->find_first_not_of(kAllowed) == std::string::npos) return "";
    return fmt::format("{} \"{}\" is illegal, it contains a character other than ASCII alphanumerics, '.', '_' and '-'",
                       what, *id);
}

}  // namespace

Result<ConsumerConfig> ConsumerConfig::from_properties(const ClientProperties& properties) {
    ConsumerConfig config;
    PropertyReader reader(properties);
    read_values(reader, config);
    if (!config.group_id) config.enable_auto_commit = false;
    if (reader.error())
        return Error{fmt::format("org.apache.kafka.common.config.ConfigException: {}", *reader.error())};
    if (const std::string complaint = complaint_of_instance_id(config.group_instance_id); !complaint.empty())
        return Error{"org.apache.kafka.common.errors.InvalidConfigurationException: " + complaint};
    PropertyReader parts(properties);
    parts.read_bootstrap(config.bootstrap);
    if (parts.error())
        return Error{failed_to_construct_consumer("org.apache.kafka.common.config.ConfigException: " + *parts.error())};
    read_assignors(parts, config.assignors);
    if (parts.error()) return Error{failed_to_construct_consumer(*parts.error())};
    if (config.heartbeat_interval >= config.session_timeout)
        return Error{failed_to_construct_consumer(
            "java.lang.IllegalArgumentException: Heartbeat must be set lower than the session timeout")};
    return config;
}

}  // namespace kafkasim::client
