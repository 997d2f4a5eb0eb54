// SPDX-License-Identifier: Apache-2.0
#include "sim/world/installation.hpp"

#include <string>
#include <string_view>

#include "core/base/text.hpp"

namespace kafkasim::sim {

namespace {

constexpr std::string_view kServerProperties =
    "broker.id=0\n"
    "num.network.threads=3\n"
    "num.io.threads=8\n"
    "socket.send.buffer.bytes=102400\n"
    "socket.receive.buffer.bytes=102400\n"
    "socket.request.max.bytes=104857600\n"
    "log.dirs=/tmp/kafka-logs\n"
    "num.partitions=1\n"
    "num.recovery.threads.per.data.dir=1\n"
    "offsets.topic.replication.factor=1\n"
    "transaction.state.log.replication.factor=1\n"
    "transaction.state.log.min.isr=1\n"
    "log.retention.hours=168\n"
    "log.segment.bytes=1073741824\n"
    "log.retention.check.interval.ms=300000\n"
    "zookeeper.connect=localhost:2181\n"
    "zookeeper.connection.timeout.ms=18000\n"
    "group.initial.rebalance.delay.ms=0\n";

constexpr std::string_view kZooKeeperProperties =
    "dataDir=/tmp/zookeeper\n"
    "clientPort=2181\n"
    "maxClientCnxns=0\n"
    "admin.enableServer=false\n";

constexpr std::string_view kProducerProperties =
    "bootstrap.servers=localhost:9092\n"
    "compression.type=none\n";

constexpr std::string_view kConsumerProperties =
    "bootstrap.servers=localhost:9092\n"
    "group.id=test-consumer-group\n";

}  // namespace

std::string config_file_of(int32_t broker) { return "config/server." + std::to_string(broker) + ".properties"; }

void install(VirtualDisk& disk, const Installation& installation) {
    for (const std::string_view folder : {"bin", "config", "libs", "licenses", "logs", "site-docs"})
        disk.make_directories(folder);
    disk.write_text("config/server.properties", config::with_properties(kServerProperties, installation.every_broker));
    disk.write_text("config/producer.properties", kProducerProperties);
    disk.write_text("config/consumer.properties", kConsumerProperties);
    const std::string zookeeper_port = std::to_string(installation.zookeeper_port);
    disk.write_text("config/zookeeper.properties",
                    config::with_properties(kZooKeeperProperties, {{"clientPort", zookeeper_port}}));
    for (const BrokerInstallation& broker : installation.brokers) {
        const std::string id = std::to_string(broker.id);
        config::Properties edits{{"broker.id", id},
                                 {"listeners", "PLAINTEXT://:" + std::to_string(broker.port)},
                                 {"log.dirs", "/tmp/kafka-logs" + id},
                                 {"zookeeper.connect", "localhost:" + zookeeper_port}};
        for (const auto& [key, value] : broker.config) edits.insert_or_assign(key, value);
        for (const auto& [key, value] : installation.every_broker) edits.insert_or_assign(key, value);
        disk.write_text(config_file_of(broker.id), config::with_properties(kServerProperties, edits));
    }
}

std::vector<std::string> data_folders(const VirtualDisk& disk, const std::string& process) {
    const bool is_zookeeper = process == "zookeeper";
    const std::string number = process.substr(process.find('-') + 1);
    const std::string file = is_zookeeper ? "config/zookeeper.properties" : "config/server." + number + ".properties";
    const config::Properties settings = config::parse_properties(disk.read_text(file).value_or(""));
    std::vector<std::string> folders;
    for (const std::string_view key : {"dataDir", "log.dirs", "log.dir"}) {
        const auto found = settings.find(std::string(key));
        if (found == settings.end()) continue;
        for (const std::string& folder : split(found->second, ',')) {
            const size_t first = folder.find_first_not_of(' ');
            if (first != std::string::npos)
                folders.push_back(
                    VirtualDisk::absolute(folder.substr(first, folder.find_last_not_of(' ') - first + 1)));
        }
        break;
    }
    return folders;
}

}  // namespace kafkasim::sim
