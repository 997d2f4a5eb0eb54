// SPDX-License-Identifier: Apache-2.0
//
// The join and sync phases as members see them, with the coordinator's log lines in order; static members.
#include "tests/catch.hpp"
#include "tests/group/fake_group_host.hpp"

using namespace kafkasim;
using namespace kafkasim::test;
using group::State;
using protocol::JoinGroupResponse;
using protocol::SyncGroupResponse;

namespace {

const JoinGroupResponse& joined(const FakeGroupHost& host, int32_t correlation) {
    const auto* reply = host.response<JoinGroupResponse>(correlation);
    REQUIRE(reply != nullptr);
    return *reply;
}

/// One dynamic member of group g2, Stable in generation 1; its id.
std::string first_member(FakeGroupHost& host, std::vector<std::string> protocols = {"range"}) {
    const std::string id = host.new_member_id("g2", protocols);
    host.join("g2", id, protocols);
    host.advance(1ms);
    host.sync("g2", 1, id, {{id, "a"}});
    return id;
}

}  // namespace

TEST_CASE("the first member gets an id, comes again with it, leads generation 1 and is assigned") {
    FakeGroupHost host;
    host.own_everything();
    const auto& first = joined(host, host.join("g2"));
    CHECK(first.error_code == ErrorCode::MemberIdRequired);
    CHECK(first.generation_id == -1);
    const std::string id = first.member_id;
    CHECK(id.starts_with("consumer-g-1-"));
    CHECK(id.size() == std::string("consumer-g-1-").size() + 36);

    const int32_t second = host.join("g2", id, {"range", "cooperative-sticky"});
    CHECK(host.response<JoinGroupResponse>(second) == nullptr);
    host.advance(1ms);
    const auto& reply = joined(host, second);
    CHECK(reply.error_code == ErrorCode::None);
    CHECK(reply.generation_id == 1);
    CHECK(reply.protocol_type == "consumer");
    CHECK(reply.protocol_name == "range");
    CHECK(reply.leader == id);
    REQUIRE(reply.members.size() == 1);
    CHECK(reply.members[0].metadata == host.subscription);
    CHECK(host.coordinator.find("g2")->state == State::CompletingRebalance);

    const int32_t sync = host.sync("g2", 1, id, {{id, "mine"}});
    REQUIRE(host.response<SyncGroupResponse>(sync) != nullptr);
    CHECK(host.response<SyncGroupResponse>(sync)->assignment == "mine");
    CHECK(host.coordinator.find("g2")->state == State::Stable);
    CHECK(host.take_log() ==
          std::vector<std::string>{
              "[GroupCoordinator 1]: Dynamic member with unknown member id joins group g2 in Empty state. Created a "
              "new member id " +
                  id + " and request the member to rejoin with this id.",
              "[GroupCoordinator 1]: Preparing to rebalance group g2 in state PreparingRebalance with old generation 0 "
              "(__consumer_offsets-43) (reason: "
              "Adding new member " +
                  id + " with group instance id None)",
              "[GroupCoordinator 1]: Stabilized group g2 generation 1 (__consumer_offsets-43) with 1 members",
              "[GroupCoordinator 1]: Assignment received from leader " + id +
                  " for group g2 for generation 1. The group has 1 members, 0 of which are static."});
    CHECK(host.logs[43].size() == 1);
    const auto* note = host.world.last_note(node::NoteKind::GroupState);
    REQUIRE(note != nullptr);
    CHECK(*node::find(*note, "to") == node::FieldValue{"Stable"});
    CHECK(*node::find(*note, "generation") == node::FieldValue{int64_t{1}});
}

