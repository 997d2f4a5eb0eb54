// SPDX-License-Identifier: Apache-2.0
#include "core/client/record_accumulator.hpp"

#include <algorithm>

namespace kafkasim::client {

Duration time_until_ready(const ProducerBatch& batch, Instant now, const AccumulatorConfig& config, bool more_behind,
                          bool flushing) {
    const Duration waited = std::max(Duration::zero(), now - batch.last_attempt);
    const bool backing_off = batch.attempts > 0 && waited < config.retry_back_off;
    if (backing_off) return config.retry_back_off - waited;
    // A batch that was sent once is closed and so counts as full: linger does not apply to retries.
    const bool full = more_behind || batch.closed || batch.full || batch.builder.size_in_bytes() >= config.batch_size;
    if (full || flushing) return Duration::zero();
    return std::max(Duration::zero(), config.linger - waited);
}

int64_t RecordAccumulator::memory_for(int64_t record_size) const {
    return std::max(int64_t{config_.batch_size}, record_size);
}

bool RecordAccumulator::append(const TopicPartition& tp, Item&& item, Instant now, bool abort_on_new_batch,
                               int64_t memory) {
    std::deque<ProducerBatch>& queue = queues_[tp];
    if (!queue.empty() && !queue.back().closed && !queue.back().full) {
        ProducerBatch& last = queue.back();
        const int32_t more = last.builder.size_of_next(item.timestamp_ms, item.key, item.value, item.headers);
        if (last.builder.size_in_bytes() + more <= config_.batch_size) {
            last.builder.append(item.timestamp_ms, std::move(item.key), std::move(item.value), std::move(item.headers));
            last.records.push_back(item.id);
            return true;
        }
        last.full = true;
    }
    if (abort_on_new_batch) return false;
    ProducerBatch batch;
    batch.id = next_id_++;
    batch.tp = tp;
    batch.created = batch.last_attempt = now;
    batch.keyless = !item.key.has_value();
    batch.memory = memory;
    used_memory_ += memory;
    batch.builder.append(item.timestamp_ms, std::move(item.key), std::move(item.value), std::move(item.headers));
    batch.records.push_back(item.id);
    queue.push_back(std::move(batch));
    return true;
}

void RecordAccumulator::put_back_in_front(ProducerBatch&& batch, Instant now) {
    ++batch.attempts;
    batch.last_attempt = std::max(batch.last_attempt, now);
    queues_[batch.tp].push_front(std::move(batch));
}

void RecordAccumulator::put_back_in_sequence(ProducerBatch&& batch, Instant now) {
    ++batch.attempts;
    batch.last_attempt = std::max(batch.last_attempt, now);
    std::deque<ProducerBatch>& queue = queues_[batch.tp];
    const auto at = std::find_if(queue.begin(), queue.end(), [&](const ProducerBatch& queued) {
        return !queued.has_sequence() || queued.base_sequence >= batch.base_sequence;
    });
    queue.insert(at, std::move(batch));
}

std::vector<ProducerBatch> RecordAccumulator::split(const ProducerBatch& batch) {
    std::vector<ProducerBatch> parts;
    int32_t sequence = batch.base_sequence;
    for (size_t i = 0; i < batch.records.size(); ++i) {
        const protocol::Record& record = batch.batch.records()[i];
        const int64_t timestamp = batch.batch.timestamp_ms_of(record);
        const bool fits = !parts.empty() && parts.back().builder.size_in_bytes() +
                                                    parts.back().builder.size_of_next(timestamp, record.key,
                                                                                      record.value, record.headers) <=
                                                config_.batch_size;
        if (!fits) {
            ProducerBatch& part = parts.emplace_back();
            part.id = next_id_++;
            part.tp = batch.tp;
            part.created = part.last_attempt = batch.created;
            part.keyless = batch.keyless;
            part.full = true;
            part.producer = batch.producer;
            part.base_sequence = sequence;
        }
        ProducerBatch& part = parts.back();
        part.builder.append(timestamp, record.key, record.value, record.headers);
        part.records.push_back(batch.records[i]);
        if (batch.has_sequence()) ++sequence;
    }
    return parts;
}

void RecordAccumulator::put_in_front(std::vector<ProducerBatch>&& batches) {
    for (size_t i = batches.size(); i-- > 0;) queues_[batches[i].tp].push_front(std::move(batches[i]));
}

std::vector<ProducerBatch> RecordAccumulator::take_all() {
    std::vector<ProducerBatch> all;
    for (auto& [tp, queue] : queues_) {
        std::move(queue.begin(), queue.end(), std::back_inserter(all));
        queue.clear();
    }
    return all;
}

std::vector<ProducerBatch> RecordAccumulator::expire(Instant now) {
    std::vector<ProducerBatch> expired;
    for (auto& [tp, queue] : queues_) {
        while (!queue.empty() && now - queue.front().created >= config_.delivery_timeout) {
            expired.push_back(std::move(queue.front()));
            queue.pop_front();
        }
    }
    return expired;
}

std::optional<ProducerBatch> RecordAccumulator::take_first(const TopicPartition& tp, Instant now) {
    const ProducerBatch* waiting = first(tp);
    if (waiting == nullptr) return std::nullopt;
    if (waiting->attempts > 0 && now - waiting->last_attempt < config_.retry_back_off) return std::nullopt;
    ProducerBatch batch = std::move(queues_[tp].front());
    queues_[tp].pop_front();
    if (!batch.closed) {
        batch.batch = batch.builder.build();
        protocol::set_compression(batch.batch, config_.compression);
        batch.closed = true;
    }
    return batch;
}

const ProducerBatch* RecordAccumulator::first(const TopicPartition& tp) const {
    const auto found = queues_.find(tp);
    return found == queues_.end() || found->second.empty() ? nullptr : &found->second.front();
}

bool RecordAccumulator::more_behind(const TopicPartition& tp) const {
    const auto found = queues_.find(tp);
    return found != queues_.end() && found->second.size() > 1;
}

std::vector<TopicPartition> RecordAccumulator::partitions() const {
    std::vector<TopicPartition> partitions;
    for (const auto& [tp, queue] : queues_) {
        if (!queue.empty()) partitions.push_back(tp);
    }
    return partitions;
}

bool RecordAccumulator::empty() const {
    return std::all_of(queues_.begin(), queues_.end(), [](const auto& each) { return each.second.empty(); });
}

std::optional<Instant> RecordAccumulator::next_expiry() const {
    std::optional<Instant> next;
    for (const auto& [tp, queue] : queues_) {
        if (queue.empty()) continue;
        const Instant expiry = queue.front().created + config_.delivery_timeout;
        if (!next || expiry < *next) next = expiry;
    }
    return next;
}

}  // namespace kafkasim::client
