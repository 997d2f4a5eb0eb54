// SPDX-License-Identifier: Apache-2.0
#pragma once
// bin/kafka-server-stop.sh and bin/zookeeper-server-stop.sh: they look through all processes of the host, as
// `ps ax | grep` does, and send SIGTERM to every one that is such a server. So a broker's script stops all brokers.
// That is the host's business, not a client's: it happens here, in the world.

#include <memory>
#include <string>

#include "core/node/node.hpp"
#include "sim/world/world.hpp"

namespace kafkasim::sim {

/// nullptr if the script is another one. `script` is the name without the folder: "kafka-server-stop.sh".
std::unique_ptr<node::Node> make_stop_script(World& world, const std::string& script);

}  // namespace kafkasim::sim
