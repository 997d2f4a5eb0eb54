// SPDX-License-Identifier: Apache-2.0
// What a group member sends of offsets, and what the answers mean: OffsetCommit, and OffsetFetch of partitions that
// have no position yet. How commits are begun and waited for stands in group_commits.cpp.
// Kafka 3.0.0: ConsumerCoordinator.sendOffsetCommitRequest, OffsetCommitResponseHandler, fetchCommittedOffsets,
// OffsetFetchResponseHandler.

#include <fmt/format.h>

#include <algorithm>

#include "core/base/java.hpp"
#include "core/client/group_member.hpp"
#include "core/client/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::client {

namespace {

constexpr std::string_view kCommitFailed = "org.apache.kafka.clients.consumer.CommitFailedException";
constexpr std::string_view kKafkaException = "org.apache.kafka.common.KafkaException";
constexpr std::string_view kNotInGroup =
    "Offset commit cannot be completed since the consumer is not part of an "
    "active group for auto partition "
    "assignment; it is likely that the consumer was kicked out "
    "of the group.";
constexpr std::string_view kRebalanced =
    "Commit cannot be completed since the group has already rebalanced and "
    "assigned the partitions to another member. "
    "This means that the time between subsequent calls "
    "to poll() was longer than the configured max.poll.interval.ms, which "
    "typically implies that the poll loop is "
    "spending too much time message processing. You can "
    "address this either by increasing max.poll.interval.ms or by reducing the "
    "maximum size of batches returned in "
    "poll() with max.poll.records.";
constexpr std::string_view kUndergoing =
    "Offset commit cannot be completed since the consumer is undergoing a "
    "rebalance for auto partition assignment. You "
    "can try completing the rebalance by calling poll() and then retry the "
    "operation.";
constexpr std::string_view kStale =
    "Offset commit cannot be completed since the consumer member's generation "
    "is already stale, meaning it has already "
    "participated another rebalance and got a new generation. You can try "
    "completing the rebalance by calling poll() "
    "and then retry commit again";
constexpr std::string_view kFencedOld =
    "Offset commit cannot be completed since the consumer member's old "
    "generation is fenced by its group instance id, "
    "it is possible that this consumer has already participated another "
    "rebalance and got a new generation";
constexpr std::string_view kRebalancing =
    "Offset commit cannot be completed since the consumer group is executing a "
    "rebalance at the moment. You can try "
    "completing the rebalance by calling poll() and then "
    "retry commit again";

/// What the partition's error means for the whole commit.
enum class Verdict : uint8_t { Ok, Retry, Rediscover, Rebalancing, Kicked, Fenced, Raise, Unexpected };

Verdict judge(ErrorCode error) {
    if (error == ErrorCode::None) return Verdict::Ok;
    if (error == ErrorCode::CoordinatorLoadInProgress || error == ErrorCode::UnknownTopicOrPartition)
        return Verdict::Retry;
    if (error == ErrorCode::CoordinatorNotAvailable || error == ErrorCode::NotCoordinator ||
        error == ErrorCode::RequestTimedOut)
        return Verdict::Rediscover;
    if (error == ErrorCode::RebalanceInProgress) return Verdict::Rebalancing;
    if (error == ErrorCode::UnknownMemberId || error == ErrorCode::IllegalGeneration) return Verdict::Kicked;
    if (error == ErrorCode::FencedInstanceId) return Verdict::Fenced;
    if (error == ErrorCode::OffsetMetadataTooLarge || error == ErrorCode::InvalidCommitOffsetSize ||
        error == ErrorCode::GroupAuthorizationFailed || error == ErrorCode::TopicAuthorizationFailed)
        return Verdict::Raise;
    return Verdict::Unexpected;
}

/// Those whose commit still waits for its replicas, "[t-0, t-1]"; empty if there are none.
std::string unstable_partitions(const protocol::OffsetFetchResponse::OffsetFetchResponseGroup& group) {
    std::string text;
    for (const auto& topic : group.topics) {
        for (const auto& partition : topic.partitions) {
            if (partition.error_code != ErrorCode::UnstableOffsetCommit) continue;
            text += (text.empty() ? "[" : ", ") + to_string(TopicPartition{topic.name, partition.partition_index});
        }
    }
    return text.empty() ? text : text + "]";
}

ClientFailure rebalancing_because(std::string_view text) {
    return {exception_class(ErrorCode::RebalanceInProgress), std::string(text)};
}
ClientFailure commit_failed_because(std::string_view text) { return {std::string(kCommitFailed), std::string(text)}; }

protocol::OffsetCommitRequest request_of(const OffsetsToCommit& offsets) {
    protocol::OffsetCommitRequest request;
    for (const auto& [tp, offset] : offsets) {
        auto topic = std::find_if(request.topics.begin(), request.topics.end(),
                                  [&](const auto& t) { return t.name == tp.topic; });
        if (topic == request.topics.end()) {
            request.topics.push_back({tp.topic, {}});
            topic = request.topics.end() - 1;
        }
        topic->partitions.push_back({tp.partition, offset.offset, offset.leader_epoch, offset.metadata});
    }
    return request;
}

/// Those without a position.
protocol::OffsetFetchRequest::OffsetFetchRequestGroup group_of(const std::string& group_id,
                                                               const SubscriptionState& subscriptions) {
    protocol::OffsetFetchRequest::OffsetFetchRequestGroup group;
    group.group_id = group_id;
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
    return group;
}

ErrorCode error_of(const protocol::OffsetCommitResponse& response, const TopicPartition& tp) {
    for (const auto& topic : response.topics) {
        if (topic.name != tp.topic) continue;
        for (const auto& partition : topic.partitions) {
            if (partition.partition_index == tp.partition) return partition.error_code;
        }
    }
    return ErrorCode::None;
}

}  // namespace

