// SPDX-License-Identifier: Apache-2.0
//
// What the tools ask: describe, list, delete groups and offsets.
#include "tests/catch.hpp"
#include "tests/group/fake_group_host.hpp"

using namespace kafkasim;
using namespace kafkasim::test;
using group::State;

namespace {

std::map<std::string, ErrorCode> delete_groups(FakeGroupHost& host, std::vector<std::string> ids) {
    host.coordinator.handle_delete_groups(host, host.context(), {std::move(ids)});
    std::map<std::string, ErrorCode> results;
    for (const auto& each : host.response<protocol::DeleteGroupsResponse>(host.correlation)->results)
        results[each.group_id] = each.error_code;
    return results;
}

protocol::ListGroupsResponse list_groups(FakeGroupHost& host, std::vector<std::string> states = {}) {
    host.coordinator.handle_list_groups(host, host.context(), {std::move(states)});
    return *host.response<protocol::ListGroupsResponse>(host.correlation);
}

const protocol::OffsetDeleteResponse& delete_offsets(FakeGroupHost& host, const std::string& group_id,
                                                     const std::string& topic) {
    host.coordinator.handle_offset_delete(host, host.context(), {group_id, {{TopicName(topic), {{0}, {1}}}}});
    return *host.response<protocol::OffsetDeleteResponse>(host.correlation);
}

}  // namespace

TEST_CASE("an unknown group is described as Dead, without members and error") {
    FakeGroupHost host;
    host.own_everything();
    const auto described = host.describe("nobody");
    CHECK(described.error_code == ErrorCode::None);
    CHECK(described.group_state == "Dead");
    CHECK(described.members.empty());
}

TEST_CASE("assignments show only while the group is stable") {
    FakeGroupHost host;
    host.own_everything();
    host.stable_group("g2", {"inst-1"});
    auto described = host.describe("g2");
    CHECK(described.group_state == "Stable");
    CHECK(described.protocol_type == "consumer");
    CHECK(described.protocol_data == "range");
    CHECK(described.members.at(0).member_assignment == "for inst-1");
    CHECK(described.members.at(0).member_metadata == host.subscription);
    CHECK(described.members.at(0).client_host == "/127.0.0.1");
    host.join("g2", "", {"range"}, "inst-2");
    described = host.describe("g2");
    CHECK(described.group_state == "PreparingRebalance");
    CHECK(described.protocol_data.empty());
    CHECK(described.members.size() == 2);
    CHECK(described.members.at(0).member_assignment.empty());
}

TEST_CASE("groups are listed by state") {
    FakeGroupHost host;
    host.own_everything();
    host.stable_group("busy", {"inst-1"});
    host.commit("idle", 1);
    CHECK(list_groups(host).groups.size() == 2);
    const auto stable = list_groups(host, {"Stable"});
    REQUIRE(stable.groups.size() == 1);
    CHECK(stable.groups[0].group_id == "busy");
    CHECK(stable.groups[0].protocol_type == "consumer");
    CHECK(list_groups(host, {"Dead"}).groups.empty());
}

TEST_CASE("only empty groups are deleted, with tombstones") {
    FakeGroupHost host;
    host.own_everything();
    host.stable_group("busy", {"inst-1"});
    host.commit("g2", 1, -1, "", "", "t", 0);
    host.commit("g2", 1, -1, "", "", "t", 1);
    const auto results = delete_groups(host, {"busy", "g2", "nobody"});
    CHECK(results.at("busy") == ErrorCode::NonEmptyGroup);
    CHECK(results.at("g2") == ErrorCode::None);
    CHECK(results.at("nobody") == ErrorCode::GroupIdNotFound);
    CHECK(host.coordinator.find("g2") == nullptr);
    CHECK(host.world.has_log(
        "[GroupCoordinator 1]: The following groups were deleted: g2. A total of 2 offsets were removed."));
    const auto& last = host.logs[43].back();
    REQUIRE(last.record_count() == 2);  // generation 0: no group record to take back
    CHECK_FALSE(last.records()[0].value);
    CHECK(host.describe("g2").group_state == "Dead");
}

TEST_CASE("offsets are deleted unless a member is subscribed to their topic") {
    FakeGroupHost host;
    host.own_everything();
    CHECK(delete_offsets(host, "nobody", "t").error_code == ErrorCode::GroupIdNotFound);
    const int32_t generation = host.stable_group("g2", {"inst-1"});
    const std::string id = host.coordinator.find("g2")->static_members.at("inst-1");
    host.commit("g2", 1, generation, id, "", "t", 0);
    host.commit("g2", 1, generation, id, "", "other", 0);
    CHECK(delete_offsets(host, "g2", "t").topics.at(0).partitions.at(0).error_code ==
          ErrorCode::GroupSubscribedToTopic);
    CHECK(host.committed("g2", "t") == 1);
    CHECK(delete_offsets(host, "g2", "other").topics.at(0).partitions.at(0).error_code == ErrorCode::None);
    CHECK(host.committed("g2", "other") == -1);
    CHECK(
        host.world.has_log("[GroupCoordinator 1]: The following offsets of the group g2 were deleted: other-0, "
                           "other-1. A total of 1 offsets were removed."));
}
