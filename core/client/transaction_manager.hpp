// SPDX-License-Identifier: Apache-2.0
#pragma once
// What makes a producer idempotent: its producer id and epoch, the next sequence of each partition, and which batches
// are under way, by sequence. It decides which batch may be sent, whether a refused one is tried again, and when the
// epoch goes up and sequences begin at 0 again. It sends nothing: Producer asks it before and after each request.
// A value. Kafka 3.0.0: org.apache.kafka.clients.producer.internals.TransactionManager.
// Simplified: idempotence only, no transactions.

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/base/error_code.hpp"
#include "core/base/ids.hpp"
#include "core/client/client_failure.hpp"
#include "core/client/record_accumulator.hpp"
#include "core/node/env.hpp"

namespace kafkasim::client {

class TransactionManager {
public:
    enum class State : uint8_t { Uninitialized, Initializing, Ready, FatalError };

    TransactionManager() = default;
    explicit TransactionManager(std::string log_prefix) : log_prefix_(std::move(log_prefix)) {}

    State state() const { return state_; }
    const ProducerIdAndEpoch& producer() const { return producer_; }
    /// Set in FatalError: nothing more is sent, every batch fails with it.
    const ClientFailure& last_error() const { return last_error_; }

    // Each turn of the sender, in this order.
    /// Partitions whose expired batches may or may not have been written: once nothing is under way it is known
    /// whether the sequences have a gap.
    void maybe_resolve_sequences(node::Env& env);
    /// Raises the epoch if that is due. True if an InitProducerId request is to be sent now.
    bool bump_epoch_and_reset_id_if_needed(node::Env& env);
    void handle_init_producer_id(node::Env& env, ErrorCode error, ProducerIdAndEpoch producer);

    // Before a batch is sent.
    bool should_stop_drain(const ProducerBatch& first) const;
    /// Gives the batch its sequence unless it has one, and counts it as under way.
    void assign_sequence(ProducerBatch& batch);
    /// What the batch is to carry: its sequences may have begun anew since it was last sent.
    void refresh(ProducerBatch& batch) const;

    // After it.
    bool can_retry(ErrorCode error, const ProducerBatch& batch, int64_t log_start_offset);
    void handle_completed_batch(const ProducerBatch& batch, int64_t base_offset);
    void handle_failed_batch(node::Env& env, const ProducerBatch& batch, const ClientFailure& failure, ErrorCode error,
                             bool adjust_sequence_numbers);
    void mark_sequence_unresolved(const ProducerBatch& batch);
    void remove_in_flight(const ProducerBatch& batch);
    /// Parts of a batch that was split: each has its sequences already.
    void add_in_flight(const ProducerBatch& batch);

    bool has_in_flight(const TopicPartition& tp) const;
    int32_t next_sequence(const TopicPartition& tp) const;

private:
    struct InFlight {
        uint64_t batch = 0;
        int32_t base_sequence = 0;
        int32_t record_count = 0;
        ProducerIdAndEpoch producer;
        bool reset = false;
    };
    struct Partition {
        ProducerIdAndEpoch producer;
        int32_t next_sequence = 0;
        int32_t last_acked_sequence = -1;
        int64_t last_acked_offset = -1;
        std::vector<InFlight> in_flight;  // in the order of their sequences
    };

    const Partition* find(const TopicPartition& tp) const;
    int32_t last_acked_sequence(const TopicPartition& tp) const;
    bool is_next_sequence(const TopicPartition& tp, int32_t sequence) const;
    void set_producer(node::Env& env, ProducerIdAndEpoch producer);
    void request_epoch_bump(const TopicPartition& tp);
    void bump_epoch(node::Env& env);
    void start_sequences_at_beginning(const TopicPartition& tp);
    bool can_retry_unknown_producer(const ProducerBatch& batch, int64_t log_start_offset);
    bool can_retry_out_of_order(const ProducerBatch& batch);

    std::string log_prefix_;
    State state_ = State::Uninitialized;
    ProducerIdAndEpoch producer_;
    ClientFailure last_error_;
    std::map<TopicPartition, Partition> partitions_;
    std::map<TopicPartition, int32_t> unresolved_;  // the sequence behind the expired batch
    std::set<TopicPartition> to_rewrite_;           // sequences begin at 0 when the epoch goes up
    bool epoch_bump_required_ = false;
};

}  // namespace kafkasim::client
