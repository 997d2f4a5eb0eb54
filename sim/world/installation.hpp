// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the unpacked tarball holds when a scenario begins: the stock config/*.properties (keys and values;
// Simplified: without their comments) and the folders. A
// scenario's cluster adds config/server.N.properties for each of its brokers, as the tutorial edits them.

#include <cstdint>
#include <vector>

#include "core/config/properties.hpp"
#include "sim/disk/virtual_disk.hpp"

namespace kafkasim::sim {

struct BrokerInstallation {
    int32_t id = 0;
    int32_t port = 0;
    config::Properties config;  // laid over the stock server.properties
};

struct Installation {
    int32_t zookeeper_port = 2181;
    /// Laid over every broker's settings, last: a scenario's rule set (core/broker/replication_rules.hpp).
    config::Properties every_broker;
    std::vector<BrokerInstallation> brokers{{1, 9093, {}}, {2, 9094, {}}, {3, 9095, {}}};
};

void install(VirtualDisk& disk, const Installation& installation);

/// The folders to which a process of the cluster writes, as its file of settings has them: log.dirs of "broker-1",
/// dataDir of "zookeeper".
std::vector<std::string> data_folders(const VirtualDisk& disk, const std::string& process);

/// "config/server.1.properties"
std::string config_file_of(int32_t broker);

}  // namespace kafkasim::sim
