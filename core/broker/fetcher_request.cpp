// SPDX-License-Identifier: Apache-2.0
// Fetch requests of a follower and the session they belong to. See fetcher.hpp.
// Kafka 3.0.0: kafka.server.ReplicaFetcherThread.buildFetch, org.apache.kafka.clients.FetchSessionHandler.
#include <fmt/format.h>

#include "core/broker/fetcher.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

constexpr std::string_view kSessionLogger = "org.apache.kafka.clients.FetchSessionHandler";

std::string metadata_text(int32_t session_id, int32_t epoch) {
    const std::string id = session_id == kInvalidSessionId ? "INVALID" : std::to_string(session_id);
    const std::string number = epoch == kInitialSessionEpoch ? "INITIAL"
                               : epoch == kFinalSessionEpoch ? "FINAL"
                                                             : std::to_string(epoch);
    return fmt::format("(sessionId={}, epoch={})", id, number);
}

std::string optional_text(int32_t epoch) { return epoch < 0 ? "Optional.empty" : fmt::format("Optional[{}]", epoch); }

void name(protocol::FetchRequest& request, const TopicPartition& tp, const FetchPartition& asked) {
    if (request.topics.empty() || request.topics.back().topic != tp.topic) request.topics.push_back({tp.topic, {}});
    request.topics.back().partitions.push_back(asked);
}

void forget(protocol::FetchRequest& request, const TopicPartition& tp) {
    auto& forgotten = request.forgotten_topics_data;
    if (forgotten.empty() || forgotten.back().topic != tp.topic) forgotten.push_back({tp.topic, {}});
    forgotten.back().partitions.push_back(tp.partition);
}

}  // namespace

std::string to_string(const protocol::FetchRequest& request) {
    std::string data;
    for (const auto& topic : request.topics) {
        for (const FetchPartition& p : topic.partitions) {
            data += fmt::format(
                "{}{}-{}=PartitionData(fetchOffset={}, logStartOffset={}, maxBytes={}, currentLeaderEpoch={}, "
                "lastFetchedEpoch={})",
                data.empty() ? "" : ", ", topic.topic.view(), p.partition, p.fetch_offset, p.log_start_offset,
                p.partition_max_bytes, optional_text(p.current_leader_epoch), optional_text(p.last_fetched_epoch));
        }
    }
    std::string forgotten;
    for (const auto& topic : request.forgotten_topics_data) {
        for (int32_t partition : topic.partitions)
            forgotten += fmt::format("{}{}-{}", forgotten.empty() ? "" : ", ", topic.topic.view(), partition);
    }
    return fmt::format(
        "(type=FetchRequest, replicaId={}, maxWait={}, minBytes={}, maxBytes={}, fetchData={{{}}}, "
        "isolationLevel=READ_UNCOMMITTED, toForget={}, metadata={}, "
        "rackId=)",
        request.replica_id.value, request.max_wait_ms, request.min_bytes, request.max_bytes, data, forgotten,
        metadata_text(request.session_id, request.session_epoch));
}

std::optional<FetchPartition> ReplicaFetcher::wanted(FetcherContext& context, const TopicPartition& tp) const {
    const auto found = partitions_.find(tp);
    if (found == partitions_.end() || !found->second.ready()) return std::nullopt;
    const log::Log* log = context.logs.find(tp);
    const PartitionFetchState& state = found->second;
    FetchPartition asked;
    asked.partition = tp.partition;
    asked.current_leader_epoch = context.host.rules().current_leader_epoch(state.leader_epoch);
    asked.fetch_offset = state.fetch_offset;
    asked.last_fetched_epoch = context.host.rules().last_fetched_epoch(state.last_fetched_epoch);
    asked.log_start_offset = log ? log->log_start_offset() : 0;
    asked.partition_max_bytes = context.host.config().replica_fetch_max_bytes;
    return asked;
}

