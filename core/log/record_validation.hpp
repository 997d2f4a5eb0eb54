// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a leader refuses to append: batches that are too large, records without a key in a compacted topic, records
// whose time is too far from the broker's. Pure; a table of cases is in tests/log/record_validation_test.cpp.
// Called by Log. Kafka 3.0.0: kafka.log.Log.analyzeAndValidateRecords, kafka.log.LogValidator.

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/error_code.hpp"
#include "core/base/ids.hpp"
#include "core/log/log_config.hpp"
#include "core/protocol/record_batch.hpp"

namespace kafkasim::log {

/// One record of a batch that is refused as a whole because of it.
struct RecordError {
    int32_t batch_index = 0;
    std::string message;
    bool operator==(const RecordError&) const = default;
};

struct Refusal {
    ErrorCode error = ErrorCode::None;  // None: nothing is refused
    std::string message;
    std::vector<RecordError> records;
};

Refusal validate_records(const protocol::RecordBatches& records, const LogConfig& config, const TopicPartition& tp,
                         int64_t now_ms);

}  // namespace kafkasim::log
