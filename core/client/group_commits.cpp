// SPDX-License-Identifier: Apache-2.0
// How a group member's commits go: some are waited for and tried again every retry.backoff.ms while the error is a
// passing one, others are sent once and their end is told when the owner comes by.
// Kafka 3.0.0: ConsumerCoordinator.commitOffsetsSync, commitOffsetsAsync, invokeCompletedOffsetCommitCallbacks,
// maybeAutoCommitOffsetsAsync, maybeAutoCommitOffsetsSync.

#include <fmt/format.h>

#include <algorithm>

#include "core/base/java.hpp"
#include "core/client/group_member.hpp"
#include "core/client/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::client {

namespace {

ClientFailure retriable_commit_failed() {
    return {"org.apache.kafka.clients.consumer.RetriableCommitFailedException",
            "Offset commit failed with a retriable exception. You should retry "
            "committing the latest consumed "
            "offsets."};
}

/// "{t-0=OffsetAndMetadata{offset=5, leaderEpoch=0, metadata=''}}"
std::string to_string(const OffsetsToCommit& offsets) {
    std::string text;
    for (const auto& [tp, offset] : offsets) {
        text += fmt::format("{}{}=OffsetAndMetadata{{offset={}, leaderEpoch={}, metadata='{}'}}",
                            text.empty() ? "" : ", ", kafkasim::to_string(tp), offset.offset,
                            offset.leader_epoch < 0 ? "null" : std::to_string(offset.leader_epoch), offset.metadata);
    }
    return "{" + text + "}";
}

}  // namespace

OffsetsToCommit GroupMember::all_consumed(const SubscriptionState& subscriptions) {
    OffsetsToCommit consumed;
    std::vector<int32_t> hashes;
    for (const AssignedPartition& assigned : subscriptions.assigned()) {
        if (assigned.state != FetchState::Fetching) continue;
        consumed.emplace_back(assigned.tp,
                              OffsetAndMetadata{assigned.position->offset, assigned.position->offset_epoch, {}});
        hashes.push_back(java::hash(assigned.tp));
    }
    OffsetsToCommit ordered;
    for (size_t i : java::hash_map_order(hashes)) ordered.push_back(consumed[i]);
    return ordered;
}

void GroupMember::begin_sync_commit(CommitPurpose purpose, CommitCompleted commit, std::optional<Instant> deadline) {
    sync_commits_[purpose] = {std::move(commit), deadline, 0, false, {}};
}

/// True when the commit has ended, well or not.
bool GroupMember::sync_commit(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                              CommitPurpose purpose, ClientResponses& more) {
    SyncCommit& commit = sync_commits_.at(purpose);
    sync_commit_step(env, network, subscriptions, purpose, commit, more);
    if (!commit.done) return false;
    tell_completed_commits();
    if (purpose == CommitPurpose::Call || purpose == CommitPurpose::Revoke)
        calls_.emplace_back(std::move(commit.commit));
    sync_commits_.erase(purpose);
    return true;
}

void GroupMember::sync_commit_step(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                                   CommitPurpose purpose, SyncCommit& commit, ClientResponses& more) {
    if (commit.done) return;
    if (commit.commit.offsets.empty()) {
        commit.done = true;
    } else if (commit.deadline && env.now() >= *commit.deadline) {
        commit.done = true;
        commit.commit.failure = {exception_class(ErrorCode::RequestTimedOut),
                                 fmt::format("Timeout of {}ms expired before successfully committing offsets {}",
                                             millis_of(config_.default_api_timeout), to_string(commit.commit.offsets))};
    } else if (commit.in_flight == 0 && env.now() >= commit.retry) {
        if (ensure_coordinator(env, network, more)) {
            send_commit(env, network, subscriptions, purpose, commit.commit);
        } else if (failure_) {
            commit.done = true;
            commit.commit.failure = take_failure();
        }
    }
}

void GroupMember::commit_sync(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                              CommitCompleted commit, ClientResponses& more) {
    tell_completed_commits();
    begin_sync_commit(CommitPurpose::Call, std::move(commit), env.now() + config_.default_api_timeout);
    step_commits(env, network, subscriptions, more);
}

void GroupMember::step_commits(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                               ClientResponses& more) {
    if (commits()) sync_commit(env, network, subscriptions, CommitPurpose::Call, more);
}

void GroupMember::commit_async(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                               CommitCompleted commit) {
    tell_completed_commits();
    commit_once(env, network, subscriptions, CommitPurpose::Async, std::move(commit));
}

