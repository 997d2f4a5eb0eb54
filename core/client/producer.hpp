// SPDX-License-Identifier: Apache-2.0
#pragma once
// A producer: waits for a topic's metadata, chooses partitions, collects records into batches, sends them to the
// partitions' leaders and retries. Its owner (a tool)
// calls start() once, send() per record, close() at the end, hands over the world's events whose Tag it owns, and
// reads `out`.
// With idempotence it gets a producer id first, and numbers its batches (TransactionManager).
// Kafka 3.0.0: org.apache.kafka.clients.producer.KafkaProducer, internals.Sender.
// Simplified: no transactions; a transactional producer can do no more than be refused its first send().

#include <deque>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "core/base/result.hpp"
#include "core/client/client_failure.hpp"
#include "core/client/client_properties.hpp"
#include "core/client/network_client.hpp"
#include "core/client/record_accumulator.hpp"
#include "core/client/sticky_partitioner.hpp"
#include "core/client/transaction_manager.hpp"

namespace kafkasim::client {

struct ProducerConfig {
    std::vector<node::Endpoint> bootstrap;
    std::string client_id = "producer-1";
    int16_t acks = -1;
    int32_t retries = 2147483647;
    Duration linger{};
    int32_t batch_size = 16384;
    Duration request_timeout = 30s;
    Duration delivery_timeout = 120s;
    Duration retry_back_off = 100ms;
    Duration max_block = 60s;
    int32_t max_in_flight = 5;
    int32_t max_request_size = 1048576;
    Duration metadata_max_age = 300s;
    Duration reconnect_back_off = 50ms;
    Duration reconnect_back_off_max = 1000ms;
    int64_t buffer_memory = 33554432;
    std::string compression_type = "none";
    protocol::CompressionType compression = protocol::CompressionType::None;
    /// Declared true, but only in force if the configuration names it: a plain 3.0.0 producer is not idempotent.
    bool enable_idempotence = true;
    std::optional<std::string> transactional_id;
    bool delivery_timeout_raised = false;  // the default was too short: the producer warns

    /// Defaults, overridden by what is given. The error is what Kafka throws, with its class and cause, or says by
    /// name what is not modelled.
    static Result<ProducerConfig> from_properties(const ClientProperties& properties);
};

struct ProducerRecord {
    TopicName topic;
    std::optional<int32_t> partition;
    std::optional<int64_t> timestamp_ms;  // nullopt: the host's clock when it is appended
    std::optional<std::string> key;
    std::optional<std::string> value;
    std::vector<protocol::Record::Header> headers;
};

/// send() has returned: the record is in a batch. Records wait for this in order, as calls of one thread do.
struct RecordAccepted {
    uint64_t record;
};
/// The callback of a record that was written (with acks=0: sent, offset -1).
struct RecordDelivered {
    uint64_t record;
    TopicPartition tp;
    int64_t offset;
    int64_t timestamp_ms;
};
/// The callback of a record that was given up. `exception` is the whole class name,
/// "org.apache.kafka.common.errors.TimeoutException".
struct RecordFailed {
    uint64_t record;
    TopicName topic;
    std::optional<size_t> key_bytes;
    std::optional<size_t> value_bytes;
    std::string exception;
    std::string message;
};
/// send() has thrown: the caller's own thread has the exception, there is no callback.
struct SendThrew {
    uint64_t record;
    ClientFailure failure;
    std::optional<ClientFailure> cause;
};
struct ProducerClosed {};
using ProducerEvent = std::variant<RecordAccepted, RecordDelivered, RecordFailed, SendThrew, ProducerClosed>;
using ProducerEvents = std::vector<ProducerEvent>;

class Producer {
public:
    Producer() = default;
    /// `component`: the Tags of its connections and timers carry it; one per client in a process.
    Producer(ProducerConfig config, uint16_t component);

    void start(node::Env& env);
    /// Returns the record's number (1, 2, ...), which its events carry. Until RecordAccepted (or RecordFailed) the
    /// real send() blocks.
    uint64_t send(node::Env& env, ProducerRecord record, ProducerEvents& out);
    /// Everything is sent without linger; ProducerClosed comes when each record was delivered or given up.
    void close(node::Env& env, ProducerEvents& out);
    /// Closes at once; nothing more comes.
    void abort(node::Env& env);

