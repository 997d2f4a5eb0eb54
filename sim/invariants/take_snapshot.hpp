// SPDX-License-Identifier: Apache-2.0
#pragma once
// The camera for invariants: looks at the state of brokers and of ZooKeeper, and changes nothing. A replica's
// summary is the cheap part, to see whether anything changed; the snapshot is made for those that did.
// Compacted topics are left out: replicas clean their logs when each of them finds it due, and differ by it.
// Called by InvariantChecker.

#include <map>
#include <optional>

#include "core/broker/broker.hpp"
#include "core/zookeeper/server.hpp"
#include "sim/invariants/snapshot.hpp"

namespace kafkasim::sim::invariants {

/// What of a replica can make an invariant break or hold.
struct ReplicaSummary {
    int64_t log_start = 0;
    int64_t log_end = 0;
    int64_t high_watermark = 0;
    BrokerId leader = kNoBroker;
    int32_t leader_epoch = -1;
    int32_t zk_version = -1;  // changes with the Isr
    size_t maximal_isr = 0;   // members
    bool converged = false;
    bool operator==(const ReplicaSummary&) const = default;
};

/// A broker's process and what it runs.
struct RunningBroker {
    uint32_t life = 0;
    const broker::BrokerState* state = nullptr;
};

/// Whether the log is one that replicas must have in common.
bool is_compared(const log::Log& log);
/// `partition` may be nullptr: not told yet.
ReplicaSummary summary_of(const broker::BrokerState& state, const broker::Partition* partition, const log::Log& log);

/// A state znode as it was read last.
struct ZnodeMemory {
    int64_t mzxid = -1;
    std::optional<ZnodeView> view;
};
/// The state znode; read again only if it was written since.
std::optional<ZnodeView> look_at_state(const TopicPartition& partition, const zookeeper::ZooKeeperServer& server,
                                       ZnodeMemory& memory);
/// The replicas on those brokers; nothing else is in it.
PartitionSnapshot take_snapshot(const TopicPartition& partition, const std::map<BrokerId, RunningBroker>& brokers);

}  // namespace kafkasim::sim::invariants
