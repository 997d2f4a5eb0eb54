// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a follower does with the records of a fetch response. If the leader's log begins inside a batch (its first
// records were deleted), a follower that begins there gets the whole batch: its empty log then begins where the batch
// does. Called by ReplicaFetcher. Kafka 3.0.0: kafka.cluster.Partition.appendRecordsToFollowerOrFutureReplica.

#include "core/base/ids.hpp"
#include "core/log/log.hpp"

namespace kafkasim::broker {

/// A batch that begins below the end of the log is refused with UNKNOWN_SERVER_ERROR (Kafka:
/// UnexpectedAppendOffsetException), unless it is the first of an empty log and reaches its start.
log::AppendResult append_to_follower(node::Env& env, log::Log& log, BrokerId broker,
                                     const protocol::RecordBatches& records);

}  // namespace kafkasim::broker
