// SPDX-License-Identifier: Apache-2.0
//
// Record data as it travels in Produce and Fetch and lies in logs: batches of magic 2. A batch's header is copied,
// its
// records are shared and immutable, so that a broker which sets base_offset and partition_leader_epoch, a follower
// and a
// consumer all hold the same records. Sizes are the exact bytes of the uncompressed wire form: limits
// (fetch.max.bytes,
// batch.size, segment.bytes) count with them. Used by the log, the producer, the consumer and the fetchers.
//
// Kafka 3.0.0: org.apache.kafka.common.record.DefaultRecordBatch, DefaultRecord, MemoryRecords(Builder).
// Simplified: no compression and no CRC in memory; a codec is only a number in the attributes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kafkasim::protocol {

struct Record {
    struct Header {
        std::string key;
        std::optional<std::string> value;

        friend bool operator==(const Header&, const Header&) = default;
    };

    std::int64_t timestamp_delta = 0;  // ms after the batch's base_timestamp_ms
    std::int32_t offset_delta = 0;
    std::optional<std::string> key;
    std::optional<std::string> value;  // nullopt: a tombstone
    std::vector<Header> headers;

    friend bool operator==(const Record&, const Record&) = default;
};

// Bytes of one record with its leading length.
std::int32_t size_in_bytes(const Record& record);

// The records of a batch, never changed after they are made.
class RecordBody {
public:
    explicit RecordBody(std::vector<Record> records);

    const std::vector<Record>& records() const { return records_; }
    std::int32_t size_in_bytes() const { return size_in_bytes_; }

    friend bool operator==(const RecordBody&, const RecordBody&) = default;

private:
    std::vector<Record> records_;
    std::int32_t size_in_bytes_ = 0;
};

struct RecordBatch {
    static constexpr std::int32_t kHeaderSize = 61;
    static constexpr std::int16_t kCompressionMask = 0x07;
    static constexpr std::int16_t kLogAppendTimeFlag = 0x08;
    static constexpr std::int16_t kTransactionalFlag = 0x10;
    static constexpr std::int16_t kControlFlag = 0x20;

    std::int64_t base_offset = 0;              // set by the leader
    std::int32_t partition_leader_epoch = -1;  // set by the leader
    std::int32_t last_offset_delta = -1;       // may exceed the last record's after compaction
    std::int16_t attributes = 0;
    std::int64_t base_timestamp_ms = -1;
    std::int64_t max_timestamp_ms = -1;
    std::int64_t producer_id = -1;
    std::int16_t producer_epoch = -1;
    std::int32_t base_sequence = -1;
    std::shared_ptr<const RecordBody> body;  // null: no records left (an empty header after compaction)

    std::int64_t last_offset() const { return base_offset + last_offset_delta; }
    std::int64_t next_offset() const { return last_offset() + 1; }
    std::int32_t record_count() const { return static_cast<std::int32_t>(records().size()); }
    std::int32_t size_in_bytes() const { return kHeaderSize + (body ? body->size_in_bytes() : 0); }
    std::span<const Record> records() const {
        return body ? std::span<const Record>(body->records()) : std::span<const Record>();
    }

    bool has_producer_id() const { return producer_id >= 0; }
    bool is_log_append_time() const { return (attributes & kLogAppendTimeFlag) != 0; }
    bool is_transactional() const { return (attributes & kTransactionalFlag) != 0; }
    bool is_control() const { return (attributes & kControlFlag) != 0; }
    std::int64_t offset_of(const Record& record) const { return base_offset + record.offset_delta; }
    std::int64_t timestamp_ms_of(const Record& record) const {
        return is_log_append_time() ? max_timestamp_ms : base_timestamp_ms + record.timestamp_delta;
    }

    // By content, also of the records.
    friend bool operator==(const RecordBatch& a, const RecordBatch& b);
};

// A cheap value: an immutable run of batches. Empty also stands for Kafka's null.
class RecordBatches {
public:
    RecordBatches() = default;
    explicit RecordBatches(std::vector<RecordBatch> batches);
    explicit RecordBatches(RecordBatch batch);

    const RecordBatch* begin() const { return batches_ ? batches_->data() + first_ : nullptr; }
    const RecordBatch* end() const { return begin() + count_; }
    std::size_t size() const { return count_; }
    bool empty() const { return count_ == 0; }
    const RecordBatch& operator[](std::size_t index) const { return begin()[index]; }
    const RecordBatch& front() const { return *begin(); }
    const RecordBatch& back() const { return *(end() - 1); }

    std::int64_t size_in_bytes() const;
    std::int64_t record_count() const;
    // `count` batches from index `first`, cut at the end; shares the storage.
    RecordBatches slice(std::size_t first, std::size_t count) const;

    friend bool operator==(const RecordBatches& a, const RecordBatches& b);

private:
    std::shared_ptr<const std::vector<RecordBatch>> batches_;
    std::size_t first_ = 0;
    std::size_t count_ = 0;
};

// Makes one batch, as a producer does: offset deltas count from 0, the first record's timestamp is the base.
class RecordBatchBuilder {
public:
    void append(std::int64_t timestamp_ms, std::optional<std::string> key, std::optional<std::string> value,
                std::vector<Record::Header> headers = {});

    bool empty() const { return records_.empty(); }
    std::int32_t record_count() const { return static_cast<std::int32_t>(records_.size()); }
    // Exact size of the batch so far.
    std::int32_t size_in_bytes() const { return RecordBatch::kHeaderSize + records_size_; }
    // Bytes that append() would add.
    std::int32_t size_of_next(std::int64_t timestamp_ms, const std::optional<std::string>& key,
                              const std::optional<std::string>& value,
                              const std::vector<Record::Header>& headers = {}) const;

    // Leaves the builder empty. No records: a batch without body.
    RecordBatch build();

private:
    std::int64_t base_timestamp_ms_ = -1;
    std::int64_t max_timestamp_ms_ = -1;
    std::int32_t records_size_ = 0;
    std::vector<Record> records_;
};

}  // namespace kafkasim::protocol
