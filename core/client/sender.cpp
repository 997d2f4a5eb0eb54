// SPDX-License-Identifier: Apache-2.0
// The sending half of Producer: which batches are ready, one request per leader, what each answer means.
// Kafka 3.0.0: org.apache.kafka.clients.producer.internals.Sender (sendProducerData, completeBatch),
// RecordAccumulator.ready and drain.

#include <algorithm>

#include "core/client/produce_retry.hpp"
#include "core/client/producer.hpp"
#include "core/node/log.hpp"

namespace kafkasim::client {

namespace {
constexpr std::string_view kLogger = "org.apache.kafka.clients.producer.internals.Sender";
}

Duration Producer::ready_in(const TopicPartition& tp, Instant now) const {
    const ProducerBatch* first = accumulator_.first(tp);
    const AccumulatorConfig config{config_.batch_size, config_.linger, config_.retry_back_off,
                                   config_.delivery_timeout};
    return time_until_ready(*first, now, config, accumulator_.more_behind(tp), closing_);
}

/// With one request in flight per connection a partition waits for its batch to be answered (guaranteeMessageOrder).
bool Producer::muted(const TopicPartition& tp) const {
    if (config_.max_in_flight != 1) return false;
    return std::any_of(in_flight_.begin(), in_flight_.end(), [&](const auto& request) {
        return std::any_of(request.second.begin(), request.second.end(),
                           [&](const ProducerBatch& batch) { return batch.tp == tp; });
    });
}

void Producer::send_ready(node::Env& env, ProducerEvents& out) {
    ClusterMetadata& metadata = network_.metadata();
    std::vector<ClientNode> nodes;
    for (const TopicPartition& tp : accumulator_.partitions()) {
        const ClientNode* leader = metadata.leader_node(tp);
        if (leader == nullptr) {
            metadata.request_update();
        } else if (ready_in(tp, env.now()) == Duration::zero() && !muted(tp)) {
            if (std::find(nodes.begin(), nodes.end(), *leader) == nodes.end()) nodes.push_back(*leader);
        }
    }
    for (const ClientNode& node : nodes) {
        if (network_.ready(env, node)) send_to(env, node, out);
    }
}

/// At most one batch per partition that the node leads, beginning after the one that was last.
std::vector<ProducerBatch> Producer::drain(NodeId node, Instant now) {
    std::vector<TopicPartition> led;
    for (const auto& [topic, metadata] : network_.metadata().topics()) {
        for (const auto& [partition, known] : metadata.partitions) {
            if (known.leader.value == node) led.push_back({topic, partition});
        }
    }
    std::vector<ProducerBatch> batches;
    int64_t size = 0;
    const size_t start = led.empty() ? 0 : drain_index_ % led.size();
    for (size_t i = 0; i < led.size(); ++i) {
        const TopicPartition& tp = led[(start + i) % led.size()];
        drain_index_ = (start + i + 1) % led.size();
        const ProducerBatch* first = accumulator_.first(tp);
        if (first == nullptr || muted(tp)) continue;
        const int32_t bytes = first->closed ? first->batch.size_in_bytes() : first->builder.size_in_bytes();
        if (size + bytes > config_.max_request_size && !batches.empty()) break;
        if (auto batch = accumulator_.take_first(tp, now)) {
            size += bytes;
            batches.push_back(std::move(*batch));
        }
    }
    return batches;
}

void Producer::note_sent(node::Env& env, const ProducerBatch& batch) const {
    if (!env.observed()) return;
    env.note({node::NoteKind::BatchSent,
              {{"topic", batch.tp.topic.str()},
               {"partition", int64_t{batch.tp.partition}},
               {"count", static_cast<int64_t>(batch.records.size())},
               {"by", std::string(batch.keyless ? "sticky" : "key")}}});
}

void Producer::send_to(node::Env& env, const ClientNode& node, ProducerEvents& out) {
    std::vector<ProducerBatch> batches = drain(node.id, env.now());
    if (batches.empty()) return;
    protocol::ProduceRequest request;
    request.acks = config_.acks;
    request.timeout_ms = static_cast<int32_t>(millis_of(config_.request_timeout));
    for (const ProducerBatch& batch : batches) {
        note_sent(env, batch);
        const auto same = [&](const auto& topic) { return topic.name == batch.tp.topic; };
        auto topic = std::find_if(request.topic_data.begin(), request.topic_data.end(), same);
        if (topic == request.topic_data.end()) {
            request.topic_data.push_back({batch.tp.topic, {}});
            topic = request.topic_data.end() - 1;
        }
        topic->partition_data.push_back({batch.tp.partition, protocol::RecordBatches(batch.batch)});
    }
    if (config_.acks == 0) {
        network_.send_unanswered(env, node.id, std::move(request));
        for (const ProducerBatch& batch : batches) succeed(batch, -1, -1, out);
        return;
    }
    const uint64_t id = next_request_++;
    network_.send(env, node.id, std::move(request), id);
    in_flight_[id] = std::move(batches);
}

void Producer::handle(node::Env& env, ClientResponse& response, ProducerEvents& out) {
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
    if (error == ErrorCode::None || error == ErrorCode::DuplicateSequenceNumber) {
        succeed(batch, result.base_offset, result.log_append_time_ms, out);
        return;
    }
    retry_or_fail(env, std::move(batch), correlation_id, error, result.error_message.value_or(""), out);
}

void Producer::retry_or_fail(node::Env& env, ProducerBatch&& batch, int32_t correlation_id, ErrorCode error,
                             const std::string& message, ProducerEvents& out) {
    const TopicPartition tp = batch.tp;
    const std::string prefix = network_.config().log_prefix;
    const Duration age = env.now() - batch.created;
    const bool again = retries_produce(error, batch.attempts, config_.retries, age, config_.delivery_timeout);
    if (again) {
        node::warn(env, kLogger,
                   "{}Got error produce response with correlation id {} on topic-partition {}, retrying ({} attempts "
                   "left). Error: {}{}",
                   prefix, correlation_id, to_string(tp), config_.retries - batch.attempts - 1, name(error),
                   message.empty() ? "" : ". Error Message: " + message);
        accumulator_.put_back_in_front(std::move(batch), env.now());
    } else {
        fail(batch, failure_of(error, message), out);
    }
    if (!refreshes_metadata(error)) return;
    if (error == ErrorCode::UnknownTopicOrPartition) {
        node::warn(env, kLogger,
                   "{}Received unknown topic or partition error in produce request on partition {}. The "
                   "topic-partition may not exist or the user may not have "
                   "Describe access to it",
                   prefix, to_string(tp));
    } else {
        const ClientFailure failure = failure_of(error, message);
        node::warn(env, kLogger,
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
    for (const ProducerBatch& batch : expired) {
        fail(batch,
             {"org.apache.kafka.common.errors.TimeoutException",
              fmt::format("Expiring {} record(s) for {}:{} ms has passed since batch creation", batch.records.size(),
                          to_string(batch.tp), millis_of(now - batch.created))},
             out);
    }
}

}  // namespace kafkasim::client
