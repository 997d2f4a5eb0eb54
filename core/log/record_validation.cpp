// SPDX-License-Identifier: Apache-2.0
#include "core/log/record_validation.hpp"

#include <fmt/format.h>

namespace kafkasim::log {

namespace {

Refusal too_large(const protocol::RecordBatch& batch, const LogConfig& config, const TopicPartition& tp) {
    return {ErrorCode::MessageTooLarge,
            fmt::format("The record batch size in the append to {} is {} bytes which exceeds the maximum configured "
                        "value of {}.",
                        to_string(tp), batch.size_in_bytes(), config.max_message_bytes),
            {}};
}

/// Further from `now_ms` than allowed, with numbers that may be as large as they can be.
bool out_of_range(int64_t timestamp, int64_t now_ms, int64_t difference_max_ms) {
    if (difference_max_ms == LogConfig::kNever) return false;
    const int64_t distance = timestamp > now_ms ? timestamp - now_ms : now_ms - timestamp;
    return distance > difference_max_ms;
}

Refusal validate_batch(const protocol::RecordBatch& batch, const LogConfig& config, const TopicPartition& tp,
                       int64_t now_ms) {
    Refusal refusal;
    int32_t index = 0;
    for (const protocol::Record& record : batch.records()) {
        const int64_t timestamp = batch.timestamp_ms_of(record);
        if (config.compacted && !record.key) {
            if (refusal.error == ErrorCode::None) refusal.error = ErrorCode::InvalidRecord;
            refusal.records.push_back(
                {index, fmt::format("Compacted topic cannot accept message without key in topic partition {}.",
                                    to_string(tp))});
        } else if (!config.log_append_time && timestamp >= 0 &&
                   out_of_range(timestamp, now_ms, config.timestamp_difference_max_ms)) {
            refusal.error = ErrorCode::InvalidTimestamp;
            refusal.records.push_back(
                {index, fmt::format("Timestamp {} of message with offset {} is out of range. The timestamp should be "
                                    "within [{}, {}]",
                                    timestamp, record.offset_delta, now_ms - config.timestamp_difference_max_ms,
                                    now_ms + config.timestamp_difference_max_ms)});
        }
        ++index;
    }
    if (refusal.error == ErrorCode::InvalidRecord) refusal.message = "One or more records have been rejected";
    if (refusal.error == ErrorCode::InvalidTimestamp)
        refusal.message = "One or more records have been rejected due to invalid timestamp";
    return refusal;
}

}  // namespace

Refusal validate_records(const protocol::RecordBatches& records, const LogConfig& config, const TopicPartition& tp,
                         int64_t now_ms) {
    for (const protocol::RecordBatch& batch : records) {
        if (batch.size_in_bytes() > config.max_message_bytes) return too_large(batch, config, tp);
    }
    for (const protocol::RecordBatch& batch : records) {
        if (batch.is_control()) continue;
        Refusal refusal = validate_batch(batch, config, tp, now_ms);
        if (refusal.error != ErrorCode::None) return refusal;
    }
    const int64_t bytes = records.size_in_bytes();
    if (bytes <= config.segment_bytes) return {};
    return {ErrorCode::RecordListTooLarge,
            fmt::format("Message batch size is {} bytes in append to partition {}, which exceeds the maximum "
                        "configured segment size of {}.",
                        bytes, to_string(tp), config.segment_bytes),
            {}};
}

}  // namespace kafkasim::log
