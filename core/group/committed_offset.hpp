// SPDX-License-Identifier: Apache-2.0
#pragma once
// An offset that a group has committed: the next one it will read. Kafka 3.0.0: kafka.common.OffsetAndMetadata,
// CommitRecordMetadataAndOffset.

#include <cstdint>
#include <optional>
#include <string>

namespace kafkasim::group {

struct OffsetAndMetadata {
    int64_t offset = -1;
    int32_t leader_epoch = -1;
    std::string metadata;
    int64_t commit_timestamp_ms = -1;
    std::optional<int64_t> expire_timestamp_ms;  // only of records that old clients' requests with a retention made
    bool operator==(const OffsetAndMetadata&) const = default;
};

struct CommittedOffset {
    OffsetAndMetadata value;
    int64_t appended_at = -1;  // base offset of the batch in __consumer_offsets
    bool operator==(const CommittedOffset&) const = default;
};

}  // namespace kafkasim::group
