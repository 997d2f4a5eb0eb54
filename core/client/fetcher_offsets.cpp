// SPDX-License-Identifier: Apache-2.0
// The part of Fetcher that finds and checks positions: ListOffsets for partitions without a position,
// OffsetForLeaderEpoch after a change of leader.
// Kafka 3.0.0: org.apache.kafka.clients.consumer.internals.Fetcher (resetOffsetsAsync, validateOffsetsAsync),
// SubscriptionState.maybeCompleteValidation.

#include <algorithm>

#include "core/client/fetcher.hpp"
#include "core/client/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::client {

namespace {

constexpr std::string_view kStateLogger = "org.apache.kafka.clients.consumer.internals.SubscriptionState";

constexpr std::string_view kEpochLogger = "org.apache.kafka.clients.consumer.internals.OffsetsForLeaderEpochClient";

/// What is asked for again without a word.
bool leader_moved(ErrorCode error) {
    return error == ErrorCode::NotLeaderOrFollower || error == ErrorCode::ReplicaNotAvailable ||
           error == ErrorCode::KafkaStorageError || error == ErrorCode::OffsetNotAvailable ||
           error == ErrorCode::LeaderNotAvailable || error == ErrorCode::FencedLeaderEpoch ||
           error == ErrorCode::UnknownLeaderEpoch;
}

int64_t timestamp_of(ResetStrategy strategy) { return strategy == ResetStrategy::Earliest ? -2 : -1; }

std::string optional_text(int32_t epoch) { return epoch < 0 ? "Optional.empty" : fmt::format("Optional[{}]", epoch); }

/// The entry of a topic in a list of topics, made if it is not there.
template <typename Topics, typename Matches>
auto& topic_entry(Topics& topics, Matches matches, typename Topics::value_type fresh) {
    const auto found = std::find_if(topics.begin(), topics.end(), matches);
    if (found != topics.end()) return *found;
    topics.push_back(std::move(fresh));
    return topics.back();
}

}  // namespace

void Fetcher::reset_offsets_if_needed(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions) {
    std::map<NodeId, protocol::ListOffsetsRequest> requests;
    std::map<NodeId, Pending> waiting;
    for (const AssignedPartition& each : subscriptions.assigned()) {
        AssignedPartition& assigned = *subscriptions.find(each.tp);
        if (assigned.state != FetchState::AwaitReset || env.now() < assigned.next_retry) continue;
        const ClientNode* leader = network.metadata().leader_node(assigned.tp);
        if (leader == nullptr || network.network().in_back_off(leader->id, env.now())) {
            network.metadata().request_update();
            assigned.next_retry = env.now() + config_.retry_back_off;
            continue;
        }
        assigned.next_retry = env.now() + config_.request_timeout;
        protocol::ListOffsetsRequest& request = requests[leader->id];
        request.replica_id = kNoBroker;
        auto& topic = topic_entry(request.topics, [&](const auto& t) { return t.name == assigned.tp.topic; },
                                  {assigned.tp.topic, {}});
        topic.partitions.push_back({assigned.tp.partition, network.metadata().current_leader(assigned.tp).epoch,
                                    timestamp_of(assigned.reset)});
        Pending& pending = waiting.try_emplace(leader->id, Pending{Kind::ListOffsets, leader->id, {}}).first->second;
        pending.partitions.push_back(assigned.tp);
        pending.resets.push_back(assigned.reset);
    }
    for (auto& [node, request] : requests) {
        const ClientNode leader = *network.metadata().node(node);
        pending_[network.send(env, leader, std::move(request))] = std::move(waiting.at(node));
    }
}

void Fetcher::retry_later(SubscriptionState& subscriptions, const std::vector<TopicPartition>& partitions, Instant at) {
    for (const TopicPartition& tp : partitions) {
        if (AssignedPartition* assigned = subscriptions.find(tp)) assigned->next_retry = at;
    }
}

