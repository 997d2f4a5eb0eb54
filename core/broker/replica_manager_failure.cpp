// SPDX-License-Identifier: Apache-2.0
// A folder of log.dirs cannot be written to: its partitions are offline here from now on, and the controller hears of
// it; without any folder left the broker halts. See replica_manager.hpp.
// Kafka 3.0.0: kafka.server.ReplicaManager.handleLogDirFailure, LogDirFailureHandler.
#include <fmt/format.h>

#include "core/broker/loggers.hpp"
#include "core/broker/replica_manager.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

bool ReplicaManager::take_failed_log_dir(BrokerHost& host) {
    if (!handles_failures_) return false;
    const std::optional<std::string> dir = logs_.newly_failed_dir(host.env());
    if (!dir) return false;
    const std::string prefix = fmt::format("[ReplicaManager broker={}] ", host.broker_id().value);
    node::warn(host.env(), kReplicaManagerLogger, "{}Stopping serving replicas in dir {}", prefix, *dir);
    std::vector<TopicPartition> offline;
    for (auto& [tp, partition] : partitions_) {
        const log::Log* log = partition.offline() ? nullptr : log_of(tp);
        if (log && log->log_dir() == *dir) offline.push_back(tp);
    }
    fetchers_.remove(host, offline);
    if (!offline.empty()) {
        node::info(host.env(), "kafka.server.ReplicaAlterLogDirsManager",
                   "[ReplicaAlterLogDirsManager on broker {}] Removed fetcher for partitions {}",
                   host.broker_id().value, partition_set_text(offline));
    }
    for (const TopicPartition& tp : offline) {
        touch(tp);
        partitions_.at(tp).mark_offline();
    }
    node::warn(host.env(), kReplicaManagerLogger,
               "{}Broker {} stopped fetcher for partitions {} and stopped moving logs for partitions  because they are "
               "in the failed log directory {}.",
               prefix, host.broker_id().value, join(offline), *dir);
    if (!logs_.handle_log_dir_failure(host.env(), *dir)) {
        host.halt();
        return false;
    }
    host.propagate_log_dir_event();
    node::warn(host.env(), kReplicaManagerLogger, "{}Stopped serving replicas in dir {}", prefix, *dir);
    return true;
}

void ReplicaManager::disturbed_disks_are_written(BrokerHost& host) {
    if (checkpoints_since_ && !checkpoint_due_ && logs_.disturbed(host.env())) high_watermarks_changed(host);
}

/// Kafka 3.0.0: the answers to KafkaStorageException in ReplicaManager.makeLeaders and makeFollowers.
void ReplicaManager::role_change_failed(BrokerHost& host, LeaderAndIsrWork& work, const TopicPartition& tp,
                                        const PartitionState& state, const std::string& why_not) {
    work.failed.insert(tp);
    const bool leads = state.leader == host.broker_id();
    const std::string with_leader = leads ? "" : fmt::format(" with leader {}", state.leader.value);
    node::error(host.env(), kStateChangeLogger,
                "[Broker id={}] Skipped the become-{} state change with correlation id {} from controller {} epoch {} "
                "for partition {} (last update controller epoch {}){} since the replica for the partition is offline "
                "due to disk error org.apache.kafka.common.errors.KafkaStorageException: {}",
                host.broker_id().value, leads ? "leader" : "follower", work.correlation_id, work.controller.value,
                work.controller_epoch, to_string(tp), state.controller_epoch, with_leader, why_not);
    // The partition as it prints itself: its replicas are known by then, and to a leader the Isr.
    const Partition& partition = partitions_.at(tp);
    const std::string leader =
        partition.leader() == kNoBroker ? "None" : fmt::format("Some({})", partition.leader().value);
    const log::Log* log = logs_.find(tp);
    node::error(host.env(), kReplicaManagerLogger,
                "[ReplicaManager broker={}] Error while making broker the {} for partition Topic: {}; Partition: {}; "
                "Leader: {}; Replicas: {}; ISR: {}{} in dir {}\n"
                "org.apache.kafka.common.errors.KafkaStorageException: {}",
                host.broker_id().value, leads ? "leader" : "follower", tp.topic.view(), tp.partition, leader,
                join(state.replicas), leads ? join(state.isr) : "", with_leader,
                log ? fmt::format("Some({})", log->log_dir()) : "None", why_not);
}

}  // namespace kafkasim::broker
