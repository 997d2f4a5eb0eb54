// SPDX-License-Identifier: Apache-2.0
#include "core/protocol/record_batch.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/protocol/varint.hpp"

namespace kafkasim::protocol {
namespace {

// Length (-1 for null) as a zigzag varint, then the bytes.
std::int32_t sized(const std::string& text) {
    return varint_size(static_cast<std::int64_t>(text.size())) + static_cast<std::int32_t>(text.size());
}
std::int32_t sized(const std::optional<std::string>& text) { return text ? sized(*text) : varint_size(-1); }

// Kafka 3.0.0: DefaultRecord.sizeOfBodyInBytes, plus the length field itself.
std::int32_t record_size(std::int64_t timestamp_delta, std::int32_t offset_delta, const std::optional<std::string>& key,
                         const std::optional<std::string>& value, const std::vector<Record::Header>& headers) {
    constexpr std::int32_t kAttributes = 1;
    std::int32_t size =
        kAttributes + varint_size(timestamp_delta) + varint_size(offset_delta) + sized(key) + sized(value);
    size += varint_size(static_cast<std::int64_t>(headers.size()));
    for (const auto& header : headers) size += sized(header.key) + sized(header.value);
    return varint_size(size) + size;
}

}  // namespace

std::int32_t size_in_bytes(const Record& record) {
    return record_size(record.timestamp_delta, record.offset_delta, record.key, record.value, record.headers);
}

RecordBody::RecordBody(std::vector<Record> records) : records_(std::move(records)) {
    for (const Record& record : records_) size_in_bytes_ += protocol::size_in_bytes(record);
}

bool operator==(const RecordBatch& a, const RecordBatch& b) {
    const auto header = [](const RecordBatch& batch) {
        return std::tie(batch.base_offset, batch.partition_leader_epoch, batch.last_offset_delta, batch.attributes,
                        batch.base_timestamp_ms, batch.max_timestamp_ms, batch.producer_id, batch.producer_epoch,
                        batch.base_sequence);
    };
    if (header(a) != header(b)) return false;
    return a.body == b.body || std::ranges::equal(a.records(), b.records());
}

RecordBatches::RecordBatches(std::vector<RecordBatch> batches) : count_(batches.size()) {
    if (count_ > 0) batches_ = std::make_shared<const std::vector<RecordBatch>>(std::move(batches));
}

RecordBatches::RecordBatches(RecordBatch batch) : RecordBatches(std::vector<RecordBatch>{std::move(batch)}) {}

std::int64_t RecordBatches::size_in_bytes() const {
    std::int64_t size = 0;
    for (const RecordBatch& batch : *this) size += batch.size_in_bytes();
    return size;
}

std::int64_t RecordBatches::record_count() const {
    std::int64_t count = 0;
    for (const RecordBatch& batch : *this) count += batch.record_count();
    return count;
}

RecordBatches RecordBatches::slice(std::size_t first, std::size_t count) const {
    RecordBatches out;
    first = std::min(first, count_);
    out.count_ = std::min(count, count_ - first);
    if (out.count_ == 0) return out;
    out.first_ = first_ + first;
    out.batches_ = batches_;
    return out;
}

bool operator==(const RecordBatches& a, const RecordBatches& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

void RecordBatchBuilder::append(std::int64_t timestamp_ms, std::optional<std::string> key,
                                std::optional<std::string> value, std::vector<Record::Header> headers) {
    records_size_ += size_of_next(timestamp_ms, key, value, headers);
    if (records_.empty()) base_timestamp_ms_ = max_timestamp_ms_ = timestamp_ms;
    max_timestamp_ms_ = std::max(max_timestamp_ms_, timestamp_ms);
    Record& record = records_.emplace_back();
    record.timestamp_delta = timestamp_ms - base_timestamp_ms_;
    record.offset_delta = static_cast<std::int32_t>(records_.size()) - 1;
    record.key = std::move(key);
    record.value = std::move(value);
    record.headers = std::move(headers);
}

std::int32_t RecordBatchBuilder::size_of_next(std::int64_t timestamp_ms, const std::optional<std::string>& key,
                                              const std::optional<std::string>& value,
                                              const std::vector<Record::Header>& headers) const {
    const std::int64_t delta = records_.empty() ? 0 : timestamp_ms - base_timestamp_ms_;
    return record_size(delta, static_cast<std::int32_t>(records_.size()), key, value, headers);
}

RecordBatch RecordBatchBuilder::build() {
    RecordBatch batch;
    batch.last_offset_delta = static_cast<std::int32_t>(records_.size()) - 1;
    batch.base_timestamp_ms = base_timestamp_ms_;
    batch.max_timestamp_ms = max_timestamp_ms_;
    if (!records_.empty()) batch.body = std::make_shared<const RecordBody>(std::move(records_));
    *this = RecordBatchBuilder();
    return batch;
}

}  // namespace kafkasim::protocol