void Fetcher::handle_list_offsets(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                                  const Pending& pending, ClientResponse& response) {
    std::vector<TopicPartition> again = pending.partitions;
    const auto* listed = std::get_if<protocol::ListOffsetsResponse>(&response.body);
    for (const auto& topic :
         listed == nullptr ? std::vector<protocol::ListOffsetsResponse::ListOffsetsTopicResponse>() : listed->topics) {
        for (const auto& partition : topic.partitions) {
            const TopicPartition tp{topic.name, partition.partition_index};
            const auto asked = std::find(pending.partitions.begin(), pending.partitions.end(), tp);
            if (asked == pending.partitions.end()) continue;
            warn_of_offsets(env, tp, partition.error_code);
            const bool old_format = partition.error_code == ErrorCode::UnsupportedForMessageFormat;
            if (partition.error_code != ErrorCode::None && !old_format) continue;
            std::erase(again, tp);
            if (old_format || partition.offset < 0) continue;
            network.metadata().update_last_seen_epoch(tp, partition.leader_epoch);
            const AssignedPartition* assigned = subscriptions.find(tp);
            if (assigned == nullptr || assigned->state != FetchState::AwaitReset ||
                assigned->reset != pending.resets[static_cast<size_t>(asked - pending.partitions.begin())])
                continue;
            const FetchPosition position{partition.offset, -1, network.metadata().current_leader(tp)};
            node::info(env, kStateLogger, "{}Resetting offset for partition {} to position {}.", config_.log_prefix,
                       to_string(tp), to_string(position, network.metadata()));
            subscriptions.seek_unvalidated(tp, position);
        }
    }
    if (again.empty()) return;
    retry_later(subscriptions, again, env.now() + config_.retry_back_off);
    network.metadata().request_update();
}

/// Those errors that are not of every day.
void Fetcher::warn_of_offsets(node::Env& env, const TopicPartition& tp, ErrorCode error) const {
    if (error == ErrorCode::UnknownTopicOrPartition) {
        node::warn(env, kFetcherLogger,
                   "{}Received unknown topic or partition error in ListOffset request for partition {}",
                   config_.log_prefix, to_string(tp));
    } else if (error != ErrorCode::None && error != ErrorCode::UnsupportedForMessageFormat && !leader_moved(error)) {
        node::warn(env, kFetcherLogger,
                   "{}Attempt to fetch offsets for partition {} failed due to unexpected exception: {}, retrying.",
                   config_.log_prefix, to_string(tp), default_message(error));
    }
}

void Fetcher::warn_of_epochs(node::Env& env, const TopicPartition& tp, ErrorCode error) const {
    if (error == ErrorCode::UnknownTopicOrPartition) {
        node::warn(env, kEpochLogger,
                   "{}Received unknown topic or partition error in OffsetsForLeaderEpoch request for partition {}.",
                   config_.log_prefix, to_string(tp));
    } else if (error != ErrorCode::None && !leader_moved(error)) {
        node::warn(env, kEpochLogger, "{}Attempt to fetch offsets for partition {} failed due to: {}, retrying.",
                   config_.log_prefix, to_string(tp), default_message(error));
    }
}

void Fetcher::validate_offsets_if_needed(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions) {
    subscriptions.validate_on_metadata_change(network.metadata());
    std::map<NodeId, protocol::OffsetForLeaderEpochRequest> requests;
    std::map<NodeId, Pending> waiting;
    for (const AssignedPartition& each : subscriptions.assigned()) {
        if (each.state != FetchState::AwaitValidation || env.now() < each.next_retry) continue;
        AssignedPartition& assigned = *subscriptions.find(each.tp);
        const ClientNode* leader = network.metadata().node(assigned.position->current_leader.leader.value);
        if (leader == nullptr || network.network().in_back_off(leader->id, env.now())) {
            network.metadata().request_update();
            assigned.next_retry = env.now() + config_.retry_back_off;
            continue;
        }
        assigned.next_retry = env.now() + config_.request_timeout;
        protocol::OffsetForLeaderEpochRequest& request = requests[leader->id];
        request.replica_id = kNoBroker;
        auto& topic = topic_entry(request.topics, [&](const auto& t) { return t.topic == assigned.tp.topic; },
                                  {assigned.tp.topic, {}});
        topic.partitions.push_back(
            {assigned.tp.partition, assigned.position->current_leader.epoch, assigned.position->offset_epoch});
        Pending& pending = waiting[leader->id];
        pending.partitions.push_back(assigned.tp);
        pending.positions.push_back(*assigned.position);
    }
    for (auto& [node, request] : requests) {
        const ClientNode leader = *network.metadata().node(node);
        waiting[node].kind = Kind::OffsetForLeaderEpoch;
        waiting[node].node = node;
        pending_[network.send(env, leader, std::move(request))] = std::move(waiting[node]);
    }
}

