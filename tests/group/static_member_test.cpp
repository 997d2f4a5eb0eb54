// SPDX-License-Identifier: Apache-2.0
#include "tests/catch.hpp"
#include "tests/group/fake_group_host.hpp"

using namespace kafkasim;
using namespace kafkasim::test;
using group::State;
using protocol::JoinGroupResponse;

TEST_CASE("a static member is added at once, without a second JoinGroup") {
    FakeGroupHost host;
    host.own_everything();
    const int32_t join = host.join("stat", "", {"range"}, "inst-1");
    host.advance(1ms);
    const auto* reply = host.response<JoinGroupResponse>(join);
    REQUIRE(reply != nullptr);
    CHECK(reply->member_id.starts_with("inst-1-"));
    CHECK(reply->generation_id == 1);
    CHECK(host.take_log().at(0) ==
          "[GroupCoordinator 1]: Static member with groupInstanceId=inst-1 and unknown member id joins group stat in "
          "Empty state. Created a new member id " +
              reply->member_id + " for this member and add to the group.");
}

TEST_CASE(
    "a static member that comes back to a stable group takes its place without a rebalance, its old id is fenced") {
    FakeGroupHost host;
    host.own_everything();
    const int32_t generation = host.stable_group("stat", {"inst-1", "inst-2"});
    REQUIRE(host.coordinator.find("stat")->state == State::Stable);
    const std::string old_id = host.coordinator.find("stat")->static_members.at("inst-1");
    const std::string leader = *host.coordinator.find("stat")->leader_id;
    host.take_log();
    const int32_t join = host.join("stat", "", {"range"}, "inst-1");
    const auto* reply = host.response<JoinGroupResponse>(join);
    REQUIRE(reply != nullptr);
    CHECK(reply->generation_id == generation);
    CHECK(reply->leader == leader);
    CHECK(reply->members.empty());
    CHECK(host.coordinator.find("stat")->state == State::Stable);
    CHECK(host.heartbeat("stat", generation, old_id, "inst-1") == ErrorCode::FencedInstanceId);
    CHECK(host.heartbeat("stat", generation, reply->member_id, "inst-1") == ErrorCode::None);
    CHECK(host.take_log() ==
          std::vector<std::string>{"[GroupCoordinator 1]: Static member with groupInstanceId=inst-1 and unknown member "
                                   "id joins group stat in Stable state. Replacing previously "
                                   "mapped member " +
                                       old_id + " with this groupInstanceId.",
                                   "[GroupCoordinator 1]: Static member which joins during Stable stage and doesn't "
                                   "affect selectProtocol will not trigger rebalance.",
                                   "[GroupCoordinator 1]: Request memberId=" + old_id +
                                       " for static member with groupInstanceId=inst-1 is fenced by current memberId=" +
                                       reply->member_id + " during operation heartbeat"});
}

TEST_CASE("if the replacement cannot be stored the old member id is valid again") {
    FakeGroupHost host;
    host.own_everything();
    const int32_t generation = host.stable_group("stat", {"inst-1", "inst-2"});
    const std::string old_id = host.coordinator.find("stat")->static_members.at("inst-1");
    host.append_error = ErrorCode::NotEnoughReplicas;
    const int32_t join = host.join("stat", "", {"range"}, "inst-1");
    CHECK(host.response<JoinGroupResponse>(join)->error_code == ErrorCode::CoordinatorNotAvailable);
    CHECK(host.heartbeat("stat", generation, old_id, "inst-1") == ErrorCode::None);
}
