// SPDX-License-Identifier: Apache-2.0
//
// Heartbeats, sessions that end and members that leave.
#include "tests/catch.hpp"
#include "tests/group/fake_group_host.hpp"

using namespace kafkasim;
using namespace kafkasim::test;
using group::State;
using protocol::JoinGroupResponse;

namespace {

struct Pair {
    std::string a, b;
};

/// Two dynamic members, a leads, Stable in generation 2.
Pair pair_of_members(FakeGroupHost& host) {
    Pair ids;
    ids.a = host.new_member_id("g2");
    host.join("g2", ids.a, {"range", "cooperative-sticky"});
    host.advance(1ms);
    host.sync("g2", 1, ids.a, {{ids.a, "x"}});
    ids.b = host.new_member_id("g2");
    host.join("g2", ids.b);
    host.join("g2", ids.a, {"range", "cooperative-sticky"});
    host.sync("g2", 2, ids.b);
    host.sync("g2", 2, ids.a, {{ids.a, "1"}, {ids.b, "2"}});
    host.take_log();
    return ids;
}

std::string text_of(const FakeGroupHost& host, const std::string& id) {
    return to_string(*host.coordinator.find("g2")->find(id));
}

}  // namespace

TEST_CASE("heartbeats are refused for strangers and other generations") {
    FakeGroupHost host;
    host.own_everything();
    CHECK(host.heartbeat("g2", 1, "nobody") == ErrorCode::UnknownMemberId);
    const auto [a, b] = pair_of_members(host);
    CHECK(host.heartbeat("g2", 2, a) == ErrorCode::None);
    CHECK(host.heartbeat("g2", 1, a) == ErrorCode::IllegalGeneration);
    CHECK(host.heartbeat("g2", 2, "nobody") == ErrorCode::UnknownMemberId);
    CHECK(host.heartbeat("", 2, a) == ErrorCode::InvalidGroupId);
}

TEST_CASE("a member that leaves makes the others rebalance; its line comes after the preparing one") {
    FakeGroupHost host;
    host.own_everything();
    const auto [a, b] = pair_of_members(host);
    const std::string a_text = text_of(host, a);
    CHECK(a_text.ends_with(
        "clientId=consumer-g-1, clientHost=/127.0.0.1, sessionTimeoutMs=45000, rebalanceTimeoutMs=300000, "
        "supportedProtocols=List(range, cooperative-sticky))"));
    const auto reply = host.leave("g2", a);
    CHECK(reply.error_code == ErrorCode::None);
    CHECK(reply.members.at(0).error_code == ErrorCode::None);
    CHECK(host.take_log() ==
          std::vector<std::string>{
              "[GroupCoordinator 1]: Preparing to rebalance group g2 in state PreparingRebalance with old generation 2 "
              "(__consumer_offsets-43) (reason: Removing member " +
                  a + " on LeaveGroup)",
              "[GroupCoordinator 1]: Member " + a_text + " has left group g2 through explicit `LeaveGroup` request"});
    CHECK(host.coordinator.find("g2")->leader_id == b);
    const int32_t join = host.join("g2", b);
    CHECK(host.response<JoinGroupResponse>(join)->generation_id == 3);
    CHECK(host.heartbeat("g2", 3, a) == ErrorCode::UnknownMemberId);
}

TEST_CASE("the last member that leaves empties the group in a new generation before its own line") {
    FakeGroupHost host;
    host.own_everything();
    const auto [a, b] = pair_of_members(host);
    host.leave("g2", a);
    const std::string b_text = text_of(host, b);
    host.take_log();
    host.leave("g2", b);
    CHECK(host.take_log() ==
          std::vector<std::string>{
              "[GroupCoordinator 1]: Group g2 with generation 3 is now empty (__consumer_offsets-43)",
              "[GroupCoordinator 1]: Member " + b_text + " has left group g2 through explicit `LeaveGroup` request"});
    const auto* group = host.coordinator.find("g2");
    CHECK(group->state == State::Empty);
    CHECK(group->generation_id == 3);
    CHECK_FALSE(group->protocol_name);
    CHECK(host.world.armed_timers() == 1);  // only the coordinator's own cleanup is left
}

