// SPDX-License-Identifier: Apache-2.0
#pragma once
// The names of the loggers that ZooKeeper, server and client, writes to (they decide the file, see core/node/log.hpp).

#include <string_view>

namespace kafkasim::zookeeper {

inline constexpr std::string_view kClientCnxnLogger = "org.apache.zookeeper.ClientCnxn";
inline constexpr std::string_view kZooKeeperServerLogger = "org.apache.zookeeper.server.ZooKeeperServer";

}  // namespace kafkasim::zookeeper
