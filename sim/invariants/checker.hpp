// SPDX-License-Identifier: Apache-2.0
#pragma once
// Checks the invariants while a world runs: after each event it looks at the replicas of the broker that handled it,
// or at the state znodes that a request to ZooKeeper wrote, and checks the partitions of which something changed.
// What brokers tell each other and which notes they make does not count, so nothing that a broker forgets to say is
// missed. Set as the world's observer by the scenario's runner; a world without one does nothing for it.
// Groups are checked beside, by their consumers and coordinators (group_checker.hpp).
// Not looked at again are events that cannot change a replica (answers to metadata requests, idle fetches ...).

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/invariants/group_checker.hpp"
#include "sim/invariants/take_snapshot.hpp"
#include "sim/invariants/violation.hpp"
#include "sim/world/observer.hpp"

namespace kafkasim::sim::invariants {

class InvariantChecker final : public WorldObserver {
public:
    void message_arrives(const Process& process, const protocol::Body& message) override;
    void handled(const World& world, const Process& process, uint64_t event) override;

    /// The first of each invariant and partition, in the order in which they broke.
    const std::vector<Violation>& violations() const { return violations_; }
    /// How many times a partition was looked at.
    uint64_t checks() const { return checks_; }

private:
    struct Memory {
        EpochsBefore epochs;
        Agreements agreements;
        ZnodeMemory znode;
    };
    using Summaries = std::map<TopicPartition, ReplicaSummary>;

    void broker_handled(uint32_t life, const broker::BrokerState& state);
    void zookeeper_handled(uint32_t life);
    /// Forgets the processes that have ended.
    std::map<BrokerId, RunningBroker> running_brokers(const World& world);
    void check(const TopicPartition& partition, const World& world, uint64_t event);

    GroupChecker groups_;
    std::map<uint32_t, Summaries> lives_;     // of each broker process that was seen: its replicas when last looked at
    uint32_t zookeeper_ = UINT32_MAX;         // the newest ZooKeeper process that was seen
    std::map<TopicPartition, Memory> known_;  // partitions that were ever checked
    std::set<std::pair<std::string_view, TopicPartition>> broken_;
    bool harmless_ = false;                // the message that is being handled changes no replica
    std::vector<TopicPartition> written_;  // state znodes that it writes
    std::set<TopicPartition> marked_;
    std::vector<Violation> violations_;
    uint64_t checks_ = 0;
};

}  // namespace kafkasim::sim::invariants
