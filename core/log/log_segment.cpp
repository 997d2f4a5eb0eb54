// SPDX-License-Identifier: Apache-2.0
#include "core/log/log_segment.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kafkasim::log {

int64_t LogSegment::next_offset() const { return batches_.empty() ? base_offset_ : batches_.back().next_offset(); }

void LogSegment::append(const protocol::RecordBatch& batch) {
    positions_.push_back(size_);
    batches_.push_back(batch);
    size_ += batch.size_in_bytes();
    largest_timestamp_ = std::max(largest_timestamp_, batch.max_timestamp_ms);
}

size_t LogSegment::truncate_to(int64_t offset) {
    const size_t count = find(offset);
    if (count == batches_.size()) return count;
    size_ = positions_[count];
    batches_.erase(batches_.begin() + static_cast<std::ptrdiff_t>(count), batches_.end());
    positions_.resize(count);
    largest_timestamp_ = -1;
    for (const protocol::RecordBatch& batch : batches_)
        largest_timestamp_ = std::max(largest_timestamp_, batch.max_timestamp_ms);
    return count;
}

size_t LogSegment::find(int64_t offset) const {
    const auto found = std::partition_point(batches_.begin(), batches_.end(), [&](const protocol::RecordBatch& batch) {
        return batch.last_offset() < offset;
    });
    return static_cast<size_t>(found - batches_.begin());
}

int64_t LogSegment::position_of(int64_t offset) const {
    const size_t index = find(offset);
    return index == batches_.size() ? size_ : positions_[index];
}

std::string segment_file(int64_t base_offset, std::string_view suffix) {
    return fmt::format("{:020}{}", base_offset, suffix);
}

}  // namespace kafkasim::log