TEST_CASE("leaving is answered member by member") {
    FakeGroupHost host;
    host.own_everything();
    CHECK(host.leave("none", "x").members.at(0).error_code == ErrorCode::UnknownMemberId);
    pair_of_members(host);
    CHECK(host.leave("g2", "x").members.at(0).error_code == ErrorCode::UnknownMemberId);
    CHECK(host.leave("", "x").error_code == ErrorCode::InvalidGroupId);
    const std::string pending = host.new_member_id("g2");
    CHECK(host.leave("g2", pending).members.at(0).error_code == ErrorCode::None);
    CHECK_FALSE(host.coordinator.find("g2")->is_pending(pending));
}

TEST_CASE("a failed write of an empty group is only logged") {
    FakeGroupHost host;
    host.own_everything();
    const auto [a, b] = pair_of_members(host);
    host.leave("g2", a);
    host.append_error = ErrorCode::NotEnoughReplicas;
    host.leave("g2", b);
    CHECK(host.world.has_log(
        "[GroupCoordinator 1]: Failed to write empty metadata for group g2: The coordinator is not available."));
    CHECK(host.coordinator.find("g2")->state == State::Empty);
}

TEST_CASE("a member without heartbeats fails when its session ends and the others rebalance") {
    FakeGroupHost host;
    host.own_everything();
    const auto [a, b] = pair_of_members(host);
    host.advance(44s);
    CHECK(host.heartbeat("g2", 2, a) == ErrorCode::None);
    host.advance(1s);
    CHECK(host.take_log() ==
          std::vector<std::string>{
              "[GroupCoordinator 1]: Member " + b + " in group g2 has failed, removing it from the group",
              "[GroupCoordinator 1]: Preparing to rebalance group g2 in state PreparingRebalance with old generation 2 "
              "(__consumer_offsets-43) (reason: removing member " +
                  b + " on heartbeat expiration)"});
    CHECK(host.heartbeat("g2", 2, a) == ErrorCode::RebalanceInProgress);
    const int32_t join = host.join("g2", a);
    CHECK(host.response<JoinGroupResponse>(join)->generation_id == 3);
}

TEST_CASE("a member fails while the group is preparing: no second preparing line, the rest goes on") {
    FakeGroupHost host;
    host.own_everything();
    const auto [a, b] = pair_of_members(host);
    host.advance(1s);
    const int32_t join = host.join("g2", a);  // the leader rejoins; b is silent
    host.take_log();
    host.advance(44s);
    CHECK(host.take_log() ==
          std::vector<std::string>{
              "[GroupCoordinator 1]: Member " + b + " in group g2 has failed, removing it from the group",
              "[GroupCoordinator 1]: Stabilized group g2 generation 3 (__consumer_offsets-43) with 1 members"});
    CHECK(host.response<JoinGroupResponse>(join)->generation_id == 3);
}

TEST_CASE("a member that waits in the join phase needs no heartbeats") {
    FakeGroupHost host;
    host.own_everything();
    const auto [a, b] = pair_of_members(host);
    host.join("g2", a);
    for (int i = 0; i < 10; ++i) {  // b keeps alive without joining, a waits
        host.advance(20s);
        host.heartbeat("g2", 2, b);
    }
    CHECK(host.coordinator.find("g2")->has(a));
}

TEST_CASE("timers are given back when members go") {
    FakeGroupHost host;
    host.own_everything();
    const size_t before = host.world.timers.size();
    const auto [a, b] = pair_of_members(host);
    host.leave("g2", a);
    host.leave("g2", b);
    CHECK(host.world.timers.size() == before);
}
