// SPDX-License-Identifier: Apache-2.0
#include "core/client/group_member.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/node/log.hpp"
#include "core/protocol/consumer_protocol.hpp"

namespace kafkasim::client {

namespace {

constexpr std::string_view kLogger = "org.apache.kafka.clients.consumer.internals.ConsumerCoordinator";

}  // namespace

std::string to_string(const Generation& generation) {
    const std::string protocol = generation.protocol.empty() ? "null" : "'" + generation.protocol + "'";
    return fmt::format("Generation{{generationId={}, memberId='{}', protocol={}}}", generation.id, generation.member_id,
                       protocol);
}

void GroupMember::fail(ErrorCode error, std::string message) { failure_ = failure_of(error, std::move(message)); }

std::optional<ClientFailure> GroupMember::take_failure() { return std::exchange(failure_, std::nullopt); }

GroupMember::Pending& GroupMember::send(node::Env& env, ConsumerNetwork& network, Kind kind, protocol::Body&& body,
                                        std::optional<Duration> timeout) {
    return pending_[network.send(env, *coordinator_, std::move(body), timeout)] = {
               kind, generation_, CommitPurpose::Async, {}};
}

bool GroupMember::handle(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                         ClientResponse& response, ClientResponses& more) {
    const auto found = pending_.find(response.what);
    if (found == pending_.end()) return false;
    const Pending pending = std::move(found->second);
    pending_.erase(found);
    if (response.disconnected && pending.kind != Kind::FindCoordinator)
        coordinator_unknown(env, network, "null", true, more);
    switch (pending.kind) {
        case Kind::FindCoordinator:
            handle_find_coordinator(env, network, response);
            break;
        case Kind::Join:
            handle_join(env, network, subscriptions, pending, response, more);
            break;
        case Kind::Sync:
            handle_sync(env, network, subscriptions, pending, response, more);
            break;
        case Kind::Heartbeat:
            handle_heartbeat(env, network, pending, response, more);
            break;
        case Kind::Commit:
            handle_commit(env, network, pending, response, more);
            break;
        case Kind::OffsetFetch:
            handle_offset_fetch(env, network, subscriptions, response, more);
            break;
        case Kind::Leave:
            break;
    }
    return true;
}

bool GroupMember::step(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                       ClientResponses& more) {
    if (subscriptions.automatic()) {
        subscriptions.take_matching(network.metadata());
        if (!ensure_coordinator(env, network, more)) return false;
        notice_metadata_change(env, network, subscriptions);
        if (!join_if_needed(env, network, subscriptions, more)) return false;
    }
    maybe_auto_commit(env, network, subscriptions);
    return true;
}

/// The leader sees that a topic has other partitions than those it assigned; a member sees that its subscription
/// has changed.
void GroupMember::notice_metadata_change(node::Env& env, const ConsumerNetwork& network,
                                         const SubscriptionState& subscriptions) {
    if (state_ != MemberState::Stable || rejoin_needed_) return;
    if (is_leader_) {
        std::map<TopicName, int32_t> now;
        for (const auto& [topic, count] : joined_partitions_) now[topic] = network.metadata().partition_count(topic);
        if (now != joined_partitions_)
            request_rejoin(env, "cached metadata has changed at the beginning of the rebalance");
    }
    if (!rejoin_needed_ && joined_subscription_ != subscriptions.subscription())
        request_rejoin(env, "subscription has changed at the beginning of the rebalance");
}

bool GroupMember::join_if_needed(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                                 ClientResponses& more) {
    if (state_ == MemberState::Stable && !rejoin_needed_) return true;
    if (join_in_flight_ || !has_fresh_metadata(network, subscriptions, env.now())) return false;
    if (needs_join_prepare_ && !prepare_join(env, network, subscriptions, more)) return false;
    needs_join_prepare_ = false;
    if (coordinator_) send_join(env, network, subscriptions);
    return false;
}

/// A member by pattern looks once at the metadata before it joins, if the last look is not of this moment: topics that
/// are made together then cost one rebalance.
bool GroupMember::has_fresh_metadata(ConsumerNetwork& network, const SubscriptionState& subscriptions, Instant now) {
    if (!subscriptions.has_pattern()) return true;
    ClusterMetadata& metadata = network.metadata();
    if (!stale_version_) {
        stale_version_ = metadata.version();
        if (metadata.update_allowed(now)) metadata.request_update();
        if (!metadata.update_requested()) stale_version_ = -1;
    }
    return metadata.version() > *stale_version_;
}

/// onJoinPrepare: what was consumed is committed, then partitions are given up as the protocol wants it.
bool GroupMember::prepare_join(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                               ClientResponses& more) {
    SyncCommit& commit = rebalance_commit_;
    if (commit.in_flight || env.now() < commit.retry) return false;
    if (!commit.done && config_.auto_commit) {
        std::vector<Committed> offsets = all_consumed(subscriptions);
        if (!offsets.empty()) {
            if (!ensure_coordinator(env, network, more)) return false;
            commit.in_flight = send_commit(env, network, subscriptions, std::move(offsets), CommitPurpose::Rebalance);
            if (commit.in_flight) return false;
        }
    }
    commit = {};
    give_up(env, subscriptions);
    is_leader_ = false;
    return true;
}

void GroupMember::send_join(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions) {
    node::info(env, kLogger, "{}(Re-)joining group", config_.log_prefix);
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
    next_heartbeat_.reset();
    send(env, network, Kind::Join, std::move(request),
         std::max(config_.request_timeout, config_.rebalance_timeout + 5s));
}

void GroupMember::handle_join(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                              const Pending& pending, ClientResponse& response, ClientResponses& more) {
    join_in_flight_ = false;
    const auto* join = std::get_if<protocol::JoinGroupResponse>(&response.body);
    if (join == nullptr || !same_generation(pending.generation)) return;  // the next step joins again
    if (join->error_code != ErrorCode::None) {
        join_failed(env, network, pending, *join, more);
        return;
    }
    generation_ = {join->generation_id, join->member_id, join->protocol_name.value_or("")};
    state_ = MemberState::CompletingRebalance;
    next_heartbeat_ = env.now() + config_.heartbeat_interval;
    last_heartbeat_answer_ = env.now();
    node::info(env, kLogger, "{}Successfully joined group with generation {}", config_.log_prefix,
               to_string(generation_));
    send_sync(env, network, subscriptions, *join);
}

void GroupMember::join_failed(node::Env& env, ConsumerNetwork& network, const Pending& pending,
                              const protocol::JoinGroupResponse& response, ClientResponses& more) {
    const ErrorCode error = response.error_code;
    const std::string sent = to_string(pending.generation);
    if (error == ErrorCode::CoordinatorLoadInProgress) {
        node::info(env, kLogger, "{}JoinGroup failed: Coordinator {} is loading the group.", config_.log_prefix,
                   coordinator_ ? to_string(*coordinator_) : "null");
    } else if (error == ErrorCode::UnknownMemberId) {
        node::info(env, kLogger, "{}JoinGroup failed: {} Need to re-join the group. Sent generation was {}",
                   config_.log_prefix, default_message(error), sent);
        reset_generation(env, error, "JOIN_GROUP");
    } else if (error == ErrorCode::CoordinatorNotAvailable || error == ErrorCode::NotCoordinator) {
        node::info(env, kLogger, "{}JoinGroup failed: {} Marking coordinator unknown. Sent generation was {}",
                   config_.log_prefix, default_message(error), sent);
        coordinator_unknown(env, network, fmt::format("error response {}", name(error)), false, more);
    } else if (error == ErrorCode::RebalanceInProgress) {
        node::info(env, kLogger, "{}JoinGroup failed: {} Sent generation was {}. Need to re-join.", config_.log_prefix,
                   default_message(error), sent);
    } else if (error == ErrorCode::MemberIdRequired) {
        generation_ = {-1, response.member_id, ""};
        request_rejoin(env, "need to re-join with the given member-id");
    } else {
        node::error(env, kLogger, "{}JoinGroup failed due to {}fatal error: {}", config_.log_prefix, "",
                    default_message(error));
        fail(error);
    }
}

void GroupMember::send_sync(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                            const protocol::JoinGroupResponse& join) {
    protocol::SyncGroupRequest request;
    request.group_id = config_.group_id;
    request.generation_id = generation_.id;
    request.member_id = generation_.member_id;
    request.group_instance_id = config_.group_instance_id;
    request.protocol_type = "consumer";
    request.protocol_name = generation_.protocol;
    is_leader_ = join.leader == join.member_id && !join.members.empty();
    if (is_leader_) request.assignments = perform_assignment(env, network, join);
    joined_partitions_.clear();
    for (const TopicName& topic : subscriptions.subscription())
        joined_partitions_[topic] = network.metadata().partition_count(topic);
    join_in_flight_ = true;
    if (coordinator_) {
        send(env, network, Kind::Sync, std::move(request));
    } else {
        join_in_flight_ = false;
    }
}

void GroupMember::handle_sync(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                              const Pending& pending, ClientResponse& response, ClientResponses& more) {
    join_in_flight_ = false;
    const auto* sync = std::get_if<protocol::SyncGroupResponse>(&response.body);
    if (sync == nullptr || !same_generation(pending.generation) || state_ != MemberState::CompletingRebalance) return;
    if (sync->error_code != ErrorCode::None) {
        sync_failed(env, network, pending, sync->error_code, more);
        return;
    }
    node::info(env, kLogger, "{}Successfully synced group in generation {}", config_.log_prefix,
               to_string(generation_));
    state_ = MemberState::Stable;
    rejoin_needed_ = false;
    join_complete(env, subscriptions, sync->assignment);
}

void GroupMember::sync_failed(node::Env& env, ConsumerNetwork& network, const Pending& pending, ErrorCode error,
                              ClientResponses& more) {
    rejoin_needed_ = true;
    const std::string sent = to_string(pending.generation);
    if (error == ErrorCode::RebalanceInProgress) {
        node::info(
            env, kLogger,
            "{}SyncGroup failed: The group began another rebalance. Need to re-join the group. Sent generation was {}",
            config_.log_prefix, sent);
    } else if (error == ErrorCode::UnknownMemberId || error == ErrorCode::IllegalGeneration) {
        node::info(env, kLogger, "{}SyncGroup failed: {} Need to re-join the group. Sent generation was {}",
                   config_.log_prefix, default_message(error), sent);
        reset_generation(env, error, "SYNC_GROUP");
    } else if (error == ErrorCode::CoordinatorNotAvailable || error == ErrorCode::NotCoordinator) {
        node::info(env, kLogger, "{}SyncGroup failed: {} Marking coordinator unknown. Sent generation was {}",
                   config_.log_prefix, default_message(error), sent);
        coordinator_unknown(env, network, fmt::format("error response {}", name(error)), false, more);
    } else if (error == ErrorCode::FencedInstanceId || error == ErrorCode::GroupAuthorizationFailed) {
        fail(error);
    } else {
        failure_ = {"org.apache.kafka.common.KafkaException",
                    fmt::format("Unexpected error from SyncGroup: {}", default_message(error))};
    }
}

void GroupMember::background(node::Env& env, ConsumerNetwork& network, ClientResponses& more) {
    if (!next_heartbeat_ || !coordinator_ || closing_ == Closing::Leaving) return;
    if (state_ != MemberState::CompletingRebalance && state_ != MemberState::Stable) return;
    if (env.now() - last_heartbeat_answer_ >= config_.session_timeout) {
        coordinator_unknown(env, network, "session timed out without receiving a heartbeat response", false, more);
        return;
    }
    if (env.now() < *next_heartbeat_) return;
    next_heartbeat_ = env.now() + config_.heartbeat_interval;
    protocol::HeartbeatRequest request;
    request.group_id = config_.group_id;
    request.generation_id = generation_.id;
    request.member_id = generation_.member_id;
    request.group_instance_id = config_.group_instance_id;
    send(env, network, Kind::Heartbeat, std::move(request));
}

void GroupMember::handle_heartbeat(node::Env& env, ConsumerNetwork& network, const Pending& pending,
                                   ClientResponse& response, ClientResponses& more) {
    const auto* beat = std::get_if<protocol::HeartbeatResponse>(&response.body);
    const ErrorCode error = beat == nullptr ? ErrorCode::NetworkException : beat->error_code;
    if (error == ErrorCode::None || error == ErrorCode::RebalanceInProgress) {
        last_heartbeat_answer_ = env.now();
    } else if (next_heartbeat_) {
        next_heartbeat_ = env.now() + config_.retry_back_off;
    }
    if (error == ErrorCode::None || beat == nullptr) return;
    if (error == ErrorCode::CoordinatorNotAvailable || error == ErrorCode::NotCoordinator) {
        node::info(env, kLogger,
                   "{}Attempt to heartbeat failed since coordinator {} is either not started or not valid",
                   config_.log_prefix, coordinator_ ? to_string(*coordinator_) : "null");
        coordinator_unknown(env, network, fmt::format("error response {}", name(error)), false, more);
    } else if (error == ErrorCode::RebalanceInProgress) {
        if (state_ == MemberState::Stable) request_rejoin(env, "group is already rebalancing");
    } else if (error == ErrorCode::IllegalGeneration || error == ErrorCode::UnknownMemberId) {
        if (!same_generation(pending.generation)) return;
        node::info(env, kLogger,
                   "{}Attempt to heartbeat with {} and group instance id {} failed due to {}, resetting generation",
                   config_.log_prefix, to_string(pending.generation),
                   config_.group_instance_id ? "Optional[" + *config_.group_instance_id + "]" : "Optional.empty",
                   name(error));
        reset_generation(env, error, "HEARTBEAT");
    } else {
        fail(error);
    }
}

void GroupMember::request_rejoin(node::Env& env, const std::string& reason) {
    node::info(env, kLogger, "{}Request joining group due to: {}", config_.log_prefix, reason);
    rejoin_needed_ = true;
}

void GroupMember::reset_generation(node::Env& env, ErrorCode error, const std::string& api) {
    node::info(env, kLogger, "{}Resetting generation due to: encountered {} from {} response", config_.log_prefix,
               name(error), api);
    generation_ = {};
    state_ = MemberState::Unjoined;
    next_heartbeat_.reset();
    request_rejoin(env, fmt::format("encountered {} from {} response", name(error), api));
}

void GroupMember::begin_close() { closing_ = Closing::Committing; }

/// Commit, wait for commits that are under way, leave, wait for the answer. True when there is nothing more to wait
/// for.
bool GroupMember::close_step(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions, bool expired,
                             ClientResponses& more) {
    if (!has_group()) return true;
    if (closing_ == Closing::Committing) {
        if (!expired && !commit_for_close(env, network, subscriptions, more)) return false;
        if (!expired && async_commits_ > 0) {
            ensure_coordinator(env, network, more);
            return false;
        }
        closing_ = Closing::Leaving;
        leave_sent_ = leave(env, network);
    }
    if (!coordinator_ || !network.has_pending(coordinator_->id)) return true;
    if (!expired) return false;
    node::warn(env, kLogger,
               "{}Close timed out with {} pending requests to coordinator, terminating client connections",
               config_.log_prefix, network.pending(coordinator_->id));
    return true;
}

bool GroupMember::leave(node::Env& env, ConsumerNetwork& network) {
    if (config_.group_instance_id || !coordinator_ || state_ == MemberState::Unjoined || generation_.member_id.empty())
        return false;
    node::info(env, kLogger,
               "{}Member {} sending LeaveGroup request to coordinator {} due to the consumer is being closed",
               config_.log_prefix, generation_.member_id, to_string(*coordinator_));
    protocol::LeaveGroupRequest request;
    request.group_id = config_.group_id;
    request.members.push_back({generation_.member_id, std::nullopt});
    send(env, network, Kind::Leave, std::move(request));
    return true;
}

std::optional<Instant> GroupMember::next_deadline(Instant now, bool polling) const {
    std::optional<Instant> next;
    const auto at = [&](Instant instant) {
        if (instant > now && (!next || instant < *next)) next = instant;
    };
    if (next_heartbeat_ && coordinator_) {
        at(std::max(*next_heartbeat_, now + Duration{1}));
        at(last_heartbeat_answer_ + config_.session_timeout);
    }
    if (!polling) return next;
    if (lookup_ == Lookup::Sleeping) at(sleep_until_);
    at(rebalance_commit_.retry);
    at(close_commit_.retry);
    at(offset_fetch_retry_);
    if (config_.auto_commit && next_auto_commit_) at(*next_auto_commit_);
    return next;
}

}  // namespace kafkasim::client
