// SPDX-License-Identifier: Apache-2.0
// What a group member does with offsets: commits (every 5 s, before a rebalance, at the end) and asks for what was
// committed.
// Kafka 3.0.0: ConsumerCoordinator (maybeAutoCommitOffsetsAsync/Sync, sendOffsetCommitRequest,
// OffsetCommitResponseHandler, fetchCommittedOffsets).

#include <fmt/format.h>

#include <algorithm>

#include "core/base/java.hpp"
#include "core/client/group_member.hpp"
#include "core/node/log.hpp"

namespace kafkasim::client {

namespace {

constexpr std::string_view kLogger = "org.apache.kafka.clients.consumer.internals.ConsumerCoordinator";
constexpr std::string_view kCommitFailed = "org.apache.kafka.clients.consumer.CommitFailedException";
constexpr std::string_view kNotInGroup =
    "Offset commit cannot be completed since the consumer is not part of an active group for auto partition "
    "assignment; it is likely that the consumer was kicked out "
    "of the group.";
constexpr std::string_view kRebalanced =
    "Commit cannot be completed since the group has already rebalanced and assigned the partitions to another member. "
    "This means that the time between subsequent calls "
    "to poll() was longer than the configured max.poll.interval.ms, which typically implies that the poll loop is "
    "spending too much time message processing. You can "
    "address this either by increasing max.poll.interval.ms or by reducing the maximum size of batches returned in "
    "poll() with max.poll.records.";
constexpr std::string_view kRebalancing =
    "Offset commit cannot be completed since the consumer group is executing a rebalance at the moment. You can try "
    "completing the rebalance by calling poll() and then "
    "retry commit again";

/// What the partition's error means for the whole commit.
enum class Verdict : uint8_t { Ok, Retry, Rediscover, Rebalancing, Kicked, Fatal };

Verdict judge(ErrorCode error) {
    if (error == ErrorCode::None) return Verdict::Ok;
    if (error == ErrorCode::CoordinatorLoadInProgress || error == ErrorCode::UnknownTopicOrPartition)
        return Verdict::Retry;
    if (error == ErrorCode::CoordinatorNotAvailable || error == ErrorCode::NotCoordinator ||
        error == ErrorCode::RequestTimedOut)
        return Verdict::Rediscover;
    if (error == ErrorCode::RebalanceInProgress) return Verdict::Rebalancing;
    if (error == ErrorCode::UnknownMemberId || error == ErrorCode::IllegalGeneration) return Verdict::Kicked;
    return Verdict::Fatal;
}

}  // namespace

/// Positions of all partitions that have one, in the order of a Java HashMap.
std::vector<GroupMember::Committed> GroupMember::all_consumed(const SubscriptionState& subscriptions) const {
    std::vector<Committed> consumed;
    std::vector<int32_t> hashes;
    for (const AssignedPartition& assigned : subscriptions.assigned()) {
        if (assigned.state != FetchState::Fetching) continue;
        consumed.push_back({assigned.tp, assigned.position->offset, assigned.position->offset_epoch});
        hashes.push_back(java::hash(assigned.tp));
    }
    std::vector<Committed> ordered;
    for (size_t i : java::hash_map_order(hashes)) ordered.push_back(consumed[i]);
    return ordered;
}

/// False if it could not even be sent; it has failed then.
bool GroupMember::send_commit(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                              std::vector<Committed> offsets, CommitPurpose purpose) {
    if (subscriptions.automatic() && state_ != MemberState::Stable) {
        const Pending unsent{Kind::Commit, generation_, purpose, std::move(offsets)};
        const bool rebalancing =
            state_ == MemberState::PreparingRebalance || state_ == MemberState::CompletingRebalance;
        commit_failed(env, unsent,
                      rebalancing
                          ? ClientFailure{exception_class(ErrorCode::RebalanceInProgress), std::string(kRebalancing)}
                          : ClientFailure{std::string(kCommitFailed), std::string(kNotInGroup)},
                      false);
        return false;
    }
    protocol::OffsetCommitRequest request;
    request.group_id = config_.group_id;
    request.generation_id = generation_.id;
    request.member_id = generation_.member_id;
    request.group_instance_id = config_.group_instance_id;
    for (const Committed& offset : offsets) {
        auto topic = std::find_if(request.topics.begin(), request.topics.end(),
                                  [&](const auto& t) { return t.name == offset.tp.topic; });
        if (topic == request.topics.end()) {
            request.topics.push_back({offset.tp.topic, {}});
            topic = request.topics.end() - 1;
        }
        topic->partitions.push_back({offset.tp.partition, offset.offset, offset.epoch, std::string()});
    }
    if (purpose == CommitPurpose::Async) ++async_commits_;
    Pending& pending = send(env, network, Kind::Commit, std::move(request));
    pending.purpose = purpose;
    pending.offsets = std::move(offsets);
    return true;
}

void GroupMember::handle_commit(node::Env& env, ConsumerNetwork& network, const Pending& pending,
                                ClientResponse& response, ClientResponses& more) {
    if (pending.purpose == CommitPurpose::Async) --async_commits_;
    const auto* answer = std::get_if<protocol::OffsetCommitResponse>(&response.body);
    if (answer == nullptr) {
        commit_failed(env, pending, {"org.apache.kafka.common.errors.DisconnectException", "null"}, true);
        return;
    }
    for (const Committed& offset : pending.offsets) {
        ErrorCode error = ErrorCode::None;
        for (const auto& topic : answer->topics) {
            for (const auto& partition : topic.partitions) {
                if (topic.name == offset.tp.topic && partition.partition_index == offset.tp.partition)
                    error = partition.error_code;
            }
        }
        const Verdict verdict = judge(error);
        if (verdict == Verdict::Ok) continue;
        node::log(env, retriable(error) ? node::Level::Warn : node::Level::Error, kLogger,
                  "{}Offset commit failed on partition {} at offset {}: {}", config_.log_prefix, to_string(offset.tp),
                  offset.offset, default_message(error));
        ClientFailure failure = failure_of(error);
        if (verdict == Verdict::Rediscover)
            coordinator_unknown(env, network, fmt::format("error response {}", name(error)), false, more);
        if (verdict == Verdict::Rebalancing) {
            request_rejoin(env, "offset commit failed since group is already rebalancing");
            failure = {exception_class(error), std::string(kRebalancing)};
        }
        if (verdict == Verdict::Kicked) {
            failure = {std::string(kCommitFailed), std::string(kRebalanced)};
            if (same_generation(pending.generation)) reset_generation(env, error, "OFFSET_COMMIT");
        }
        commit_failed(env, pending, failure, verdict == Verdict::Retry || verdict == Verdict::Rediscover);
        return;
    }
    commit_answered(env, pending.purpose, false);
}

/// `again`: a sync commit is tried once more after the back-off.
void GroupMember::commit_answered(node::Env& env, CommitPurpose purpose, bool again) {
    switch (purpose) {
        case CommitPurpose::Async:
            return;
        case CommitPurpose::Rebalance:
            rebalance_commit_ = {false, !again, again ? env.now() + config_.retry_back_off : Instant{}};
            return;
        case CommitPurpose::Close:
            close_commit_ = {false, !again, again ? env.now() + config_.retry_back_off : Instant{}};
            return;
    }
}

void GroupMember::commit_failed(node::Env& env, const Pending& pending, const ClientFailure& failure, bool again) {
    commit_answered(env, pending.purpose, again);
    if (pending.purpose == CommitPurpose::Async && again) next_auto_commit_ = env.now() + config_.retry_back_off;
    if (again) return;
    std::string offsets;
    for (const Committed& offset : pending.offsets) {
        offsets +=
            fmt::format("{}{}=OffsetAndMetadata{{offset={}, leaderEpoch={}, metadata=''}}", offsets.empty() ? "" : ", ",
                        to_string(offset.tp), offset.offset, offset.epoch < 0 ? "null" : std::to_string(offset.epoch));
    }
    node::warn(env, kLogger, "{}{} auto-commit of offsets {{{}}} failed: {}", config_.log_prefix,
               pending.purpose == CommitPurpose::Async ? "Asynchronous" : "Synchronous", offsets, failure.message);
}

void GroupMember::maybe_auto_commit(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions) {
    if (!next_auto_commit_) next_auto_commit_ = env.now() + config_.auto_commit_interval;
    if (!config_.auto_commit || env.now() < *next_auto_commit_) return;
    next_auto_commit_ = env.now() + config_.auto_commit_interval;
    std::vector<Committed> offsets = all_consumed(subscriptions);
    if (offsets.empty()) return;
    if (!coordinator_) {
        if (lookup_ == Lookup::Idle) find_coordinator(env, network);
        return;
    }
    send_commit(env, network, subscriptions, std::move(offsets), CommitPurpose::Async);
}

/// True when the last commit is done, failed for good, or not needed.
bool GroupMember::commit_for_close(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                                   ClientResponses& more) {
    if (!config_.auto_commit || close_commit_.done) return true;
    if (close_commit_.in_flight || env.now() < close_commit_.retry) return false;
    std::vector<Committed> offsets = all_consumed(subscriptions);
    if (offsets.empty()) return true;
    if (!ensure_coordinator(env, network, more)) return false;
    close_commit_.in_flight = send_commit(env, network, subscriptions, std::move(offsets), CommitPurpose::Close);
    return !close_commit_.in_flight;
}

bool GroupMember::refresh_committed(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                                    ClientResponses& more) {
    protocol::OffsetFetchRequest::OffsetFetchRequestGroup group;
    group.group_id = config_.group_id;
    group.topics.emplace();
    for (const AssignedPartition& assigned : subscriptions.assigned()) {
        if (assigned.state != FetchState::Initializing) continue;
        auto topic = std::find_if(group.topics->begin(), group.topics->end(),
                                  [&](const auto& t) { return t.name == assigned.tp.topic; });
        if (topic == group.topics->end()) {
            group.topics->push_back({assigned.tp.topic, {}});
            topic = group.topics->end() - 1;
        }
        topic->partition_indexes.push_back(assigned.tp.partition);
    }
    if (group.topics->empty()) return true;
    if (offset_fetch_in_flight_ || env.now() < offset_fetch_retry_ || !ensure_coordinator(env, network, more))
        return false;
    offset_fetch_in_flight_ = true;
    protocol::OffsetFetchRequest request;
    request.groups.push_back(std::move(group));
    request.require_stable = true;
    send(env, network, Kind::OffsetFetch, std::move(request));
    return false;
}

void GroupMember::handle_offset_fetch(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                                      ClientResponse& response, ClientResponses& more) {
    offset_fetch_in_flight_ = false;
    const auto* answer = std::get_if<protocol::OffsetFetchResponse>(&response.body);
    const ErrorCode error =
        answer == nullptr || answer->groups.empty() ? ErrorCode::NetworkException : answer->groups.front().error_code;
    if (error != ErrorCode::None) {
        offset_fetch_retry_ = env.now() + config_.retry_back_off;
        if (error == ErrorCode::NotCoordinator)
            coordinator_unknown(env, network, fmt::format("error response {}", name(error)), false, more);
        if (!retriable(error)) {
            failure_ = {"org.apache.kafka.common.KafkaException",
                        fmt::format("Unexpected error in fetch offset response: {}", default_message(error))};
        }
        return;
    }
    for (const auto& topic : answer->groups.front().topics) {
        for (const auto& partition : topic.partitions) {
            const TopicPartition tp{topic.name, partition.partition_index};
            const AssignedPartition* assigned = subscriptions.find(tp);
            if (assigned == nullptr || assigned->state != FetchState::Initializing) continue;
            if (partition.committed_offset < 0) {
                node::info(env, kLogger, "{}Found no committed offset for partition {}", config_.log_prefix,
                           to_string(tp));
                if (config_.reset == ResetStrategy::None) {
                    failure_ = {
                        "org.apache.kafka.clients.consumer.NoOffsetForPartitionException",
                        fmt::format("Undefined offset with no reset policy for partitions: [{}]", to_string(tp))};
                    continue;
                }
                subscriptions.request_reset(tp, config_.reset);
                continue;
            }
            network.metadata().update_last_seen_epoch(tp, partition.committed_leader_epoch);
            const FetchPosition position{partition.committed_offset, partition.committed_leader_epoch,
                                         network.metadata().current_leader(tp)};
            node::info(env, kLogger, "{}Setting offset for partition {} to the committed offset {}", config_.log_prefix,
                       to_string(tp), to_string(position, network.metadata()));
            subscriptions.seek_unvalidated(tp, position);
        }
    }
}

}  // namespace kafkasim::client
