// SPDX-License-Identifier: Apache-2.0
// What the answers to a producer's requests mean: a batch is delivered, tried again, split or given up; and batches
// that ran out of time. Kafka 3.0.0: org.apache.kafka.clients.producer.internals.Sender (handleProduceResponse,
// completeBatch, canRetry, getExpiredInflightBatches).

#include <algorithm>

#include "core/client/loggers.hpp"
#include "core/client/produce_retry.hpp"
#include "core/client/producer.hpp"
#include "core/node/log.hpp"

namespace kafkasim::client {

namespace {}

void Producer::handle(node::Env& env, ClientResponse& response, ProducerEvents& out) {
    if (response.what == 0) return handle_init_producer_id(env, response);
    const auto found = in_flight_.find(response.what);
    if (found == in_flight_.end()) return;
    std::vector<ProducerBatch> batches = std::move(found->second);
    in_flight_.erase(found);
    const auto* answer = std::get_if<protocol::ProduceResponse>(&response.body);
    for (ProducerBatch& batch : batches) {
        protocol::ProduceResponse::PartitionProduceResponse result;
        result.error_code = ErrorCode::NetworkException;
        result.error_message = fmt::format("Disconnected from node {}", response.node);
        if (answer != nullptr) {
            for (const auto& topic : answer->responses) {
                if (topic.name != batch.tp.topic) continue;
                for (const auto& partition : topic.partition_responses) {
                    if (partition.index == batch.tp.partition) result = partition;
                }
            }
        }
        complete(env, std::move(batch), response.correlation_id, result, out);
    }
}

void Producer::complete(node::Env& env, ProducerBatch&& batch, int32_t correlation_id,
                        const protocol::ProduceResponse::PartitionProduceResponse& result, ProducerEvents& out) {
    const ErrorCode error = result.error_code;
    if (transactions_) transactions_->refresh(batch);
    if (error == ErrorCode::None || error == ErrorCode::DuplicateSequenceNumber) {
        if (transactions_) transactions_->handle_completed_batch(batch, result.base_offset);
        accumulator_.release(batch);
        succeed(batch, result.base_offset, result.log_append_time_ms, out);
    } else if (error == ErrorCode::MessageTooLarge && batch.records.size() > 1) {
        split(env, batch, correlation_id, result.error_message.value_or(""));
    } else {
        retry_or_fail(env, std::move(batch), correlation_id, result, out);
    }
}

/// A batch that is too large for the broker is made into several, which count as not tried yet.
void Producer::split(node::Env& env, const ProducerBatch& batch, int32_t correlation_id, const std::string& message) {
    node::warn(env, kSenderLogger,
               "{}Got error produce response in correlation id {} on topic-partition {}, splitting and retrying ({} "
               "attempts left). Error: {}{}",
               network_.config().log_prefix, correlation_id, to_string(batch.tp), config_.retries - batch.attempts,
               name(ErrorCode::MessageTooLarge), message.empty() ? "" : ". Error Message: " + message);
    std::vector<ProducerBatch> parts = accumulator_.split(batch);
    if (transactions_) {
        transactions_->remove_in_flight(batch);
        for (const ProducerBatch& part : parts) transactions_->add_in_flight(part);
    }
    accumulator_.release(batch);
    accumulator_.put_in_front(std::move(parts));
}

bool Producer::can_retry(const ProducerBatch& batch, ErrorCode error, int64_t log_start_offset, Duration age) {
    if (!transactions_) return retries_produce(error, batch.attempts, config_.retries, age, config_.delivery_timeout);
    return age < config_.delivery_timeout && batch.attempts < config_.retries &&
           transactions_->can_retry(error, batch, log_start_offset);
}

/// Queued batches that have been sent before carry the sequences that are theirs now.
void Producer::refresh_queued(const TopicPartition& tp) {
    for (ProducerBatch& queued : accumulator_.queue(tp)) {
        if (queued.has_sequence()) transactions_->refresh(queued);
    }
}

void Producer::put_back(ProducerBatch&& batch, Instant now) {
    if (!transactions_) return accumulator_.put_back_in_front(std::move(batch), now);
    refresh_queued(batch.tp);
    accumulator_.put_back_in_sequence(std::move(batch), now);
}

void Producer::retry_or_fail(node::Env& env, ProducerBatch&& batch, int32_t correlation_id,
                             const protocol::ProduceResponse::PartitionProduceResponse& result, ProducerEvents& out) {
    const TopicPartition tp = batch.tp;
    const ErrorCode error = result.error_code;
    const std::string message = result.error_message.value_or("");
    if (can_retry(batch, error, result.log_start_offset, env.now() - batch.created)) {
        node::warn(env, kSenderLogger,
                   "{}Got error produce response with correlation id {} on topic-partition {}, retrying ({} attempts "
                   "left). Error: {}{}",
                   network_.config().log_prefix, correlation_id, to_string(tp), config_.retries - batch.attempts - 1,
                   name(error), message.empty() ? "" : ". Error Message: " + message);
        put_back(std::move(batch), env.now());
    } else {
        const ClientFailure failure = failure_of(error, message);
        // Whether a batch that has used up its tries was written nobody knows: its sequences stay taken.
        const bool adjust = batch.attempts < config_.retries;
        if (transactions_) transactions_->handle_failed_batch(env, batch, failure, error, adjust);
        accumulator_.release(batch);
        if (result.record_errors.empty()) {
            fail(batch, failure, out);
        } else {
            fail_records(batch, error, message, result.record_errors, out);
        }
    }
    if (refreshes_metadata(error)) tell_of_metadata_error(env, tp, error, message);
}

/// The broker names records of the batch that it refused. Kafka 3.0.0: Sender.failBatch.
void Producer::fail_records(const ProducerBatch& batch, ErrorCode error, const std::string& message,
                            const RecordErrors& errors, ProducerEvents& out) {
    const ErrorCode named = errors.size() == 1 ? error : ErrorCode::InvalidRecord;
    for (size_t i = 0; i < batch.records.size(); ++i) {
        const auto found = std::find_if(errors.begin(), errors.end(),
                                        [&](const auto& each) { return each.batch_index == static_cast<int32_t>(i); });
        const ClientFailure failure =
            found == errors.end()
                ? ClientFailure{"org.apache.kafka.common.KafkaException",
                                "Failed to append record because it was part of a batch which had one more more "
                                "invalid records"}
                : failure_of(named, found->batch_index_error_message.value_or(message));
        fail_record(batch.records[i], batch.tp.topic, failure, out);
    }
}

void Producer::tell_of_metadata_error(node::Env& env, const TopicPartition& tp, ErrorCode error,
                                      const std::string& message) {
    const std::string& prefix = network_.config().log_prefix;
    if (error == ErrorCode::UnknownTopicOrPartition) {
        node::warn(env, kSenderLogger,
                   "{}Received unknown topic or partition error in produce request on partition {}. The "
                   "topic-partition may not exist or the user may not have "
                   "Describe access to it",
                   prefix, to_string(tp));
    } else {
        const ClientFailure failure = failure_of(error, message);
        node::warn(env, kSenderLogger,
                   "{}Received invalid metadata error in produce request on partition {} due to {}: {}. Going to "
                   "request metadata update now",
                   prefix, to_string(tp), failure.exception, failure.message);
    }
    network_.metadata().request_update();
}

void Producer::succeed(const ProducerBatch& batch, int64_t base_offset, int64_t log_append_time_ms,
                       ProducerEvents& out) {
    for (size_t i = 0; i < batch.records.size(); ++i) {
        sizes_.erase(batch.records[i]);
        const int64_t created = batch.batch.timestamp_ms_of(batch.batch.records()[i]);
        out.push_back(RecordDelivered{batch.records[i], batch.tp,
                                      base_offset < 0 ? -1 : base_offset + static_cast<int64_t>(i),
                                      log_append_time_ms >= 0 ? log_append_time_ms : created});
    }
}

void Producer::fail(const ProducerBatch& batch, const ClientFailure& failure, ProducerEvents& out) {
    for (uint64_t record : batch.records) fail_record(record, batch.tp.topic, failure, out);
}

void Producer::expire(node::Env& env, ProducerEvents& out) {
    const Instant now = env.now();
    std::vector<ProducerBatch> expired;
    for (auto& [id, batches] : in_flight_) {
        const auto late = std::stable_partition(batches.begin(), batches.end(), [&](const ProducerBatch& batch) {
            return now - batch.created < config_.delivery_timeout;
        });
        std::move(late, batches.end(), std::back_inserter(expired));
        batches.erase(late, batches.end());
    }
    for (ProducerBatch& batch : accumulator_.expire(now)) expired.push_back(std::move(batch));
    for (ProducerBatch& batch : expired) {
        const ClientFailure failure{
            "org.apache.kafka.common.errors.TimeoutException",
            fmt::format("Expiring {} record(s) for {}:{} ms has passed since batch creation", batch.records.size(),
                        to_string(batch.tp), millis_of(now - batch.created))};
        if (transactions_ && batch.has_sequence()) {
            transactions_->refresh(batch);
            transactions_->handle_failed_batch(env, batch, failure, ErrorCode::None, false);
            if (batch.attempts > 0) transactions_->mark_sequence_unresolved(batch);
        }
        accumulator_.release(batch);
        fail(batch, failure, out);
    }
}

}  // namespace kafkasim::client
