// SPDX-License-Identifier: Apache-2.0
#include "core/client/fetcher.hpp"

#include <algorithm>

#include "core/base/java.hpp"
#include "core/client/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::client {

namespace {
constexpr std::string_view kSessionLogger = "org.apache.kafka.clients.FetchSessionHandler";
}  // namespace

std::vector<size_t> printed_order(const std::vector<TopicPartition>& partitions) {
    std::vector<int32_t> hashes;
    for (const TopicPartition& tp : partitions) hashes.push_back(java::hash(tp));
    return java::hash_map_order(hashes);
}

bool Fetcher::buffered(const TopicPartition& tp) const {
    return std::any_of(completed_.begin(), completed_.end(),
                       [&](const CompletedFetch& fetch) { return fetch.tp == tp; });
}

bool Fetcher::fetch_pending(NodeId node) const {
    return std::any_of(pending_.begin(), pending_.end(),
                       [&](const auto& each) { return each.second.kind == Kind::Fetch && each.second.node == node; });
}

/// prepareFetchRequests: one request per leader, for its partitions that have nothing buffered; nodes in the order
/// of their first partition.
void Fetcher::send_fetches(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions) {
    subscriptions.validate_on_metadata_change(network.metadata());
    std::vector<std::pair<ClientNode, std::vector<FetchTarget>>> requests;
    for (const AssignedPartition& assigned : subscriptions.assigned()) {
        if (!assigned.fetchable() || buffered(assigned.tp)) continue;
        const ClientNode* leader = network.metadata().node(assigned.position->current_leader.leader.value);
        if (leader == nullptr) {
            network.metadata().request_update();
            continue;
        }
        if (network.network().in_back_off(leader->id, env.now()) || fetch_pending(leader->id)) continue;
        auto request = std::find_if(requests.begin(), requests.end(),
                                    [&](const auto& each) { return each.first.id == leader->id; });
        if (request == requests.end()) {
            requests.push_back({*leader, {}});
            request = requests.end() - 1;
        }
        request->second.push_back({assigned.tp, assigned.position->offset, assigned.position->current_leader.epoch,
                                   config_.limits.max_partition_bytes});
    }
    for (auto& [node, targets] : requests) {
        protocol::FetchRequest request;
        request.replica_id = kNoBroker;
        request.max_wait_ms = static_cast<int32_t>(millis_of(config_.limits.max_wait));
        request.min_bytes = config_.limits.min_bytes;
        request.max_bytes = config_.limits.max_bytes;
        request.isolation_level = config_.limits.read_committed ? 1 : 0;
        sessions_[node.id].build(std::move(targets), request);
        pending_[network.send(env, node, std::move(request))] = {Kind::Fetch, node.id, {}};
    }
}

bool Fetcher::handle(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                     ClientResponse& response) {
    const auto found = pending_.find(response.what);
    if (found == pending_.end()) return false;
    const Pending pending = std::move(found->second);
    pending_.erase(found);
    switch (pending.kind) {
        case Kind::Fetch:
            handle_fetch(env, response);
            break;
        case Kind::ListOffsets:
            handle_list_offsets(env, network, subscriptions, pending, response);
            break;
        case Kind::OffsetForLeaderEpoch:
            handle_epochs(env, network, subscriptions, pending, response);
            break;
    }
    return true;
}

