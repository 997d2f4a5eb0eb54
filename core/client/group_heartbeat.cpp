// SPDX-License-Identifier: Apache-2.0
// What goes on between polls: heartbeats, the watch on the session and on the owner's polls, the search for a
// coordinator that was lost. It begins with the answer to a JoinGroup and ends with the membership.
// Kafka 3.0.0: AbstractCoordinator.HeartbeatThread, HeartbeatResponseHandler, pollHeartbeat.

#include "core/client/group_member.hpp"
#include "core/client/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::client {

namespace {
constexpr std::string_view kPollTimeout =
    "consumer poll timeout has expired. This means the time between subsequent "
    "calls to poll() was longer than the "
    "configured max.poll.interval.ms, which typically implies that the poll "
    "loop is spending too much time processing "
    "messages. You can address this either by increasing max.poll.interval.ms "
    "or by reducing the maximum size of "
    "batches returned in poll() with max.poll.records.";
}  // namespace

/// The heartbeat thread runs: it waits while the member is not in a group or a JoinGroup is under way.
bool GroupMember::heartbeats() const {
    if (closing_ == Closing::Revoking || closing_ == Closing::Leaving) return false;
    return state_ == MemberState::CompletingRebalance || state_ == MemberState::Stable;
}

void GroupMember::background(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                             bool polling, ClientResponses& more) {
    assign_when_fresh(env, network, subscriptions);
    if (!heartbeats()) return;
    if (coordinator_ && network.network().in_back_off(coordinator_->id, env.now()))
        coordinator_unknown(env, network, "coordinator unavailable", true, more);
    if (!coordinator_) {
        if (!polling) look_between_polls(env, network);
        // The thread sleeps for retry.backoff.ms before it looks again: the owner's requests go first.
        if (heartbeat_.action(env.now(), polling) != HeartbeatAction::Wait) heartbeat_.failed(env.now());
        return;
    }
    switch (heartbeat_.action(env.now(), polling)) {
        case HeartbeatAction::Wait:
            return;
        case HeartbeatAction::LoseCoordinator:
            coordinator_unknown(env, network, "session timed out without receiving a heartbeat response", false, more);
            return;
        case HeartbeatAction::LeaveGroup:
            node::warn(env, kConsumerCoordinatorLogger, "{}{}", config_.log_prefix, kPollTimeout);
            leave(env, network, "consumer poll timeout has expired.");
            return;
        case HeartbeatAction::Send:
            heartbeat_.sent(env.now());
            send_heartbeat(env, network);
            return;
    }
}

/// While nobody polls, the search goes on every retry.backoff.ms whatever comes of it.
void GroupMember::look_between_polls(node::Env& env, ConsumerNetwork& network) {
    if (lookup_ == Lookup::Asked || (lookup_ != Lookup::Idle && env.now() < sleep_until_)) return;
    find_coordinator(env, network);
}

void GroupMember::send_heartbeat(node::Env& env, ConsumerNetwork& network) {
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
    if (beat == nullptr) return heartbeat_.failed(env.now());
    const ErrorCode error = beat->error_code;
    if (error == ErrorCode::None) {
        heartbeat_.received(env.now());
    } else if (error == ErrorCode::RebalanceInProgress) {
        heartbeat_.received(env.now());
        if (state_ == MemberState::Stable) request_rejoin(env, "group is already rebalancing");
    } else if (error == ErrorCode::CoordinatorNotAvailable || error == ErrorCode::NotCoordinator) {
        node::info(env, kConsumerCoordinatorLogger,
                   "{}Attempt to heartbeat failed since coordinator {} is either "
                   "not started or not valid",
                   config_.log_prefix, coordinator_ ? to_string(*coordinator_) : "null");
        coordinator_unknown(env, network, fmt::format("error response {}", name(error)), false, more);
        heartbeat_.failed(env.now());
    } else if (error == ErrorCode::IllegalGeneration || error == ErrorCode::UnknownMemberId ||
               error == ErrorCode::FencedInstanceId) {
        thrown_out(env, pending, error);
    } else {
        heartbeat_.failed(env.now());
    }
}

/// The coordinator does not know this member (any more); of a generation that has passed that is no news.
void GroupMember::thrown_out(node::Env& env, const Pending& pending, ErrorCode error) {
    const bool unchanged = generation_ == pending.generation;
    node::info(env, kConsumerCoordinatorLogger,
               "{}Attempt to heartbeat with {}{} and group instance id {} failed "
               "due to {}, {}",
               config_.log_prefix, unchanged ? "" : "stale ", to_string(pending.generation), instance_text(),
               name(error), unchanged ? "resetting generation" : "ignoring the error");
    if (!unchanged) return heartbeat_.received(env.now());
    note_left(env, fmt::format("encountered {} from HEARTBEAT response", name(error)));
    reset_generation(env, error, "HEARTBEAT");
    heartbeat_.failed(env.now());
    if (error != ErrorCode::FencedInstanceId) return;
    node::error(env, kConsumerCoordinatorLogger, "{}Caught fenced group.instance.id {} error in heartbeat thread",
                config_.log_prefix, instance_text());
    heartbeat_failure_ = failure_of(error);
}

/// pollHeartbeat: false if the thread has died; then this poll throws what it died of.
bool GroupMember::poll_heartbeat(Instant now) {
    heartbeat_.poll(now);
    if (!heartbeat_failure_) return true;
    failure_ = std::exchange(heartbeat_failure_, std::nullopt);
    return false;
}

}  // namespace kafkasim::client