void GroupMember::send_commit(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                              CommitPurpose purpose, CommitCompleted commit) {
    Pending pending{Kind::Commit, 0, generation_, purpose, std::move(commit)};
    if (pending.commit.offsets.empty()) return commit_ended(env, std::move(pending), std::nullopt, false);
    if (subscriptions.automatic() && state_ != MemberState::Stable) {
        node::info(env, kConsumerCoordinatorLogger,
                   "{}Failing OffsetCommit request since the consumer is not part "
                   "of an active group",
                   config_.log_prefix);
        return commit_ended(env, std::move(pending),
                            rebalancing() ? rebalancing_because(kUndergoing) : commit_failed_because(kNotInGroup),
                            false);
    }
    if (!subscriptions.automatic()) pending.generation = {};
    protocol::OffsetCommitRequest request = request_of(pending.commit.offsets);
    request.group_id = config_.group_id;
    request.generation_id = pending.generation.id;
    request.member_id = pending.generation.member_id;
    request.group_instance_id = config_.group_instance_id;
    pending.what = network.send(env, *coordinator_, std::move(request));
    if (const auto waiting = sync_commits_.find(purpose); waiting != sync_commits_.end())
        waiting->second.in_flight = pending.what;
    pending_[pending.what] = std::move(pending);
}

void GroupMember::handle_commit(node::Env& env, ConsumerNetwork& network, Pending&& pending, ClientResponse& response,
                                ClientResponses& more) {
    const auto* answer = std::get_if<protocol::OffsetCommitResponse>(&response.body);
    if (answer == nullptr) return commit_ended(env, std::move(pending), failure_of_disconnect(), true);
    for (const auto& [tp, offset] : pending.commit.offsets) {
        const ErrorCode error = error_of(*answer, tp);
        if (error == ErrorCode::None) continue;
        node::log(env, retriable(error) ? node::Level::Warn : node::Level::Error, kConsumerCoordinatorLogger,
                  "{}Offset commit failed on partition {} at offset {}: {}", config_.log_prefix, to_string(tp),
                  offset.offset, default_message(error));
        ClientFailure failure = judge_commit(env, network, pending, error, more);
        const bool again = judge(error) == Verdict::Retry || judge(error) == Verdict::Rediscover;
        return commit_ended(env, std::move(pending), std::move(failure), again);
    }
    commit_ended(env, std::move(pending), std::nullopt, false);
}

/// What the commit failed with; the member draws its consequences.
ClientFailure GroupMember::judge_commit(node::Env& env, ConsumerNetwork& network, const Pending& pending,
                                        ErrorCode error, ClientResponses& more) {
    const bool unchanged = generation_ == pending.generation;
    const bool preparing = state_ == MemberState::PreparingRebalance;
    switch (judge(error)) {
        case Verdict::Ok:
        case Verdict::Retry:
        case Verdict::Raise:
            return failure_of(error);
        case Verdict::Rediscover:
            coordinator_unknown(env, network, fmt::format("error response {}", name(error)), false, more);
            return failure_of(error);
        case Verdict::Rebalancing:
            request_rejoin(env, "offset commit failed since group is already rebalancing");
            return rebalancing_because(kRebalancing);
        case Verdict::Kicked:
            node::info(env, kConsumerCoordinatorLogger, "{}OffsetCommit failed with {}: {}", config_.log_prefix,
                       to_string(pending.generation), default_message(error));
            if (!unchanged && preparing) return rebalancing_because(kStale);
            reset_generation(env, error, "OFFSET_COMMIT");
            return commit_failed_because(kRebalanced);
        case Verdict::Fenced:
            node::info(env, kConsumerCoordinatorLogger,
                       "{}OffsetCommit failed with {} due to group instance id {} fenced", config_.log_prefix,
                       to_string(pending.generation), instance_text());
            if (unchanged) return failure_of(error);
            return preparing ? rebalancing_because(kFencedOld) : commit_failed_because(kRebalanced);
        case Verdict::Unexpected:
            return {std::string(kKafkaException),
                    fmt::format("Unexpected error in commit: {}", default_message(error))};
    }
    return failure_of(error);
}