void Fetcher::handle_epochs(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                            const Pending& pending, ClientResponse& response) {
    std::string truncations;
    std::vector<TopicPartition> again = pending.partitions;
    const auto* answer = std::get_if<protocol::OffsetForLeaderEpochResponse>(&response.body);
    for (const auto& topic : answer == nullptr
                                 ? std::vector<protocol::OffsetForLeaderEpochResponse::OffsetForLeaderTopicResult>()
                                 : answer->topics) {
        for (const auto& end : topic.partitions) {
            const TopicPartition tp{topic.topic, end.partition};
            const auto asked = std::find(pending.partitions.begin(), pending.partitions.end(), tp);
            if (asked == pending.partitions.end()) continue;
            warn_of_epochs(env, tp, end.error_code);
            if (end.error_code != ErrorCode::None) continue;
            std::erase(again, tp);
            const AssignedPartition* assigned = subscriptions.find(tp);
            const FetchPosition& position = pending.positions[static_cast<size_t>(asked - pending.partitions.begin())];
            if (assigned == nullptr || assigned->state != FetchState::AwaitValidation ||
                !(*assigned->position == position))
                continue;
            if (end.end_offset < 0 || end.leader_epoch < 0 || end.end_offset < position.offset) {
                const std::string text = truncated(env, subscriptions, tp, position, end, network.metadata());
                if (!text.empty()) truncations += (truncations.empty() ? "" : ", ") + text;
            } else {
                subscriptions.seek_validated(tp, position);
            }
        }
    }
    if (!truncations.empty() && !validation_failure_) {
        validation_failure_ = {"org.apache.kafka.clients.consumer.LogTruncationException",
                               fmt::format("Detected truncated partitions: [{}]", truncations)};
    }
    if (again.empty()) return;
    retry_later(subscriptions, again, env.now() + config_.retry_back_off);
    network.metadata().request_update();
}

/// maybeCompleteValidation of a position that does not stand: what is thrown of it if there is no reset policy.
std::string Fetcher::truncated(node::Env& env, SubscriptionState& subscriptions, const TopicPartition& tp,
                               const FetchPosition& position,
                               const protocol::OffsetForLeaderEpochResponse::EpochEndOffset& end,
                               const ClusterMetadata& metadata) {
    const std::string at = fmt::format("{}Truncation detected for partition {} at offset {}", config_.log_prefix,
                                       to_string(tp), to_string(position, metadata));
    const bool known = end.end_offset >= 0 && end.leader_epoch >= 0;
    const FetchPosition diverged{end.end_offset, end.leader_epoch, position.current_leader};
    if (config_.reset == ResetStrategy::None) {
        node::warn(env, kStateLogger, "{}{}, but no reset policy is set", at,
                   known ? fmt::format(" (the end offset from the broker is OffsetAndMetadata{{offset={}, "
                                       "leaderEpoch={}, metadata=''}})",
                                       end.end_offset, end.leader_epoch)
                         : "");
        return fmt::format("(partition={}, fetchOffset={}, fetchEpoch={}, divergentOffset={}, divergentEpoch={})",
                           to_string(tp), position.offset, optional_text(position.offset_epoch),
                           known ? std::to_string(end.end_offset) : "unknown",
                           known ? optional_text(end.leader_epoch) : "unknown");
    }
    if (known) {
        node::info(env, kStateLogger, "{}, resetting offset to the first offset known to diverge {}", at,
                   to_string(diverged, metadata));
        subscriptions.seek_validated(tp, diverged);
    } else {
        node::info(env, kStateLogger, "{}, resetting offset", at);
        subscriptions.request_reset(tp, config_.reset);
    }
    return {};
}

std::optional<Instant> Fetcher::next_deadline(const SubscriptionState& subscriptions, Instant now) const {
    std::optional<Instant> next;
    for (const AssignedPartition& assigned : subscriptions.assigned()) {
        const bool waits = assigned.state == FetchState::AwaitReset || assigned.state == FetchState::AwaitValidation;
        if (waits && assigned.next_retry > now && (!next || assigned.next_retry < *next)) next = assigned.next_retry;
    }
    return next;
}

}  // namespace kafkasim::client
