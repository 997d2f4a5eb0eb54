// SPDX-License-Identifier: Apache-2.0
// Rule sets older than 3.0.0: before a follower fetches in a new leader epoch it asks the leader where the last epoch of
// its log ended, and cuts there. See fetcher.hpp, replication_rules.hpp.
// Kafka 3.0.0: kafka.server.AbstractFetcherThread.maybeTruncate, truncateToEpochEndOffsets,
// maybeTruncateToEpochEndOffsets.
#include <fmt/format.h>

#include "core/broker/fetcher.hpp"
#include "core/broker/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

/// nullopt: nobody has to ask. What is asked, and in which epoch, is remembered until the answer comes.
std::optional<protocol::OffsetForLeaderEpochRequest> ReplicaFetcher::epochs_to_ask(FetcherContext& context) {
    const ReplicationRules& rules = context.host.rules();
    protocol::OffsetForLeaderEpochRequest request;
    request.replica_id = context.host.broker_id();
    epochs_asked_.clear();
    for (const TopicPartition& tp : truncating_) {
        const PartitionFetchState& state = partitions_.at(tp);
        const log::Log* log = context.logs.find(tp);
        if (state.delayed_until || !log || !log->latest_epoch()) continue;
        epochs_asked_.emplace(tp, state.leader_epoch);
        if (request.topics.empty() || request.topics.back().topic != tp.topic) request.topics.push_back({tp.topic, {}});
        request.topics.back().partitions.push_back(
            {tp.partition, rules.current_leader_epoch(state.leader_epoch), *log->latest_epoch()});
    }
    if (epochs_asked_.empty()) return std::nullopt;
    return request;
}

void ReplicaFetcher::on_epoch_ends(FetcherContext& context, const protocol::OffsetForLeaderEpochResponse& response) {
    const std::map<TopicPartition, int32_t> asked = std::exchange(epochs_asked_, {});
    for (const auto& topic : response.topics) {
        for (const auto& answer : topic.partitions) {
            const auto request = asked.find(TopicPartition{topic.topic, answer.partition});
            if (request == asked.end()) continue;
            on_epoch_end(context, request->first, request->second, answer.error_code,
                         {answer.leader_epoch, answer.end_offset});
        }
    }
}

void ReplicaFetcher::on_epoch_end(FetcherContext& context, const TopicPartition& tp, int32_t request_epoch,
                                  ErrorCode error, const log::EpochEndOffset& leader) {
    const auto found = partitions_.find(tp);
    // Another leader epoch came while the question was on its way: it is asked again.
    if (found == partitions_.end() || found->second.leader_epoch != request_epoch || !context.logs.find(tp)) return;
    if (error == ErrorCode::None) {
        truncate_to_epoch_end(context, tp, leader);
        return;
    }
    if (error == ErrorCode::FencedLeaderEpoch) {
        if (partition_fenced(context, tp, request_epoch)) delay(context, tp);
        return;
    }
    node::info(context.host.env(), kReplicaFetcherThreadLogger,
               "{}Retrying leaderEpoch request for partition {} as the leader reported an error: {}",
               prefix(context.host), to_string(tp), name(error));
    delay(context, tp);
}

/// The leader could not be reached: all that wanted to ask wait and try again.
void ReplicaFetcher::epochs_not_told(FetcherContext& context) {
    node::warn(context.host.env(), kReplicaFetcherThreadLogger,
               "{}Error when sending leader epoch request for {} partitions", prefix(context.host),
               epochs_asked_.size());
    for (const auto& [tp, epoch] : std::exchange(epochs_asked_, {})) delay(context, tp);
    step_ = Step::Idle;
    run(context);
}

}  // namespace kafkasim::broker
