// SPDX-License-Identifier: Apache-2.0
// The answer to a fetch, in the way of its session. See handle_fetch.cpp.
// Kafka 3.0.0: kafka.server.FullFetchContext, IncrementalFetchContext, SessionlessFetchContext.
#include "core/broker/replica_manager.hpp"

namespace kafkasim::broker {

namespace {

FetchPartitionData data_of(const TopicPartition& tp, const Partition::Read& read) {
    FetchPartitionData data;
    data.partition_index = tp.partition;
    data.error_code = read.error;
    data.high_watermark = read.high_watermark;
    data.last_stable_offset = read.last_stable_offset;
    data.log_start_offset = read.log_start_offset;
    if (read.diverging) data.diverging_epoch = {read.diverging->epoch, read.diverging->end_offset};
    data.records = read.records;
    return data;
}

void add(protocol::FetchResponse& response, const TopicPartition& tp, FetchPartitionData&& data) {
    if (response.responses.empty() || response.responses.back().topic != tp.topic)
        response.responses.push_back({tp.topic, {}});
    response.responses.back().partitions.push_back(std::move(data));
}

}  // namespace

void ReplicaManager::respond_fetch(BrokerHost& host, const DelayedFetch& fetch, const std::vector<FetchRead>& reads) {
    switch (fetch.context.kind) {
        case FetchSessionCache::Kind::Refused: {
            protocol::FetchResponse response;
            response.error_code = fetch.context.error;
            return host.respond(fetch.token, protocol::Body(std::move(response)));
        }
        case FetchSessionCache::Kind::Sessionless:
        case FetchSessionCache::Kind::Full:
            return respond_full(host, fetch, reads);
        case FetchSessionCache::Kind::Incremental:
            return respond_incremental(host, fetch, reads);
    }
}

void ReplicaManager::respond_full(BrokerHost& host, const DelayedFetch& fetch, const std::vector<FetchRead>& reads) {
    protocol::FetchResponse response;
    if (fetch.context.kind == FetchSessionCache::Kind::Full) {
        std::vector<FetchSession> closed;
        response.session_id =
            sessions_.create(host.env().chance(), fetch.params.replica_id, fetch.items, host.env().now(), closed);
        sessions_closed(closed);
    }
    FetchSession* session = sessions_.find(response.session_id);
    for (const FetchRead& read : reads) {
        FetchPartitionData data = data_of(read.item.partition, read.read);
        if (session) {
            CachedPartition& cached = session->partitions[read.item.partition];
            cached.high_watermark = data.high_watermark;
            cached.log_start_offset = data.log_start_offset;
            if (settled(*session, read)) session->settle(cached);
        }
        add(response, read.item.partition, std::move(data));
    }
    host.respond(fetch.token, protocol::Body(std::move(response)));
}

void ReplicaManager::respond_incremental(BrokerHost& host, const DelayedFetch& fetch,
                                         const std::vector<FetchRead>& reads) {
    protocol::FetchResponse response;
    FetchSession* session = sessions_.find(fetch.context.session_id);
    if (!session || session->epoch != fetch.context.expected_epoch) {
        response.error_code = ErrorCode::InvalidFetchSessionEpoch;
        return host.respond(fetch.token, protocol::Body(std::move(response)));
    }
    response.session_id = session->id;
    for (const FetchRead& read : reads) {
        const TopicPartition& tp = read.item.partition;
        const auto found = session->partitions.find(tp);
        if (found == session->partitions.end()) continue;
        CachedPartition& cached = found->second;
        FetchPartitionData data = data_of(tp, read.read);
        const bool has_records = !data.records.empty();
        if (cached.update_response(data)) add(response, tp, std::move(data));
        if (has_records) session->move_to_end(tp, cached);  // the others come first next time
        if (settled(*session, read)) session->settle(cached);
    }
    host.respond(fetch.token, protocol::Body(std::move(response)));
}

/// Nothing can be new in this partition until it is touched; see fetch_session.hpp.
bool ReplicaManager::settled(const FetchSession& session, const FetchRead& fetched) const {
    const Partition::Read& read = fetched.read;
    if (read.error != ErrorCode::None || read.diverging || !read.records.empty()) return false;
    const Partition* partition = find(fetched.item.partition);
    const log::Log* log = logs_.find(fetched.item.partition);
    if (!partition || !partition->is_leader() || !log) return false;
    // This very fetch may have moved the high watermark after it was read.
    if (log->high_watermark() != read.high_watermark || log->log_end_offset() != read.log_end_offset) return false;
    if (log->log_start_offset() != read.log_start_offset) return false;
    const int64_t offset = fetched.item.request.fetch_offset;
    if (!session.privileged) return offset >= read.high_watermark;
    const IsrState& isr = partition->isr_state();
    return offset == read.log_end_offset && !isr.in_flight() && contains(isr.isr, session.replica_id);
}

}  // namespace kafkasim::broker
