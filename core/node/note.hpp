// SPDX-License-Identifier: Apache-2.0
#pragma once
// A note says what happened inside a node in the terms of the domain: a leader was elected, the Isr shrank, a
// coordinator is not available. Notes hang
// in the trace below the event that was being handled, so that "why" can walk from a result to its causes. They
// decide nothing, and are
// only made when somebody listens: `if (env.observed()) env.note({...})`.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace kafkasim::node {

enum class NoteKind : uint8_t {
    // cluster
    SessionOpened,       // session, owner
    SessionExpired,      // session, owner
    SessionClosed,       // session, owner
    ZnodeChanged,        // path, change (created, data, deleted), data, version
    WatchFired,          // path, change, session
    BrokerRegistered,    // broker, epoch
    ControllerElected,   // broker, epoch
    ControllerResigned,  // broker
    BrokerAppeared,      // broker (as the controller sees it)
    BrokerFailed,        // broker (as the controller sees it)
    BrokerShuttingDown,  // broker (controlled shutdown asked for)
    // partitions
    TopicCreated,    // topic, partitions
    LeaderElected,   // topic, partition, from, to, leader_epoch, isr, zk_version, strategy, why
    ElectionFailed,  // topic, partition, strategy, why, isr
    IsrChanged,      // topic, partition, from, to, how (shrink, expand, offline, controlled-shutdown), why
    BecameLeader,    // topic, partition, leader_epoch, offset, high_watermark
    BecameFollower,  // topic, partition, leader_epoch, leader
    Appended,        // topic, partition, base_offset, count, leader_epoch
    Truncated,       // topic, partition, broker, from, to
    HighWatermark,   // topic, partition, to
    TopicDeletion,   // topic, state (queued, started, ineligible, completed), why
    Reassignment,    // topic, partition, state (started, completed, cancelled), replicas, adding, removing
    LogStartOffset,  // topic, partition, to, why (retention, DeleteRecords, leader)
    DuplicateBatch,  // topic, partition, producer, epoch, sequence, base_offset
    SegmentRolled,   // topic, partition, base_offset, why
    StaleRequest,    // request, why (error name)
    // clients and groups
    BatchSent,        // topic, partition, count, by (sticky, key)
    RecordsReturned,  // topic, partition, first_offset, count, leader (what a consumer's poll hands out, in this order)
    CoordinatorLookup,   // group, partition, error, coordinator, leader, replicas, isr (as the asked broker answered)
    GroupState,          // group, from, to, generation, members
    OffsetsCommitted,    // group, topic, partition, offset
    MemberJoined,        // group, member, generation, protocol, leader (as the member is told)
    PartitionsAssigned,  // group, member, generation, partitions
    PartitionsRevoked,   // group, member, generation, partitions
    PartitionsLost,      // group, member, why, partitions
    MemberLeft,          // group, member, why (left, session expired, poll interval, fenced ...)
    Unmodelled           // what
};

std::string_view name_of(NoteKind kind);

using FieldValue = std::variant<int64_t, std::string>;

struct Note {
    NoteKind kind;
    std::vector<std::pair<std::string_view, FieldValue>> fields;  // names are string literals
};

/// The field of that name as text or number; nullptr if the note has none.
const FieldValue* find(const Note& note, std::string_view field);
std::string text_of(const FieldValue& value);

}  // namespace kafkasim::node
