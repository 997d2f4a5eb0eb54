// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the controller knows of the cluster: live brokers and their epochs, who is shutting down, topics with ids
// and assignments, the leader and
// Isr of every partition as last read or written, and the state of every partition and replica. A value without any
// effects.
// Kafka 3.0.0: kafka.controller.ControllerContext.

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/leader_and_isr.hpp"
#include "core/base/uuid.hpp"
#include "core/controller/partition_state.hpp"
#include "core/controller/replica_state.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::controller {

struct LeaderIsrAndControllerEpoch {
    LeaderAndIsr leader_and_isr;
    int32_t controller_epoch = 0;  // of the controller that wrote it
    bool operator==(const LeaderIsrAndControllerEpoch&) const = default;
};
/// "(Leader:1,ISR:1,2,LeaderEpoch:2,ControllerEpoch:1)"
std::string to_string(const LeaderIsrAndControllerEpoch& state);

struct PartitionAndReplica {
    TopicPartition partition;
    BrokerId replica;
    auto operator<=>(const PartitionAndReplica&) const = default;
    bool operator==(const PartitionAndReplica&) const = default;
};

/// "[Topic=t,Partition=0,Replica=1]"
std::string to_string(const PartitionAndReplica& replica);

struct LiveBroker {
    zookeeper::BrokerInfo info;
    int64_t epoch = 0;  // czxid of its znode
    bool operator==(const LiveBroker&) const = default;
};

enum class ShuttingDown : bool { Excluded, Included };

class ControllerContext {
public:
    int32_t epoch = 0;             // 0: never elected, or resigned
    int32_t epoch_zk_version = 0;  // of /controller_epoch; guards every write

    std::map<BrokerId, LiveBroker> brokers;  // registered in ZooKeeper, also those shutting down
    std::set<BrokerId> shutting_down_broker_ids;

    std::set<TopicName> all_topics;
    std::map<TopicName, Uuid> topic_ids;
    std::map<TopicPartition, ReplicaAssignment> assignments;
    std::map<TopicPartition, LeaderIsrAndControllerEpoch> leadership;
    std::map<TopicPartition, PartitionState> partition_states;
    std::map<PartitionAndReplica, ReplicaState> replica_states;
    std::set<TopicName> topics_to_be_deleted;  // queued, also those being deleted
    std::set<TopicName> topics_with_deletion_started;
    std::set<TopicName> topics_ineligible_for_deletion;  // halted; kept by Kafka also when the topic is gone
    std::set<TopicPartition> partitions_being_reassigned;
    /// Whose assignment was read from ZooKeeper and not changed since: Kafka's log shows another kind of list.
    std::set<TopicPartition> assignments_as_read;
    /// Replicas that live brokers cannot use, as their answers to LeaderAndIsr say (KAFKA_STORAGE_ERROR).
    std::map<BrokerId, std::set<TopicPartition>> replicas_on_offline_dirs;

    std::vector<BrokerId> live_or_shutting_down_broker_ids() const;
    std::vector<BrokerId> live_broker_ids() const;
    std::vector<BrokerId> shutting_down_brokers() const;
    std::optional<int64_t> broker_epoch(BrokerId id) const;
    bool is_broker_live(BrokerId id, ShuttingDown with = ShuttingDown::Excluded) const;
    /// Its broker is live and can use it.
    bool is_replica_online(BrokerId id, const TopicPartition& tp) const;
    /// Those of `replicas` that are online.
    std::vector<BrokerId> online(const TopicPartition& tp, const std::vector<BrokerId>& replicas) const;

    const std::vector<BrokerId>& replicas_of(const TopicPartition& tp) const;
    const ReplicaAssignment& assignment_of(const TopicPartition& tp) const;
    const LeaderIsrAndControllerEpoch* leadership_of(const TopicPartition& tp) const;
    Uuid topic_id(const TopicName& topic) const;
    PartitionState partition_state(const TopicPartition& tp) const;
    ReplicaState replica_state(const PartitionAndReplica& replica) const;
    bool is_queued_for_deletion(const TopicName& topic) const { return topics_to_be_deleted.contains(topic); }
    std::vector<PartitionAndReplica> replicas_in_state(const TopicName& topic, ReplicaState state) const;
    bool any_replica_in_state(const TopicName& topic, ReplicaState state) const;
    /// True also if it has no replicas.
    bool all_replicas_in_state(const TopicName& topic, ReplicaState state) const;

    std::vector<TopicPartition> all_partitions() const;
    std::vector<TopicPartition> partitions_of(const TopicName& topic) const;
    std::vector<TopicPartition> partitions_on(BrokerId broker) const;
    std::vector<TopicPartition> partitions_with_leaders() const;
    /// Whose leader is not live now (dead, shutting down or none), of topics that are not being deleted.
    std::vector<TopicPartition> partitions_with_offline_leader() const;
    /// With several replicas and led by `broker`: what holds back its controlled shutdown.
    std::vector<TopicPartition> partition_leaders_on(BrokerId broker) const;
    std::vector<TopicPartition> partitions_in_states(const std::set<PartitionState>& states) const;
    std::vector<PartitionAndReplica> replicas_on(const std::vector<BrokerId>& brokers) const;
    std::vector<PartitionAndReplica> replicas_for(const std::vector<TopicPartition>& partitions) const;

    void remove_topic(const TopicName& topic);
    /// Everything but the brokers that are known forgotten, epoch 0.
    void reset() { *this = ControllerContext(); }
};

}  // namespace kafkasim::controller