/// fetchCommittedOffsets for those that have no position: false while they are waited for. Those that nobody has
/// committed for stay as they are, for the reset.
bool GroupMember::refresh_committed(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                                    ClientResponses& more) {
    OffsetFetch wanted{0, {}, state_ == MemberState::Stable ? generation_ : Generation(), false};
    for (const AssignedPartition& assigned : subscriptions.assigned()) {
        if (assigned.state == FetchState::Initializing) wanted.partitions.insert(assigned.tp);
    }
    if (offset_fetch_ && offset_fetch_->answered) {
        const bool same = offset_fetch_->generation == wanted.generation &&
                          std::includes(offset_fetch_->partitions.begin(), offset_fetch_->partitions.end(),
                                        wanted.partitions.begin(), wanted.partitions.end());
        offset_fetch_.reset();
        if (same) return true;
    }
    if (wanted.partitions.empty()) return true;
    if (offset_fetch_ && offset_fetch_->partitions == wanted.partitions &&
        offset_fetch_->generation == wanted.generation)
        return false;
    if (env.now() < offset_fetch_retry_ || !ensure_coordinator(env, network, more)) return false;
    protocol::OffsetFetchRequest request;
    request.groups.push_back(group_of(config_.group_id, subscriptions));
    request.require_stable = true;
    wanted.what = send(env, network, Kind::OffsetFetch, std::move(request)).what;
    offset_fetch_ = std::move(wanted);
    return false;
}

void GroupMember::handle_offset_fetch(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                                      const Pending& pending, ClientResponse& response, ClientResponses& more) {
    if (!offset_fetch_ || offset_fetch_->what != pending.what) return;  // another one was sent since
    const auto* answer = std::get_if<protocol::OffsetFetchResponse>(&response.body);
    const ErrorCode error =
        answer == nullptr || answer->groups.empty() ? ErrorCode::NetworkException : answer->groups.front().error_code;
    if (error == ErrorCode::None && all_fetched(env, answer->groups.front())) {
        offset_fetch_->answered = true;
        return take_committed(env, network, subscriptions, answer->groups.front());
    }
    offset_fetch_.reset();
    offset_fetch_retry_ = env.now() + config_.retry_back_off;
    if (error == ErrorCode::NotCoordinator)
        coordinator_unknown(env, network, fmt::format("error response {}", name(error)), false, more);
    if (answer == nullptr || error == ErrorCode::None || error == ErrorCode::NotCoordinator ||
        error == ErrorCode::CoordinatorLoadInProgress)
        return;
    failure_ = {std::string(kKafkaException),
                fmt::format("Unexpected error in fetch offset response: {}", default_message(error))};
}

/// False if a partition has an error: one that only passes if its commit waits for replicas, otherwise the poll fails.
bool GroupMember::all_fetched(node::Env& env, const protocol::OffsetFetchResponse::OffsetFetchResponseGroup& group) {
    for (const auto& topic : group.topics) {
        for (const auto& partition : topic.partitions) {
            const ErrorCode error = partition.error_code;
            if (error == ErrorCode::None || error == ErrorCode::UnstableOffsetCommit) continue;
            const std::string tp = to_string(TopicPartition{topic.name, partition.partition_index});
            failure_ = {std::string(kKafkaException),
                        error == ErrorCode::UnknownTopicOrPartition
                            ? fmt::format("Topic or Partition {} does not exist", tp)
                            : fmt::format("Unexpected error in fetch offset response for partition {}: {}", tp,
                                          default_message(error))};
            return false;
        }
    }
    const std::string unstable = unstable_partitions(group);
    if (unstable.empty()) return true;
    node::info(env, kConsumerCoordinatorLogger,
               "{}The following partitions still have unstable offsets which are not cleared on the broker side: {}, "
               "this could be either transactional offsets waiting for completion, or normal offsets waiting for "
               "replication after appending to local log",
               config_.log_prefix, unstable);
    return false;
}

void GroupMember::take_committed(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                                 const protocol::OffsetFetchResponse::OffsetFetchResponseGroup& group) {
    for (const auto& topic : group.topics) {
        for (const auto& partition : topic.partitions) {
            const TopicPartition tp{topic.name, partition.partition_index};
            const AssignedPartition* assigned = subscriptions.find(tp);
            if (partition.committed_offset < 0) {
                node::info(env, kConsumerCoordinatorLogger, "{}Found no committed offset for partition {}",
                           config_.log_prefix, to_string(tp));
                continue;
            }
            network.metadata().update_last_seen_epoch(tp, partition.committed_leader_epoch);
            if (assigned == nullptr || assigned->state != FetchState::Initializing) continue;
            const FetchPosition position{partition.committed_offset, partition.committed_leader_epoch,
                                         network.metadata().current_leader(tp)};
            node::info(env, kConsumerCoordinatorLogger, "{}Setting offset for partition {} to the committed offset {}",
                       config_.log_prefix, to_string(tp), to_string(position, network.metadata()));
            subscriptions.seek_unvalidated(tp, position);
        }
    }
}

}  // namespace kafkasim::client
