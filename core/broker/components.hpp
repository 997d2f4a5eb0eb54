// SPDX-License-Identifier: Apache-2.0
#pragma once
// The parts of a broker that own connections and timers, as they stand in the `component` of a node::Tag.

#include <cstdint>

namespace kafkasim::broker {

enum Component : uint16_t {
    kNoComponent = 0,  // connections that others made to us
    kZooKeeper,        // the session
    kController,       // send threads and the controller's scheduler
    kReplicaManager,   // isr-expiration, checkpoints, purgatories
    kReplicaFetcher,   // one per leader
    kAlterIsr,         // channel to the controller for ISR changes
    kForwarding,       // channel to the controller for automatic topic creation
    kShutdown,         // channel to the controller for the controlled shutdown
    kGroups,           // group coordinator
    kBroker,           // startup and the rest
    kZkIsr,            // ISR changes that the leader itself writes to ZooKeeper
};

}  // namespace kafkasim::broker
