// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where Kafka keeps what in ZooKeeper, and the text in each znode, field for field as Kafka 3.0.0 stores it.
// Decoding takes any order of fields and
// answers nullopt for what it cannot read. Called by the broker (registration, configs), the controller and the
// tests.
// Kafka 3.0.0: kafka.zk.ZkData (BrokerIdZNode, TopicZNode, TopicPartitionStateZNode, ...).

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/leader_and_isr.hpp"
#include "core/base/uuid.hpp"

namespace kafkasim::zookeeper {

// --- paths
inline constexpr std::string_view kControllerPath = "/controller";
inline constexpr std::string_view kControllerEpochPath = "/controller_epoch";
inline constexpr std::string_view kClusterIdPath = "/cluster/id";
inline constexpr std::string_view kBrokerIdsPath = "/brokers/ids";
inline constexpr std::string_view kBrokerSequenceIdPath = "/brokers/seqid";
inline constexpr std::string_view kTopicsPath = "/brokers/topics";
inline constexpr std::string_view kConfigPath = "/config";
inline constexpr std::string_view kConfigChangesPath = "/config/changes";
inline constexpr std::string_view kConfigTopicsPath = "/config/topics";
inline constexpr std::string_view kConfigBrokersPath = "/config/brokers";
inline constexpr std::string_view kDeleteTopicsPath = "/admin/delete_topics";
inline constexpr std::string_view kReassignPartitionsPath = "/admin/reassign_partitions";
inline constexpr std::string_view kPreferredElectionPath = "/admin/preferred_replica_election";
inline constexpr std::string_view kIsrChangeNotificationPath = "/isr_change_notification";
inline constexpr std::string_view kLogDirEventNotificationPath = "/log_dir_event_notification";
inline constexpr std::string_view kProducerIdBlockPath = "/latest_producer_id_block";
inline constexpr std::string_view kFeaturePath = "/feature";
inline constexpr std::string_view kConsumersPath = "/consumers";

/// What every broker makes at its start, in its order (KafkaZkClient.createTopLevelPaths, ZkData.PersistentZkPaths).
const std::vector<std::string>& top_level_paths();

std::string broker_path(BrokerId broker);                                        // /brokers/ids/1
std::string topic_path(std::string_view topic);                                  // /brokers/topics/t
std::string topic_partitions_path(std::string_view topic);                       // /brokers/topics/t/partitions
std::string partition_path(const TopicPartition& tp);                            // /brokers/topics/t/partitions/0
std::string partition_state_path(const TopicPartition& tp);                      // /brokers/topics/t/partitions/0/state
std::string delete_topic_path(std::string_view topic);                           // /admin/delete_topics/t
std::string config_entity_path(std::string_view type, std::string_view entity);  // /config/topics/t
std::string config_change_prefix();  // /config/changes/config_change_  (sequential)
std::string log_dir_event_prefix();  // /log_dir_event_notification/log_dir_event_  (sequential)
std::string encode_log_dir_event(BrokerId broker);
std::optional<BrokerId> decode_log_dir_event(std::string_view data);
std::string isr_change_prefix();  // /isr_change_notification/isr_change_  (sequential)
/// The number at the end of a sequential znode's name; nullopt if there is none.
std::optional<int64_t> sequence_of(std::string_view name);
/// "/a/b/c" -> "/a/b"; "/a" -> "/"; "/" -> "".
std::string parent_path(std::string_view path);
std::string last_element(std::string_view path);

// --- /brokers/ids/N
struct BrokerInfo {
    BrokerId id;
    std::string host;
    int32_t port = 0;
    int64_t timestamp_ms = 0;
    std::optional<std::string> rack;
    bool operator==(const BrokerInfo&) const = default;
};
std::string encode_broker(const BrokerInfo& broker);
std::optional<BrokerInfo> decode_broker(BrokerId id, std::string_view text);

// --- /controller, /controller_epoch
struct ControllerInfo {
    BrokerId broker;
    int64_t timestamp_ms = 0;
    bool operator==(const ControllerInfo&) const = default;
};
std::string encode_controller(const ControllerInfo& controller);
std::optional<ControllerInfo> decode_controller(std::string_view text);
std::string encode_controller_epoch(int32_t epoch);
std::optional<int32_t> decode_controller_epoch(std::string_view text);

// --- /cluster/id
std::string encode_cluster_id(std::string_view cluster_id);
std::optional<std::string> decode_cluster_id(std::string_view text);

// --- /brokers/topics/T
struct TopicAssignment {
    Uuid topic_id;  // zero if the znode has none
    std::map<int32_t, ReplicaAssignment> partitions;
    bool operator==(const TopicAssignment&) const = default;
};
std::string encode_topic(const TopicAssignment& topic);
std::optional<TopicAssignment> decode_topic(std::string_view text);

// --- /brokers/topics/T/partitions/P/state
struct PartitionState {
    LeaderAndIsr leader_and_isr;  // zk_version is that of the stat, given by the caller
    int32_t controller_epoch = 0;
    bool operator==(const PartitionState&) const = default;
};
std::string encode_partition_state(const LeaderAndIsr& state, int32_t controller_epoch);
std::optional<PartitionState> decode_partition_state(std::string_view text, int32_t zk_version = 0);

// --- /config/...
using ConfigOverrides = std::map<std::string, std::string>;
std::string encode_config(const ConfigOverrides& config);
std::optional<ConfigOverrides> decode_config(std::string_view text);
/// {"version":2,"entity_path":"topics/orders"}
std::string encode_config_change(std::string_view entity_path);
std::optional<std::string> decode_config_change(std::string_view text);

// --- the rest
std::string encode_feature();  // {"features":{},"version":1,"status":1}
bool features_enabled(std::string_view feature);
struct ProducerIdBlock {
    BrokerId broker;
    int64_t first = 0;
    int64_t last = 0;
    bool operator==(const ProducerIdBlock&) const = default;
};
std::string encode_producer_id_block(const ProducerIdBlock& block);
std::optional<ProducerIdBlock> decode_producer_id_block(std::string_view text);
/// {"version":1,"partitions":[{"topic":"t","partition":0}]}: /admin/preferred_replica_election
std::string encode_partitions(const std::vector<TopicPartition>& partitions);
std::optional<std::vector<TopicPartition>> decode_partitions(std::string_view text);
/// {"version":1,"partitions":[{"topic":"t","partition":0,"replicas":[1,2]}]}: /admin/reassign_partitions
std::optional<std::map<TopicPartition, std::vector<BrokerId>>> decode_reassignment(std::string_view text);

/// A text as a JSON string with its quotes.
std::string json_string(std::string_view text);

}  // namespace kafkasim::zookeeper
