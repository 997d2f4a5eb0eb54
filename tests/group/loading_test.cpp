// SPDX-License-Identifier: Apache-2.0
//
// Leadership of __consumer_offsets moves: groups are loaded, unloaded, and refused in between.
#include "tests/catch.hpp"
#include "tests/group/fake_group_host.hpp"

using namespace kafkasim;
using namespace kafkasim::test;
using group::State;

TEST_CASE("until a partition is loaded its groups are not here, then loading, then served") {
    FakeGroupHost host;
    CHECK(host.fetch("g2").error_code == ErrorCode::NotCoordinator);
    CHECK(host.heartbeat("g2", 1, "x") == ErrorCode::NotCoordinator);
    host.coordinator.on_elected(host, 43, 0);
    CHECK(host.fetch("g2").error_code == ErrorCode::NotCoordinator);  // scheduled, not begun
    host.advance(1ms);
    CHECK(host.fetch("g2").error_code == ErrorCode::CoordinatorLoadInProgress);
    CHECK(host.heartbeat("g2", 1, "x") == ErrorCode::None);
    CHECK(host.response<protocol::SyncGroupResponse>(host.sync("g2", 1, "x"))->error_code ==
          ErrorCode::RebalanceInProgress);
    CHECK(host.response<protocol::JoinGroupResponse>(host.join("g2"))->error_code ==
          ErrorCode::CoordinatorLoadInProgress);
    CHECK(host.commit_error(host.commit("g2", 1)) == ErrorCode::CoordinatorLoadInProgress);
    host.coordinator.handle_list_groups(host, host.context(), {});
    CHECK(host.response<protocol::ListGroupsResponse>(host.correlation)->error_code ==
          ErrorCode::CoordinatorLoadInProgress);
    host.advance(1ms);
    CHECK(host.fetch("g2").error_code == ErrorCode::None);
    CHECK(host.fetch("g1").error_code == ErrorCode::NotCoordinator);  // partition 42
}

TEST_CASE("a new coordinator finds the offsets and the stable group in the log") {
    FakeGroupHost old_leader;
    old_leader.own_everything();
    const int32_t generation = old_leader.stable_group("g2", {"inst-1", "inst-2"});
    const std::string id = old_leader.coordinator.find("g2")->static_members.at("inst-1");
    old_leader.commit("g2", 3, generation, id);
    old_leader.commit("g2", 4, generation, id);

    FakeGroupHost host;
    host.logs = old_leader.logs;
    host.take_log();
    host.coordinator.on_elected(host, 43, 2);
    host.advance(2ms);
    const auto* group = host.coordinator.find("g2");
    REQUIRE(group != nullptr);
    CHECK(group->state == State::Stable);
    CHECK(group->generation_id == generation);
    CHECK(group->leader_id == old_leader.coordinator.find("g2")->leader_id);
    CHECK(group->find(id)->assignment == "for inst-1");
    CHECK(host.committed("g2") == 4);
    CHECK(host.heartbeat("g2", generation, id, "inst-1") == ErrorCode::None);

    const auto lines = host.take_log();
    REQUIRE(lines.size() >= 6);
    CHECK(lines[0] == "[GroupCoordinator 1]: Elected as the group coordinator for partition 43 in epoch 2");
    CHECK(lines[1] ==
          "[GroupMetadataManager brokerId=1] Scheduling loading of offsets and group metadata from "
          "__consumer_offsets-43 for epoch 2");
    CHECK(lines[2].starts_with("Loaded member MemberMetadata(memberId=inst-"));
    CHECK(lines[2].ends_with("supportedProtocols=List(range)) in group g2 with generation " +
                             std::to_string(generation) + "."));
    CHECK(lines[lines.size() - 2] ==
          "[GroupCoordinator 1]: Loading group metadata for g2 with generation " + std::to_string(generation));
    CHECK(lines.back() ==
          "[GroupMetadataManager brokerId=1] Finished loading offsets and group metadata from __consumer_offsets-43 in "
          "1 milliseconds for epoch 2, of which "
          "1 milliseconds was spent in the scheduler.");

    // Sessions run again: nobody comes, everybody fails.
    host.advance(46s);
    CHECK(host.coordinator.find("g2")->members.empty());
}

