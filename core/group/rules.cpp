// SPDX-License-Identifier: Apache-2.0
#include "core/group/rules.hpp"

namespace kafkasim::group {

namespace {

enum class AppendFailure : uint8_t { None, Unavailable, NotLeader, TooLarge, TimedOut, Other };

AppendFailure kind_of(ErrorCode error) {
    if (error == ErrorCode::None) return AppendFailure::None;
    if (error == ErrorCode::UnknownTopicOrPartition || error == ErrorCode::NotEnoughReplicas ||
        error == ErrorCode::NotEnoughReplicasAfterAppend)
        return AppendFailure::Unavailable;
    if (error == ErrorCode::NotLeaderOrFollower || error == ErrorCode::KafkaStorageError)
        return AppendFailure::NotLeader;
    if (error == ErrorCode::MessageTooLarge || error == ErrorCode::RecordListTooLarge ||
        error == ErrorCode::InvalidFetchSize)
        return AppendFailure::TooLarge;
    return error == ErrorCode::RequestTimedOut ? AppendFailure::TimedOut : AppendFailure::Other;
}

}  // namespace

ErrorCode heartbeat_answer(State state) {
    switch (state) {
        case State::Empty:
            return ErrorCode::UnknownMemberId;
        case State::PreparingRebalance:
            return ErrorCode::RebalanceInProgress;
        case State::CompletingRebalance:
        case State::Stable:
            return ErrorCode::None;
        case State::Dead:
            return ErrorCode::CoordinatorNotAvailable;
    }
    return ErrorCode::UnknownServerError;
}

std::optional<ErrorCode> commit_refusal(const CommitCheck& check) {
    if (check.state == State::Dead) return ErrorCode::CoordinatorNotAvailable;
    if (check.names_member) {
        if (check.member_error) return check.member_error;
        if (!check.generation_matches) return ErrorCode::IllegalGeneration;
    } else if (check.state != State::Empty) {
        return ErrorCode::UnknownMemberId;  // only members commit for a group that has some
    }
    if (check.state == State::CompletingRebalance) return ErrorCode::RebalanceInProgress;
    return std::nullopt;
}

RejoinAction rejoin_action(State state, bool is_leader, bool same_metadata) {
    switch (state) {
        case State::PreparingRebalance:
            return RejoinAction::JoinRebalance;
        case State::CompletingRebalance:
            return same_metadata ? RejoinAction::ReturnGeneration : RejoinAction::MetadataRebalance;
        case State::Stable:
            if (is_leader) return RejoinAction::LeaderRebalance;
            return same_metadata ? RejoinAction::ReturnGeneration : RejoinAction::MetadataRebalance;
        case State::Empty:
        case State::Dead:
            return RejoinAction::UnknownMember;
    }
    return RejoinAction::UnknownMember;
}

bool accepts_joining_member(const RoomCheck& check) {
    switch (check.state) {
        case State::Empty:
        case State::Dead:
            return true;
        case State::PreparingRebalance:
            return check.is_awaiting_join || check.members_awaiting_join < check.max_size;
        case State::CompletingRebalance:
        case State::Stable:
            return check.is_member || check.members < check.max_size;
    }
    return true;
}

ErrorCode commit_error_of_append(ErrorCode error) {
    switch (kind_of(error)) {
        case AppendFailure::Unavailable:
            return ErrorCode::CoordinatorNotAvailable;
        case AppendFailure::NotLeader:
            return ErrorCode::NotCoordinator;
        case AppendFailure::TooLarge:
            return ErrorCode::InvalidCommitOffsetSize;
        case AppendFailure::None:
        case AppendFailure::TimedOut:
        case AppendFailure::Other:
            return error;
    }
    return error;
}

ErrorCode group_error_of_append(ErrorCode error) {
    switch (kind_of(error)) {
        case AppendFailure::Unavailable:
            return ErrorCode::CoordinatorNotAvailable;
        case AppendFailure::NotLeader:
            return ErrorCode::NotCoordinator;
        case AppendFailure::TooLarge:
            return ErrorCode::UnknownServerError;
        case AppendFailure::TimedOut:
            return ErrorCode::RebalanceInProgress;
        case AppendFailure::None:
        case AppendFailure::Other:
            return error;
    }
    return error;
}

}  // namespace kafkasim::group
