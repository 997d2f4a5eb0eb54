// SPDX-License-Identifier: Apache-2.0
// What a group member tells of its partitions: the log's lines, the owner's listener, the notes for who looks on. A
// listener that commits when partitions are taken from it holds the rebalance up until the commit has ended.
// Kafka 3.0.0: ConsumerCoordinator.invokePartitionsAssigned, invokePartitionsRevoked, invokePartitionsLost,
// onLeavePrepare; AbstractCoordinator.maybeLeaveGroup.

#include "core/client/group_member.hpp"
#include "core/client/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::client {

namespace {}

/// True when onPartitionsRevoked has returned; until then it is to be called again.
bool GroupMember::revoke(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                         const std::vector<TopicPartition>& partitions, ClientResponses& more) {
    if (!sync_commits_.contains(CommitPurpose::Revoke)) {
        tell_revoked(env, partitions);
        if (!config_.commits_on_revoke) return true;
        begin_sync_commit(CommitPurpose::Revoke, {0, all_consumed(subscriptions), std::nullopt},
                          env.now() + config_.default_api_timeout);
    }
    return sync_commit(env, network, subscriptions, CommitPurpose::Revoke, more);
}

void GroupMember::tell_revoked(node::Env& env, const std::vector<TopicPartition>& partitions) {
    node::info(env, kConsumerCoordinatorLogger, "{}Revoke previously assigned partitions {}", config_.log_prefix,
               join(partitions, ", "));
    if (env.observed() && !partitions.empty()) {
        env.note({node::NoteKind::PartitionsRevoked,
                  {{"group", config_.group_id},
                   {"member", known_member_id()},
                   {"generation", int64_t{generation_.id}},
                   {"partitions", join(partitions, ",")}}});
    }
    if (config_.listens) calls_.emplace_back(PartitionsRevoked{partitions});
}

void GroupMember::tell_lost(node::Env& env, const std::vector<TopicPartition>& partitions) {
    node::info(env, kConsumerCoordinatorLogger, "{}Lost previously assigned partitions {}", config_.log_prefix,
               join(partitions, ", "));
    if (env.observed()) {
        env.note({node::NoteKind::PartitionsLost,
                  {{"group", config_.group_id},
                   {"member", known_member_id()},
                   {"why", lost_why_},
                   {"partitions", join(partitions, ",")}}});
    }
    if (config_.listens) calls_.emplace_back(PartitionsLost{partitions});
}

void GroupMember::tell_assigned(node::Env& env, const std::vector<TopicPartition>& partitions) {
    node::info(env, kConsumerCoordinatorLogger, "{}Adding newly assigned partitions: {}", config_.log_prefix,
               join(partitions, ", "));
    if (env.observed()) {
        env.note({node::NoteKind::PartitionsAssigned,
                  {{"group", config_.group_id},
                   {"member", generation_.member_id},
                   {"generation", int64_t{generation_.id}},
                   {"partitions", join(partitions, ",")}}});
    }
    if (config_.listens) calls_.emplace_back(PartitionsAssigned{partitions});
}

void GroupMember::note_joined(node::Env& env, bool leads) const {
    if (!env.observed()) return;
    env.note({node::NoteKind::MemberJoined,
              {{"group", config_.group_id},
               {"member", generation_.member_id},
               {"generation", int64_t{generation_.id}},
               {"protocol", generation_.protocol},
               {"leader", std::string(leads ? "true" : "false")}}});
}

void GroupMember::note_left(node::Env& env, std::string_view why) const {
    if (!env.observed()) return;
    env.note({node::NoteKind::MemberLeft,
              {{"group", config_.group_id}, {"member", generation_.member_id}, {"why", std::string(why)}}});
}

/// onLeavePrepare: true when nothing is assigned any more and the listener knows it.
bool GroupMember::prepare_leave(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                                ClientResponses& more) {
    const std::vector<TopicPartition> owned = hash_set_order(subscriptions.partitions());
    if (!subscriptions.automatic() || owned.empty()) return true;
    const bool revoking = sync_commits_.contains(CommitPurpose::Revoke);
    if (!revoking && (!generation_.exists() || rebalancing())) {
        tell_lost(env, owned);
    } else if (!revoke(env, network, subscriptions, owned, more)) {
        return false;
    }
    subscriptions.assign({}, false);
    return true;
}

/// maybeLeaveGroup: a static member only forgets that it was one, and so does one without a coordinator.
void GroupMember::leave(node::Env& env, ConsumerNetwork& network, std::string_view reason) {
    if (!config_.group_instance_id && coordinator_ && state_ != MemberState::Unjoined &&
        !generation_.member_id.empty()) {
        node::info(env, kConsumerCoordinatorLogger,
                   "{}Member {} sending LeaveGroup request to coordinator {} due to {}", config_.log_prefix,
                   generation_.member_id, to_string(*coordinator_), reason);
        note_left(env, reason);
        protocol::LeaveGroupRequest request;
        request.group_id = config_.group_id;
        request.members.push_back({generation_.member_id, std::nullopt});
        send(env, network, Kind::Leave, std::move(request));
    }
    reset_generation(env, "consumer pro-actively leaving the group");
}

void GroupMember::unsubscribe(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions) {
    const std::vector<TopicPartition> owned = hash_set_order(subscriptions.partitions());
    if (subscriptions.automatic() && !owned.empty()) {
        if (!generation_.exists() || rebalancing()) {
            tell_lost(env, owned);
        } else {
            tell_revoked(env, owned);
            if (config_.commits_on_revoke)
                commit_async(env, network, subscriptions, {0, all_consumed(subscriptions), std::nullopt});
        }
        subscriptions.assign({}, false);
    }
    leave(env, network, "the consumer unsubscribed from all topics");
    sync_commits_.erase(CommitPurpose::Rebalance);
    sync_commits_.erase(CommitPurpose::Revoke);
    preparing_.reset();
}

}  // namespace kafkasim::client
