// SPDX-License-Identifier: Apache-2.0

#include "core/client/unknown_configs.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "core/node/log.hpp"

namespace kafkasim::client {
namespace {

// Each in ascending order.
constexpr auto kCommon = std::to_array<std::string_view>({"bootstrap.servers",
                                                          "client.dns.lookup",
                                                          "client.id",
                                                          "connections.max.idle.ms",
                                                          "metadata.max.age.ms",
                                                          "metric.reporters",
                                                          "metrics.num.samples",
                                                          "metrics.recording.level",
                                                          "metrics.sample.window.ms",
                                                          "receive.buffer.bytes",
                                                          "reconnect.backoff.max.ms",
                                                          "reconnect.backoff.ms",
                                                          "request.timeout.ms",
                                                          "retry.backoff.ms",
                                                          "sasl.client.callback.handler.class",
                                                          "sasl.jaas.config",
                                                          "sasl.kerberos.kinit.cmd",
                                                          "sasl.kerberos.min.time.before.relogin",
                                                          "sasl.kerberos.service.name",
                                                          "sasl.kerberos.ticket.renew.jitter",
                                                          "sasl.kerberos.ticket.renew.window.factor",
                                                          "sasl.login.callback.handler.class",
                                                          "sasl.login.class",
                                                          "sasl.login.refresh.buffer.seconds",
                                                          "sasl.login.refresh.min.period.seconds",
                                                          "sasl.login.refresh.window.factor",
                                                          "sasl.login.refresh.window.jitter",
                                                          "sasl.mechanism",
                                                          "security.protocol",
                                                          "security.providers",
                                                          "send.buffer.bytes",
                                                          "socket.connection.setup.timeout.max.ms",
                                                          "socket.connection.setup.timeout.ms",
                                                          "ssl.cipher.suites",
                                                          "ssl.enabled.protocols",
                                                          "ssl.endpoint.identification.algorithm",
                                                          "ssl.engine.factory.class",
                                                          "ssl.key.password",
                                                          "ssl.keymanager.algorithm",
                                                          "ssl.keystore.certificate.chain",
                                                          "ssl.keystore.key",
                                                          "ssl.keystore.location",
                                                          "ssl.keystore.password",
                                                          "ssl.keystore.type",
                                                          "ssl.protocol",
                                                          "ssl.provider",
                                                          "ssl.secure.random.implementation",
                                                          "ssl.trustmanager.algorithm",
                                                          "ssl.truststore.certificates",
                                                          "ssl.truststore.location",
                                                          "ssl.truststore.password",
                                                          "ssl.truststore.type"});
constexpr auto kOfAdmin = std::to_array<std::string_view>({"default.api.timeout.ms", "retries"});
constexpr auto kOfConsumer = std::to_array<std::string_view>({"allow.auto.create.topics",
                                                              "auto.commit.interval.ms",
                                                              "auto.offset.reset",
                                                              "check.crcs",
                                                              "client.rack",
                                                              "default.api.timeout.ms",
                                                              "enable.auto.commit",
                                                              "exclude.internal.topics",
                                                              "fetch.max.bytes",
                                                              "fetch.max.wait.ms",
                                                              "fetch.min.bytes",
                                                              "group.id",
                                                              "group.instance.id",
                                                              "heartbeat.interval.ms",
                                                              "interceptor.classes",
                                                              "internal.leave.group.on.close",
                                                              "internal.throw.on.fetch.stable.offset.unsupported",
                                                              "isolation.level",
                                                              "key.deserializer",
                                                              "max.partition.fetch.bytes",
                                                              "max.poll.interval.ms",
                                                              "max.poll.records",
                                                              "partition.assignment.strategy",
                                                              "session.timeout.ms",
                                                              "value.deserializer"});
constexpr auto kOfProducer = std::to_array<std::string_view>(
    {"acks", "batch.size", "buffer.memory", "compression.type", "delivery.timeout.ms", "enable.idempotence",
     "interceptor.classes", "key.serializer", "linger.ms", "max.block.ms", "max.in.flight.requests.per.connection",
     "max.request.size", "metadata.max.idle.ms", "partitioner.class", "retries", "transaction.timeout.ms",
     "transactional.id", "value.serializer"});

struct Names {
    std::span<const std::string_view> own;
    std::string_view class_name;
};
Names names_of(ClientKind kind) {
    switch (kind) {
        case ClientKind::Admin:
            return {kOfAdmin, "admin.AdminClientConfig"};
        case ClientKind::Consumer:
            return {kOfConsumer, "consumer.ConsumerConfig"};
        case ClientKind::Producer:
            return {kOfProducer, "producer.ProducerConfig"};
    }
    return {};
}

}  // namespace

bool is_known_config(ClientKind kind, std::string_view name) {
    const Names names = names_of(kind);
    return std::binary_search(kCommon.begin(), kCommon.end(), name) ||
           std::binary_search(names.own.begin(), names.own.end(), name);
}

void warn_of_unknown_configs(node::Env& env, ClientKind kind, const ClientProperties& properties) {
    for (const auto& [name, value] : properties) {
        if (is_known_config(kind, name)) continue;
        node::warn(env, fmt::format("org.apache.kafka.clients.{}", names_of(kind).class_name),
                   "The configuration '{}' was supplied but isn't a known config.", name);
    }
}

}  // namespace kafkasim::client
