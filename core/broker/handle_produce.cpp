// SPDX-License-Identifier: Apache-2.0
// Produce, and the broker's own appends: to the local log, then, with acks=-1, wait for all in-sync replicas.
// Modelled: acks 0, 1, -1, min.insync.replicas before and after the append, timeouts, internal topics. Not
// modelled: transactions, quotas.
// Kafka 3.0.0: kafka.server.KafkaApis.handleProduceRequest, ReplicaManager.appendRecords, DelayedProduce.
#include <fmt/format.h>

#include <algorithm>

#include "core/broker/components.hpp"
#include "core/broker/replica_manager.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

constexpr std::string_view kAdminClientId = "__admin_client";

Partition::Appended refused(ErrorCode error, std::string message = {}) {
    Partition::Appended result;
    result.error = error;
    result.error_message = std::move(message);
    return result;
}

bool valid_acks(int16_t acks) { return acks == 0 || acks == 1 || acks == -1; }

/// Errors that an append can meet in normal life; the others are logged with their exception.
bool expected(ErrorCode error) {
    return error == ErrorCode::NotLeaderOrFollower || error == ErrorCode::UnknownTopicOrPartition ||
           error == ErrorCode::MessageTooLarge || error == ErrorCode::RecordListTooLarge ||
           error == ErrorCode::CorruptMessage || error == ErrorCode::KafkaStorageError ||
           error == ErrorCode::InvalidTopicException;
}

protocol::ProduceResponse response_of(const std::vector<ProduceStatus>& partitions) {
    protocol::ProduceResponse response;
    for (const ProduceStatus& status : partitions) {
        if (response.responses.empty() || response.responses.back().name != status.partition.topic) {
            response.responses.push_back({status.partition.topic, {}});
        }
        protocol::ProduceResponse::PartitionProduceResponse answer;
        answer.index = status.partition.partition;
        answer.error_code = status.result.error;
        answer.base_offset = status.result.first_offset;
        answer.log_append_time_ms = status.result.log_append_time_ms;
        answer.log_start_offset = status.result.log_start_offset;
        // Of the errors of a whole partition only those of its records travel with a text.
        for (const log::RecordError& record : status.result.record_errors)
            answer.record_errors.push_back({record.batch_index, record.message});
        if (status.result.error == ErrorCode::InvalidRecord || !answer.record_errors.empty())
            answer.error_message = status.result.error_message;
        response.responses.back().partition_responses.push_back(std::move(answer));
    }
    return response;
}

}  // namespace

void ReplicaManager::handle_produce(BrokerHost& host, const node::RequestContext& context,
                                    protocol::ProduceRequest&& request) {
    DelayedProduce produce;
    produce.token = context.token;
    produce.client_id = context.client_id;
    produce.acks = request.acks;
    const bool internal_allowed = context.client_id == kAdminClientId;
    for (const auto& topic : request.topic_data) {
        for (const auto& data : topic.partition_data) {
            ProduceStatus status;
            status.partition = TopicPartition{topic.name, data.index};
            if (!host.metadata().contains(status.partition)) {
                status.result = refused(ErrorCode::UnknownTopicOrPartition);
            } else if (data.records.size() != 1) {
                status.result =
                    refused(ErrorCode::InvalidRecord,
                            "Produce requests with version 9 are only allowed to contain exactly one record batch");
            } else if (!valid_acks(request.acks)) {
                status.result = refused(ErrorCode::InvalidRequiredAcks);
            } else {
                status.result =
                    append_to_partition(host, status.partition, data.records, request.acks, internal_allowed);
            }
            produce.partitions.push_back(std::move(status));
        }
    }
    finish_appends(host, std::move(produce), request.acks, from_millis(request.timeout_ms));
}

void ReplicaManager::append_internal(BrokerHost& host, const TopicPartition& tp, protocol::RecordBatch&& batch,
                                     int16_t acks, Duration timeout, uint64_t token) {
    DelayedProduce produce;
    produce.internal = true;
    produce.internal_token = token;
    produce.acks = acks;
    ProduceStatus status;
    status.partition = tp;
    status.result = append_to_partition(host, tp, protocol::RecordBatches(std::move(batch)), acks, true);
    produce.partitions.push_back(std::move(status));
    finish_appends(host, std::move(produce), acks, timeout);
}

