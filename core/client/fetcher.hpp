// SPDX-License-Identifier: Apache-2.0
#pragma once
// Fetches records from the leaders, one request in flight per broker, and hands them out in the order in which the
// real consumer does. Also asks the leaders for the
// offsets to start from and whether a position still stands after a change of leader. Owned and stepped by Consumer.
// Kafka 3.0.0: org.apache.kafka.clients.consumer.internals.Fetcher, OffsetsForLeaderEpochClient.

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/client/client_failure.hpp"
#include "core/client/consumer_network.hpp"
#include "core/client/fetch_session_handler.hpp"
#include "core/client/subscription_state.hpp"
#include "core/protocol/record_batch.hpp"

namespace kafkasim::client {

struct FetchLimits {
    int32_t min_bytes = 1;
    Duration max_wait = 500ms;
    int32_t max_bytes = 52428800;
    int32_t max_partition_bytes = 1048576;
    bool read_committed = false;  // without transactions it reads the same
};

/// A record as poll() returns it. Key, value and headers are shared with the batch.
struct ConsumerRecord {
    TopicPartition tp;
    int64_t offset = 0;
    int64_t timestamp_ms = -1;
    bool log_append_time = false;
    int32_t leader_epoch = -1;
    NodeId leader = -1;  // the broker that it came from
    std::shared_ptr<const protocol::RecordBody> body;
    size_t index = 0;

    const protocol::Record& record() const { return body->records()[index]; }
};

/// ConsumerRecords iterates over a HashMap of the partitions: `partitions` as they were put in; returns indexes.
std::vector<size_t> printed_order(const std::vector<TopicPartition>& partitions);

struct FetcherConfig {
    std::string log_prefix;
    FetchLimits limits;
    int32_t max_poll_records = 500;
    ResetStrategy reset = ResetStrategy::Latest;
    Duration request_timeout = 30s;
    Duration retry_back_off = 100ms;
};

class Fetcher {
public:
    Fetcher() = default;
    explicit Fetcher(FetcherConfig config) : config_(std::move(config)) {}

    /// True if the answer was one of ours.
    bool handle(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions, ClientResponse& response);
    void send_fetches(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions);
    void reset_offsets_if_needed(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions);
    void validate_offsets_if_needed(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions);
    /// Up to max.poll.records, in the order of iteration; positions move.
    std::vector<ConsumerRecord> fetched_records(node::Env& env, ConsumerNetwork& network,
                                                SubscriptionState& subscriptions);
    /// What the last step would have thrown; taken once.
    std::optional<ClientFailure> take_failure();
    /// What the validation of positions would have thrown, of which the answers came meanwhile; taken once.
    std::optional<ClientFailure> take_validation_failure() { return std::exchange(validation_failure_, std::nullopt); }
    /// Buffered data of partitions that are no longer assigned goes.
    void clear_unassigned(const SubscriptionState& subscriptions);
    std::optional<Instant> next_deadline(const SubscriptionState& subscriptions, Instant now) const;

private:
    struct CompletedFetch {
        TopicPartition tp;
        NodeId node = -1;
        int64_t next_offset = 0;
        int32_t last_epoch = -1;
        protocol::FetchResponse::PartitionData data;
        size_t batch = 0;
        size_t record = 0;
        bool initialized = false;
        bool moved_bytes = false;
    };
    enum class Kind : uint8_t { Fetch, ListOffsets, OffsetForLeaderEpoch };
    struct Pending {
        Kind kind;
        NodeId node;
        std::vector<TopicPartition> partitions;
        std::vector<FetchPosition> positions = {};  // validation: as they were
        std::vector<ResetStrategy> resets = {};     // what was asked for
    };

    void handle_fetch(node::Env& env, ClientResponse& response);
    void handle_list_offsets(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                             const Pending& pending, ClientResponse& response);
    void handle_epochs(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                       const Pending& pending, ClientResponse& response);
    void retry_later(SubscriptionState& subscriptions, const std::vector<TopicPartition>& partitions, Instant at);
    bool initialize(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions, CompletedFetch& fetch);
    void handle_fetch_error(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                            const CompletedFetch& fetch);
    void out_of_range(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                      const CompletedFetch& fetch);
    std::string truncated(node::Env& env, SubscriptionState& subscriptions, const TopicPartition& tp,
                          const FetchPosition& position,
                          const protocol::OffsetForLeaderEpochResponse::EpochEndOffset& end,
                          const ClusterMetadata& metadata);
    void warn_of_offsets(node::Env& env, const TopicPartition& tp, ErrorCode error) const;
    void warn_of_epochs(node::Env& env, const TopicPartition& tp, ErrorCode error) const;
    bool take_record(CompletedFetch& fetch, std::vector<ConsumerRecord>& out);
    std::vector<ConsumerRecord> take_records(SubscriptionState& subscriptions, CompletedFetch& fetch, int32_t max);
    bool buffered(const TopicPartition& tp) const;
    bool fetch_pending(NodeId node) const;

    FetcherConfig config_;
    std::map<NodeId, FetchSessionHandler> sessions_;
    std::map<uint64_t, Pending> pending_;
    std::deque<CompletedFetch> completed_;  // the front may be half read
    std::optional<ClientFailure> failure_;
    std::optional<ClientFailure> validation_failure_;
};

}  // namespace kafkasim::client
