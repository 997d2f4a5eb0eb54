// SPDX-License-Identifier: Apache-2.0
// A follower whose fetch offset is out of the leader's range asks where the leader's log ends, and begins. See
// fetcher.hpp.
// Kafka 3.0.0: kafka.server.AbstractFetcherThread.fetchOffsetAndTruncate, handleOutOfRangeError.
#include <fmt/format.h>

#include <algorithm>

#include "core/broker/fetcher.hpp"
#include "core/broker/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

constexpr int64_t kEarliest = -2;

}  // namespace

void ReplicaFetcher::send_list_offsets(FetcherContext& context, int64_t timestamp, What what) {
    const OutOfRange& asked = out_of_range_.front();
    protocol::ListOffsetsRequest request;
    request.replica_id = context.host.broker_id();
    const int32_t epoch = context.host.rules().current_leader_epoch(asked.leader_epoch);
    request.topics.push_back({asked.partition.topic, {{asked.partition.partition, epoch, timestamp}}});
    step_ = Step::ListingOffsets;
    channel_.send(context.host.env(), protocol::Body(std::move(request)), what);
}

void ReplicaFetcher::on_offset(FetcherContext& context, What what, const protocol::ListOffsetsResponse& response) {
    if (out_of_range_.empty()) return;
    const OutOfRange asked = out_of_range_.front();
    const auto found = partitions_.find(asked.partition);
    const log::Log* log = context.logs.find(asked.partition);
    const bool stale = found == partitions_.end() || found->second.leader_epoch != asked.leader_epoch || !log;
    if (stale || response.topics.empty() || response.topics.front().partitions.empty()) {
        out_of_range_.erase(out_of_range_.begin());
        return;
    }
    const auto& answer = response.topics.front().partitions.front();
    if (answer.error_code != ErrorCode::None) {
        out_of_range_.erase(out_of_range_.begin());
        return offset_error(context, asked, answer.error_code);
    }
    if (what == kListLatest && answer.offset >= log->log_end_offset())
        return send_list_offsets(context, kEarliest, kListEarliest);
    out_of_range_.erase(out_of_range_.begin());
    if (what == kListLatest) return reset_to_latest(context, asked, answer.offset);
    reset_to_earliest(context, asked, answer.offset);
}

void ReplicaFetcher::offset_error(FetcherContext& context, const OutOfRange& asked, ErrorCode error) {
    if (error == ErrorCode::FencedLeaderEpoch) {
        if (partition_fenced(context, asked.partition, asked.leader_epoch)) delay(context, asked.partition);
        return;
    }
    const bool expected = error == ErrorCode::UnknownTopicOrPartition || error == ErrorCode::UnknownLeaderEpoch ||
                          error == ErrorCode::NotLeaderOrFollower;
    if (expected) {
        node::info(context.host.env(), kReplicaFetcherThreadLogger, "{}Could not fetch offset for {} due to error: {}",
                   prefix(context.host), to_string(asked.partition), default_message(error));
    } else {
        node::error(context.host.env(), kReplicaFetcherThreadLogger,
                    "{}Error getting offset for partition {}\norg.apache.kafka.common.errors.{}: {}",
                    prefix(context.host), to_string(asked.partition), exception_name(error), default_message(error));
    }
    delay(context, asked.partition);
}

void ReplicaFetcher::reset_to_latest(FetcherContext& context, const OutOfRange& asked, int64_t leader_end) {
    const log::Log* log = context.logs.find(asked.partition);
    node::warn(context.host.env(), kReplicaFetcherThreadLogger,
               "{}Reset fetch offset for partition {} from {} to current leader's latest offset {}",
               prefix(context.host), to_string(asked.partition), log->log_end_offset(), leader_end);
    truncate(context, asked.partition, leader_end);
    finish_reset(context, asked, leader_end);
}

void ReplicaFetcher::reset_to_earliest(FetcherContext& context, const OutOfRange& asked, int64_t leader_start) {
    log::Log* log = context.logs.find(asked.partition);
    const int64_t end = log->log_end_offset();
    node::warn(context.host.env(), kReplicaFetcherThreadLogger,
               "{}Reset fetch offset for partition {} from {} to current leader's start offset {}",
               prefix(context.host), to_string(asked.partition), end, leader_start);
    if (leader_start > end) {
        log->truncate_fully_and_start_at(context.host.env(), leader_start);
        context.logs.collect_deleted(*log);
        context.logs_changed = true;
    }
    finish_reset(context, asked, std::max(leader_start, end));
}

void ReplicaFetcher::finish_reset(FetcherContext& context, const OutOfRange& asked, int64_t offset) {
    const log::Log* log = context.logs.find(asked.partition);
    PartitionFetchState state;
    state.fetch_offset = offset;
    state.leader_epoch = asked.leader_epoch;
    state.last_fetched_epoch = log->latest_epoch();
    set(asked.partition, state);
    node::info(context.host.env(), kReplicaFetcherThreadLogger,
               "{}Current offset {} for partition {} is out of range, which typically implies a leader change. Reset "
               "fetch offset to {}",
               prefix(context.host), asked.fetch_offset, to_string(asked.partition), offset);
}

}  // namespace kafkasim::broker
