// SPDX-License-Identifier: Apache-2.0
#pragma once
// The coordinator's decisions that depend on nothing but what is given here, one function each: what a heartbeat is
// told, who may commit, what a
// member that joins again causes, who fits into a full group, and what an append's error means to the client.
// Kafka 3.0.0: kafka.coordinator.group.GroupCoordinator (doHeartbeat, validateOffsetCommit and doCommitOffsets,
// doCurrentMemberJoinGroup,
// acceptJoiningMember), GroupMetadataManager (storeOffsets, storeGroup).

#include <cstdint>
#include <optional>

#include "core/base/error_code.hpp"
#include "core/group/group_state.hpp"

namespace kafkasim::group {

/// Of a known member with the right generation. All but Empty and Dead also restart the member's session.
ErrorCode heartbeat_answer(State state);

struct CommitCheck {
    State state = State::Empty;
    bool names_member = false;                // a generation >= 0, a member id or an instance id is given
    std::optional<ErrorCode> member_error{};  // of the member named
    bool generation_matches = false;
};
/// Why the offsets are not taken; nullopt: they are stored (and the member's session restarts, unless the group is
/// Empty).
std::optional<ErrorCode> commit_refusal(const CommitCheck& check);

enum class RejoinAction : uint8_t {
    JoinRebalance,     // the group is preparing one already
    ReturnGeneration,  // nothing changed: the current generation is the answer
    LeaderRebalance,   // the leader joins again: it may have seen what its metadata does not show
    MetadataRebalance,
    UnknownMember
};
RejoinAction rejoin_action(State state, bool is_leader, bool same_metadata);

struct RoomCheck {
    State state = State::Empty;
    bool is_member = false;
    bool is_awaiting_join = false;
    int64_t members = 0;
    int64_t members_awaiting_join = 0;
    int64_t max_size = 0;  // group.max.size
};
bool accepts_joining_member(const RoomCheck& check);

ErrorCode commit_error_of_append(ErrorCode error);
ErrorCode group_error_of_append(ErrorCode error);

}  // namespace kafkasim::group
