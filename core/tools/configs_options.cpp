// SPDX-License-Identifier: Apache-2.0
// The options of bin/kafka-configs.sh, with the words of its help. Kafka 3.0.0:
// kafka.admin.ConfigCommand.ConfigCommandOptions.

#include "core/tools/configs_command.hpp"

namespace kafkasim::tools {
namespace {

constexpr Option kOptions[] = {
    {"add-config", Argument::Required, ArgumentType::String, "", "",
     "Key Value pairs of configs to add. Square brackets can be used to group values which "
     "contain commas: 'k1=v1, k2=[v1,v2,v2],k3=v3'. The following is a list of valid "
     "configurations: For entity-type "
     "'topics':\n\tcleanup.policy\n\tcompression.type\n\tdelete.retention.ms\n\tfile.delete.delay.ms\n"
     "\tflush.messages\n\tflush.ms\n\tfollower.replication.throttled.replicas\n\tindex.interval.bytes\n"
     "\tleader.replication.throttled.replicas\n\tlocal.retention.bytes\n\tlocal.retention.ms\n"
     "\tmax.compaction.lag.ms\n\tmax.message.bytes\n\tmessage.downconversion.enable\n"
     "\tmessage.format.version\n\tmessage.timestamp.difference.max.ms\n\tmessage.timestamp.type\n"
     "\tmin.cleanable.dirty.ratio\n\tmin.compaction.lag.ms\n\tmin.insync.replicas\n\tpreallocate\n"
     "\tremote.storage.enable\n\tretention.bytes\n\tretention.ms\n\tsegment.bytes\n\tsegment.index.bytes\n"
     "\tsegment.jitter.ms\n\tsegment.ms\n\tunclean.leader.election.enable\nFor entity-type "
     "'brokers':\n\tadvertised.listeners\n\tbackground.threads\n\tcompression.type\n"
     "\tfollower.replication.throttled.rate\n\tleader.replication.throttled.rate\n"
     "\tlistener.security.protocol.map\n\tlisteners\n\tlog.cleaner.backoff.ms\n"
     "\tlog.cleaner.dedupe.buffer.size\n\tlog.cleaner.delete.retention.ms\n"
     "\tlog.cleaner.io.buffer.load.factor\n\tlog.cleaner.io.buffer.size\n"
     "\tlog.cleaner.io.max.bytes.per.second\n\tlog.cleaner.max.compaction.lag.ms\n"
     "\tlog.cleaner.min.cleanable.ratio\n\tlog.cleaner.min.compaction.lag.ms\n\tlog.cleaner.threads\n"
     "\tlog.cleanup.policy\n\tlog.flush.interval.messages\n\tlog.flush.interval.ms\n"
     "\tlog.index.interval.bytes\n\tlog.index.size.max.bytes\n\tlog.message.downconversion.enable\n"
     "\tlog.message.timestamp.difference.max.ms\n\tlog.message.timestamp.type\n\tlog.preallocate\n"
     "\tlog.retention.bytes\n\tlog.retention.ms\n\tlog.roll.jitter.ms\n\tlog.roll.ms\n"
     "\tlog.segment.bytes\n\tlog.segment.delete.delay.ms\n\tmax.connection.creation.rate\n"
     "\tmax.connections\n\tmax.connections.per.ip\n\tmax.connections.per.ip.overrides\n"
     "\tmessage.max.bytes\n\tmetric.reporters\n\tmin.insync.replicas\n\tnum.io.threads\n"
     "\tnum.network.threads\n\tnum.recovery.threads.per.data.dir\n\tnum.replica.fetchers\n"
     "\tprincipal.builder.class\n\treplica.alter.log.dirs.io.max.bytes.per.second\n"
     "\tsasl.enabled.mechanisms\n\tsasl.jaas.config\n\tsasl.kerberos.kinit.cmd\n"
     "\tsasl.kerberos.min.time.before.relogin\n\tsasl.kerberos.principal.to.local.rules\n"
     "\tsasl.kerberos.service.name\n\tsasl.kerberos.ticket.renew.jitter\n"
     "\tsasl.kerberos.ticket.renew.window.factor\n\tsasl.login.refresh.buffer.seconds\n"
     "\tsasl.login.refresh.min.period.seconds\n\tsasl.login.refresh.window.factor\n"
     "\tsasl.login.refresh.window.jitter\n\tsasl.mechanism.inter.broker.protocol\n"
     "\tssl.cipher.suites\n\tssl.client.auth\n\tssl.enabled.protocols\n"
     "\tssl.endpoint.identification.algorithm\n\tssl.engine.factory.class\n\tssl.key.password\n"
     "\tssl.keymanager.algorithm\n\tssl.keystore.certificate.chain\n\tssl.keystore.key\n"
     "\tssl.keystore.location\n\tssl.keystore.password\n\tssl.keystore.type\n\tssl.protocol\n"
     "\tssl.provider\n\tssl.secure.random.implementation\n\tssl.trustmanager.algorithm\n"
     "\tssl.truststore.certificates\n\tssl.truststore.location\n\tssl.truststore.password\n"
     "\tssl.truststore.type\n\tunclean.leader.election.enable\nFor entity-type "
     "'users':\n\tSCRAM-SHA-256\n\tSCRAM-SHA-512\n\tconsumer_byte_rate\n\tcontroller_mutation_rate\n"
     "\tproducer_byte_rate\n\trequest_percentage\nFor entity-type "
     "'clients':\n\tconsumer_byte_rate\n\tcontroller_mutation_rate\n\tproducer_byte_rate\n"
     "\trequest_percentage\nFor entity-type 'ips':\n\tconnection_creation_rate\nEntity types 'users' "
     "and 'clients' may be specified together to update config for clients of a specific user."},
    {"add-config-file", Argument::Required, ArgumentType::String, "", "",
     "Path to a properties file with configs to add. See add-config for a list of valid "
     "configurations."},
    {"all", Argument::None, ArgumentType::String, "", "",
     "List all configs for the given topic, broker, or broker-logger entity (includes static "
     "configuration when the entity type is brokers)"},
    {"alter", Argument::None, ArgumentType::String, "", "", "Alter the configuration for the entity."},
    {"bootstrap-server", Argument::Required, ArgumentType::String, "server to connect to", "",
     "The Kafka server to connect to. This is required for describing and altering broker "
     "configs."},
    {"broker", Argument::Required, ArgumentType::String, "", "", "The broker's ID."},
    {"broker-defaults", Argument::None, ArgumentType::String, "", "", "The config defaults for all brokers."},
    {"broker-logger", Argument::Required, ArgumentType::String, "", "", "The broker's ID for its logger config."},
    {"client", Argument::Required, ArgumentType::String, "", "", "The client's ID."},
    {"client-defaults", Argument::None, ArgumentType::String, "", "", "The config defaults for all clients."},
    {"command-config", Argument::Required, ArgumentType::String, "command config property file", "",
     "Property file containing configs to be passed to Admin Client. This is used only with "
     "--bootstrap-server option for describing and altering broker configs."},
    {"delete-config", Argument::Required, ArgumentType::String, "", "", "config keys to remove 'k1,k2'"},
    {"describe", Argument::None, ArgumentType::String, "", "", "List configs for the given entity."},
    {"entity-default", Argument::None, ArgumentType::String, "", "",
     "Default entity name for clients/users/brokers/ips (applies to corresponding entity type "
     "in command line)"},
    {"entity-name", Argument::Required, ArgumentType::String, "", "",
     "Name of entity (topic name/client id/user principal name/broker id/ip)"},
    {"entity-type", Argument::Required, ArgumentType::String, "", "",
     "Type of entity (topics/clients/users/brokers/broker-loggers/ips)"},
    {"force", Argument::None, ArgumentType::String, "", "", "Suppress console prompts"},
    {"help", Argument::None, ArgumentType::String, "", "", "Print usage information."},
    {"ip", Argument::Required, ArgumentType::String, "", "", "The IP address."},
    {"ip-defaults", Argument::None, ArgumentType::String, "", "", "The config defaults for all IPs."},
    {"topic", Argument::Required, ArgumentType::String, "", "", "The topic's name."},
    {"user", Argument::Required, ArgumentType::String, "", "", "The user's principal name."},
    {"user-defaults", Argument::None, ArgumentType::String, "", "", "The config defaults for all users."},
    {"version", Argument::None, ArgumentType::String, "", "", "Display Kafka version."},
    {"zk-tls-config-file", Argument::Required, ArgumentType::String, "ZooKeeper TLS configuration", "",
     "Identifies the file where ZooKeeper client TLS connectivity properties are defined.  Any "
     "properties other than zookeeper.clientCnxnSocket, zookeeper.ssl.cipher.suites, "
     "zookeeper.ssl.client.enable, zookeeper.ssl.crl.enable, zookeeper.ssl.enabled.protocols, "
     "zookeeper.ssl.endpoint.identification.algorithm, zookeeper.ssl.keystore.location, "
     "zookeeper.ssl.keystore.password, zookeeper.ssl.keystore.type, zookeeper.ssl.ocsp.enable, "
     "zookeeper.ssl.protocol, zookeeper.ssl.truststore.location, "
     "zookeeper.ssl.truststore.password, zookeeper.ssl.truststore.type are ignored."},
    {"zookeeper", Argument::Required, ArgumentType::String, "urls", "",
     "DEPRECATED. The connection string for the zookeeper connection in the form host:port. "
     "Multiple URLS can be given to allow fail-over. Required when configuring SCRAM "
     "credentials for users or dynamic broker configs when the relevant broker(s) are down. Not "
     "allowed otherwise."},
};

}  // namespace

std::span<const Option> configs_options() { return kOptions; }

}  // namespace kafkasim::tools
