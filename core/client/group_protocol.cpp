// SPDX-License-Identifier: Apache-2.0
// What depends on the group's assignor: the bytes of a subscription, the leader's assignment, and which partitions are
// given up when. With the eager protocol all of them before a member joins; with the cooperative one only what somebody
// else is to have, when the assignment says so, and then the member joins again.
// Kafka 3.0.0: org.apache.kafka.clients.consumer.internals.ConsumerCoordinator.metadata, performAssignment,
// onJoinPrepare, onJoinComplete.
#include <fmt/format.h>

#include <algorithm>

#include "core/client/group_member.hpp"
#include "core/client/loggers.hpp"
#include "core/client/sticky_assignor.hpp"
#include "core/node/log.hpp"
#include "core/protocol/consumer_protocol.hpp"

namespace kafkasim::client {

namespace {

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

/// True when what was to be given up is: with the eager protocol the listener is told even of nothing.
bool GroupMember::give_up(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                          ClientResponses& more) {
    const std::vector<TopicPartition> owned = hash_set_order(subscriptions.partitions());
    if (!preparing_->generation.exists()) {
        if (owned.empty()) return true;
        node::info(env, kConsumerCoordinatorLogger,
                   "{}Giving away all assigned partitions as lost since generation "
                   "has been reset,indicating that "
                   "consumer is no longer part of the group",
                   config_.log_prefix);
        tell_lost(env, owned);
        subscriptions.assign({}, false);
        return true;
    }
    std::vector<TopicPartition> revoked;  // of topics that are no longer subscribed to
    for (const TopicPartition& tp : owned) {
        if (!cooperative() || !subscriptions.subscription().contains(tp.topic)) revoked.push_back(tp);
    }
    if (revoked.empty() && cooperative()) return true;
    if (!revoke(env, network, subscriptions, revoked, more)) return false;
    subscriptions.assign(without(owned, revoked), true);
    return true;
}

std::set<TopicName> GroupMember::topics_of(const protocol::JoinGroupResponse& join) {
    std::set<TopicName> topics;
    for (const auto& member : join.members) {
        const auto decoded = protocol::decode_subscription(member.metadata);
        if (!decoded) continue;
        for (const std::string& topic : decoded->topics) topics.insert(TopicName(topic));
    }
    return topics;
}

/// validateCooperativeAssignment: what somebody still owns goes to nobody else.
bool GroupMember::is_valid_cooperative(node::Env& env, const std::vector<GroupSubscription>& members,
                                       const GroupAssignment& assigned) {
    std::set<TopicPartition> added;
    std::set<TopicPartition> revoked;
    for (const GroupSubscription& member : members) {
        const std::vector<TopicPartition>& gets = assigned.at(member.member_id);
        for (const TopicPartition& tp : without(gets, member.owned)) added.insert(tp);
        for (const TopicPartition& tp : without(member.owned, gets)) revoked.insert(tp);
    }
    std::vector<TopicPartition> both;
    std::set_intersection(added.begin(), added.end(), revoked.begin(), revoked.end(), std::back_inserter(both));
    if (both.empty()) return true;
    node::error(env, kConsumerCoordinatorLogger,
                "{}With the COOPERATIVE protocol, owned partitions cannot be "
                "reassigned to other members; however the "
                "assignor has reassigned partitions [{}] which are still owned "
                "by some members",
                config_.log_prefix, kafkasim::join(hash_set_order(both), ", "));
    failure_ = {"java.lang.IllegalStateException",
                "Assignor supporting the COOPERATIVE protocol violates its requirements"};
    return false;
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
    const auto assigned = assign(generation_.protocol, members, partitions);
    if (!assigned) {
        failure_ = {"java.lang.IllegalStateException",
                    fmt::format("Coordinator selected invalid assignment protocol: {}", generation_.protocol)};
        return {};
    }
    if (cooperative() && !is_valid_cooperative(env, members, *assigned)) return {};
    std::set<TopicName> unassigned = group_topics_;
    for (const auto& [member, owned] : *assigned) {
        for (const TopicPartition& tp : owned) unassigned.erase(tp.topic);
    }
    if (!unassigned.empty()) {
        node::warn(env, kConsumerCoordinatorLogger,
                   "{}The following subscribed topics are not assigned to any "
                   "members: {} ",
                   config_.log_prefix, names_text(unassigned));
    }
    std::vector<protocol::SyncGroupRequest::SyncGroupRequestAssignment> assignments;
    std::string text;
    for (const auto& [member, owned] : *assigned) {
        assignments.push_back({member, protocol::encode(protocol::assignment_of(owned))});
        text += fmt::format("{}{}=Assignment(partitions=[{}])", text.empty() ? "" : ", ", member,
                            kafkasim::join(owned, ", "));
    }
    node::info(env, kConsumerCoordinatorLogger, "{}Finished assignment for group at generation {}: {{{}}}",
               config_.log_prefix, generation_.id, text);
    return assignments;
}

/// True when the assignment is taken over, or given back because it no longer fits.
bool GroupMember::join_complete(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                                ClientResponses& more) {
    const auto decoded = protocol::decode_assignment(*synced_);
    const std::vector<TopicPartition> partitions =
        decoded ? protocol::partitions_of(*decoded) : std::vector<TopicPartition>();
    const std::vector<TopicPartition> owned = hash_set_order(subscriptions.partitions());
    if (!sync_commits_.contains(CommitPurpose::Revoke) && !may_complete(env, subscriptions, partitions)) return true;
    if (cooperative()) {
        const std::vector<TopicPartition> revoked = without(owned, partitions);
        if (!revoked.empty()) {
            if (!revoke(env, network, subscriptions, revoked, more)) return false;
            request_rejoin(env, fmt::format("need to revoke partitions [{}] as "
                                            "indicated by the current assignment and "
                                            "re-join",
                                            join(revoked, ", ")));
        }
    }
    synced_.reset();
    needs_join_prepare_ = true;
    stale_version_.reset();
    node::info(env, kConsumerCoordinatorLogger, "{}Notifying assignor about the new Assignment(partitions=[{}])",
               config_.log_prefix, join(partitions, ", "));
    subscriptions.add_matching(partitions);
    for (const TopicPartition& tp : partitions) joined_subscription_.insert(tp.topic);
    remember_assignment(partitions);
    next_auto_commit_ = env.now() + config_.auto_commit_interval;
    offset_fetch_retry_ = Instant{};
    subscriptions.assign(partitions, cooperative());
    tell_assigned(env, without(hash_set_order(partitions), owned));
    return true;
}

/// False if the generation has gone meanwhile or the subscription is another one: then the member joins once more.
bool GroupMember::may_complete(node::Env& env, const SubscriptionState& subscriptions,
                               const std::vector<TopicPartition>& partitions) {
    if (!generation_.exists() || state_ != MemberState::Stable) {
        synced_.reset();
        reset_generation(env, fmt::format("rebalance failed since the generation/state was modified "
                                          "by heartbeat "
                                          "thread to {}/{} before the rebalance callback triggered",
                                          to_string(generation_), name_of(state_)));
        return false;
    }
    const auto foreign = std::find_if(partitions.begin(), partitions.end(), [&](const TopicPartition& tp) {
        return !subscriptions.may_be_assigned(tp.topic);
    });
    if (foreign == partitions.end()) return true;
    synced_.reset();
    needs_join_prepare_ = true;
    stale_version_.reset();
    request_rejoin(env, fmt::format("received assignment [{}] does not match the "
                                    "current subscription {}; it is likely "
                                    "that the subscription has changed since we "
                                    "joined the group, will re-join with "
                                    "current subscription",
                                    join(partitions, ", "), subscriptions.text()));
    return false;
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
