// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the owner of a consumer is told beside the answers to its polls: how its partitions come and go, and how the
// commits that it asked for ended. In the real consumer these are calls into the application from inside poll() or
// close(); here they are events that stand before the poll's own answer, in the order of the calls.
// Kafka 3.0.0: org.apache.kafka.clients.consumer.ConsumerRebalanceListener, OffsetCommitCallback, OffsetAndMetadata.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/ids.hpp"
#include "core/client/client_failure.hpp"

namespace kafkasim::client {

/// onPartitionsAssigned: those that were added; none at all is told too.
struct PartitionsAssigned {
    std::vector<TopicPartition> partitions;
};
/// onPartitionsRevoked: the consumer may still commit for them.
struct PartitionsRevoked {
    std::vector<TopicPartition> partitions;
};
/// onPartitionsLost: somebody else may own them already.
struct PartitionsLost {
    std::vector<TopicPartition> partitions;
};

struct OffsetAndMetadata {
    int64_t offset = 0;  // of the next record to be read
    int32_t leader_epoch = -1;
    std::string metadata;
};
using OffsetsToCommit = std::vector<std::pair<TopicPartition, OffsetAndMetadata>>;

/// The end of Consumer::commit_sync or commit_async.
struct CommitCompleted {
    uint64_t commit = 0;  // what the call returned
    OffsetsToCommit offsets;
    std::optional<ClientFailure> failure;
};

}  // namespace kafkasim::client
