// SPDX-License-Identifier: Apache-2.0
#include "core/client/transaction_manager.hpp"

#include <algorithm>
#include <limits>

#include "core/client/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::client {

namespace {

constexpr int32_t kMaxSequence = std::numeric_limits<int32_t>::max();

/// Kafka 3.0.0: DefaultRecordBatch.incrementSequence.
int32_t after(int32_t sequence, int32_t count) {
    return sequence > kMaxSequence - count ? count - (kMaxSequence - sequence) - 1 : sequence + count;
}

int32_t count_of(const ProducerBatch& batch) { return static_cast<int32_t>(batch.records.size()); }

}  // namespace

const TransactionManager::Partition* TransactionManager::find(const TopicPartition& tp) const {
    const auto found = partitions_.find(tp);
    return found == partitions_.end() ? nullptr : &found->second;
}

bool TransactionManager::has_in_flight(const TopicPartition& tp) const {
    const Partition* partition = find(tp);
    return partition != nullptr && !partition->in_flight.empty();
}

int32_t TransactionManager::next_sequence(const TopicPartition& tp) const {
    const Partition* partition = find(tp);
    return partition == nullptr ? 0 : partition->next_sequence;
}

int32_t TransactionManager::last_acked_sequence(const TopicPartition& tp) const {
    const Partition* partition = find(tp);
    return partition == nullptr ? -1 : partition->last_acked_sequence;
}

bool TransactionManager::is_next_sequence(const TopicPartition& tp, int32_t sequence) const {
    return sequence - last_acked_sequence(tp) == 1;
}

// --- the producer id and its epoch

void TransactionManager::set_producer(node::Env& env, ProducerIdAndEpoch producer) {
    node::info(env, kTransactionManagerLogger, "{}ProducerId set to {} with epoch {}", log_prefix_,
               producer.producer_id, producer.epoch);
    producer_ = producer;
}

void TransactionManager::request_epoch_bump(const TopicPartition& tp) {
    epoch_bump_required_ = true;
    to_rewrite_.insert(tp);
}

void TransactionManager::bump_epoch(node::Env& env) {
    if (producer_.epoch == std::numeric_limits<int16_t>::max()) {
        set_producer(env, {});
        state_ = State::Uninitialized;
    } else {
        set_producer(env, {producer_.producer_id, static_cast<int16_t>(producer_.epoch + 1)});
    }
    for (const TopicPartition& tp : to_rewrite_) {
        start_sequences_at_beginning(tp);
        unresolved_.erase(tp);
    }
    to_rewrite_.clear();
    epoch_bump_required_ = false;
}

void TransactionManager::start_sequences_at_beginning(const TopicPartition& tp) {
    Partition& partition = partitions_[tp];
    int32_t sequence = 0;
    for (InFlight& batch : partition.in_flight) {
        batch.base_sequence = sequence;
        batch.producer = producer_;
        batch.reset = true;
        sequence += batch.record_count;
    }
    partition.producer = producer_;
    partition.next_sequence = sequence;
    partition.last_acked_sequence = -1;
}

bool TransactionManager::bump_epoch_and_reset_id_if_needed(node::Env& env) {
    if (epoch_bump_required_) bump_epoch(env);
    if (state_ == State::Initializing || state_ == State::FatalError || producer_.valid()) return false;
    state_ = State::Initializing;
    return true;
}

void TransactionManager::handle_init_producer_id(node::Env& env, ErrorCode error, ProducerIdAndEpoch producer) {
    if (error == ErrorCode::None) {
        set_producer(env, producer);
        state_ = State::Ready;
        return;
    }
    last_error_ = {"org.apache.kafka.common.KafkaException",
                   fmt::format("Unexpected error in InitProducerIdResponse; {}", default_message(error))};
    node::info(env, kTransactionManagerLogger, "{}Transiting to fatal error state due to {}: {}", log_prefix_,
               last_error_.exception, last_error_.message);
    state_ = State::FatalError;
}

void TransactionManager::maybe_resolve_sequences(node::Env& env) {
    for (auto each = unresolved_.begin(); each != unresolved_.end();) {
        const TopicPartition& tp = each->first;
        if (has_in_flight(tp)) {
            ++each;
            continue;
        }
        if (!is_next_sequence(tp, next_sequence(tp))) {
            node::info(env, kTransactionManagerLogger,
                       "{}No inflight batches remaining for {}, last ack'd sequence for partition is {}, next sequence "
                       "is {}. Going to bump epoch and reset sequence numbers.",
                       log_prefix_, to_string(tp), last_acked_sequence(tp), next_sequence(tp));
            request_epoch_bump(tp);
        }
        each = unresolved_.erase(each);
    }
}

// --- before a batch is sent

/// A new batch waits while older ones of another epoch, or of unknown fate, are under way; one that is retried waits
/// until all before it are done.
bool TransactionManager::should_stop_drain(const ProducerBatch& first) const {
    if (!producer_.valid()) return true;
    const Partition* partition = find(first.tp);
    const bool in_flight = partition != nullptr && !partition->in_flight.empty();
    if (!first.has_sequence()) {
        const bool stale = partition != nullptr && partition->producer != producer_;
        return (in_flight && stale) || unresolved_.contains(first.tp);
    }
    return in_flight && partition->in_flight.front().batch != first.id;
}

