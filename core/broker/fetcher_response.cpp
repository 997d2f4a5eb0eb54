// SPDX-License-Identifier: Apache-2.0
// What a follower does with a fetch response. See fetcher.hpp.
// Kafka 3.0.0: kafka.server.AbstractFetcherThread.processFetchRequest, ReplicaFetcherThread.processPartitionData.
#include <fmt/format.h>

#include "core/broker/fetcher.hpp"
#include "core/broker/follower_append.hpp"
#include "core/broker/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

std::string explanation(const OffsetTruncation& truncation, const TopicPartition& tp,
                        const log::EpochEndOffset& leader) {
    switch (truncation.rule) {
        case TruncationCase::UndefinedOffset:
            return fmt::format(
                "Based on replica's leader epoch, leader replied with an unknown offset in {}. The initial fetch "
                "offset {} will be used for truncation.",
                to_string(tp), truncation.offset);
        case TruncationCase::UndefinedEpoch:
            return fmt::format(
                "Leader or replica is on protocol version where leader epoch is not considered in the "
                "OffsetsForLeaderEpoch response. The leader's "
                "offset {} will be used for truncation in {}.",
                leader.end_offset, to_string(tp));
        case TruncationCase::NoLocalEpoch:
            return fmt::format(
                "Based on replica's leader epoch, leader replied with epoch {} below any replica's tracked epochs for "
                "{}. The leader's offset only {} "
                "will be used for truncation.",
                leader.epoch, to_string(tp), leader.end_offset);
        case TruncationCase::OtherLocalEpoch:
            return fmt::format(
                "Based on replica's leader epoch, leader replied with epoch {} unknown to the replica for {}. Will "
                "truncate to {} and send another "
                "leader epoch request to the leader.",
                leader.epoch, to_string(tp), truncation.offset);
        case TruncationCase::SameEpoch:
            break;
    }
    return {};
}

}  // namespace

void ReplicaFetcher::process(FetcherContext& context, const protocol::FetchResponse& response) {
    for (const auto& topic : response.responses) {
        for (const FetchPartitionData& data : topic.partitions)
            process_partition(context, TopicPartition{topic.topic, data.partition_index}, data);
    }
    truncate_diverged(context);
}

void ReplicaFetcher::process_partition(FetcherContext& context, const TopicPartition& tp,
                                       const FetchPartitionData& data) {
    const auto sent = sent_.find(tp);
    const auto found = partitions_.find(tp);
    // The partition may have been removed or reset while the request was on its way; the epoch is not compared.
    if (sent == sent_.end() || found == partitions_.end()) return;
    if (sent->second.fetch_offset != found->second.fetch_offset || !found->second.ready()) return;
    if (data.error_code != ErrorCode::None) {
        return partition_error(context, tp, found->second, data.error_code, sent->second.current_leader_epoch);
    }
    append(context, tp, found->second, data);
    // With a diverging epoch too the high watermark was taken over above, before the log is cut (defect A11,
    // KAFKA-14704).
    if (data.diverging_epoch.epoch >= 0)
        diverged_.emplace_back(tp, log::EpochEndOffset{data.diverging_epoch.epoch, data.diverging_epoch.end_offset});
}

void ReplicaFetcher::append(FetcherContext& context, const TopicPartition& tp, PartitionFetchState state,
                            const FetchPartitionData& data) {
    node::Env& env = context.host.env();
    log::Log* log = context.logs.find(tp);
    if (!log || state.fetch_offset != log->log_end_offset()) {
        node::error(env, kReplicaFetcherThreadLogger,
                    "{}Unexpected error occurred while processing data for partition {} at offset "
                    "{}\njava.lang.IllegalStateException: Offset "
                    "mismatch for partition {}: fetched offset = {}, log end offset = {}.",
                    prefix(context.host), to_string(tp), state.fetch_offset, to_string(tp), state.fetch_offset,
                    log ? log->log_end_offset() : -1);
        return mark_failed(context, tp);
    }
    if (!data.records.empty()) {
        const log::AppendResult appended = append_to_follower(env, *log, context.host.broker_id(), data.records);
        context.logs.collect_deleted(*log);
        if (appended.error == ErrorCode::KafkaStorageError) {
            node::error(env, kReplicaFetcherThreadLogger,
                        "{}Error while processing data for partition {} at offset {}\n"
                        "org.apache.kafka.common.errors.KafkaStorageException: {}",
                        prefix(context.host), to_string(tp), state.fetch_offset, appended.error_message);
            return mark_failed(context, tp);
        }
        if (appended.error == ErrorCode::UnknownServerError) {  // batches that do not go on where the log ends
            node::error(env, kReplicaFetcherThreadLogger,
                        "{}Unexpected error occurred while processing data for partition {} at offset {}",
                        prefix(context.host), to_string(tp), state.fetch_offset);
            return mark_failed(context, tp);
        }
        if (appended.error != ErrorCode::None) {
            node::error(env, kReplicaFetcherThreadLogger,
                        "{}Found invalid messages during fetch for partition {} offset {}", prefix(context.host),
                        to_string(tp), state.fetch_offset);
            return delay(context, tp);
        }
        context.logs_changed = true;
    }
    const int64_t high_watermark = log->high_watermark();
    if (log->update_high_watermark(env, data.high_watermark) != high_watermark) context.logs_changed = true;
    if (log->maybe_increment_log_start_offset(env, data.log_start_offset, "leader offset increment"))
        unsent_.insert(tp);
    if (data.records.empty()) return;
    state.fetch_offset = data.records.back().next_offset();
    state.last_fetched_epoch = data.records.back().partition_leader_epoch;
    set(tp, state);
}

