// SPDX-License-Identifier: Apache-2.0
#pragma once
// A batch of one record, for tests of segments.

#include "core/protocol/record_batch.hpp"

namespace kafkasim::test {

inline protocol::RecordBatch record_at(int64_t offset, int64_t timestamp_ms) {
    protocol::RecordBatchBuilder builder;
    builder.append(timestamp_ms, std::nullopt, "value");
    protocol::RecordBatch batch = builder.build();
    batch.base_offset = offset;
    return batch;
}

}  // namespace kafkasim::test
