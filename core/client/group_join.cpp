// SPDX-License-Identifier: Apache-2.0
// How a member joins: JoinGroup, as the leader the assignment for all, SyncGroup, and what each error code means.
// Kafka 3.0.0: AbstractCoordinator.joinGroupIfNeeded, sendJoinGroupRequest, JoinGroupResponseHandler, onJoinLeader,
// onJoinFollower, SyncGroupResponseHandler.

#include <fmt/format.h>

#include <algorithm>

#include "core/client/group_member.hpp"
#include "core/client/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::client {

namespace {

/// What an error code asks of a member that joins.
enum class JoinVerdict : uint8_t { Again, Loading, Forget, Rediscover, TakeMemberId, Fenced, Fatal, Unexpected };

JoinVerdict judge_join(ErrorCode error) {
    if (error == ErrorCode::CoordinatorLoadInProgress) return JoinVerdict::Loading;
    if (error == ErrorCode::UnknownMemberId) return JoinVerdict::Forget;
    if (error == ErrorCode::CoordinatorNotAvailable || error == ErrorCode::NotCoordinator)
        return JoinVerdict::Rediscover;
    if (error == ErrorCode::FencedInstanceId) return JoinVerdict::Fenced;
    if (error == ErrorCode::InconsistentGroupProtocol || error == ErrorCode::InvalidSessionTimeout ||
        error == ErrorCode::InvalidGroupId || error == ErrorCode::GroupAuthorizationFailed ||
        error == ErrorCode::GroupMaxSizeReached)
        return JoinVerdict::Fatal;
    if (error == ErrorCode::MemberIdRequired) return JoinVerdict::TakeMemberId;
    return error == ErrorCode::RebalanceInProgress ? JoinVerdict::Again : JoinVerdict::Unexpected;
}

JoinVerdict judge_sync(ErrorCode error) {
    if (error == ErrorCode::RebalanceInProgress) return JoinVerdict::Again;
    if (error == ErrorCode::UnknownMemberId || error == ErrorCode::IllegalGeneration) return JoinVerdict::Forget;
    if (error == ErrorCode::CoordinatorNotAvailable || error == ErrorCode::NotCoordinator)
        return JoinVerdict::Rediscover;
    if (error == ErrorCode::FencedInstanceId) return JoinVerdict::Fenced;
    return error == ErrorCode::GroupAuthorizationFailed ? JoinVerdict::Fatal : JoinVerdict::Unexpected;
}

ClientFailure unexpected(std::string_view where, ErrorCode error) {
    return {"org.apache.kafka.common.KafkaException",
            fmt::format("Unexpected error {}: {}", where, default_message(error))};
}

}  // namespace

void GroupMember::send_join(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions) {
    node::info(env, kConsumerCoordinatorLogger, "{}(Re-)joining group", config_.log_prefix);
    joined_subscription_ = subscriptions.subscription();
    protocol::JoinGroupRequest request;
    request.group_id = config_.group_id;
    request.session_timeout_ms = static_cast<int32_t>(millis_of(config_.session_timeout));
    request.rebalance_timeout_ms = static_cast<int32_t>(millis_of(config_.rebalance_timeout));
    request.member_id = generation_.member_id;
    request.group_instance_id = config_.group_instance_id;
    request.protocol_type = "consumer";
    for (const std::string& assignor : config_.assignors)
        request.protocols.push_back({assignor, subscription_bytes(assignor, subscriptions)});
    state_ = MemberState::PreparingRebalance;
    rejoin_needed_ = true;
    join_in_flight_ = true;
    send(env, network, Kind::Join, std::move(request),
         std::max(config_.request_timeout, config_.rebalance_timeout + 5s));
}