void TransactionManager::assign_sequence(ProducerBatch& batch) {
    if (batch.has_sequence()) {
        refresh(batch);
        batch.sequence_has_been_reset = false;
        for (InFlight& each : partitions_[batch.tp].in_flight) {
            if (each.batch == batch.id) each.reset = false;
        }
        return;
    }
    Partition& partition = partitions_[batch.tp];
    if (partition.producer != producer_ && partition.in_flight.empty()) start_sequences_at_beginning(batch.tp);
    batch.producer = producer_;
    batch.base_sequence = partition.next_sequence;
    partition.next_sequence = after(partition.next_sequence, count_of(batch));
    add_in_flight(batch);
    refresh(batch);
}

void TransactionManager::add_in_flight(const ProducerBatch& batch) {
    std::vector<InFlight>& all = partitions_[batch.tp].in_flight;
    const auto at = std::find_if(all.begin(), all.end(),
                                 [&](const InFlight& each) { return each.base_sequence > batch.base_sequence; });
    all.insert(at, {batch.id, batch.base_sequence, count_of(batch), batch.producer, false});
}

void TransactionManager::refresh(ProducerBatch& batch) const {
    if (const Partition* partition = find(batch.tp)) {
        for (const InFlight& each : partition->in_flight) {
            if (each.batch != batch.id) continue;
            batch.producer = each.producer;
            batch.base_sequence = each.base_sequence;
            batch.sequence_has_been_reset = each.reset;
        }
    }
    batch.batch.producer_id = batch.producer.producer_id;
    batch.batch.producer_epoch = batch.producer.epoch;
    batch.batch.base_sequence = batch.base_sequence;
}

// --- after it

void TransactionManager::remove_in_flight(const ProducerBatch& batch) {
    const auto found = partitions_.find(batch.tp);
    if (found != partitions_.end())
        std::erase_if(found->second.in_flight, [&](const InFlight& each) { return each.batch == batch.id; });
}

void TransactionManager::handle_completed_batch(const ProducerBatch& batch, int64_t base_offset) {
    Partition& partition = partitions_[batch.tp];
    partition.last_acked_sequence =
        std::max(partition.last_acked_sequence, after(batch.base_sequence, count_of(batch) - 1));
    if (base_offset >= 0)
        partition.last_acked_offset = std::max(partition.last_acked_offset, base_offset + count_of(batch) - 1);
    remove_in_flight(batch);
}

void TransactionManager::handle_failed_batch(node::Env& env, const ProducerBatch& batch, const ClientFailure& failure,
                                             ErrorCode error, bool adjust_sequence_numbers) {
    remove_in_flight(batch);
    if (state_ == State::FatalError || !batch.has_sequence()) return;
    if (error == ErrorCode::OutOfOrderSequenceNumber) {
        node::error(env, kTransactionManagerLogger,
                    "{}The broker returned {}: {} for topic-partition {} with producerId {}, epoch {}, and sequence "
                    "number {}",
                    log_prefix_, failure.exception, failure.message, to_string(batch.tp), batch.producer.producer_id,
                    batch.producer.epoch, batch.base_sequence);
        request_epoch_bump(batch.tp);
    } else if (error == ErrorCode::UnknownProducerId) {
        partitions_.erase(batch.tp);
        unresolved_.erase(batch.tp);
    } else if (adjust_sequence_numbers) {
        request_epoch_bump(batch.tp);
    }
}

void TransactionManager::mark_sequence_unresolved(const ProducerBatch& batch) {
    const int32_t next = after(batch.base_sequence, count_of(batch));
    const auto [known, is_new] = unresolved_.try_emplace(batch.tp, next);
    if (!is_new) known->second = std::max(known->second, next);
}

bool TransactionManager::can_retry(ErrorCode error, const ProducerBatch& batch, int64_t log_start_offset) {
    if (error == ErrorCode::UnknownProducerId) return can_retry_unknown_producer(batch, log_start_offset);
    if (error == ErrorCode::OutOfOrderSequenceNumber) return can_retry_out_of_order(batch);
    return retriable(error);
}

/// The broker has forgotten the producer: sequences begin anew under a new epoch, unless they already have.
bool TransactionManager::can_retry_unknown_producer(const ProducerBatch& batch, int64_t log_start_offset) {
    if (log_start_offset != -1 && !batch.sequence_has_been_reset) request_epoch_bump(batch.tp);
    return true;
}

/// Always tried again. If the batch is the next one there is a gap in the log, and only a new epoch helps; if not,
/// those before it have failed too and come first.
bool TransactionManager::can_retry_out_of_order(const ProducerBatch& batch) {
    const auto unresolved = unresolved_.find(batch.tp);
    const bool next = is_next_sequence(batch.tp, batch.base_sequence);
    if (unresolved == unresolved_.end() && (batch.sequence_has_been_reset || !next)) return true;
    if (unresolved == unresolved_.end() || unresolved->second == batch.base_sequence) request_epoch_bump(batch.tp);
    return true;
}

}  // namespace kafkasim::client
