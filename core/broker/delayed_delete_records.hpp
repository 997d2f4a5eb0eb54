// SPDX-License-Identifier: Apache-2.0
#pragma once
// Requests to delete records that wait until every live replica has taken the new start of the log over.
// Called by ReplicaManager (handle_delete_records.cpp). Kafka 3.0.0: kafka.server.DelayedDeleteRecords in the
// purgatory "DeleteRecords".

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/base/error_code.hpp"
#include "core/base/ids.hpp"
#include "core/broker/isr.hpp"
#include "core/broker/metadata_cache.hpp"
#include "core/node/env.hpp"
#include "core/node/request_token.hpp"

namespace kafkasim::broker {

struct DeleteRecordsStatus {
    TopicPartition partition;
    int64_t required_offset = 0;  // the low watermark must reach it
    bool acks_pending = false;
    ErrorCode error = ErrorCode::None;
    int64_t low_watermark = -1;
};

struct DelayedDeleteRecords {
    uint64_t id = 0;
    node::RequestToken token;
    std::vector<DeleteRecordsStatus> partitions;
    node::TimerId timer = node::TimerId::None;

    const std::vector<DeleteRecordsStatus>& watched() const { return partitions; }
    bool pending() const {
        return std::any_of(partitions.begin(), partitions.end(),
                           [](const DeleteRecordsStatus& status) { return status.acks_pending; });
    }
};

/// Where the log begins on all replicas: the smallest start among the leader's and those of live followers.
/// Kafka 3.0.0: kafka.cluster.Partition.lowWatermarkIfLeader.
int64_t low_watermark(int64_t leader_log_start_offset, const std::vector<Replica>& followers,
                      const MetadataCache& metadata);

}  // namespace kafkasim::broker
