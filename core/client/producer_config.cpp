// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/client/producer.hpp"

namespace kafkasim::client {

namespace {

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

}  // namespace

Result<ProducerConfig> ProducerConfig::from_properties(const ClientProperties& properties) {
    ProducerConfig config;
    PropertyReader reader(properties);
    reader.read_bootstrap(config.bootstrap);
    reader.read("client.id", config.client_id);
    read_acks(reader, config.acks);
    reader.read("retries", config.retries);
    reader.read_ms("linger.ms", config.linger);
    reader.read("batch.size", config.batch_size);
    reader.read_ms("request.timeout.ms", config.request_timeout);
    reader.read_ms("delivery.timeout.ms", config.delivery_timeout);
    reader.read_ms("retry.backoff.ms", config.retry_back_off);
    reader.read_ms("max.block.ms", config.max_block);
    reader.read("max.in.flight.requests.per.connection", config.max_in_flight, 1);
    reader.read("max.request.size", config.max_request_size);
    reader.read_ms("metadata.max.age.ms", config.metadata_max_age);
    reader.only("enable.idempotence", {"false"});
    reader.only("compression.type", {"none"});
    reader.only("partitioner.class", {"org.apache.kafka.clients.producer.internals.DefaultPartitioner"});
    if (reader.text("transactional.id")) reader.fail("not modelled: transactional.id");
    if (config.delivery_timeout < config.linger + config.request_timeout) {
        // Simplified: raised silently, the real producer warns of it.
        if (reader.text("delivery.timeout.ms"))
            reader.fail("delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms");
        config.delivery_timeout = config.linger + config.request_timeout;
    }
    if (reader.error()) return Error{*reader.error()};
    return config;
}

}  // namespace kafkasim::client
