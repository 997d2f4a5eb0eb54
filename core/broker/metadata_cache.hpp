// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a broker knows of the cluster: which brokers are alive, who the controller is, who leads each partition. It
// learns all of it from UpdateMetadata
// requests and believes them: no epoch is compared, nothing is looked up in ZooKeeper, so between an event and the
// next request it shows the past.
// Read by the handlers (Metadata, FindCoordinator, CreateTopics, ...) and by replication (fetchers look their
// leader up here). A value.
// Kafka 3.0.0: kafka.server.metadata.ZkMetadataCache.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/uuid.hpp"
#include "core/node/env.hpp"
#include "core/protocol/message_fwd.hpp"

namespace kafkasim::broker {

/// A partition as the controller last described it.
struct PartitionInfo {
    BrokerId leader;
    int32_t controller_epoch = 0;
    int32_t leader_epoch = 0;
    int32_t zk_version = 0;
    std::vector<BrokerId> isr;
    std::vector<BrokerId> replicas;
    std::vector<BrokerId> offline_replicas;
    bool operator==(const PartitionInfo&) const = default;
};

struct AliveBroker {
    BrokerId id;
    node::Endpoint endpoint;
    std::optional<std::string> rack;
    bool operator==(const AliveBroker&) const = default;
};

class MetadataCache {
public:
    using Partitions = std::map<int32_t, PartitionInfo>;

    struct Updated {
        int added = 0;                        // partitions that were listed with a leader or without one
        std::vector<TopicPartition> deleted;  // partitions that were listed as being deleted (leader -2)
    };

    /// Brokers and controller are replaced, topic ids merged, listed partitions overwritten; what is not listed
    /// stays as it is.
    Updated update(const protocol::UpdateMetadataRequest& request);

    bool alive(BrokerId id) const { return find_broker(id) != nullptr; }
    std::optional<node::Endpoint> endpoint(BrokerId id) const;
    const AliveBroker* find_broker(BrokerId id) const;
    /// In the order in which Kafka's hash map gives them; placement of new topics follows it.
    const std::vector<AliveBroker>& alive_brokers() const { return alive_; }
    /// The sender of the last UpdateMetadata; kNoBroker before the first.
    BrokerId controller() const { return controller_; }

    bool contains(const TopicName& topic) const { return topics_.contains(topic); }
    bool contains(const TopicPartition& tp) const { return find(tp) != nullptr; }
    /// nullptr if there is no such partition.
    const PartitionInfo* find(const TopicPartition& tp) const;
    const Partitions* find(const TopicName& topic) const;
    const std::map<TopicName, Partitions>& topics() const { return topics_; }
    /// Zero if it is not known.
    Uuid topic_id(const TopicName& topic) const;
    std::optional<TopicName> topic_name(const Uuid& id) const;
    /// Every partition of the topic is there and has a leader other than -1, and there is at least one.
    bool all_have_leaders(const TopicName& topic) const;

private:
    void update_brokers(const protocol::UpdateMetadataRequest& request);

    std::vector<AliveBroker> alive_;
    BrokerId controller_ = kNoBroker;
    std::map<TopicName, Partitions> topics_;
    std::map<TopicName, Uuid> topic_ids_;
};

/// Indexes into `keys` (not negative, distinct, in order of insertion) in the order in which a
/// scala.collection.mutable.LongMap that was made for
/// `expected` entries iterates.
std::vector<size_t> long_map_order(const std::vector<int64_t>& keys, size_t expected);

}  // namespace kafkasim::broker