void Fetcher::handle_fetch(node::Env& env, ClientResponse& response) {
    FetchSessionHandler& session = sessions_[response.node];
    auto* fetched = std::get_if<protocol::FetchResponse>(&response.body);
    if (fetched == nullptr) {
        node::info(env, kSessionLogger,
                   "{}Error sending fetch request (sessionId={}, epoch={}) to node {}:", config_.log_prefix,
                   session.session_id(), session.epoch() == 0 ? "INITIAL" : std::to_string(session.epoch()),
                   response.node);
        session.handle_failure();
        return;
    }
    if (!session.handle(*fetched)) {
        node::info(env, kSessionLogger,
                   "{}Node {} was unable to process the fetch request with (sessionId={}, epoch={}): {}.",
                   config_.log_prefix, response.node, session.session_id(), session.epoch(), name(fetched->error_code));
        return;
    }
    for (auto& topic : fetched->responses) {
        for (auto& data : topic.partitions) {
            const TopicPartition tp{topic.topic, data.partition_index};
            const FetchTarget* target = session.target(tp);
            if (target == nullptr) continue;
            CompletedFetch fetch;
            fetch.tp = tp;
            fetch.node = response.node;
            fetch.next_offset = target->offset;
            fetch.moved_bytes = !data.records.empty();
            fetch.data = std::move(data);
            completed_.push_back(std::move(fetch));
        }
    }
}

/// The buffered fetches are read partition by partition until `max_poll_records` are together; then a hash map
/// decides the order.
std::vector<ConsumerRecord> Fetcher::fetched_records(node::Env& env, ConsumerNetwork& network,
                                                     SubscriptionState& subscriptions) {
    std::vector<TopicPartition> partitions;
    std::map<TopicPartition, std::vector<ConsumerRecord>> by_partition;
    int32_t remaining = config_.max_poll_records;
    std::vector<CompletedFetch> paused;
    while (remaining > 0 && !completed_.empty() && !failure_) {
        CompletedFetch& next = completed_.front();
        if (!next.initialized && !initialize(env, network, subscriptions, next)) {
            completed_.pop_front();
            continue;
        }
        const AssignedPartition* assigned = subscriptions.find(next.tp);
        if (assigned != nullptr && assigned->paused) {  // kept until it is read again
            paused.push_back(std::move(next));
            completed_.pop_front();
            continue;
        }
        const TopicPartition tp = next.tp;
        const bool moved_bytes = next.moved_bytes;
        std::vector<ConsumerRecord> records = take_records(subscriptions, next, remaining);
        remaining -= static_cast<int32_t>(records.size());
        if (remaining > 0) {  // read to its end
            completed_.pop_front();
            if (moved_bytes) subscriptions.move_to_end(tp);
        }
        if (records.empty()) continue;
        std::vector<ConsumerRecord>& all = by_partition[tp];
        if (all.empty()) partitions.push_back(tp);
        std::move(records.begin(), records.end(), std::back_inserter(all));
    }
    for (CompletedFetch& fetch : paused) completed_.push_back(std::move(fetch));
    std::vector<ConsumerRecord> result;
    for (size_t i : printed_order(partitions)) {
        std::vector<ConsumerRecord>& records = by_partition[partitions[i]];
        std::move(records.begin(), records.end(), std::back_inserter(result));
    }
    return result;
}

/// False if there is nothing in it to be read.
bool Fetcher::initialize(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                         CompletedFetch& fetch) {
    fetch.initialized = true;
    AssignedPartition* assigned = subscriptions.find(fetch.tp);
    const bool valid = assigned != nullptr && assigned->state == FetchState::Fetching;
    if (fetch.data.error_code != ErrorCode::None) {
        if (valid) handle_fetch_error(env, network, subscriptions, fetch);
        subscriptions.move_to_end(fetch.tp);
        return false;
    }
    if (!valid || assigned->position->offset != fetch.next_offset) return false;  // stale
    assigned->high_watermark = fetch.data.high_watermark;
    return true;
}