void GroupMember::handle_join(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                              const Pending& pending, ClientResponse& response, ClientResponses& more) {
    join_in_flight_ = false;
    auto* join = std::get_if<protocol::JoinGroupResponse>(&response.body);
    if (join == nullptr) return;  // the next step joins again
    if (join->error_code != ErrorCode::None) return join_failed(env, network, pending, *join, more);
    if (state_ != MemberState::PreparingRebalance) return;  // it has left meanwhile
    generation_ = {join->generation_id, join->member_id, join->protocol_name.value_or("")};
    state_ = MemberState::CompletingRebalance;
    heartbeat_.restart(env.now());
    node::info(env, kConsumerCoordinatorLogger, "{}Successfully joined group with generation {}", config_.log_prefix,
               to_string(generation_));
    const bool leads = join->leader == join->member_id;
    note_joined(env, leads);
    join_in_flight_ = true;
    if (!leads || join->members.empty()) {
        assignment_snapshot_.reset();
        return send_sync(env, network, {});
    }
    begin_assignment(env, network, subscriptions, std::move(*join));
}

void GroupMember::join_failed(node::Env& env, ConsumerNetwork& network, const Pending& pending,
                              const protocol::JoinGroupResponse& response, ClientResponses& more) {
    const ErrorCode error = response.error_code;
    const std::string sent = to_string(pending.generation);
    rejoin_needed_ = true;
    switch (judge_join(error)) {
        case JoinVerdict::Again:
            node::info(env, kConsumerCoordinatorLogger,
                       "{}JoinGroup failed due to non-fatal error: "
                       "REBALANCE_IN_PROGRESS, which could indicate a "
                       "replication timeout on the broker. Will retry.",
                       config_.log_prefix);
            return;
        case JoinVerdict::Loading:
            node::info(env, kConsumerCoordinatorLogger, "{}JoinGroup failed: Coordinator {} is loading the group.",
                       config_.log_prefix, coordinator_ ? to_string(*coordinator_) : "null");
            return;
        case JoinVerdict::Forget:
            node::info(env, kConsumerCoordinatorLogger,
                       "{}JoinGroup failed: {} Need to re-join the group. Sent "
                       "generation was {}",
                       config_.log_prefix, default_message(error), sent);
            if (generation_ == pending.generation) reset_generation(env, error, "JOIN_GROUP");
            return;
        case JoinVerdict::Rediscover:
            coordinator_unknown(env, network, fmt::format("error response {}", name(error)), false, more);
            node::info(env, kConsumerCoordinatorLogger,
                       "{}JoinGroup failed: {} Marking coordinator unknown. Sent "
                       "generation was {}",
                       config_.log_prefix, default_message(error), sent);
            return;
        case JoinVerdict::TakeMemberId:
            generation_ = {-1, response.member_id, ""};
            request_rejoin(env, "need to re-join with the given member-id");
            return;
        case JoinVerdict::Fenced:
            node::error(env, kConsumerCoordinatorLogger,
                        "{}JoinGroup failed: The group instance id {} has been fenced "
                        "by another instance. Sent "
                        "generation was {}",
                        config_.log_prefix, instance_text(), sent);
            return fail(error);
        case JoinVerdict::Fatal:
            node::error(env, kConsumerCoordinatorLogger, "{}JoinGroup failed due to fatal error: {}",
                        config_.log_prefix, default_message(error));
            if (error != ErrorCode::GroupMaxSizeReached) return fail(error);
            return fail(error, fmt::format("Consumer group {} already has the "
                                           "configured maximum number of members.",
                                           config_.group_id));
        case JoinVerdict::Unexpected:
            node::error(env, kConsumerCoordinatorLogger, "{}JoinGroup failed due to unexpected error: {}",
                        config_.log_prefix, default_message(error));
            failure_ = unexpected("in join group response", error);
            return;
    }
}

/// The leader assigns with metadata that holds every topic of the group; until then it keeps the group waiting.
void GroupMember::begin_assignment(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                                   protocol::JoinGroupResponse&& join) {
    group_topics_ = topics_of(join);
    const std::set<TopicName>& own = subscriptions.subscription();
    ClusterMetadata& metadata = network.metadata();
    if (!std::includes(own.begin(), own.end(), group_topics_.begin(), group_topics_.end())) {
        std::set<TopicName> topics = own;
        topics.insert(group_topics_.begin(), group_topics_.end());
        metadata.want_only(topics);
    }
    const bool stale = metadata.update_requested() || metadata.time_to_next_update(env.now()) <= Duration::zero();
    assigning_ = {std::move(join), stale ? metadata.version() : -1};
    if (stale) metadata.request_update();
    assign_when_fresh(env, network, subscriptions);
}

