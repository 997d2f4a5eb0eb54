// SPDX-License-Identifier: Apache-2.0
#include "core/log/log_segment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/log/log_config.hpp"

namespace kafkasim::log {

int64_t LogSegment::next_offset() const { return batches_.empty() ? base_offset_ : batches_.back().next_offset(); }

std::optional<int64_t> LogSegment::first_timestamp() const {
    if (first_timestamp_ || batches_.empty()) return first_timestamp_;
    return batches_.front().max_timestamp_ms;
}

void LogSegment::note_largest(const protocol::RecordBatch& batch) {
    if (batch.max_timestamp_ms <= largest_timestamp_) return;
    largest_timestamp_ = batch.max_timestamp_ms;
    offset_of_largest_ = batch.last_offset();
}

bool LogSegment::append(std::span<const protocol::RecordBatch> batches, int32_t index_interval_bytes, int64_t now_ms) {
    if (batches.empty()) return false;
    const int64_t position = size_;
    if (position == 0) first_timestamp_ = -1;
    for (const protocol::RecordBatch& batch : batches) {
        positions_.push_back(size_);
        batches_.push_back(batch);
        size_ += batch.size_in_bytes();
        note_largest(batch);
        if (position == 0) first_timestamp_ = std::max(*first_timestamp_, batch.max_timestamp_ms);
    }
    last_modified_ms_ = now_ms;
    const bool indexed = bytes_since_index_ > index_interval_bytes;
    if (indexed) {
        offset_index_.push_back({batches.back().last_offset(), static_cast<int32_t>(position)});
        finish_time_index();
        bytes_since_index_ = 0;
    }
    bytes_since_index_ += size_ - position;
    return indexed;
}

size_t LogSegment::truncate_to(int64_t offset, int64_t now_ms) {
    const size_t count = find(offset);
    if (count == batches_.size()) return count;
    size_ = positions_[count];
    batches_.erase(batches_.begin() + static_cast<std::ptrdiff_t>(count), batches_.end());
    positions_.resize(count);
    std::erase_if(offset_index_, [&](const OffsetEntry& entry) { return entry.offset >= offset; });
    std::erase_if(time_index_, [&](const TimeEntry& entry) { return entry.offset >= offset; });
    largest_timestamp_ = -1;
    offset_of_largest_ = -1;
    for (const protocol::RecordBatch& batch : batches_) note_largest(batch);
    bytes_since_index_ = 0;
    last_modified_ms_ = now_ms;
    if (batches_.empty()) {
        created_ms_ = now_ms;
        first_timestamp_.reset();
    }
    return count;
}

bool LogSegment::should_roll(const LogConfig& config, const RollParams& next) const {
    if (size_ == 0) return false;
    if (size_ > config.segment_bytes - next.bytes) return true;
    const std::optional<int64_t> first = first_timestamp();
    const int64_t age = first && *first >= 0 ? next.max_timestamp_ms - *first : next.now_ms - created_ms_;
    if (age > config.max_segment_ms()) return true;
    if (is_full(offset_index_.size(), time_index_.size(), config.segment_index_bytes)) return true;
    return next.last_offset - base_offset_ > std::numeric_limits<int32_t>::max();
}

bool LogSegment::finish_time_index() {
    const TimeEntry last{largest_timestamp_, offset_of_largest_};
    if (!wants(time_index_, last)) return false;
    time_index_.push_back(last);
    return true;
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

void LogSegment::take_indexes(std::vector<OffsetEntry> offset_index, std::vector<TimeEntry> time_index) {
    offset_index_ = std::move(offset_index);
    time_index_ = std::move(time_index);
    bytes_since_index_ = 0;
}

std::string to_string(const LogSegment& segment) {
    const std::string largest =
        segment.largest_timestamp() >= 0 ? fmt::format("Some({})", segment.largest_timestamp()) : "None";
    return fmt::format("LogSegment(baseOffset={}, size={}, lastModifiedTime={}, largestRecordTimestamp={})",
                       segment.base_offset(), segment.size(), segment.last_modified_ms(), largest);
}

std::string segment_file(int64_t base_offset, std::string_view suffix) {
    return fmt::format("{:020}{}", base_offset, suffix);
}

}  // namespace kafkasim::log
