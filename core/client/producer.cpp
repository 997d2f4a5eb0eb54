// SPDX-License-Identifier: Apache-2.0
#include "core/client/producer.hpp"

#include <fmt/format.h>

#include "core/base/java.hpp"
#include "core/node/log.hpp"

namespace kafkasim::client {

namespace {

constexpr uint16_t kProducerTimer = 1;

std::string log_prefix(const ProducerConfig& config) {
    return config.transactional_id
               ? fmt::format("[Producer clientId={}, transactionalId={}] ", config.client_id, *config.transactional_id)
               : fmt::format("[Producer clientId={}] ", config.client_id);
}

NetworkClientConfig network_config(const ProducerConfig& config, uint16_t component) {
    NetworkClientConfig network;
    network.log_prefix = log_prefix(config);
    network.client_id = SharedText(config.client_id);
    network.bootstrap = config.bootstrap;
    network.component = component;
    network.max_in_flight = static_cast<size_t>(config.max_in_flight);
    network.request_timeout = config.request_timeout;
    network.retry_back_off = config.retry_back_off;
    network.metadata_max_age = config.metadata_max_age;
    network.reconnect_back_off = config.reconnect_back_off;
    network.reconnect_back_off_max = std::max(config.reconnect_back_off, config.reconnect_back_off_max);
    return network;
}

ClientFailure timeout(std::string message) {
    return {"org.apache.kafka.common.errors.TimeoutException", std::move(message)};
}

/// AbstractRecords.estimateSizeInBytesUpperBound for magic 2.
int64_t estimated_size(const ProducerRecord& record) {
    constexpr int64_t kMaxRecordOverhead = 21;
    const auto field = [](const std::optional<std::string>& bytes) {
        return 5 + (bytes ? static_cast<int64_t>(bytes->size()) : 0);
    };
    int64_t size =
        protocol::RecordBatch::kHeaderSize + kMaxRecordOverhead + field(record.key) - 4 + field(record.value) - 4 + 1;
    for (const auto& header : record.headers)
        size += 10 + static_cast<int64_t>(header.key.size()) + field(header.value);
    return size;
}

}  // namespace

Producer::Producer(ProducerConfig config, uint16_t component)
    : config_(std::move(config)),
      component_(component),
      network_(network_config(config_, component)),
      accumulator_({config_.batch_size, config_.linger, config_.retry_back_off, config_.delivery_timeout,
                    config_.buffer_memory, config_.compression}) {
    if (config_.enable_idempotence && !config_.transactional_id) transactions_.emplace(network_.config().log_prefix);
}

void Producer::start(node::Env& env) {
    if (config_.delivery_timeout_raised) {
        node::warn(env, "org.apache.kafka.clients.producer.KafkaProducer",
                   "{}delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms. Setting it "
                   "to {}.",
                   network_.config().log_prefix, millis_of(config_.delivery_timeout));
    }
    timer_ = env.new_timer({component_, kProducerTimer, 0, 0});
    ProducerEvents none;
    run(env, {}, none);
}

uint64_t Producer::send(node::Env& env, ProducerRecord record, ProducerEvents& out) {
    const uint64_t id = next_record_++;
    const auto size = [](const std::optional<std::string>& bytes) {
        return bytes ? std::optional<size_t>(bytes->size()) : std::nullopt;
    };
    sizes_[id] = {size(record.key), size(record.value)};
    waiting_.push_back({id, std::move(record), env.now()});
    run(env, {}, out);
    return id;
}

void Producer::close(node::Env& env, ProducerEvents& out) {
    closing_ = true;
    run(env, {}, out);
}

void Producer::abort(node::Env& env) {
    network_.close(env);
    if (timer_ != node::TimerId::None) env.free_timer(timer_);
    timer_ = node::TimerId::None;
    closed_ = true;
}

void Producer::on_connected(node::Env& env, node::ConnectionId, node::Tag tag, ProducerEvents& out) {
    network_.on_connected(env, tag);
    run(env, {}, out);
}

void Producer::on_disconnected(node::Env& env, node::ConnectionId, node::Tag tag, node::CloseReason,
                               ProducerEvents& out) {
    ClientResponses responses;
    network_.on_disconnected(env, tag, responses);
    run(env, std::move(responses), out);
}

void Producer::on_message(node::Env& env, node::ConnectionId, node::Tag tag, protocol::Message&& message,
                          ProducerEvents& out) {
    ClientResponses responses;
    network_.on_message(env, tag, std::move(message), responses);
    run(env, std::move(responses), out);
}

void Producer::on_timer(node::Env& env, node::TimerId, node::Tag, ProducerEvents& out) { run(env, {}, out); }

/// One turn of the user's thread and the sender's loop.
void Producer::run(node::Env& env, ClientResponses&& responses, ProducerEvents& out) {
    if (closed_) return;
    network_.poll(env, responses);
    do {
        for (ClientResponse& response : std::exchange(responses, {})) handle(env, response, out);
        accept_waiting(env, out);
        if (prepare_to_send(env, out)) {
            expire(env, out);
            accept_waiting(env, out);  // what was given up has left its memory
            send_ready(env, out);
        }
        network_.poll(env, responses);  // an update of the metadata may have become due
    } while (!responses.empty());
    if (closing_ && finished()) {
        abort(env);
        refuse_waiting(out);
        out.push_back(ProducerClosed{});
        return;
    }
    rearm(env);
}

bool Producer::finished() const { return accumulator_.empty() && in_flight_.empty() && !init_in_flight_; }

/// Records whose send() still waits when the sender has ended.
void Producer::refuse_waiting(ProducerEvents& out) {
    constexpr const char* kException = "org.apache.kafka.common.KafkaException";
    while (!waiting_.empty()) {
        throw_at({waiting_.front().record,
                  {kException, "Producer closed while send in progress"},
                  ClientFailure{kException, "Requested metadata update after close"}},
                 out);
    }
}

/// The exception leaves send() of the record whose turn it is.
void Producer::throw_at(const SendThrew& thrown, ProducerEvents& out) {
    sizes_.erase(thrown.record);
    out.push_back(thrown);
    waiting_.pop_front();
}

/// What is not an ApiException; nullopt: nothing.
std::optional<SendThrew> Producer::throws_at_send(uint64_t record) const {
    if (config_.transactional_id) {
        return SendThrew{record,
                         {"java.lang.IllegalStateException",
                          "Cannot perform a 'send' before completing a call to initTransactions when transactions are "
                          "enabled."},
                         std::nullopt};
    }
    if (config_.batch_size <= config_.buffer_memory) return std::nullopt;
    return SendThrew{
        record,
        {"java.lang.IllegalArgumentException",
         fmt::format("Attempt to allocate {} bytes, but there is a hard limit of {} on memory allocations.",
                     config_.batch_size, config_.buffer_memory)},
        std::nullopt};
}

/// KafkaProducer.doSend, for the records whose turn it is.
void Producer::accept_waiting(node::Env& env, ProducerEvents& out) {
    accumulator_.set_exhausted(false);
    while (!waiting_.empty()) {
        Waiting& next = waiting_.front();
        const TopicName topic = next.what.topic;
        ClusterMetadata& metadata = network_.metadata();
        metadata.want(topic);
        const int32_t partitions = metadata.partition_count(topic);
        const bool known = partitions > 0 && (!next.what.partition || *next.what.partition < partitions);
        const std::optional<ClientFailure> failure = cannot_accept(next, env.now());
        if (!known && !failure) {
            metadata.request_update();
            return;
        }
        const uint64_t record = next.record;
        if (failure) {
            fail_record(record, topic, *failure, out);
        } else if (const auto thrown = throws_at_send(record)) {
            throw_at(*thrown, out);
            continue;
        } else if (append(env, next)) {
            out.push_back(RecordAccepted{record});
        } else {
            accumulator_.set_exhausted(true);
            return;
        }
        waiting_.pop_front();
    }
}

/// What send() would throw now; nullopt if it goes on, or goes on waiting.
std::optional<ClientFailure> Producer::cannot_accept(const Waiting& waiting, Instant now) const {
    const ProducerRecord& record = waiting.what;
    const ClusterMetadata& metadata = network_.metadata();
    const int32_t partitions = metadata.partition_count(record.topic);
    if (partitions == 0 || (record.partition && *record.partition >= partitions)) {
        if (metadata.topic_error(record.topic) == ErrorCode::InvalidTopicException) {
            // What an answer says while send() waits; later calls find the topic among those known to be invalid.
            const bool answered = now > waiting.since;
            return ClientFailure{
                exception_class(ErrorCode::InvalidTopicException),
                answered ? fmt::format("Invalid topics: [{}]", record.topic.view()) : std::string(record.topic.view())};
        }
        if (now - waiting.since < config_.max_block) return std::nullopt;
        const int64_t ms = millis_of(config_.max_block);
        if (partitions == 0)
            return timeout(fmt::format("Topic {} not present in metadata after {} ms.", record.topic.view(), ms));
        return timeout(
            fmt::format("Partition {} of topic {} with partition count {} is not present in metadata after {} ms.",
                        *record.partition, record.topic.view(), partitions, ms));
    }
    const int64_t size = estimated_size(record);
    if (size > config_.max_request_size) {
        return ClientFailure{"org.apache.kafka.common.errors.RecordTooLargeException",
                             fmt::format("The message is {} bytes when serialized which is larger than {}, which is "
                                         "the value of the max.request.size configuration.",
                                         size, config_.max_request_size)};
    }
    if (size > config_.buffer_memory) {
        return ClientFailure{"org.apache.kafka.common.errors.RecordTooLargeException",
                             fmt::format("The message is {} bytes when serialized which is larger than the total "
                                         "memory buffer you have configured with the buffer.memory configuration.",
                                         size)};
    }
    if (!waiting.partition || now - waiting.since < config_.max_block) return std::nullopt;
    const int64_t memory = accumulator_.memory_for(size);
    if (memory <= accumulator_.available_memory()) return std::nullopt;
    return ClientFailure{"org.apache.kafka.clients.producer.BufferExhaustedException",
                         fmt::format("Failed to allocate {} bytes within the configured max blocking time {} ms. Total "
                                     "memory: {} bytes. Available memory: {} bytes. Poolable size: {} bytes",
                                     memory, millis_of(config_.max_block), config_.buffer_memory,
                                     accumulator_.available_memory(), config_.batch_size)};
}

bool Producer::append(node::Env& env, Waiting& waiting) {
    ProducerRecord& record = waiting.what;
    const ClusterMetadata& metadata = network_.metadata();
    const StickyChoice choice{metadata.partition_count(record.topic), metadata.available_partitions(record.topic)};
    const bool keyless = !record.key && !record.partition;
    const auto partition = [&] {
        if (record.partition) return *record.partition;
        if (record.key) return java::partition_for_key(*record.key, choice.partitions);
        return partitioner_.partition(env, record.topic, choice);
    };
    const auto item = [&] {
        return RecordAccumulator::Item{waiting.record, record.timestamp_ms.value_or(env.wall_clock().value), record.key,
                                       record.value, record.headers};
    };
    if (!waiting.partition) {
        const int32_t first = partition();
        if (accumulator_.append({record.topic, first}, item(), env.now(), true)) return true;
        partitioner_.on_new_batch(env, record.topic, choice, first, keyless);
        waiting.partition = partition();
    }
    const TopicPartition tp{record.topic, *waiting.partition};
    if (accumulator_.append(tp, item(), env.now(), true)) return true;  // a batch was begun meanwhile
    const int64_t memory = accumulator_.memory_for(estimated_size(record));
    if (memory > accumulator_.available_memory()) return false;
    return accumulator_.append(tp, item(), env.now(), false, memory);
}

void Producer::fail_record(uint64_t record, const TopicName& topic, const ClientFailure& failure, ProducerEvents& out) {
    const Sizes sizes = sizes_[record];
    sizes_.erase(record);
    out.push_back(RecordFailed{record, topic, sizes.key, sizes.value, failure.exception, failure.message});
}

void Producer::rearm(node::Env& env) {
    const Instant now = env.now();
    std::optional<Instant> next = network_.next_deadline(now);
    const auto at = [&](Instant instant) {
        if (!next || instant < *next) next = instant;
    };
    if (!waiting_.empty()) at(waiting_.front().since + config_.max_block);
    if (const auto expiry = accumulator_.next_expiry()) at(*expiry);
    for (const auto& [id, batches] : in_flight_) {
        for (const ProducerBatch& batch : batches) at(batch.created + config_.delivery_timeout);
    }
    for (const TopicPartition& tp : accumulator_.partitions()) {
        const ClientNode* leader = network_.metadata().leader_node(tp);
        const Duration ready = ready_in(tp, now);
        const Duration connected = leader == nullptr ? Duration::zero() : network_.connection_delay(leader->id, now);
        if (std::max(ready, connected) > Duration::zero()) at(now + std::max(ready, connected));
    }
    if (init_again_ && !init_in_flight_) at(std::max(*init_again_, now + config_.retry_back_off));
    if (next) {
        env.arm(timer_, std::max(*next - now, Duration{1}));
    } else {
        env.disarm(timer_);
    }
}

}  // namespace kafkasim::client
