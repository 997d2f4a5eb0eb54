// SPDX-License-Identifier: Apache-2.0
// The sending half of Producer: the producer id of an idempotent one, which batches are ready, one request per leader.
// What the answers mean is in produce_response.cpp.
// Kafka 3.0.0: org.apache.kafka.clients.producer.internals.Sender (runOnce, sendProducerData),
// RecordAccumulator.ready and drain.

#include <algorithm>
#include <limits>

#include "core/client/loggers.hpp"
#include "core/client/producer.hpp"
#include "core/node/log.hpp"

namespace kafkasim::client {

namespace {

constexpr uint64_t kInitProducerId = 0;  // produce requests count from 1

}  // namespace

/// False if nothing is sent in this turn: the producer id is not there yet, or never will be.
bool Producer::prepare_to_send(node::Env& env, ProducerEvents& out) {
    if (!transactions_) return true;
    transactions_->maybe_resolve_sequences(env);
    if (transactions_->state() == TransactionManager::State::FatalError) {
        abort_batches(env, out);
        return false;
    }
    if (transactions_->bump_epoch_and_reset_id_if_needed(env)) init_again_ = env.now();
    if (init_again_ && !init_in_flight_) send_init_producer_id(env);
    return transactions_->state() == TransactionManager::State::Ready;
}

/// To whichever broker has the least to do; as soon as one is connected.
void Producer::send_init_producer_id(node::Env& env) {
    if (closing_ && accumulator_.empty() && in_flight_.empty()) return;
    if (env.now() < *init_again_) return;
    const std::optional<ClientNode> node = network_.least_loaded_node(env);
    if (!node || !network_.ready(env, *node)) return;
    protocol::InitProducerIdRequest request;
    request.transaction_timeout_ms = std::numeric_limits<int32_t>::max();
    network_.send(env, node->id, std::move(request), kInitProducerId);
    init_in_flight_ = true;
    init_again_.reset();
}

void Producer::handle_init_producer_id(node::Env& env, const ClientResponse& response) {
    init_in_flight_ = false;
    const auto* answer = std::get_if<protocol::InitProducerIdResponse>(&response.body);
    const ErrorCode error = answer == nullptr ? ErrorCode::NetworkException : answer->error_code;
    if (answer == nullptr || error == ErrorCode::CoordinatorLoadInProgress ||
        error == ErrorCode::ConcurrentTransactions) {
        init_again_ = env.now() + config_.retry_back_off;
        return;
    }
    transactions_->handle_init_producer_id(env, error, {answer->producer_id, answer->producer_epoch});
}

/// No producer id is to be had: whatever is not sent yet fails.
void Producer::abort_batches(node::Env& env, ProducerEvents& out) {
    const std::vector<ProducerBatch> batches = accumulator_.take_all();
    if (batches.empty()) return;
    const ClientFailure& failure = transactions_->last_error();
    node::error(env, kSenderLogger, "{}Aborting producer batches due to fatal error\n{}: {}",
                network_.config().log_prefix, failure.exception, failure.message);
    for (const ProducerBatch& batch : batches) {
        accumulator_.release(batch);
        fail(batch, failure, out);
    }
}

Duration Producer::ready_in(const TopicPartition& tp, Instant now) const {
    const ProducerBatch* first = accumulator_.first(tp);
    const AccumulatorConfig config{config_.batch_size, config_.linger, config_.retry_back_off,
                                   config_.delivery_timeout};
    return time_until_ready(*first, now, config, accumulator_.more_behind(tp), closing_ || accumulator_.exhausted());
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
        } else if (ready_in(tp, env.now()) == Duration::zero() && !muted(tp) && !held_back(*accumulator_.first(tp))) {
            if (std::find(nodes.begin(), nodes.end(), *leader) == nodes.end()) nodes.push_back(*leader);
        }
    }
    for (const ClientNode& node : nodes) {
        if (network_.ready(env, node)) send_to(env, node, out);
    }
}

/// An idempotent producer's batch that must wait for others. (Kafka breaks off draining the node there, and comes back
/// at once for the rest.)
bool Producer::held_back(const ProducerBatch& first) const {
    return transactions_ && transactions_->should_stop_drain(first);
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
        if (first == nullptr || muted(tp) || held_back(*first)) continue;
        const int32_t bytes = first->closed ? first->batch.size_in_bytes() : first->builder.size_in_bytes();
        if (size + bytes > config_.max_request_size && !batches.empty()) break;
        if (auto batch = accumulator_.take_first(tp, now)) {
            size += bytes;
            if (transactions_) transactions_->assign_sequence(*batch);
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
        for (const ProducerBatch& batch : batches) {
            accumulator_.release(batch);
            succeed(batch, -1, -1, out);
        }
        return;
    }
    const uint64_t id = next_request_++;
    network_.send(env, node.id, std::move(request), id);
    in_flight_[id] = std::move(batches);
}

}  // namespace kafkasim::client