void Fetcher::handle_fetch_error(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                                 const CompletedFetch& fetch) {
    const ErrorCode error = fetch.data.error_code;
    const std::string partition = to_string(fetch.tp);
    if (error == ErrorCode::NotLeaderOrFollower || error == ErrorCode::ReplicaNotAvailable ||
        error == ErrorCode::KafkaStorageError || error == ErrorCode::FencedLeaderEpoch ||
        error == ErrorCode::OffsetNotAvailable) {
        network.metadata().request_update();
    } else if (error == ErrorCode::UnknownTopicOrPartition) {
        node::warn(env, kFetcherLogger, "{}Received unknown topic or partition error in fetch for partition {}",
                   config_.log_prefix, partition);
        network.metadata().request_update();
    } else if (error == ErrorCode::OffsetOutOfRange) {
        out_of_range(env, network, subscriptions, fetch);
    } else if (error == ErrorCode::UnknownServerError) {
        node::warn(env, kFetcherLogger, "{}Unknown server error while fetching offset {} for topic-partition {}",
                   config_.log_prefix, fetch.next_offset, partition);
    } else if (error == ErrorCode::CorruptMessage) {
        failure_ = {"org.apache.kafka.common.KafkaException",
                    fmt::format("Encountered corrupt message when fetching offset {} for topic-partition {}",
                                fetch.next_offset, partition)};
    } else if (error != ErrorCode::UnknownLeaderEpoch) {
        failure_ = {"java.lang.IllegalStateException",
                    fmt::format("Unexpected error code {} while fetching at offset {} from topic-partition {}",
                                number_of(error), fetch.next_offset, partition)};
    }
}

void Fetcher::out_of_range(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                           const CompletedFetch& fetch) {
    const FetchPosition position = *subscriptions.find(fetch.tp)->position;
    if (position.offset != fetch.next_offset) return;  // stale
    const std::string text = fmt::format("Fetch position {} is out of range for partition {}",
                                         to_string(position, network.metadata()), to_string(fetch.tp));
    if (config_.reset == ResetStrategy::None) {
        node::info(env, kFetcherLogger, "{}{}, raising error to the application since no reset policy is configured",
                   config_.log_prefix, text);
        failure_ = {"org.apache.kafka.clients.consumer.OffsetOutOfRangeException", text};
        return;
    }
    node::info(env, kFetcherLogger, "{}{}, resetting offset", config_.log_prefix, text);
    subscriptions.request_reset(fetch.tp, config_.reset);
}

/// Up to `max` records; the position moves behind them.
std::vector<ConsumerRecord> Fetcher::take_records(SubscriptionState& subscriptions, CompletedFetch& fetch,
                                                  int32_t max) {
    std::vector<ConsumerRecord> records;
    AssignedPartition* assigned = subscriptions.find(fetch.tp);
    if (assigned == nullptr || assigned->state != FetchState::Fetching ||
        assigned->position->offset != fetch.next_offset)
        return records;
    const int64_t start = fetch.next_offset;
    while (static_cast<int32_t>(records.size()) < max && take_record(fetch, records)) {
    }
    if (fetch.next_offset > start)
        *assigned->position = {fetch.next_offset, fetch.last_epoch, assigned->position->current_leader};
    return records;
}

/// The next record of the fetch; false at its end. Records before the asked offset (the first batch may begin
/// earlier) and control batches are passed over.
bool Fetcher::take_record(CompletedFetch& fetch, std::vector<ConsumerRecord>& out) {
    while (fetch.batch < fetch.data.records.size()) {
        const protocol::RecordBatch& batch = fetch.data.records[fetch.batch];
        fetch.last_epoch = batch.partition_leader_epoch;
        while (!batch.is_control() && fetch.record < batch.records().size()) {
            const size_t index = fetch.record++;
            const protocol::Record& record = batch.records()[index];
            const int64_t offset = batch.offset_of(record);
            if (offset < fetch.next_offset) continue;
            fetch.next_offset = offset + 1;
            out.push_back({fetch.tp, offset, batch.timestamp_ms_of(record), batch.is_log_append_time(),
                           batch.partition_leader_epoch, fetch.node, batch.body, index});
            return true;
        }
        fetch.next_offset = std::max(fetch.next_offset, batch.next_offset());
        ++fetch.batch;
        fetch.record = 0;
    }
    return false;
}

std::optional<ClientFailure> Fetcher::take_failure() { return std::exchange(failure_, std::nullopt); }

void Fetcher::clear_unassigned(const SubscriptionState& subscriptions) {
    std::erase_if(completed_, [&](const CompletedFetch& fetch) { return subscriptions.find(fetch.tp) == nullptr; });
}

}  // namespace kafkasim::client
