// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <limits>

#include "core/client/producer.hpp"

namespace kafkasim::client {

namespace {

constexpr std::string_view kConfigException = "org.apache.kafka.common.config.ConfigException: ";
constexpr int32_t kMaxInFlightOfIdempotence = 5;

/// What the constructor throws when a part of the producer refuses its settings.
std::string failed_to_construct_producer(std::string_view cause) {
    return fmt::format("org.apache.kafka.common.KafkaException: Failed to construct kafka producer\nCaused by: {}",
                       cause);
}

void read_acks(PropertyReader& reader, int16_t& acks) {
    const auto text = reader.text("acks");
    if (!text) return;
    if (*text == "all" || *text == "-1") {
        acks = -1;
    } else if (*text == "0" || *text == "1") {
        acks = *text == "0" ? 0 : 1;
    } else {
        reader.fail(
            fmt::format("Invalid value {} for configuration acks: String must be one of: all, -1, 0, 1", *text));
    }
}

/// Only the default one. Simplified: the other classes of Kafka are refused by name.
void check_partitioner(PropertyReader& reader) {
    const std::string name = reader.text("partitioner.class").value_or("");
    const bool of_kafka = name.starts_with("org.apache.kafka.clients.producer.");
    if (name.empty() || name == "org.apache.kafka.clients.producer.internals.DefaultPartitioner") return;
    reader.fail(of_kafka ? fmt::format("not modelled: partitioner.class={}", name)
                         : fmt::format("Invalid value {0} for configuration partitioner.class: Class {0} could not be "
                                       "found.",
                                       name));
}

void read_transactional_id(PropertyReader& reader, std::optional<std::string>& id) {
    id = reader.text("transactional.id");
    if (id && id->empty()) reader.fail("Invalid value  for configuration transactional.id: String must be non-empty");
}

/// In the order of ProducerConfig's definitions: the first mistake is the one that is told.
void read_values(PropertyReader& reader, ProducerConfig& config) {
    reader.read_long("buffer.memory", config.buffer_memory);
    reader.read("retries", config.retries);
    read_acks(reader, config.acks);
    reader.read("compression.type", config.compression_type);
    reader.read("batch.size", config.batch_size);
    reader.read_ms("linger.ms", config.linger);
    reader.read_int_ms("delivery.timeout.ms", config.delivery_timeout);
    reader.read("client.id", config.client_id);
    int32_t socket_buffer = -1;  // sockets have no buffers here
    reader.read("send.buffer.bytes", socket_buffer, -1);
    reader.read("receive.buffer.bytes", socket_buffer, -1);
    reader.read("max.request.size", config.max_request_size);
    reader.read_ms("reconnect.backoff.ms", config.reconnect_back_off);
    reader.read_ms("reconnect.backoff.max.ms", config.reconnect_back_off_max);
    reader.read_ms("retry.backoff.ms", config.retry_back_off);
    reader.read_ms("max.block.ms", config.max_block);
    reader.read_int_ms("request.timeout.ms", config.request_timeout);
    reader.read_ms("metadata.max.age.ms", config.metadata_max_age);
    reader.read("max.in.flight.requests.per.connection", config.max_in_flight, 1);
    check_partitioner(reader);
    reader.only("interceptor.classes", {""});
    reader.only("security.protocol", {"PLAINTEXT"});
    reader.read("enable.idempotence", config.enable_idempotence);
    read_transactional_id(reader, config.transactional_id);
}

/// ProducerConfig.postProcessParsedConfig: idempotence only counts if it was asked for (KAFKA-13598).
void check_idempotence(PropertyReader& reader, ProducerConfig& config) {
    const bool asked = reader.text("enable.idempotence").has_value();
    const bool transactional = config.transactional_id.has_value();
    if (asked && !config.enable_idempotence && transactional)
        reader.fail("Cannot set a transactional.id without also enabling idempotence.");
    config.enable_idempotence = transactional || (asked && config.enable_idempotence);
    if (!config.enable_idempotence || reader.error()) return;
    if (config.retries == 0) reader.fail("Must set retries to non-zero when using the idempotent producer.");
    if (reader.text("acks") && config.acks != -1) {
        reader.fail(
            "Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.");
    }
    config.acks = -1;
}

/// KafkaProducer's constructor, in its order. The error is the cause of "Failed to construct kafka producer".
std::optional<std::string> construct(PropertyReader& reader, ProducerConfig& config) {
    const auto refuse = [](std::string_view text) { return fmt::format("{}{}", kConfigException, text); };
    const auto compression = protocol::compression_for_name(config.compression_type);
    if (!compression) {
        return fmt::format("java.lang.IllegalArgumentException: Unknown compression name: {}", config.compression_type);
    }
    config.compression = *compression;
    const Duration linger = std::min(config.linger, from_millis(std::numeric_limits<int32_t>::max()));
    const Duration shortest = linger + config.request_timeout;
    if (config.delivery_timeout < shortest) {
        if (reader.text("delivery.timeout.ms"))
            return refuse("delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms");
        config.delivery_timeout = shortest;
        config.delivery_timeout_raised = true;
    }
    reader.read_bootstrap(config.bootstrap);
    if (reader.error()) return refuse(*reader.error());
    if (config.enable_idempotence && config.max_in_flight > kMaxInFlightOfIdempotence) {
        return refuse(
            fmt::format("Must set max.in.flight.requests.per.connection to at most {} to use the idempotent producer.",
                        kMaxInFlightOfIdempotence));
    }
    return std::nullopt;
}

}  // namespace

Result<ProducerConfig> ProducerConfig::from_properties(const ClientProperties& properties) {
    ProducerConfig config;
    PropertyReader reader(properties);
    read_values(reader, config);
    if (!reader.error()) check_idempotence(reader, config);
    if (reader.error()) return Error{fmt::format("{}{}", kConfigException, *reader.error())};
    if (const auto cause = construct(reader, config)) return Error{failed_to_construct_producer(*cause)};
    return config;
}

}  // namespace kafkasim::client