Partition::Appended ReplicaManager::append_to_partition(BrokerHost& host, const TopicPartition& tp,
                                                        const protocol::RecordBatches& records, int16_t acks,
                                                        bool internal_allowed) {
    if (is_internal_topic(tp.topic.view()) && !internal_allowed) {
        return refused(ErrorCode::InvalidTopicException,
                       fmt::format("Cannot append to internal topic {}", tp.topic.view()));
    }
    Partition* partition = nullptr;
    const ErrorCode error = partition_or_error(host, tp, partition);
    log::Log* log = log_of(tp);
    if (error != ErrorCode::None) return refused(error);
    if (!log) return refused(ErrorCode::NotLeaderOrFollower);
    touch(tp);
    const int32_t min_insync_replicas = acks == -1 ? host.topic_config(tp.topic).min_insync_replicas : 0;
    Partition::Appended result = partition->append_as_leader(host, *log, records, acks, min_insync_replicas);
    if (result.error == ErrorCode::NotLeaderOrFollower) {
        result.error_message =
            fmt::format("Leader not local for partition {} on broker {}", to_string(tp), host.broker_id().value);
    } else if (result.error != ErrorCode::None && !expected(result.error)) {
        node::error(
            host.env(), "kafka.server.ReplicaManager",
            "[ReplicaManager broker={}] Error processing append operation on partition "
            "{}\norg.apache.kafka.common.errors.{}: {}",
            host.broker_id().value, to_string(tp), exception_name(result.error),
            result.error_message.empty() ? default_message(result.error) : std::string_view(result.error_message));
    }
    return result;
}

/// Answers or waits first; only then do others hear of the new records (Kafka's action queue).
void ReplicaManager::finish_appends(BrokerHost& host, DelayedProduce&& produce, int16_t acks, Duration timeout) {
    std::vector<std::pair<TopicPartition, bool>> appended;
    for (ProduceStatus& status : produce.partitions) {
        if (status.result.error != ErrorCode::None) continue;
        appended.emplace_back(status.partition, status.result.high_watermark_moved);
        status.required_offset = status.result.last_offset + 1;
        status.acks_pending = acks == -1;
    }
    produce.id = delayed_produces_.next_id();
    if (try_complete(host, produce)) {
        answer_produce(host, produce);
    } else {
        const node::Tag tag{kReplicaManager, kProduceTimeout, 0, produce.id};
        delayed_produces_.add(host.env(), std::move(produce), tag, timeout);
    }
    for (const auto& [tp, high_watermark_moved] : appended) {
        if (high_watermark_moved) {
            high_watermarks_changed(host);
            check_produces(host, tp);
        }
        check_fetches(host, tp);
    }
}

/// True if nothing is pending any more. Kafka 3.0.0: DelayedProduce.tryComplete.
bool ReplicaManager::try_complete(BrokerHost& host, DelayedProduce& produce) {
    for (ProduceStatus& status : produce.partitions) {
        if (!status.acks_pending) continue;
        Partition* partition = nullptr;
        Partition::Reached reached{true, partition_or_error(host, status.partition, partition)};
        if (reached.error == ErrorCode::None) {
            const log::Log* log = log_of(status.partition);
            if (!log) {
                reached.error = ErrorCode::NotLeaderOrFollower;
            } else {
                reached = partition->enough_replicas_reached(
                    *log, status.required_offset, host.topic_config(status.partition.topic).min_insync_replicas);
            }
        }
        if (!reached.done) continue;
        status.acks_pending = false;
        status.result.error = reached.error;
    }
    return !produce.pending();
}

/// The records stay in the log: the producer does not know, and may send them again.
void ReplicaManager::expire_produce(BrokerHost& host, uint64_t id) {
    std::optional<DelayedProduce> produce = delayed_produces_.take(host.env(), id);
    if (!produce) return;
    for (ProduceStatus& status : produce->partitions) {
        if (status.acks_pending) status.result.error = ErrorCode::RequestTimedOut;
    }
    answer_produce(host, *produce);
}

void ReplicaManager::answer_produce(BrokerHost& host, const DelayedProduce& produce) {
    if (produce.internal) {
        const Partition::Appended& result = produce.partitions.front().result;
        return host.partition_appended(produce.internal_token, result.error, result.first_offset);
    }
    if (produce.acks != 0) return host.respond(produce.token, protocol::Body(response_of(produce.partitions)));
    std::string errors;
    for (const ProduceStatus& status : produce.partitions) {
        if (status.result.error == ErrorCode::None) continue;
        errors += fmt::format("{}{} -> org.apache.kafka.common.errors.{}", errors.empty() ? "" : ", ",
                              to_string(status.partition), exception_name(status.result.error));
    }
    if (errors.empty()) return host.respond(produce.token, protocol::Body{});
    // The producer expects no answer; closing the connection makes it look at its metadata again.
    node::info(host.env(), "kafka.server.KafkaApis",
               "[KafkaApi-{}] Closing connection due to error during produce request with correlation id {} from "
               "client id {} with ack=0\vTopic and partition to "
               "exceptions: {}",
               host.broker_id().value, produce.token.correlation_id, produce.client_id.view(), errors);
    host.env().close(produce.token.connection);
}

}  // namespace kafkasim::broker
