// SPDX-License-Identifier: Apache-2.0
#include "sim/invariants/checker.hpp"

#include <algorithm>

#include "sim/invariants/concerned.hpp"
#include "sim/invariants/invariants.hpp"
#include "sim/world/world.hpp"

namespace kafkasim::sim::invariants {

namespace {

template <typename Worker>
const Worker* worker_of(const Process& process) {
    if (!process.alive() || process.node == nullptr) return nullptr;
    return dynamic_cast<const Worker*>(process.node->worker());
}

EpochsBefore epochs_of(const PartitionSnapshot& snapshot, EpochsBefore epochs) {
    if (snapshot.znode) epochs.znode = {snapshot.znode->created, snapshot.znode->leader_epoch};
    for (const ReplicaView& replica : snapshot.replicas) {
        if (replica.role != ReplicaView::Role::Untold)
            epochs.replicas[replica.id] = {replica.life, replica.topic_id, replica.leader_epoch};
    }
    return epochs;
}

}  // namespace

void InvariantChecker::message_arrives(const Process& process, const protocol::Body& message) {
    groups_.message_arrives(message);
    if (process.id == zookeeper_)
        written_ = state_znodes_written(message);
    else
        harmless_ = !may_change_replicas(message);
}

void InvariantChecker::handled(const World& world, const Process& process, uint64_t event) {
    const bool harmless = std::exchange(harmless_, false);
    const auto* broker = worker_of<broker::Broker>(process);
    groups_.handled(world, process, broker == nullptr ? nullptr : &broker->state(), event, violations_);
    if (!harmless) {
        if (broker != nullptr)
            broker_handled(process.id, broker->state());
        else if (worker_of<zookeeper::ZooKeeperServer>(process) != nullptr)
            zookeeper_handled(process.id);
    }
    written_.clear();
    if (marked_.empty()) return;
    for (const TopicPartition& partition : std::exchange(marked_, {})) check(partition, world, event);
}

/// Marks the replicas of which something changed since the broker was last looked at, and those that are gone.
void InvariantChecker::broker_handled(uint32_t life, const broker::BrokerState& state) {
    Summaries& summaries = lives_[life];
    const auto& partitions = state.replicas.partitions();
    auto known = summaries.begin();
    for (const auto& [tp, log] : state.replicas.logs().logs()) {
        if (!is_compared(log)) continue;
        while (known != summaries.end() && known->first < tp) {
            marked_.insert(known->first);
            known = summaries.erase(known);
        }
        const auto partition = partitions.find(tp);
        const ReplicaSummary summary =
            summary_of(state, partition == partitions.end() ? nullptr : &partition->second, log);
        if (known == summaries.end() || known->first != tp) {
            known = summaries.emplace_hint(known, tp, summary);
            marked_.insert(tp);
        } else if (known->second != summary) {
            known->second = summary;
            marked_.insert(tp);
        }
        ++known;
    }
    for (; known != summaries.end(); known = summaries.erase(known)) marked_.insert(known->first);
}

/// Marks what the request wrote; of a ZooKeeper that has just started, everything.
void InvariantChecker::zookeeper_handled(uint32_t life) {
    if (zookeeper_ != life) {
        for (const auto& [partition, memory] : known_) marked_.insert(partition);
    }
    zookeeper_ = life;
    marked_.insert(written_.begin(), written_.end());
}

std::map<BrokerId, RunningBroker> InvariantChecker::running_brokers(const World& world) {
    std::map<BrokerId, RunningBroker> brokers;
    for (auto life = lives_.begin(); life != lives_.end();) {
        const auto* broker = worker_of<broker::Broker>(world.process(life->first));
        if (broker != nullptr) brokers[broker->id()] = {life->first, &broker->state()};
        life = broker != nullptr ? std::next(life) : lives_.erase(life);
    }
    return brokers;
}

void InvariantChecker::check(const TopicPartition& partition, const World& world, uint64_t event) {
    ++checks_;
    Memory& memory = known_[partition];
    PartitionSnapshot snapshot = take_snapshot(partition, running_brokers(world));
    const zookeeper::ZooKeeperServer* server =
        zookeeper_ == UINT32_MAX ? nullptr : worker_of<zookeeper::ZooKeeperServer>(world.process(zookeeper_));
    if (server != nullptr) snapshot.znode = look_at_state(partition, *server, memory.znode);
    snapshot.before = std::move(memory.epochs);
    snapshot.agreements = &memory.agreements;
    for (const Invariant& invariant : invariants()) {
        Broken broken = invariant.check(snapshot);
        if (!broken || !broken_.emplace(invariant.name, partition).second) continue;
        violations_.push_back({std::string(invariant.name), partition, world.now(), event, std::move(*broken)});
    }
    memory.epochs = epochs_of(snapshot, std::move(snapshot.before));
}

}  // namespace kafkasim::sim::invariants
