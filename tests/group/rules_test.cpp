// SPDX-License-Identifier: Apache-2.0
#include "core/group/rules.hpp"

#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::group;

TEST_CASE("commit rules: who may commit in which state") {
    struct Case {
        const char* name;
        CommitCheck check;
        std::optional<ErrorCode> refusal;
    };
    const Case cases[] = {
        {"simple consumer, empty group", {State::Empty, false, {}, false}, std::nullopt},
        {"nobody named, group has members", {State::Stable, false, {}, true}, ErrorCode::UnknownMemberId},
        {"nobody named, group rebalances", {State::PreparingRebalance, false, {}, true}, ErrorCode::UnknownMemberId},
        {"member of a stable group", {State::Stable, true, {}, true}, std::nullopt},
        {"member while a rebalance is prepared", {State::PreparingRebalance, true, {}, true}, std::nullopt},
        {"member while a rebalance completes",
         {State::CompletingRebalance, true, {}, true},
         ErrorCode::RebalanceInProgress},
        {"old generation", {State::Stable, true, {}, false}, ErrorCode::IllegalGeneration},
        {"old generation while a rebalance completes",
         {State::CompletingRebalance, true, {}, false},
         ErrorCode::IllegalGeneration},
        {"stranger with an old generation",
         {State::Stable, true, ErrorCode::UnknownMemberId, false},
         ErrorCode::UnknownMemberId},
        {"fenced static member", {State::Stable, true, ErrorCode::FencedInstanceId, true}, ErrorCode::FencedInstanceId},
        {"dead group", {State::Dead, true, {}, true}, ErrorCode::CoordinatorNotAvailable},
        {"dead group, nobody named", {State::Dead, false, {}, true}, ErrorCode::CoordinatorNotAvailable},
    };
    for (const auto& each : cases) {
        INFO(each.name);
        CHECK(commit_refusal(each.check) == each.refusal);
    }
}

TEST_CASE("a heartbeat is answered by the state of the group") {
    CHECK(heartbeat_answer(State::Empty) == ErrorCode::UnknownMemberId);
    CHECK(heartbeat_answer(State::PreparingRebalance) == ErrorCode::RebalanceInProgress);
    CHECK(heartbeat_answer(State::CompletingRebalance) == ErrorCode::None);
    CHECK(heartbeat_answer(State::Stable) == ErrorCode::None);
    CHECK(heartbeat_answer(State::Dead) == ErrorCode::CoordinatorNotAvailable);
}

TEST_CASE("a member that joins again causes a rebalance only if something may have changed") {
    CHECK(rejoin_action(State::PreparingRebalance, false, true) == RejoinAction::JoinRebalance);
    CHECK(rejoin_action(State::CompletingRebalance, true, true) == RejoinAction::ReturnGeneration);
    CHECK(rejoin_action(State::CompletingRebalance, false, false) == RejoinAction::MetadataRebalance);
    CHECK(rejoin_action(State::Stable, true, true) == RejoinAction::LeaderRebalance);
    CHECK(rejoin_action(State::Stable, false, true) == RejoinAction::ReturnGeneration);
    CHECK(rejoin_action(State::Stable, false, false) == RejoinAction::MetadataRebalance);
    CHECK(rejoin_action(State::Empty, false, true) == RejoinAction::UnknownMember);
}

TEST_CASE("a full group takes known members only; while joining, those that wait count") {
    CHECK(accepts_joining_member({State::Empty, false, false, 5, 0, 1}));
    CHECK_FALSE(accepts_joining_member({State::Stable, false, false, 2, 0, 2}));
    CHECK(accepts_joining_member({State::Stable, true, false, 2, 0, 2}));
    CHECK(accepts_joining_member({State::PreparingRebalance, false, false, 2, 1, 2}));
    CHECK_FALSE(accepts_joining_member({State::PreparingRebalance, true, false, 3, 2, 2}));
    CHECK(accepts_joining_member({State::PreparingRebalance, true, true, 3, 2, 2}));
}

TEST_CASE("errors of appends reach the client in the coordinator's words") {
    struct Case {
        ErrorCode append, commit, group;
    };
    const Case cases[] = {
        {ErrorCode::None, ErrorCode::None, ErrorCode::None},
        {ErrorCode::UnknownTopicOrPartition, ErrorCode::CoordinatorNotAvailable, ErrorCode::CoordinatorNotAvailable},
        {ErrorCode::NotEnoughReplicas, ErrorCode::CoordinatorNotAvailable, ErrorCode::CoordinatorNotAvailable},
        {ErrorCode::NotEnoughReplicasAfterAppend, ErrorCode::CoordinatorNotAvailable,
         ErrorCode::CoordinatorNotAvailable},
        {ErrorCode::NotLeaderOrFollower, ErrorCode::NotCoordinator, ErrorCode::NotCoordinator},
        {ErrorCode::KafkaStorageError, ErrorCode::NotCoordinator, ErrorCode::NotCoordinator},
        {ErrorCode::MessageTooLarge, ErrorCode::InvalidCommitOffsetSize, ErrorCode::UnknownServerError},
        {ErrorCode::RequestTimedOut, ErrorCode::RequestTimedOut, ErrorCode::RebalanceInProgress},
    };
    for (const auto& each : cases) {
        INFO(name(each.append));
        CHECK(commit_error_of_append(each.append) == each.commit);
        CHECK(group_error_of_append(each.append) == each.group);
    }
}
