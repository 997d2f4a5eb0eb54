// SPDX-License-Identifier: Apache-2.0
#pragma once
// A stretch of a log in one file, named after its first offset. It shares its batches with the file on the host's
// disk: nothing is copied.
// Called by Log only. Kafka 3.0.0: kafka.log.LogSegment, kafka.log.Log.filenamePrefixFromOffset.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/protocol/record_batch.hpp"

namespace kafkasim::log {

class LogSegment {
public:
    explicit LogSegment(int64_t base_offset) : base_offset_(base_offset) {}

    int64_t base_offset() const { return base_offset_; }
    int64_t size() const { return size_; }
    bool empty() const { return batches_.empty(); }
    const std::vector<protocol::RecordBatch>& batches() const { return batches_; }
    /// One past the last offset; the base offset if empty.
    int64_t next_offset() const;
    int64_t largest_timestamp() const { return largest_timestamp_; }

    void append(const protocol::RecordBatch& batch);
    /// Drops the batches from the one that holds `offset` on; how many are left.
    size_t truncate_to(int64_t offset);
    /// Index of the first batch whose last offset is `offset` or more; batches().size() if none.
    size_t find(int64_t offset) const;
    /// Bytes before the batch that holds `offset`; size() if none does.
    int64_t position_of(int64_t offset) const;

private:
    int64_t base_offset_;
    int64_t size_ = 0;
    int64_t largest_timestamp_ = -1;
    std::vector<protocol::RecordBatch> batches_;
    std::vector<int64_t> positions_;  // of each batch
};

/// "00000000000000000012" + suffix (".log", ".index", ...)
std::string segment_file(int64_t base_offset, std::string_view suffix);

}  // namespace kafkasim::log
