// SPDX-License-Identifier: Apache-2.0
#pragma once
// Batches of one record, for tests of segments and logs.

#include "core/protocol/record_batch.hpp"

namespace kafkasim::test {

inline protocol::RecordBatch record_at(int64_t offset, int64_t timestamp_ms) {
    protocol::RecordBatchBuilder builder;
    builder.append(timestamp_ms, std::nullopt, "value");
    protocol::RecordBatch batch = builder.build();
    batch.base_offset = offset;
    return batch;
}

inline protocol::RecordBatches one_record() {
    protocol::RecordBatchBuilder builder;
    builder.append(1, std::nullopt, "hello");
    return protocol::RecordBatches(builder.build());
}

}  // namespace kafkasim::test