TEST_CASE("a second member waits until the first has learned of the rebalance and joined again") {
    FakeGroupHost host;
    host.own_everything();
    const std::string a = first_member(host);
    host.take_log();
    const std::string b = host.new_member_id("g2");
    const int32_t b_join = host.join("g2", b);
    host.advance(2s);
    CHECK(host.response<JoinGroupResponse>(b_join) == nullptr);
    CHECK(host.heartbeat("g2", 1, a) == ErrorCode::RebalanceInProgress);
    const int32_t a_join = host.join("g2", a);
    CHECK(joined(host, b_join).generation_id == 2);
    CHECK(joined(host, a_join).generation_id == 2);
    CHECK(joined(host, b_join).leader == a);
    CHECK(joined(host, b_join).members.empty());
    CHECK(joined(host, a_join).members.size() == 2);

    // The follower's sync waits for the leader's.
    const int32_t b_sync = host.sync("g2", 2, b);
    CHECK(host.response<SyncGroupResponse>(b_sync) == nullptr);
    host.sync("g2", 2, a, {{a, "for a"}, {b, "for b"}});
    CHECK(host.response<SyncGroupResponse>(b_sync)->assignment == "for b");
    CHECK(host.heartbeat("g2", 2, b) == ErrorCode::None);
    CHECK(host.take_log() ==
          std::vector<std::string>{
              "[GroupCoordinator 1]: Dynamic member with unknown member id joins group g2 in Stable state. Created a "
              "new member id " +
                  b + " and request the member to rejoin with this id.",
              "[GroupCoordinator 1]: Preparing to rebalance group g2 in state PreparingRebalance with old generation 1 "
              "(__consumer_offsets-43) (reason: "
              "Adding new member " +
                  b + " with group instance id None)",
              "[GroupCoordinator 1]: Stabilized group g2 generation 2 (__consumer_offsets-43) with 2 members",
              "[GroupCoordinator 1]: Assignment received from leader " + a +
                  " for group g2 for generation 2. The group has 2 members, 0 of which are static."});
}

TEST_CASE("an id that was handed out and not used holds the join up until it expires") {
    FakeGroupHost host;
    host.own_everything();
    const std::string a = first_member(host);
    const std::string b = host.new_member_id("g2");
    const std::string ghost = host.new_member_id("g2");
    const int32_t b_join = host.join("g2", b);
    host.join("g2", a);
    CHECK(host.response<JoinGroupResponse>(b_join) == nullptr);
    host.advance(45s);
    CHECK(joined(host, b_join).generation_id == 2);
    CHECK(host.world.has_log("Pending member " + ghost +
                             " in group g2 has been removed after session timeout expiration."));
}

TEST_CASE("with group.initial.rebalance.delay.ms a new group waits, longer while members come") {
    FakeGroupHost host(3000);
    host.own_everything();
    const std::string a = host.new_member_id("g2");
    const int32_t a_join = host.join("g2", a);
    host.advance(2s);
    const std::string b = host.new_member_id("g2");
    const int32_t b_join = host.join("g2", b);
    host.advance(3s);
    CHECK(host.response<JoinGroupResponse>(a_join) == nullptr);
    host.advance(1s);
    CHECK(joined(host, a_join).generation_id == 1);
    CHECK(joined(host, b_join).generation_id == 1);
    CHECK(joined(host, a_join).members.size() == 2);
}

TEST_CASE("members that do not join in time are left behind; a joined one leads instead of a missing leader") {
    FakeGroupHost host;
    host.rebalance_timeout_ms = 60000;
    host.own_everything();
    const std::string a = first_member(host);
    const std::string b = host.new_member_id("g2");
    const int32_t b_join = host.join("g2", b);
    for (int i = 0; i < 6; ++i) {  // a keeps its session but never joins
        host.advance(10s);
        if (host.coordinator.find("g2")->has(a)) host.heartbeat("g2", 1, a);
    }
    CHECK(joined(host, b_join).generation_id == 2);
    CHECK(joined(host, b_join).leader == b);
    CHECK(host.world.has_log("Group g2 removed dynamic members who haven't joined: Set(" + a + ")"));
    CHECK_FALSE(host.coordinator.find("g2")->has(a));
}

TEST_CASE("the leader that joins a stable group again starts a rebalance, a follower only with new metadata") {
    FakeGroupHost host;
    host.own_everything();
    const std::string a = first_member(host);
    const std::string b = host.new_member_id("g2");
    host.join("g2", b);
    host.join("g2", a);
    host.sync("g2", 2, b);
    host.sync("g2", 2, a, {{a, "1"}, {b, "2"}});
    CHECK(joined(host, host.join("g2", b)).generation_id == 2);
    CHECK(host.coordinator.find("g2")->state == State::Stable);
    host.take_log();
    host.join("g2", b, {"range", "sticky"});
    CHECK(host.world.has_log("(reason: Updating metadata for member " + b + " during Stable)"));
    host.join("g2", a);
    host.sync("g2", 3, b);
    host.sync("g2", 3, a, {{a, "1"}, {b, "2"}});
    host.join("g2", a);
    CHECK(host.world.has_log("(reason: Leader " + a + " re-joining group during Stable)"));
}

