// SPDX-License-Identifier: Apache-2.0
#include "sim/invariants/take_snapshot.hpp"

#include "core/zookeeper/znodes.hpp"

namespace kafkasim::sim::invariants {

namespace {

using broker::PartitionFetchState;

/// A rule set in which the follower cuts before it fetches tells by its fetcher that it has cut; one in which the
/// leader's answers to fetches tell what to cut, by the first batch of the leader's epoch that it was given.
bool has_converged(const broker::BrokerState& state, const broker::Partition& partition, const log::Log& log) {
    const auto& fetchers = state.replicas.fetchers().fetchers();
    const auto fetcher = fetchers.find(partition.leader());
    if (fetcher == fetchers.end()) return false;
    const auto found = fetcher->second.partitions().find(partition.topic_partition());
    if (found == fetcher->second.partitions().end()) return false;
    const PartitionFetchState& fetch = found->second;
    if (fetch.state != PartitionFetchState::State::Fetching || fetch.leader_epoch != partition.leader_epoch())
        return false;
    if (state.rules->beginning(log.latest_epoch()) != broker::ReplicationRules::Beginning::Fetch) return true;
    return log.latest_epoch() == partition.leader_epoch();
}

std::optional<ReplicaView> replica_view(const TopicPartition& tp, BrokerId id, const RunningBroker& running) {
    const log::Log* log = running.state->replicas.logs().find(tp);
    const broker::Partition* partition = running.state->replicas.find(tp);
    if (log == nullptr || !is_compared(*log)) return std::nullopt;
    if (partition != nullptr && partition->offline()) return std::nullopt;
    ReplicaView view;
    view.id = id;
    view.life = running.life;
    view.topic_id = log->topic_id();
    view.log_start = log->log_start_offset();
    view.log_end = log->log_end_offset();
    view.high_watermark = log->high_watermark();
    for (const log::LogSegment& segment : log->segments()) {
        if (!segment.empty()) view.log.emplace_back(segment.batches());
    }
    if (partition == nullptr || !partition->has_log() || partition->leader_epoch() < 0) return view;
    view.role = partition->is_leader() ? ReplicaView::Role::Leader : ReplicaView::Role::Follower;
    view.leader = partition->leader();
    view.leader_epoch = partition->leader_epoch();
    view.isr = partition->isr_state().isr;
    view.maximal_isr = partition->isr_state().maximal_isr();
    view.converged = view.role == ReplicaView::Role::Follower && has_converged(*running.state, *partition, *log);
    return view;
}

}  // namespace

bool is_compared(const log::Log& log) { return !log.config().compacted; }

ReplicaSummary summary_of(const broker::BrokerState& state, const broker::Partition* partition, const log::Log& log) {
    ReplicaSummary summary;
    summary.log_start = log.log_start_offset();
    summary.log_end = log.log_end_offset();
    summary.high_watermark = log.high_watermark();
    if (partition == nullptr || !partition->has_log() || partition->offline()) return summary;
    summary.leader = partition->leader();
    summary.leader_epoch = partition->leader_epoch();
    summary.zk_version = partition->zk_version();
    summary.maximal_isr = partition->isr_state().maximal_size();
    summary.converged = !partition->is_leader() && has_converged(state, *partition, log);
    return summary;
}

std::optional<ZnodeView> look_at_state(const TopicPartition& partition, const zookeeper::ZooKeeperServer& server,
                                       ZnodeMemory& memory) {
    const zookeeper::Znode* node = server.tree().find(zookeeper::partition_state_path(partition));
    if (node == nullptr || !node->data) return std::nullopt;
    if (memory.mzxid == node->mzxid) return memory.view;
    memory = {node->mzxid, std::nullopt};
    if (const auto state = zookeeper::decode_partition_state(*node->data))
        memory.view = ZnodeView{node->czxid, state->leader_and_isr.leader, state->leader_and_isr.leader_epoch,
                                state->leader_and_isr.isr};
    return memory.view;
}

PartitionSnapshot take_snapshot(const TopicPartition& partition, const std::map<BrokerId, RunningBroker>& brokers) {
    PartitionSnapshot snapshot;
    snapshot.partition = partition;
    for (const auto& [id, running] : brokers) {
        if (auto view = replica_view(partition, id, running)) snapshot.replicas.push_back(std::move(*view));
    }
    return snapshot;
}

}  // namespace kafkasim::sim::invariants
