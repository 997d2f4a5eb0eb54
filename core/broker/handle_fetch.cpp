// SPDX-License-Identifier: Apache-2.0
// Fetch: session, reads, the follower's progress, and whether to wait. The answer is made in fetch_response.cpp.
// Modelled: followers and consumers, incremental sessions, long polling, fencing and divergence by leader epoch.
// Not modelled: quotas, aborted
// transactions, preferred read replicas.
// Kafka 3.0.0: kafka.server.KafkaApis.handleFetchRequest, ReplicaManager.fetchMessages, readFromLocalLog,
// DelayedFetch.
#include <fmt/format.h>

#include <algorithm>

#include "core/broker/replica_manager.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

bool segment_begins_between(const log::Log& log, int64_t from, int64_t to) {
    const auto& segments = log.segments();
    return std::any_of(segments.begin() + 1, segments.end(), [&](const log::LogSegment& segment) {
        return segment.base_offset() >= from && segment.base_offset() < to;
    });
}

bool diverges(const log::Log& log, const FetchPartition& asked) {
    if (asked.last_fetched_epoch < 0) return false;
    const log::EpochEndOffset known = log.end_offset_for_epoch(asked.last_fetched_epoch);
    if (known.end_offset == log::kUndefinedEpochOffset || known.epoch == log::kUndefinedEpoch) return true;
    return known.epoch < asked.last_fetched_epoch || known.end_offset < asked.fetch_offset;
}

}  // namespace

void ReplicaManager::handle_fetch(BrokerHost& host, const node::RequestContext& context,
                                  protocol::FetchRequest&& request) {
    for (const auto& topic : request.forgotten_topics_data) {
        for (int32_t index : topic.partitions) touch(TopicPartition{topic.topic, index});
    }
    std::vector<FetchSession> closed;
    DelayedFetch fetch;
    fetch.id = delayed_fetches_.next_id();
    fetch.token = context.token;
    const int32_t max_bytes = std::min(request.max_bytes, host.config().fetch_max_bytes);
    fetch.params =
        FetchParams{request.replica_id, request.max_wait_ms, std::min(request.min_bytes, max_bytes), max_bytes};
    fetch.context = sessions_.open(request, host.env().now(), closed);
    sessions_closed(closed);
    switch (fetch.context.kind) {
        case FetchSessionCache::Kind::Refused:
            return respond_fetch(host, fetch, {});
        case FetchSessionCache::Kind::Incremental:
            sessions_.find(fetch.context.session_id)->last_read = host.env().now();
            break;
        case FetchSessionCache::Kind::Sessionless:
        case FetchSessionCache::Kind::Full:
            for (const auto& topic : request.topics) {
                for (const FetchPartition& asked : topic.partitions)
                    fetch.items.push_back({TopicPartition{topic.topic, asked.partition}, asked});
            }
            break;
    }
    std::vector<FetchRead> reads = read_partitions(host, fetch.params, items_of(fetch));
    if (fetch.params.from_follower()) update_followers(host, fetch.params, reads);
    if (!must_wait(fetch, reads) || waiting_fetch_done(host, fetch)) return respond_fetch(host, fetch, reads);
    delayed_fetches_.add(host.env(), sessions_, std::move(fetch));
}

std::vector<FetchItem> ReplicaManager::items_of(const DelayedFetch& fetch) {
    if (fetch.context.kind != FetchSessionCache::Kind::Incremental) return fetch.items;
    std::vector<FetchItem> items;
    const FetchSession* session = sessions_.find(fetch.context.session_id);
    if (!session) return items;
    for (const auto& [order, tp] : session->dirty) items.push_back({tp, session->partitions.at(tp).request});
    return items;
}

std::vector<ReplicaManager::FetchRead> ReplicaManager::read_partitions(BrokerHost& host, const FetchParams& params,
                                                                       const std::vector<FetchItem>& items) {
    std::vector<FetchRead> reads;
    int64_t limit = params.max_bytes;
    bool min_one_message = true;
    for (const FetchItem& item : items) {
        FetchRead read{item, {}, host.metadata().contains(item.partition)};
        Partition* partition = nullptr;
        read.read.error =
            read.in_metadata ? partition_or_error(host, item.partition, partition) : ErrorCode::UnknownTopicOrPartition;
        const log::Log* log = partition ? log_of(item.partition) : nullptr;
        if (read.read.error == ErrorCode::None && !log) read.read.error = ErrorCode::NotLeaderOrFollower;
        if (read.read.error == ErrorCode::None) {
            Partition::ReadParams how;
            how.fetch_offset = item.request.fetch_offset;
            how.current_leader_epoch = item.request.current_leader_epoch;
            how.last_fetched_epoch = item.request.last_fetched_epoch;
            how.max_bytes = static_cast<int32_t>(std::min<int64_t>(item.request.partition_max_bytes, limit));
            how.from_follower = params.from_follower();
            how.min_one_message = min_one_message;
            read.read = partition->read(*log, how);
        }
        const int64_t bytes = read.read.records.size_in_bytes();
        if (bytes > 0) min_one_message = false;
        limit = std::max<int64_t>(0, limit - bytes);
        reads.push_back(std::move(read));
    }
    return reads;
}