TEST_CASE("joins are refused for a bad id, session timeout, member, protocol and a full group") {
    FakeGroupHost host;
    host.own_everything();
    CHECK(joined(host, host.join("")).error_code == ErrorCode::InvalidGroupId);
    CHECK(joined(host, host.join("g2", "nobody")).error_code == ErrorCode::UnknownMemberId);
    protocol::JoinGroupRequest short_session{"g2", 5999, 300000, "", {}, "consumer", {{"range", ""}}};
    host.coordinator.handle_join_group(host, host.context(), std::move(short_session));
    CHECK(joined(host, host.correlation).error_code == ErrorCode::InvalidSessionTimeout);
    first_member(host);
    CHECK(joined(host, host.join("g2", "nobody")).error_code == ErrorCode::UnknownMemberId);
    CHECK(joined(host, host.join("g2", "", {"roundrobin"})).error_code == ErrorCode::InconsistentGroupProtocol);
    host.settings.group_max_size = 1;
    CHECK(joined(host, host.join("g2")).error_code == ErrorCode::GroupMaxSizeReached);
}

TEST_CASE("syncs are refused for a wrong member, generation and protocol and while the group rebalances") {
    FakeGroupHost host;
    host.own_everything();
    const auto error_of = [&](int32_t correlation) {
        return host.response<SyncGroupResponse>(correlation)->error_code;
    };
    CHECK(error_of(host.sync("g2", 1, "nobody")) == ErrorCode::UnknownMemberId);
    const std::string a = first_member(host);
    CHECK(error_of(host.sync("g2", 1, "nobody")) == ErrorCode::UnknownMemberId);
    CHECK(error_of(host.sync("g2", 2, a)) == ErrorCode::IllegalGeneration);
    host.coordinator.handle_sync_group(host, host.context(), {"g2", 1, a, {}, "consumer", "sticky", {}});
    CHECK(error_of(host.correlation) == ErrorCode::InconsistentGroupProtocol);
    CHECK(error_of(host.sync("g2", 1, a)) == ErrorCode::None);  // stable: the stored assignment again
    const std::string b = host.new_member_id("g2");
    host.join("g2", b);
    CHECK(error_of(host.sync("g2", 1, a)) == ErrorCode::RebalanceInProgress);
}

TEST_CASE("an assignment that cannot be stored is told to all and the group rebalances") {
    FakeGroupHost host;
    host.own_everything();
    const std::string a = host.new_member_id("g2");
    host.join("g2", a);
    host.advance(1ms);
    host.append_error = ErrorCode::NotEnoughReplicas;
    const int32_t sync = host.sync("g2", 1, a, {{a, "x"}});
    CHECK(host.response<SyncGroupResponse>(sync)->error_code == ErrorCode::CoordinatorNotAvailable);
    CHECK(host.coordinator.find("g2")->state == State::PreparingRebalance);
    CHECK(host.world.has_log("(reason: Error when storing group assignment during SyncGroup (member: " + a + "))"));
}

TEST_CASE("an assignment that is stored only after the group went on is void") {
    FakeGroupHost host;
    host.own_everything();
    const std::string a = host.new_member_id("g2");
    host.join("g2", a);
    host.advance(1ms);
    host.appends = FakeGroupHost::Appends::Later;
    const int32_t sync = host.sync("g2", 1, a, {{a, "x"}});
    CHECK(host.response<SyncGroupResponse>(sync) == nullptr);
    const std::string b = host.new_member_id("g2");
    host.join("g2", b);
    CHECK(host.response<SyncGroupResponse>(sync)->error_code == ErrorCode::RebalanceInProgress);
    host.answer_appends();
    CHECK(host.coordinator.find("g2")->state == State::PreparingRebalance);
}

TEST_CASE("a member that never asks for its assignment is removed after the rebalance timeout") {
    FakeGroupHost host;
    host.own_everything();
    const std::string a = first_member(host);
    const std::string b = host.new_member_id("g2");
    host.join("g2", b);
    host.join("g2", a);
    host.sync("g2", 2, a, {{a, "1"}, {b, "2"}});
    for (int i = 0; i < 30; ++i) {
        host.advance(10s);
        host.heartbeat("g2", 2, a);
        host.heartbeat("g2", 2, b);
    }
    CHECK_FALSE(host.coordinator.find("g2")->has(b));
    CHECK(host.coordinator.find("g2")->has(a));
    CHECK(host.world.has_log("(reason: Removing Set(" + b + ") on pending sync request expiration)"));
}

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
