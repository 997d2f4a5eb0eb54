// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a message can change of partitions, told by the message alone. Pure. Called by InvariantChecker.

#include <optional>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::sim::invariants {

/// Whether a broker that handles it may change a replica of its own. Fetches and their answers that name no
/// partition do not; what only asks, or belongs to groups, neither.
bool may_change_replicas(const protocol::Body& message);

/// The partitions whose state znodes a request to ZooKeeper may write.
std::vector<TopicPartition> state_znodes_written(const protocol::Body& request);

/// "/brokers/topics/t/partitions/0/state" as t-0; nullopt for any other path.
std::optional<TopicPartition> partition_of_state_path(std::string_view path);

}  // namespace kafkasim::sim::invariants
