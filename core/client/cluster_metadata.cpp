// SPDX-License-Identifier: Apache-2.0
#include "core/client/cluster_metadata.hpp"

#include <algorithm>

namespace kafkasim::client {

ClusterMetadata::ClusterMetadata(const std::vector<node::Endpoint>& bootstrap, Duration refresh_back_off,
                                 Duration max_age)
    : refresh_back_off_(refresh_back_off), max_age_(max_age) {
    NodeId id = -1;
    for (const node::Endpoint& endpoint : bootstrap) nodes_.push_back({id--, endpoint});
}

void ClusterMetadata::want(const TopicName& topic) {
    if (!wanted_.insert(topic).second) return;
    // Metadata.requestUpdateForNewTopics: does not wait for the gap after the last refresh.
    last_refresh_.reset();
    need_partial_update_ = true;
    ++request_version_;
}

void ClusterMetadata::want_only(const std::set<TopicName>& topics) {
    const bool grows = !std::includes(wanted_.begin(), wanted_.end(), topics.begin(), topics.end());
    wanted_ = topics;
    if (!grows) return;
    last_refresh_.reset();
    need_partial_update_ = true;
    ++request_version_;
}

void ClusterMetadata::want_all() {
    all_ = true;
    need_update_ = true;
}

void ClusterMetadata::want_matching(const java::Pattern& pattern, bool exclude_internal) {
    pattern_ = pattern;
    exclude_internal_ = exclude_internal;
    last_refresh_.reset();
    want_all();
}

/// ConsumerMetadata.retainTopic, for a subscription by pattern.
bool ClusterMetadata::retains(const protocol::MetadataResponse::MetadataResponseTopic& topic) const {
    return !pattern_ || wanted_.contains(topic.name) ||
           (pattern_->matches(topic.name.view()) && !(topic.is_internal && exclude_internal_));
}

protocol::MetadataRequest ClusterMetadata::request(bool allow_auto_creation) const {
    protocol::MetadataRequest request;
    request.allow_auto_topic_creation = allow_auto_creation;
    if (all_) return request;
    request.topics.emplace();
    for (const TopicName& topic : wanted_) {
        protocol::MetadataRequest::MetadataRequestTopic asked;
        asked.name = topic;
        request.topics->push_back(std::move(asked));
    }
    return request;
}

Duration ClusterMetadata::time_to_next_update(Instant now) const {
    Duration wait{};
    if (!update_requested() && last_successful_refresh_)
        wait = std::max(wait, *last_successful_refresh_ + max_age_ - now);
    if (last_refresh_) wait = std::max(wait, *last_refresh_ + refresh_back_off_ - now);
    return wait;
}

void ClusterMetadata::take_topic(const protocol::MetadataResponse::MetadataResponseTopic& topic,
                                 std::map<TopicName, TopicMetadata>& out) {
    TopicMetadata taken{topic.topic_id, topic.is_internal, {}};
    const TopicMetadata* before = this->topic(topic.name);
    const bool same_id = before == nullptr || before->topic_id.is_zero() || before->topic_id == topic.topic_id;
    for (const auto& p : topic.partitions) {
        if (refreshes_metadata(p.error_code)) need_update_ = true;
        const TopicPartition tp{topic.name, p.partition_index};
        const auto seen = last_seen_epochs_.find(tp);
        const int32_t last_seen = seen == last_seen_epochs_.end() ? -1 : seen->second;
        if (takes_epoch(last_seen, p.leader_epoch, same_id)) {
            if (p.leader_epoch >= 0) last_seen_epochs_[tp] = p.leader_epoch;
            taken.partitions[tp.partition] = {p.error_code,    p.leader_id, p.leader_epoch,
                                              p.replica_nodes, p.isr_nodes, p.offline_replicas};
        } else if (before != nullptr && before->partitions.contains(tp.partition)) {
            taken.partitions[tp.partition] = before->partitions.at(tp.partition);
        }
    }
    out[topic.name] = std::move(taken);
}

void ClusterMetadata::update(const protocol::MetadataResponse& response, int64_t request_version, Instant now) {
    need_partial_update_ = request_version < request_version_;
    need_update_ = false;
    last_refresh_ = now;
    last_successful_refresh_ = now;
    ++version_;
    std::map<TopicName, TopicMetadata> topics;
    topic_errors_.clear();
    std::optional<std::string> invalid;
    for (const auto& topic : response.topics) {
        if (!retains(topic)) continue;
        if (topic.error_code == ErrorCode::None) {
            take_topic(topic, topics);
        } else {
            topic_errors_[topic.name] = topic.error_code;
            if (topic.error_code == ErrorCode::InvalidTopicException)
                invalid = (invalid ? *invalid + ", " : "") + topic.name.str();
            if (refreshes_metadata(topic.error_code)) need_update_ = true;
        }
    }
    topics_ = std::move(topics);
    invalid_topics_ = invalid ? "Invalid topics: [" + *invalid + "]" : "";
    nodes_.clear();
    for (const auto& broker : response.brokers) nodes_.push_back({broker.node_id.value, {broker.host, broker.port}});
    controller_ = response.controller_id;
    cluster_id_ = response.cluster_id.value_or("");
}

const ClientNode* ClusterMetadata::node(NodeId id) const {
    const auto found =
        std::find_if(nodes_.begin(), nodes_.end(), [&](const ClientNode& node) { return node.id == id; });
    return found == nodes_.end() ? nullptr : &*found;
}

const TopicMetadata* ClusterMetadata::topic(const TopicName& topic) const {
    const auto found = topics_.find(topic);
    return found == topics_.end() ? nullptr : &found->second;
}

ErrorCode ClusterMetadata::topic_error(const TopicName& topic) const {
    const auto found = topic_errors_.find(topic);
    return found == topic_errors_.end() ? ErrorCode::None : found->second;
}

const PartitionMetadata* ClusterMetadata::partition(const TopicPartition& tp) const {
    const TopicMetadata* topic = this->topic(tp.topic);
    if (topic == nullptr) return nullptr;
    const auto found = topic->partitions.find(tp.partition);
    return found == topic->partitions.end() ? nullptr : &found->second;
}

LeaderAndEpoch ClusterMetadata::current_leader(const TopicPartition& tp) const {
    const PartitionMetadata* known = partition(tp);
    if (known == nullptr) return {};
    return {node(known->leader.value) == nullptr ? kNoBroker : known->leader, known->leader_epoch};
}

const ClientNode* ClusterMetadata::leader_node(const TopicPartition& tp) const {
    const PartitionMetadata* known = partition(tp);
    return known == nullptr ? nullptr : node(known->leader.value);
}

int32_t ClusterMetadata::partition_count(const TopicName& topic) const {
    const TopicMetadata* known = this->topic(topic);
    return known == nullptr ? 0 : static_cast<int32_t>(known->partitions.size());
}

std::vector<int32_t> ClusterMetadata::available_partitions(const TopicName& topic) const {
    std::vector<int32_t> available;
    if (const TopicMetadata* known = this->topic(topic)) {
        for (const auto& [partition, metadata] : known->partitions) {
            if (node(metadata.leader.value) != nullptr) available.push_back(partition);
        }
    }
    return available;
}

bool ClusterMetadata::update_last_seen_epoch(const TopicPartition& tp, int32_t epoch) {
    if (epoch < 0) return false;
    const auto seen = last_seen_epochs_.find(tp);
    if (seen != last_seen_epochs_.end() && seen->second >= epoch) return false;
    if (seen == last_seen_epochs_.end()) return false;  // Kafka: only if one is known already
    seen->second = epoch;
    need_update_ = true;
    return true;
}

}  // namespace kafkasim::client
