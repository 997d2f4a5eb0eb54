// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a client knows of the cluster, and when it must ask again. Decides which parts of a Metadata reply are
// taken: a partition's entry
// with a leader epoch older than the last seen is ignored, so that an out-of-date broker cannot take the client
// back; a changed topic id starts anew.
// Owned by NetworkClient, which sends the requests; producer and consumer say which topics they need. Times are
// Instants.
// Kafka 3.0.0: org.apache.kafka.clients.Metadata, MetadataCache, ProducerMetadata, ConsumerMetadata.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error_code.hpp"
#include "core/base/ids.hpp"
#include "core/base/java_pattern.hpp"
#include "core/base/time.hpp"
#include "core/base/uuid.hpp"
#include "core/client/node_id.hpp"
#include "core/protocol/metadata.hpp"

namespace kafkasim::client {

struct PartitionMetadata {
    ErrorCode error = ErrorCode::None;
    BrokerId leader = kNoBroker;
    int32_t leader_epoch = -1;
    std::vector<BrokerId> replicas;
    std::vector<BrokerId> isr;
    std::vector<BrokerId> offline_replicas;
    bool operator==(const PartitionMetadata&) const = default;
};

struct TopicMetadata {
    Uuid topic_id;
    bool is_internal = false;
    std::map<int32_t, PartitionMetadata> partitions;
};

struct LeaderAndEpoch {
    BrokerId leader = kNoBroker;
    int32_t epoch = -1;
    bool operator==(const LeaderAndEpoch&) const = default;
};

/// Kafka 3.0.0: Metadata.updateLatestMetadata. True if an entry with `epoch` is taken when `last_seen` is the
/// newest epoch known (-1: none).
constexpr bool takes_epoch(int32_t last_seen, int32_t epoch, bool same_topic_id) {
    return epoch < 0 || last_seen < 0 || !same_topic_id || epoch >= last_seen;
}

class ClusterMetadata {
public:
    ClusterMetadata() = default;
    ClusterMetadata(const std::vector<node::Endpoint>& bootstrap, Duration refresh_back_off, Duration max_age);

    // Which topics are asked for.
    void want(const TopicName& topic);                  // adds one; a new one makes an update due at once
    void want_only(const std::set<TopicName>& topics);  // replaces all (a consumer's subscription)
    void want_all();                                    // AdminClient
    /// A subscription by pattern: all topics are asked for, those that do not match are not kept.
    void want_matching(const java::Pattern& pattern, bool exclude_internal);
    /// The subscription by pattern ends.
    void want_named() {
        pattern_.reset();
        all_ = false;
    }
    const std::set<TopicName>& wanted() const { return wanted_; }
    protocol::MetadataRequest request(bool allow_auto_creation) const;
    /// Number of the state of `wanted`, to be given back with the reply.
    int64_t request_version() const { return request_version_; }

    // When.
    void request_update() { need_update_ = true; }
    bool update_requested() const { return need_update_ || need_partial_update_; }
    Duration time_to_next_update(Instant now) const;
    /// Metadata.timeToAllowUpdate: the back-off since the last one is over.
    bool update_allowed(Instant now) const { return !last_refresh_ || now >= *last_refresh_ + refresh_back_off_; }
    void failed_update(Instant now) { last_refresh_ = now; }
    void update(const protocol::MetadataResponse& response, int64_t request_version, Instant now);
    /// Counts successful updates; 0: only bootstrap addresses are known.
    int64_t version() const { return version_; }
    bool bootstrap_configured() const { return version_ == 0; }

    // What is known.
    const std::vector<ClientNode>& nodes() const { return nodes_; }
    const ClientNode* node(NodeId id) const;
    BrokerId controller() const { return controller_; }
    /// Who was the controller says that it is not: unknown until the next update.
    void clear_controller() { controller_ = kNoBroker; }
    const std::string& cluster_id() const { return cluster_id_; }
    const std::map<TopicName, TopicMetadata>& topics() const { return topics_; }
    const TopicMetadata* topic(const TopicName& topic) const;
    /// The error that the last reply had for the topic (None if it had none or does not know it).
    ErrorCode topic_error(const TopicName& topic) const;
    /// Metadata.maybeThrowAnyException: "Invalid topics: [bad name]" once after an answer that had some; else empty.
    std::string take_invalid_topics() { return std::exchange(invalid_topics_, {}); }
    const PartitionMetadata* partition(const TopicPartition& tp) const;
    LeaderAndEpoch current_leader(const TopicPartition& tp) const;
    /// The leader if it is among the known brokers.
    const ClientNode* leader_node(const TopicPartition& tp) const;
    int32_t partition_count(const TopicName& topic) const;
    /// Partitions with a leader that is known.
    std::vector<int32_t> available_partitions(const TopicName& topic) const;
    /// A response told of a newer epoch; true if it is newer, and an update is due then
    /// (Metadata.updateLastSeenEpochIfNewer).
    bool update_last_seen_epoch(const TopicPartition& tp, int32_t epoch);

private:
    bool retains(const protocol::MetadataResponse::MetadataResponseTopic& topic) const;
    void take_topic(const protocol::MetadataResponse::MetadataResponseTopic& topic,
                    std::map<TopicName, TopicMetadata>& out);

    Duration refresh_back_off_{};
    Duration max_age_{};
    std::set<TopicName> wanted_;
    bool all_ = false;
    std::optional<java::Pattern> pattern_;
    bool exclude_internal_ = true;
    bool need_update_ = true;
    bool need_partial_update_ = false;
    int64_t request_version_ = 0;
    int64_t version_ = 0;
    std::optional<Instant> last_refresh_;
    std::optional<Instant> last_successful_refresh_;

    std::vector<ClientNode> nodes_;
    BrokerId controller_ = kNoBroker;
    std::string cluster_id_;
    std::map<TopicName, TopicMetadata> topics_;
    std::map<TopicName, ErrorCode> topic_errors_;
    std::string invalid_topics_;
    std::map<TopicPartition, int32_t> last_seen_epochs_;
};

}  // namespace kafkasim::client
