// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a consumer reads: its subscription, the partitions assigned to it in the order in which they are fetched,
// and for each the position and how it is found
// (committed offset, reset, validation after a change of leader). No messages here; fetcher and group member ask
// and set.
// Kafka 3.0.0: org.apache.kafka.clients.consumer.internals.SubscriptionState (TopicPartitionState, FetchStates),
// PartitionStates.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/client/cluster_metadata.hpp"

namespace kafkasim::client {

enum class ResetStrategy : uint8_t { None, Earliest, Latest };

struct FetchPosition {
    int64_t offset = 0;
    int32_t offset_epoch = -1;
    LeaderAndEpoch current_leader;
    bool operator==(const FetchPosition&) const = default;
};
/// "FetchPosition{offset=5, offsetEpoch=Optional[0], currentLeader=LeaderAndEpoch{leader=Optional[localhost:9092
/// (id: 1 rack: null)], epoch=0}}"
std::string to_string(const FetchPosition& position, const ClusterMetadata& metadata);

enum class FetchState : uint8_t { Initializing, AwaitReset, AwaitValidation, Fetching };

struct AssignedPartition {
    TopicPartition tp;
    FetchState state = FetchState::Initializing;
    std::optional<FetchPosition> position;
    ResetStrategy reset = ResetStrategy::None;
    Instant next_retry{};  // of the reset or the validation
    int64_t high_watermark = -1;
    bool paused = false;
    bool fetchable() const { return state == FetchState::Fetching && !paused; }
};

/// The order of a consumer's assignment map: a Java HashMap of the partitions, then grouped by topic.
std::vector<TopicPartition> assignment_order(const std::vector<TopicPartition>& partitions);
/// The order of a Java HashSet made of the partitions.
std::vector<TopicPartition> hash_set_order(const std::vector<TopicPartition>& partitions);

class SubscriptionState {
public:
    void subscribe(const std::set<TopicName>& topics) {
        subscription_ = topics;
        pattern_.reset();
        automatic_ = true;
    }
    /// By pattern: the topics come from the metadata, see take_matching().
    void subscribe(const java::Pattern& pattern) {
        subscribe(std::set<TopicName>());
        pattern_ = pattern;
    }
    void unsubscribe() { *this = SubscriptionState(); }
    bool has_pattern() const { return pattern_.has_value(); }
    /// The topics that match now, as the metadata has them; nothing without a pattern.
    void take_matching(const ClusterMetadata& metadata);
    /// By pattern: topics that the leader assigned and this member has not seen yet are subscribed to.
    void add_matching(const std::vector<TopicPartition>& partitions) {
        if (!pattern_) return;
        for (const TopicPartition& tp : partitions) subscription_.insert(tp.topic);
    }
    bool automatic() const { return automatic_; }  // a group assigns the partitions
    const std::set<TopicName>& subscription() const { return subscription_; }
    /// checkAssignmentMatchedSubscription, for one topic.
    bool may_be_assigned(const TopicName& topic) const {
        return pattern_ ? pattern_->matches(topic.view()) : subscription_.contains(topic);
    }
    std::string text() const;            // "Subscribe(a,b)"
    std::set<TopicName> topics() const;  // that metadata is needed for

    /// Replaces the assignment; partitions that stay keep their state (Kafka makes new states for those of a group:
    /// `keep` false).
    void assign(const std::vector<TopicPartition>& partitions, bool keep);
    const std::vector<AssignedPartition>& assigned() const { return assigned_; }
    std::vector<TopicPartition> partitions() const;
    AssignedPartition* find(const TopicPartition& tp);
    const AssignedPartition* find(const TopicPartition& tp) const;
    void move_to_end(const TopicPartition& tp);

    void pause(const TopicPartition& tp, bool paused);
    void seek_validated(const TopicPartition& tp, FetchPosition position);
    void seek_unvalidated(const TopicPartition& tp, FetchPosition position);
    void request_reset(const TopicPartition& tp, ResetStrategy strategy);
    /// A newer leader in the metadata: the position is to be validated again if it has an epoch.
    void validate_on_metadata_change(const ClusterMetadata& metadata);
    bool has_all_positions() const;

private:
    bool automatic_ = false;
    std::optional<java::Pattern> pattern_;
    std::set<TopicName> subscription_;
    std::vector<AssignedPartition> assigned_;
};

}  // namespace kafkasim::client
