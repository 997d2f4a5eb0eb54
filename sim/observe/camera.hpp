// SPDX-License-Identifier: Apache-2.0
#pragma once
// What somebody who stands beside the cluster sees without asking it: ZooKeeper's tree, a broker's metadata, files.
// Cameras only look; nothing in the cluster learns
// anything by them. For `look`, `wait until` and `expect`.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/seen.hpp"
#include "sim/world/world.hpp"

namespace kafkasim::broker {
class Broker;
}
namespace kafkasim::zookeeper {
class ZooKeeperServer;
}

namespace kafkasim::sim {

/// nullptr if it is not running (a paused one is).
const zookeeper::ZooKeeperServer* zookeeper_of(const World& world);
/// The running brokers by id.
std::map<BrokerId, const broker::Broker*> brokers_of(const World& world);

std::optional<scenario::SeenZnode> look_at_znode(const zookeeper::ZooKeeperServer& zookeeper, const std::string& path);
std::optional<scenario::SeenFile> look_at_file(const World& world, const std::string& path);

/// Leader, Isr, replicas of a partition.
struct PartitionView {
    BrokerId leader;
    int32_t leader_epoch = 0;
    std::vector<BrokerId> isr;
    std::vector<BrokerId> replicas;
    std::vector<BrokerId> offline;
};
/// As ZooKeeper's state znode has it.
std::optional<PartitionView> partition_in_zookeeper(const World& world, const TopicPartition& partition);
/// As the metadata of the lowest running broker has it.
std::optional<PartitionView> partition_in_metadata(const World& world, const TopicPartition& partition);

/// The log of a process by its name in the format: "broker-1", "broker-1/controller", "zookeeper". All lives of the
/// process together.
std::string log_text(const World& world, const std::string& log);
/// Whether a line holds the pattern; "…" stands for what may vary.
bool holds_like(const std::string& text, const std::string& like);

}  // namespace kafkasim::sim