/// Without a coordinator it waits for the answer of one look for it, not longer.
void GroupMember::commit_once(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                              CommitPurpose purpose, CommitCompleted commit) {
    if (coordinator_) return send_commit(env, network, subscriptions, purpose, std::move(commit));
    if (lookup_ != Lookup::Asked) find_coordinator(env, network);
    if (lookup_ == Lookup::Asked) {
        awaiting_coordinator_.push_back({Kind::Commit, 0, generation_, purpose, std::move(commit)});
    } else {
        commit_ended(env, {Kind::Commit, 0, generation_, purpose, std::move(commit)},
                     failure_of(ErrorCode::CoordinatorNotAvailable), true);
    }
}

void GroupMember::coordinator_found(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions) {
    for (Pending& waiting : std::exchange(awaiting_coordinator_, {}))
        send_commit(env, network, subscriptions, waiting.purpose, std::move(waiting.commit));
}

void GroupMember::coordinator_not_found(node::Env& env, const ClientFailure& failure) {
    for (Pending& waiting : std::exchange(awaiting_coordinator_, {}))
        commit_ended(env, std::move(waiting), failure, true);
}

/// A commit was answered, or could not be sent. `again`: the error is a passing one.
void GroupMember::commit_ended(node::Env& env, Pending&& pending, std::optional<ClientFailure> failure, bool again) {
    switch (pending.purpose) {
        case CommitPurpose::Auto:
            if (!failure) return;
            if (again) {
                next_auto_commit_ = env.now() + config_.retry_back_off;
            } else {
                node::warn(env, kConsumerCoordinatorLogger, "{}Asynchronous auto-commit of offsets {} failed: {}",
                           config_.log_prefix, to_string(pending.commit.offsets), failure->message);
            }
            return;
        case CommitPurpose::Async:
            pending.commit.failure = failure && again ? std::optional(retriable_commit_failed()) : failure;
            if (failure && failure->exception == exception_class(ErrorCode::FencedInstanceId))
                async_commit_fenced_ = true;
            completed_.push_back(std::move(pending.commit));
            return;
        case CommitPurpose::Rebalance:
        case CommitPurpose::Close:
            if (failure && !again) {
                node::warn(env, kConsumerCoordinatorLogger, "{}Synchronous auto-commit of offsets {} failed: {}",
                           config_.log_prefix, to_string(pending.commit.offsets), failure->message);
            }
            break;
        case CommitPurpose::Revoke:
        case CommitPurpose::Call:
            break;
    }
    const auto waiting = sync_commits_.find(pending.purpose);
    if (waiting == sync_commits_.end() || waiting->second.in_flight != pending.what) return;
    SyncCommit& commit = waiting->second;
    commit.in_flight = 0;
    commit.done = !failure || !again;
    commit.retry = env.now() + config_.retry_back_off;
    if (commit.done) commit.commit.failure = std::move(failure);
}

/// invokeCompletedOffsetCommitCallbacks
void GroupMember::tell_completed_commits() {
    for (CommitCompleted& commit : std::exchange(completed_, {})) calls_.emplace_back(std::move(commit));
}

/// False if an asynchronous commit was fenced: every poll throws that from then on.
bool GroupMember::told_of_commits() {
    tell_completed_commits();
    if (!async_commit_fenced_) return true;
    fail(ErrorCode::FencedInstanceId,
         fmt::format("Get fenced exception for group.instance.id {}, current "
                     "member.id is {}",
                     config_.group_instance_id.value_or("unset_instance_id"), generation_.member_id));
    return false;
}

void GroupMember::maybe_auto_commit(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions) {
    if (!next_auto_commit_) next_auto_commit_ = env.now() + config_.auto_commit_interval;
    if (!config_.auto_commit || env.now() < *next_auto_commit_) return;
    next_auto_commit_ = env.now() + config_.auto_commit_interval;
    OffsetsToCommit offsets = all_consumed(subscriptions);
    if (offsets.empty()) return;
    tell_completed_commits();
    commit_once(env, network, subscriptions, CommitPurpose::Auto, {0, std::move(offsets), std::nullopt});
}

/// True when the last commit is done, failed for good, or not needed.
bool GroupMember::commit_for_close(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                                   ClientResponses& more) {
    if (!config_.auto_commit || close_committed_) return true;
    if (!sync_commits_.contains(CommitPurpose::Close))
        begin_sync_commit(CommitPurpose::Close, {0, all_consumed(subscriptions), std::nullopt}, std::nullopt);
    close_committed_ = sync_commit(env, network, subscriptions, CommitPurpose::Close, more);
    return close_committed_;
}

}  // namespace kafkasim::client