TEST_CASE("offsets without a group record make an empty group; tombstones take groups and offsets away") {
    FakeGroupHost old_leader;
    old_leader.own_everything();
    old_leader.commit("g2", 5);
    FakeGroupHost host;
    host.logs = old_leader.logs;
    host.own_everything();
    REQUIRE(host.coordinator.find("g2") != nullptr);
    CHECK(host.coordinator.find("g2")->state == State::Empty);
    CHECK(host.coordinator.find("g2")->generation_id == 0);
    CHECK_FALSE(host.coordinator.find("g2")->protocol_type);

    const std::string id = old_leader.new_member_id("g2");
    old_leader.join("g2", id);
    old_leader.advance(1ms);
    old_leader.leave("g2", id);
    old_leader.coordinator.handle_delete_groups(old_leader, old_leader.context(), {{"g2"}});
    FakeGroupHost last;
    last.logs = old_leader.logs;
    last.own_everything();
    CHECK(last.coordinator.find("g2") == nullptr);
}

TEST_CASE("a coordinator that lost the partition drops its groups and answers who waits") {
    FakeGroupHost host(3000);
    host.own_everything();
    host.commit("g2", 5);
    const std::string a = host.new_member_id("g2");
    const int32_t join = host.join("g2", a);
    host.take_log();
    host.coordinator.on_resigned(host, 43, 1);
    host.advance(1ms);
    const auto* reply = host.response<protocol::JoinGroupResponse>(join);
    REQUIRE(reply != nullptr);
    CHECK(reply->error_code == ErrorCode::NotCoordinator);
    CHECK(host.fetch("g2").error_code == ErrorCode::NotCoordinator);
    CHECK(host.coordinator.find("g2") == nullptr);
    CHECK(host.take_log() ==
          std::vector<std::string>{
              "[GroupCoordinator 1]: Resigned as the group coordinator for partition 43 in epoch Some(1)",
              "[GroupMetadataManager brokerId=1] Scheduling unloading of offsets and group metadata from "
              "__consumer_offsets-43",
              "[GroupCoordinator 1]: Unloading group metadata for g2 with generation 0",
              "[GroupMetadataManager brokerId=1] Finished unloading __consumer_offsets-43 for coordinator epoch "
              "Some(1). Removed 1 cached offsets and 1 "
              "cached groups."});
}

TEST_CASE("an append that is answered after the group was unloaded changes nothing") {
    FakeGroupHost host;
    host.own_everything();
    host.appends = FakeGroupHost::Appends::Later;
    const int32_t commit = host.commit("g2", 5);
    host.coordinator.on_resigned(host, 43, 1);
    host.advance(1ms);
    host.coordinator.on_elected(host, 43, 2);
    host.logs.clear();
    host.advance(2ms);
    host.answer_appends();
    CHECK(host.commit_error(commit) == ErrorCode::None);
    CHECK(host.coordinator.find("g2") == nullptr);
    CHECK(host.committed("g2") == -1);
}

TEST_CASE("leadership news with an older epoch is skipped") {
    FakeGroupHost host;
    host.coordinator.on_elected(host, 43, 5);
    host.advance(2ms);
    host.coordinator.on_resigned(host, 43, 4);
    host.advance(2ms);
    CHECK(host.coordinator.owns(43));
    CHECK(host.world.has_log(
        "Not removing offsets and group metadata for __consumer_offsets-43 in epoch Some(4) since current epoch is 5"));
    host.coordinator.on_resigned(host, 43, 6);
    host.coordinator.on_elected(host, 43, 5);
    host.advance(2ms);
    CHECK_FALSE(host.coordinator.owns(43));
    CHECK(host.world.has_log(
        "Not loading offsets and group metadata for __consumer_offsets-43 in epoch 5 since current epoch is 6"));
}

TEST_CASE("a coordinator that is shut down answers COORDINATOR_NOT_AVAILABLE and keeps no timers") {
    FakeGroupHost host;
    host.own_everything();
    host.stable_group("g2", {"inst-1"});
    host.take_log();
    host.coordinator.shutdown(host);
    CHECK(host.take_log() ==
          std::vector<std::string>{"[GroupCoordinator 1]: Shutting down.", "[GroupCoordinator 1]: Shutdown complete."});
    CHECK(host.fetch("g2").error_code == ErrorCode::CoordinatorNotAvailable);
    CHECK(host.world.timers.empty());
}

TEST_CASE("groups fall on the partitions that Kafka computes") {
    FakeGroupHost host;
    CHECK(host.coordinator.partition_for("g1") == 42);
    CHECK(host.coordinator.partition_for("g2") == 43);
    CHECK(host.coordinator.partition_for("group2") == 39);
    CHECK(host.coordinator.partition_for("team") == 33);
    CHECK(host.coordinator.partition_for("console-consumer-48278") == 0);
}