void GroupMember::assign_when_fresh(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions) {
    if (!assigning_ || network.metadata().version() <= assigning_->version) return;
    const protocol::JoinGroupResponse join = std::move(assigning_->join);
    assigning_.reset();
    if (state_ != MemberState::CompletingRebalance || generation_.member_id != join.member_id) {
        join_in_flight_ = false;
        return;
    }
    take_snapshot(network.metadata(), subscriptions);
    auto assignments = perform_assignment(env, network, join);
    assignment_snapshot_ = metadata_snapshot_;
    if (!failure_) return send_sync(env, network, std::move(assignments));
    join_in_flight_ = false;
}

void GroupMember::send_sync(node::Env& env, ConsumerNetwork& network,
                            std::vector<protocol::SyncGroupRequest::SyncGroupRequestAssignment>&& assignments) {
    protocol::SyncGroupRequest request;
    request.group_id = config_.group_id;
    request.generation_id = generation_.id;
    request.member_id = generation_.member_id;
    request.group_instance_id = config_.group_instance_id;
    request.protocol_type = "consumer";
    request.protocol_name = generation_.protocol;
    request.assignments = std::move(assignments);
    join_in_flight_ = coordinator_.has_value();
    if (coordinator_) send(env, network, Kind::Sync, std::move(request));
}

void GroupMember::handle_sync(node::Env& env, ConsumerNetwork& network, const Pending& pending,
                              ClientResponse& response, ClientResponses& more) {
    join_in_flight_ = false;
    const auto* sync = std::get_if<protocol::SyncGroupResponse>(&response.body);
    if (sync == nullptr) return;
    if (sync->error_code != ErrorCode::None) return sync_failed(env, network, pending, sync->error_code, more);
    if (!generation_.exists() || state_ != MemberState::CompletingRebalance) {
        node::info(env, kConsumerCoordinatorLogger,
                   "{}Generation data was cleared by heartbeat thread to {} and "
                   "state is now {} before receiving "
                   "SyncGroup response, marking this rebalance as failed and retry",
                   config_.log_prefix, to_string(generation_), name_of(state_));
        rejoin_needed_ = true;
        return;
    }
    node::info(env, kConsumerCoordinatorLogger, "{}Successfully synced group in generation {}", config_.log_prefix,
               to_string(generation_));
    state_ = MemberState::Stable;
    rejoin_needed_ = false;
    synced_ = sync->assignment;
}

void GroupMember::sync_failed(node::Env& env, ConsumerNetwork& network, const Pending& pending, ErrorCode error,
                              ClientResponses& more) {
    rejoin_needed_ = true;
    const std::string sent = to_string(pending.generation);
    switch (judge_sync(error)) {
        case JoinVerdict::Again:
            node::info(env, kConsumerCoordinatorLogger,
                       "{}SyncGroup failed: The group began another rebalance. Need to "
                       "re-join the group. Sent "
                       "generation was {}",
                       config_.log_prefix, sent);
            return;
        case JoinVerdict::Forget:
            node::info(env, kConsumerCoordinatorLogger,
                       "{}SyncGroup failed: {} Need to re-join the group. Sent "
                       "generation was {}",
                       config_.log_prefix, default_message(error), sent);
            if (generation_ == pending.generation) reset_generation(env, error, "SYNC_GROUP");
            return;
        case JoinVerdict::Rediscover:
            node::info(env, kConsumerCoordinatorLogger,
                       "{}SyncGroup failed: {} Marking coordinator unknown. Sent "
                       "generation was {}",
                       config_.log_prefix, default_message(error), sent);
            coordinator_unknown(env, network, fmt::format("error response {}", name(error)), false, more);
            return;
        case JoinVerdict::Fenced:
            node::error(env, kConsumerCoordinatorLogger,
                        "{}SyncGroup failed: The group instance id {} has been fenced "
                        "by another instance. Sent "
                        "generation was {}",
                        config_.log_prefix, instance_text(), sent);
            return fail(error);
        case JoinVerdict::Fatal:
            return fail(error);
        case JoinVerdict::Loading:
        case JoinVerdict::TakeMemberId:
        case JoinVerdict::Unexpected:
            failure_ = unexpected("from SyncGroup", error);
            return;
    }
}

}  // namespace kafkasim::client
