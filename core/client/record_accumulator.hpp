// SPDX-License-Identifier: Apache-2.0
#pragma once
// The producer's batches that are not sent yet, by partition. Decides into which batch a record goes, which batches
// are ready, and which have waited too long. The
// Producer drains it and puts batches back that are to be retried.
// Kafka 3.0.0: org.apache.kafka.clients.producer.internals.RecordAccumulator, ProducerBatch.
// Simplified: buffer.memory is not limited.

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/protocol/record_batch.hpp"

namespace kafkasim::client {

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
};

struct AccumulatorConfig {
    int32_t batch_size = 16384;
    Duration linger{};
    Duration retry_back_off = 100ms;
    Duration delivery_timeout = 120s;
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
    /// False if a new batch would be needed and `abort_on_new_batch`.
    bool append(const TopicPartition& tp, Item&& item, Instant now, bool abort_on_new_batch);
    void put_back_in_front(ProducerBatch&& batch, Instant now);
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
};

}  // namespace kafkasim::client