    bool owns(node::Tag tag) const { return tag.component == component_; }
    void on_connected(node::Env& env, node::ConnectionId connection, node::Tag tag, ProducerEvents& out);
    void on_disconnected(node::Env& env, node::ConnectionId connection, node::Tag tag, node::CloseReason reason,
                         ProducerEvents& out);
    void on_message(node::Env& env, node::ConnectionId connection, node::Tag tag, protocol::Message&& message,
                    ProducerEvents& out);
    void on_timer(node::Env& env, node::TimerId timer, node::Tag tag, ProducerEvents& out);

    const ProducerConfig& config() const { return config_; }
    /// Records that were neither delivered nor given up.
    size_t unfinished() const { return sizes_.size(); }

private:
    struct Waiting {
        uint64_t record;
        ProducerRecord what;
        Instant since;
        std::optional<int32_t> partition{};  // chosen, and then memory was short
    };
    struct Sizes {
        std::optional<size_t> key;
        std::optional<size_t> value;
    };
    using InFlightRequest = std::vector<ProducerBatch>;

    void run(node::Env& env, ClientResponses&& responses, ProducerEvents& out);
    void accept_waiting(node::Env& env, ProducerEvents& out);
    /// False if there is no memory for a new batch: the record goes on waiting.
    bool append(node::Env& env, Waiting& waiting);
    std::optional<SendThrew> throws_at_send(uint64_t record) const;
    void throw_at(const SendThrew& thrown, ProducerEvents& out);
    void refuse_waiting(ProducerEvents& out);
    bool prepare_to_send(node::Env& env, ProducerEvents& out);
    void send_init_producer_id(node::Env& env);
    void handle_init_producer_id(node::Env& env, const ClientResponse& response);
    void abort_batches(node::Env& env, ProducerEvents& out);
    void split(node::Env& env, const ProducerBatch& batch, int32_t correlation_id, const std::string& message);
    void put_back(ProducerBatch&& batch, Instant now);
    void refresh_queued(const TopicPartition& tp);
    void send_ready(node::Env& env, ProducerEvents& out);
    void send_to(node::Env& env, const ClientNode& node, ProducerEvents& out);
    std::vector<ProducerBatch> drain(NodeId node, Instant now);
    bool held_back(const ProducerBatch& first) const;
    void note_sent(node::Env& env, const ProducerBatch& batch) const;
    bool muted(const TopicPartition& tp) const;
    void handle(node::Env& env, ClientResponse& response, ProducerEvents& out);
    void complete(node::Env& env, ProducerBatch&& batch, int32_t correlation_id,
                  const protocol::ProduceResponse::PartitionProduceResponse& result, ProducerEvents& out);
    void succeed(const ProducerBatch& batch, int64_t base_offset, int64_t log_append_time_ms, ProducerEvents& out);
    void retry_or_fail(node::Env& env, ProducerBatch&& batch, int32_t correlation_id,
                       const protocol::ProduceResponse::PartitionProduceResponse& result, ProducerEvents& out);
    void tell_of_metadata_error(node::Env& env, const TopicPartition& tp, ErrorCode error, const std::string& message);
    bool can_retry(const ProducerBatch& batch, ErrorCode error, int64_t log_start_offset, Duration age);
    using RecordErrors = std::vector<protocol::ProduceResponse::BatchIndexAndErrorMessage>;
    void fail(const ProducerBatch& batch, const ClientFailure& failure, ProducerEvents& out);
    void fail_records(const ProducerBatch& batch, ErrorCode error, const std::string& message,
                      const RecordErrors& errors, ProducerEvents& out);
    void fail_record(uint64_t record, const TopicName& topic, const ClientFailure& failure, ProducerEvents& out);
    std::optional<ClientFailure> cannot_accept(const Waiting& waiting, Instant now) const;
    void expire(node::Env& env, ProducerEvents& out);
    void rearm(node::Env& env);
    Duration ready_in(const TopicPartition& tp, Instant now) const;
    bool finished() const;

    ProducerConfig config_;
    uint16_t component_ = 0;
    NetworkClient network_;
    RecordAccumulator accumulator_;
    StickyPartitioner partitioner_;
    std::optional<TransactionManager> transactions_;  // of an idempotent producer
    bool init_in_flight_ = false;
    std::optional<Instant> init_again_;  // InitProducerId is wanted: not before
    std::deque<Waiting> waiting_;
    std::map<uint64_t, Sizes> sizes_;
    std::map<uint64_t, InFlightRequest> in_flight_;
    node::TimerId timer_ = node::TimerId::None;
    uint64_t next_record_ = 1;
    uint64_t next_request_ = 1;
    size_t drain_index_ = 0;
    bool closing_ = false;
    bool closed_ = false;
};

}  // namespace kafkasim::client