void ReplicaManager::update_followers(BrokerHost& host, const FetchParams& params, std::vector<FetchRead>& reads) {
    for (FetchRead& read : reads) {
        // A follower whose history parts from ours has not copied what its offset says (KAFKA-13141).
        if (read.read.error == ErrorCode::None && !read.read.diverging) update_follower(host, params, read);
    }
}

void ReplicaManager::update_follower(BrokerHost& host, const FetchParams& params, FetchRead& read) {
    const TopicPartition& tp = read.item.partition;
    Partition* partition = find_partition(tp);
    log::Log* log = log_of(tp);
    if (!partition || !log) return;
    const Partition::FollowerFetch result =
        partition->update_follower_fetch_state(host, *log, params.replica_id, read.item.request.fetch_offset,
                                               read.item.request.log_start_offset, read.read.log_end_offset);
    if (!result.known) {
        node::warn(host.env(), "kafka.server.ReplicaManager",
                   "[ReplicaManager broker={0}] Leader {0} failed to record follower {1}'s position {2}, and last sent "
                   "HW since the replica is not recognized to be one of the assigned replicas {3} for partition {4}. "
                   "Empty records will be returned for this partition.",
                   host.broker_id().value, params.replica_id.value, read.item.request.fetch_offset,
                   join(partition->assignment().replicas), to_string(tp));
        read.read.records = {};
        return;
    }
    if (result.proposal) submit(host, *partition, *result.proposal);
    check_deletes(host, tp);
    if (result.progressed && partition->is_leader() && partition->maybe_increment_high_watermark(host, *log))
        high_watermark_moved(host, tp);
}

bool ReplicaManager::must_wait(const DelayedFetch& fetch, const std::vector<FetchRead>& reads) {
    if (fetch.params.max_wait_ms <= 0) return false;
    size_t partitions = 0;
    int64_t bytes = 0;
    for (const FetchRead& read : reads) {
        if (!read.in_metadata) continue;
        if (read.read.error != ErrorCode::None || read.read.diverging) return false;
        bytes += read.read.records.size_in_bytes();
        ++partitions;
    }
    if (const FetchSession* session = sessions_.find(fetch.context.session_id))
        partitions += session->partitions.size() - session->dirty.size();
    return partitions > 0 && bytes < fetch.params.min_bytes;
}

WaitingPartition ReplicaManager::waiting_partition(BrokerHost& host, const FetchParams& params, const FetchItem& item) {
    WaitingPartition waiting;
    Partition* partition = nullptr;
    waiting.error = partition_or_error(host, item.partition, partition);
    if (waiting.error == ErrorCode::None)
        waiting.error = partition->check_leader(item.request.current_leader_epoch, params.from_follower());
    const log::Log* log = log_of(item.partition);
    if (waiting.error != ErrorCode::None || !log) return waiting;
    waiting.fetch_offset = item.request.fetch_offset;
    waiting.end_offset = params.from_follower() ? log->log_end_offset() : log->high_watermark();
    if (waiting.end_offset > waiting.fetch_offset) {
        waiting.other_segment = segment_begins_between(*log, waiting.fetch_offset, waiting.end_offset);
        waiting.bytes_available = std::min<int64_t>(log->size_in_bytes(waiting.fetch_offset, waiting.end_offset),
                                                    item.request.partition_max_bytes);
    }
    waiting.diverges = diverges(*log, item.request);
    return waiting;
}

/// Kafka 3.0.0: DelayedFetch.tryComplete.
bool ReplicaManager::waiting_fetch_done(BrokerHost& host, const DelayedFetch& fetch) {
    int64_t accumulated = 0;
    for (const FetchItem& item : items_of(fetch)) {
        if (!host.metadata().contains(item.partition))
            continue;  // answered UNKNOWN_TOPIC_OR_PARTITION; does not end the wait
        if (evaluate_waiting_fetch(waiting_partition(host, fetch.params, item), accumulated) == WaitOutcome::Complete)
            return true;
    }
    return accumulated >= fetch.params.min_bytes;
}

/// The data are read again, as they are now; the follower's progress was noted when the request came.
void ReplicaManager::complete_fetch(BrokerHost& host, uint64_t id) {
    const std::optional<DelayedFetch> fetch = delayed_fetches_.take(host.env(), sessions_, id);
    if (!fetch) return;
    respond_fetch(host, *fetch, read_partitions(host, fetch->params, items_of(*fetch)));
}

}  // namespace kafkasim::broker