/// A full request names all that is ready; an incremental one what differs from the session. nullopt: there is
/// nothing to ask for.
std::optional<protocol::FetchRequest> ReplicaFetcher::build_fetch(FetcherContext& context) const {
    protocol::FetchRequest request;
    request.replica_id = context.host.broker_id();
    request.max_wait_ms = context.host.config().replica_fetch_wait_max_ms;
    request.min_bytes = context.host.config().replica_fetch_min_bytes;
    request.max_bytes = context.host.config().replica_fetch_response_max_bytes;
    request.session_id = session_id_;
    request.session_epoch = session_epoch_;
    if (session_epoch_ == kInitialSessionEpoch) {
        for (const auto& [tp, state] : partitions_) {
            if (const std::optional<FetchPartition> asked = wanted(context, tp)) name(request, tp, *asked);
        }
        if (request.topics.empty()) return std::nullopt;
        return request;
    }
    for (const TopicPartition& tp : unsent_) {
        const std::optional<FetchPartition> asked = wanted(context, tp);
        const auto sent = sent_.find(tp);
        if (!asked) {
            if (sent != sent_.end()) forget(request, tp);
        } else if (sent == sent_.end() || sent->second != *asked) {
            name(request, tp, *asked);
        }
    }
    if (sent_.empty() && request.topics.empty()) return std::nullopt;
    return request;
}

void ReplicaFetcher::send_fetch(FetcherContext& context, protocol::FetchRequest&& request) {
    if (session_epoch_ == kInitialSessionEpoch) sent_.clear();
    for (const auto& topic : request.topics) {
        for (const FetchPartition& asked : topic.partitions)
            sent_[TopicPartition{topic.topic, asked.partition}] = asked;
    }
    for (const auto& topic : request.forgotten_topics_data) {
        for (int32_t partition : topic.partitions) sent_.erase(TopicPartition{topic.topic, partition});
    }
    unsent_.clear();
    last_request_ = request;
    step_ = Step::Fetching;
    channel_.send(context.host.env(), protocol::Body(std::move(request)), kFetch);
}

/// False if the response is not to be looked at; the next request then opens a new session.
bool ReplicaFetcher::accept_session(FetcherContext& context, const protocol::FetchResponse& response) {
    if (response.error_code != ErrorCode::None) {
        node::info(context.host.env(), kSessionLogger, "{}Node {} was unable to process the fetch request with {}: {}.",
                   prefix(context.host), leader_.value, metadata_text(session_id_, session_epoch_),
                   kafkasim::name(response.error_code));
        if (response.error_code == ErrorCode::FetchSessionIdNotFound) session_id_ = kInvalidSessionId;
        session_epoch_ = kInitialSessionEpoch;
        return false;
    }
    if (response.session_id == kInvalidSessionId) {
        session_id_ = kInvalidSessionId;
        session_epoch_ = kInitialSessionEpoch;
        return true;
    }
    session_id_ = response.session_id;
    session_epoch_ = next_session_epoch(session_epoch_);
    return true;
}

/// The leader could not be reached or the connection broke: wait, then every partition is delayed once more (about
/// 2 s in all).
void ReplicaFetcher::fetch_failed(FetcherContext& context, bool connected_before) {
    node::Env& env = context.host.env();
    if (env.logs(node::Level::Info)) {
        const std::optional<protocol::FetchRequest> request = connected_before ? last_request_ : build_fetch(context);
        const node::Endpoint& to = channel_.endpoint();
        const std::string cause =
            connected_before
                ? fmt::format("java.io.IOException: Connection to {} was disconnected before the response was read",
                              leader_.value)
                : fmt::format("java.io.IOException: Connection to {}:{} (id: {} rack: null) failed.", to.host, to.port,
                              leader_.value);
        node::info(env, kSessionLogger, "{}Error sending fetch request {} to node {}:\n{}", prefix(context.host),
                   metadata_text(session_id_, session_epoch_), leader_.value, cause);
        if (request) {
            node::warn(env, "kafka.server.ReplicaFetcherThread", "{}Error in response for fetch request {}\n{}",
                       prefix(context.host), to_string(*request), cause);
        }
    }
    session_epoch_ = kInitialSessionEpoch;
    step_ = Step::BackOff;
    for (const auto& [tp, state] : partitions_) backing_off_.push_back(tp);
    env.arm(timer_, from_millis(context.host.config().replica_fetch_backoff_ms));
}

}  // namespace kafkasim::broker
