// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the coordinator has given to be appended to __consumer_offsets and what is to happen when the answer comes:
// plain values instead of Kafka's
// callbacks. Kafka 3.0.0: the putCacheCallback of GroupMetadataManager.storeGroup and storeOffsets.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/ids.hpp"
#include "core/group/committed_offset.hpp"
#include "core/group/member_metadata.hpp"
#include "core/node/request_token.hpp"
#include "core/protocol/offset_commit.hpp"

namespace kafkasim::group {

/// The leader's assignment: on success everybody gets theirs and the group is Stable.
struct AssignmentWrite {
    std::string leader_id;
    int32_t generation_id = 0;
    std::map<std::string, std::string> assignment;
};

/// A group that became empty: a failure is only logged.
struct EmptyGroupWrite {};

/// A static member came back under a new member id while the group is Stable: a failure gives it back the old id.
struct StaticReplacement {
    std::string instance_id;
    std::string old_member_id;
    std::string new_member_id;
    std::string leader_id;  // before the replacement
    node::RequestToken token;
};

/// Offsets of one request. Partitions whose error in `response` is None are the ones that were appended.
struct OffsetCommitWrite {
    node::RequestToken token;
    protocol::OffsetCommitResponse response;
    std::vector<std::pair<TopicPartition, OffsetAndMetadata>> offsets;
    /// Not appended, their metadata is too long. 3.0.0 counts them among the pending commits all the same, and nothing
    /// ever takes them out again.
    std::vector<std::pair<TopicPartition, OffsetAndMetadata>> too_long{};
};

/// Of removed offsets and groups, with acks=0. Nobody waits; a failure is only logged.
struct TombstoneWrite {
    size_t count = 0;
};

struct PendingWrite {
    using What = std::variant<AssignmentWrite, EmptyGroupWrite, StaticReplacement, OffsetCommitWrite, TombstoneWrite>;
    std::string group_id;
    uint64_t incarnation = 0;
    What what;
};

}  // namespace kafkasim::group
