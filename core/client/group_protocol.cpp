// SPDX-License-Identifier: Apache-2.0
// What depends on the group's assignor: the bytes of a subscription, the leader's assignment, and which partitions are
// given up when. With the eager protocol all of them before a member joins; with the cooperative one only what somebody
// else is to have, when the assignment says so, and then the member joins again.
// Kafka 3.0.0: org.apache.kafka.clients.consumer.internals.ConsumerCoordinator.metadata, performAssignment,
// onJoinPrepare, onJoinComplete.
#include <fmt/format.h>

#include <algorithm>

#include "core/client/group_member.hpp"
#include "core/client/sticky_assignor.hpp"
#include "core/node/log.hpp"
#include "core/protocol/consumer_protocol.hpp"

namespace kafkasim::client {

namespace {

constexpr std::string_view kLogger = "org.apache.kafka.clients.consumer.internals.ConsumerCoordinator";
constexpr std::string_view kSticky = "sticky";
constexpr std::string_view kCooperativeSticky = "cooperative-sticky";

/// Those of `these` that are not among `others`.
std::vector<TopicPartition> without(const std::vector<TopicPartition>& these,
                                    const std::vector<TopicPartition>& others) {
    std::vector<TopicPartition> left;
    for (const TopicPartition& tp : these) {
        if (std::find(others.begin(), others.end(), tp) == others.end()) left.push_back(tp);
    }
    return left;
}

GroupSubscription subscription_of(const protocol::JoinGroupResponse::JoinGroupResponseMember& member,
                                  std::string_view assignor) {
    GroupSubscription subscription{member.member_id, member.group_instance_id, {}, {}, {}};
    const auto decoded = protocol::decode_subscription(member.metadata);
    if (!decoded) return subscription;
    for (const std::string& topic : decoded->topics) subscription.topics.emplace_back(topic);
    const std::string user_data = decoded->user_data.value_or("");
    if (assignor == kSticky) {
        decode_sticky_data(user_data, subscription);
    } else {
        for (const auto& owned : decoded->owned_partitions) {
            for (const int32_t partition : owned.partitions) subscription.owned.push_back({owned.topic, partition});
        }
        if (assignor == kCooperativeSticky) decode_cooperative_data(user_data, subscription);
    }
    return subscription;
}

}  // namespace

/// All assignors that are offered must be cooperative; with the default list the group is eager.
bool GroupMember::cooperative() const {
    return std::all_of(config_.assignors.begin(), config_.assignors.end(),
                       [](const std::string& assignor) { return assignor == kCooperativeSticky; });
}

std::string GroupMember::subscription_bytes(const std::string& assignor, const SubscriptionState& subscriptions) const {
    protocol::ConsumerProtocolSubscription subscription;
    for (const TopicName& topic : joined_subscription_) subscription.topics.push_back(topic.str());
    if (assignor == kSticky && sticky_assignment_)
        subscription.user_data = encode_sticky_data(*sticky_assignment_, sticky_generation_);
    if (assignor == kCooperativeSticky) subscription.user_data = encode_cooperative_data(cooperative_generation_);
    std::vector<TopicPartition> owned = subscriptions.partitions();
    std::sort(owned.begin(), owned.end());
    for (const auto& entry : protocol::assignment_of(owned).assigned_partitions)
        subscription.owned_partitions.push_back({entry.topic, entry.partitions});
    return protocol::encode(subscription);
}

void GroupMember::give_up(node::Env& env, SubscriptionState& subscriptions) {
    const std::vector<TopicPartition> owned = subscriptions.partitions();
    if (owned.empty()) return;
    if (generation_.id < 0 && generation_.member_id.empty()) {
        node::info(env, kLogger,
                   "{}Giving away all assigned partitions as lost since generation has been reset,indicating that "
                   "consumer is no longer part of the group",
                   config_.log_prefix);
        node::info(env, kLogger, "{}Lost previously assigned partitions {}", config_.log_prefix, join(owned, ", "));
        return subscriptions.assign({}, false);
    }
    std::vector<TopicPartition> revoked;  // of topics that are no longer subscribed to
    for (const TopicPartition& tp : owned) {
        if (!cooperative() || !subscriptions.subscription().contains(tp.topic)) revoked.push_back(tp);
    }
    if (revoked.empty()) return;
    node::info(env, kLogger, "{}Revoke previously assigned partitions {}", config_.log_prefix, join(revoked, ", "));
    subscriptions.assign(without(owned, revoked), true);
}

/// The group's leader assigns for all. Member ids and partitions are logged as AbstractCoordinator does.
std::vector<protocol::SyncGroupRequest::SyncGroupRequestAssignment> GroupMember::perform_assignment(
    node::Env& env, const ConsumerNetwork& network, const protocol::JoinGroupResponse& join) {
    std::vector<GroupSubscription> members;
    std::map<TopicName, int32_t> partitions;
    for (const auto& member : join.members) {
        members.push_back(subscription_of(member, generation_.protocol));
        for (const TopicName& topic : members.back().topics)
            partitions[topic] = network.metadata().partition_count(topic);
    }
    const auto assigned = assign(generation_.protocol, std::move(members), partitions);
    if (!assigned) {
        failure_ = {"kafkasim", fmt::format("not modelled: partition.assignment.strategy {}", generation_.protocol)};
        return {};
    }
    std::vector<protocol::SyncGroupRequest::SyncGroupRequestAssignment> assignments;
    std::string text;
    for (const auto& [member, owned] : *assigned) {
        assignments.push_back({member, protocol::encode(protocol::assignment_of(owned))});
        text += fmt::format("{}{}=Assignment(partitions=[{}])", text.empty() ? "" : ", ", member,
                            kafkasim::join(owned, ", "));
    }
    node::info(env, kLogger, "{}Finished assignment for group at generation {}: {{{}}}", config_.log_prefix,
               generation_.id, text);
    return assignments;
}

void GroupMember::join_complete(node::Env& env, SubscriptionState& subscriptions, const std::string& bytes) {
    needs_join_prepare_ = true;
    stale_version_.reset();
    const auto decoded = protocol::decode_assignment(bytes);
    const std::vector<TopicPartition> partitions =
        decoded ? protocol::partitions_of(*decoded) : std::vector<TopicPartition>();
    node::info(env, kLogger, "{}Notifying assignor about the new Assignment(partitions=[{}])", config_.log_prefix,
               join(partitions, ", "));
    const std::vector<TopicPartition> owned = subscriptions.partitions();
    const std::vector<TopicPartition> revoked = without(owned, partitions);  // with the eager protocol none
    if (!revoked.empty()) {
        node::info(env, kLogger, "{}Revoke previously assigned partitions {}", config_.log_prefix, join(revoked, ", "));
        request_rejoin(env, "need to revoke partitions and re-join");
    }
    remember_assignment(partitions);
    node::info(env, kLogger, "{}Adding newly assigned partitions: {}", config_.log_prefix,
               join(without(partitions, owned), ", "));
    next_auto_commit_ = env.now() + config_.auto_commit_interval;
    offset_fetch_retry_ = Instant{};
    subscriptions.assign(partitions, cooperative());
}

/// ConsumerPartitionAssignor.onAssignment of the assignor that was chosen.
void GroupMember::remember_assignment(const std::vector<TopicPartition>& partitions) {
    if (generation_.protocol == kSticky) {
        sticky_assignment_ = partitions;
        sticky_generation_ = generation_.id;
    } else if (generation_.protocol == kCooperativeSticky) {
        cooperative_generation_ = generation_.id;
    }
}

}  // namespace kafkasim::client
