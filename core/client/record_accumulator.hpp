// SPDX-License-Identifier: Apache-2.0
#pragma once
// The producer's batches that are not sent yet, by partition. Decides into which batch a record goes, whether there
// is memory for a new one, which batches are ready, and which have waited too long. The Producer drains it, puts
// batches back that are to be retried, and says when one is done.
// Kafka 3.0.0: org.apache.kafka.clients.producer.internals.RecordAccumulator, ProducerBatch, BufferPool.

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/protocol/compression_type.hpp"
#include "core/protocol/record_batch.hpp"

namespace kafkasim::client {

struct ProducerIdAndEpoch {
    int64_t producer_id = -1;
    int16_t epoch = -1;
    bool valid() const { return producer_id >= 0; }
    bool operator==(const ProducerIdAndEpoch&) const = default;
};

struct ProducerBatch {
    uint64_t id = 0;
    TopicPartition tp;
    Instant created{};
    Instant last_attempt{};
    int32_t attempts = 0;
    bool keyless = false;  // its first record had no key
    protocol::RecordBatchBuilder builder;
    protocol::RecordBatch batch;    // made when it is first sent
    bool full = false;              // a record did not fit: nothing more goes in
    bool closed = false;            // `batch` is made
    std::vector<uint64_t> records;  // ids as given to send()
    int64_t memory = 0;             // of the buffer pool, until it is done; 0 for a part of a batch that was split

    // Of an idempotent producer, from when it is first sent (TransactionManager).
    ProducerIdAndEpoch producer;
    int32_t base_sequence = -1;
    bool sequence_has_been_reset = false;  // since it was last sent
    bool has_sequence() const { return base_sequence >= 0; }
};

struct AccumulatorConfig {
    int32_t batch_size = 16384;
    Duration linger{};
    Duration retry_back_off = 100ms;
    Duration delivery_timeout = 120s;
    int64_t buffer_memory = 33554432;
    protocol::CompressionType compression = protocol::CompressionType::None;
};

/// RecordAccumulator.ready: how long until the batch may be sent; zero: now. `more_behind`: another batch is queued
/// behind it.
Duration time_until_ready(const ProducerBatch& batch, Instant now, const AccumulatorConfig& config, bool more_behind,
                          bool flushing);

class RecordAccumulator {
public:
    RecordAccumulator() = default;
    explicit RecordAccumulator(AccumulatorConfig config) : config_(config) {}

    struct Item {
        uint64_t id;
        int64_t timestamp_ms;
        std::optional<std::string> key;
        std::optional<std::string> value;
        std::vector<protocol::Record::Header> headers;
    };
    /// Bytes that a new batch for the record takes from the pool; `record_size` is the record's estimated size.
    int64_t memory_for(int64_t record_size) const;
    int64_t available_memory() const { return config_.buffer_memory - used_memory_; }
    /// A record waits for memory: every partition is ready then.
    void set_exhausted(bool exhausted) { exhausted_ = exhausted; }
    bool exhausted() const { return exhausted_; }

    /// False if a new batch would be needed and `abort_on_new_batch`. `memory` is taken from the pool for a new one.
    bool append(const TopicPartition& tp, Item&& item, Instant now, bool abort_on_new_batch, int64_t memory = 0);
    void put_back_in_front(ProducerBatch&& batch, Instant now);
    /// Behind those that have lower sequences.
    void put_back_in_sequence(ProducerBatch&& batch, Instant now);
    /// A batch that a broker found too large, as several of at most batch.size each, none of them tried yet; their
    /// sequences go on from the batch's.
    std::vector<ProducerBatch> split(const ProducerBatch& batch);
    /// In front of the queue, in their order.
    void put_in_front(std::vector<ProducerBatch>&& batches);
    /// The batch was delivered or given up: its memory is free.
    void release(const ProducerBatch& batch) { used_memory_ -= batch.memory; }
    /// All that are queued.
    std::vector<ProducerBatch> take_all();
    std::deque<ProducerBatch>& queue(const TopicPartition& tp) { return queues_[tp]; }
    /// Takes batches that are older than the delivery timeout.
    std::vector<ProducerBatch> expire(Instant now);
    /// Takes the first batch of the partition if it is not in retry back-off. Its record batch is made now.
    std::optional<ProducerBatch> take_first(const TopicPartition& tp, Instant now);
    const ProducerBatch* first(const TopicPartition& tp) const;
    bool more_behind(const TopicPartition& tp) const;
    std::vector<TopicPartition> partitions() const;
    bool empty() const;
    /// The moment when the oldest batch runs out of time.
    std::optional<Instant> next_expiry() const;

private:
    AccumulatorConfig config_;
    std::map<TopicPartition, std::deque<ProducerBatch>> queues_;
    uint64_t next_id_ = 1;
    int64_t used_memory_ = 0;
    bool exhausted_ = false;
};

}  // namespace kafkasim::client