void ReplicaFetcher::partition_error(FetcherContext& context, const TopicPartition& tp,
                                     const PartitionFetchState& state, ErrorCode error, int32_t request_epoch) {
    node::Env& env = context.host.env();
    if (error == ErrorCode::OffsetOutOfRange) {
        out_of_range_.push_back({tp, state.leader_epoch, state.fetch_offset});
        return;
    }
    if (error == ErrorCode::FencedLeaderEpoch) {
        if (partition_fenced(context, tp, request_epoch)) delay(context, tp);
        return;
    }
    if (error == ErrorCode::UnknownTopicOrPartition) {
        node::warn(env, kReplicaFetcherThreadLogger,
                   "{}Received UNKNOWN_TOPIC_OR_PARTITION from the leader for partition {}. This error may be returned "
                   "transiently when the partition is being "
                   "created or deleted, but it is not expected to persist.",
                   prefix(context.host), to_string(tp));
    } else if (error != ErrorCode::UnknownLeaderEpoch && error != ErrorCode::NotLeaderOrFollower) {
        node::error(env, kReplicaFetcherThreadLogger,
                    "{}Error for partition {} at offset {}\norg.apache.kafka.common.errors.{}: {}",
                    prefix(context.host), to_string(tp), state.fetch_offset, exception_name(error),
                    default_message(error));
    }
    delay(context, tp);
}

bool ReplicaFetcher::partition_fenced(FetcherContext& context, const TopicPartition& tp, int32_t request_epoch) {
    const int32_t epoch = partitions_[tp].leader_epoch;
    if (request_epoch != epoch) {
        node::info(context.host.env(), kReplicaFetcherThreadLogger,
                   "{}Partition {} has an new epoch ({}) than the current leader. retry the partition later",
                   prefix(context.host), to_string(tp), epoch);
        return true;
    }
    node::info(context.host.env(), kReplicaFetcherThreadLogger,
               "{}Partition {} has an older epoch ({}) than the current leader. Will await the new LeaderAndIsr state "
               "before resuming fetching.",
               prefix(context.host), to_string(tp), epoch);
    mark_failed(context, tp);
    return false;
}

bool ReplicaFetcher::truncate_to_epoch_end(FetcherContext& context, const TopicPartition& tp,
                                           const log::EpochEndOffset& leader) {
    const log::Log& log = *context.logs.find(tp);
    PartitionFetchState state = partitions_.at(tp);
    const OffsetTruncation truncation =
        offset_truncation(leader, log.end_offset_for_epoch(leader.epoch), log.log_end_offset(), state.fetch_offset);
    const std::string text = explanation(truncation, tp, leader);
    if (!text.empty()) {
        const bool is_info = truncation.rule == TruncationCase::OtherLocalEpoch;
        node::log(context.host.env(), is_info ? node::Level::Info : node::Level::Warn, kReplicaFetcherThreadLogger,
                  "{}{}", prefix(context.host), text);
    }
    truncate(context, tp, truncation.offset);
    state.fetch_offset = truncation.offset;
    state.last_fetched_epoch = log.latest_epoch();
    if (truncation.completed) state.state = PartitionFetchState::State::Fetching;
    set(tp, state);
    return truncation.completed;
}

void ReplicaFetcher::truncate_diverged(FetcherContext& context) {
    for (const auto& [tp, leader] : std::exchange(diverged_, {})) {
        if (!partitions_.contains(tp) || !context.logs.find(tp))
            continue;  // became leader meanwhile: its log is not to be touched (KAFKA-13207)
        truncate_to_epoch_end(context, tp, leader);
    }
}

}  // namespace kafkasim::broker
