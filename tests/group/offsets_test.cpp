// SPDX-License-Identifier: Apache-2.0
//
// Commits, fetches and what makes offsets go; what the tools ask: describe, list, delete groups and offsets.
#include "tests/catch.hpp"
#include "tests/group/fake_group_host.hpp"

using namespace kafkasim;
using namespace kafkasim::test;
using group::State;

TEST_CASE("an unknown group has committed nothing: -1, no error") {
    FakeGroupHost host;
    host.own_everything();
    const auto reply = host.fetch("nobody");
    CHECK(reply.error_code == ErrorCode::None);
    CHECK(reply.topics.at(0).partitions.at(0).committed_offset == -1);
    CHECK(reply.topics.at(0).partitions.at(0).error_code == ErrorCode::None);
}

TEST_CASE("a commit counts only when it has been appended") {
    FakeGroupHost host;
    host.own_everything();
    host.appends = FakeGroupHost::Appends::Later;
    const int32_t commit = host.commit("g2", 4);
    CHECK_FALSE(host.commit_error(commit));
    CHECK(host.committed("g2") == -1);
    host.answer_appends();
    CHECK(host.commit_error(commit) == ErrorCode::None);
    CHECK(host.committed("g2") == 4);
    const auto* note = host.world.last_note(node::NoteKind::OffsetsCommitted);
    REQUIRE(note != nullptr);
    CHECK(*node::find(*note, "offset") == node::FieldValue{int64_t{4}});
}

TEST_CASE("a commit whose append fails changes nothing") {
    FakeGroupHost host;
    host.own_everything();
    host.commit("g2", 4);
    host.append_error = ErrorCode::NotLeaderOrFollower;
    CHECK(host.commit_error(host.commit("g2", 9)) == ErrorCode::NotCoordinator);
    host.append_error = ErrorCode::RequestTimedOut;
    CHECK(host.commit_error(host.commit("g2", 9)) == ErrorCode::RequestTimedOut);
    CHECK(host.committed("g2") == 4);
    CHECK(host.coordinator.find("g2")->pending_offset_commits.empty());
}

TEST_CASE("commits of members need the running generation; strangers may commit only to a group without members") {
    FakeGroupHost host;
    host.own_everything();
    CHECK(host.commit_error(host.commit("g2", 1, 5, "x")) == ErrorCode::IllegalGeneration);  // no such group
    const int32_t generation = host.stable_group("g2", {"inst-1"});
    const std::string id = host.coordinator.find("g2")->static_members.at("inst-1");
    CHECK(host.commit_error(host.commit("g2", 7, generation, id)) == ErrorCode::None);
    CHECK(host.commit_error(host.commit("g2", 8, generation + 1, id)) == ErrorCode::IllegalGeneration);
    CHECK(host.commit_error(host.commit("g2", 8, generation, "x")) == ErrorCode::UnknownMemberId);
    CHECK(host.commit_error(host.commit("g2", 8)) == ErrorCode::UnknownMemberId);
    CHECK(host.committed("g2") == 7);
    host.join("g2", id);  // the leader starts a rebalance, which completes at once
    CHECK(host.commit_error(host.commit("g2", 9, generation + 1, id)) == ErrorCode::RebalanceInProgress);
}

TEST_CASE("metadata beside an offset has a limit") {
    FakeGroupHost host;
    host.own_everything();
    CHECK(host.commit_error(host.commit("g2", 1, -1, "", std::string(4096, 'x'))) == ErrorCode::None);
    CHECK(host.commit_error(host.commit("g2", 2, -1, "", std::string(4097, 'x'))) == ErrorCode::OffsetMetadataTooLarge);
    CHECK(host.committed("g2") == 1);
}

TEST_CASE("a fetch without topics gives all offsets of the group") {
    FakeGroupHost host;
    host.own_everything();
    host.commit("g2", 1, -1, "", "", "t", 0);
    host.commit("g2", 2, -1, "", "", "t", 1);
    host.commit("g2", 3, -1, "", "", "u", 0);
    host.coordinator.handle_offset_fetch(host, host.context(), {{{"g2", std::nullopt}}, false});
    const auto& group = host.response<protocol::OffsetFetchResponse>(host.correlation)->groups.at(0);
    REQUIRE(group.topics.size() == 2);
    CHECK(group.topics[0].partitions.size() == 2);
    CHECK(group.topics[1].name == "u");
    CHECK(group.topics[1].partitions.at(0).committed_offset == 3);
}

TEST_CASE("offsets of a simple consumer expire a week after the commit and the group dies") {
    FakeGroupHost host;
    host.own_everything();
    host.commit("g2", 4);
    host.advance(Seconds{7 * 24 * 3600 - 60});
    CHECK(host.committed("g2") == 4);
    host.advance(Seconds{660});
    CHECK(host.committed("g2") == -1);
    CHECK(host.coordinator.find("g2") == nullptr);
    CHECK(host.world.has_log("[GroupMetadataManager brokerId=1] Group g2 transitioned to Dead in generation 0"));
    CHECK(host.world.has_log("[GroupMetadataManager brokerId=1] Removed 1 expired offsets in 0 milliseconds."));
}

TEST_CASE("a group that is empty and has no offsets dies at the next cleanup") {
    FakeGroupHost host;
    host.own_everything();
    const std::string id = host.new_member_id("g2");
    host.leave("g2", id);
    CHECK(host.coordinator.find("g2") != nullptr);
    host.advance(Seconds{600});
    CHECK(host.coordinator.find("g2") == nullptr);
}

TEST_CASE("the offsets of deleted topics go at once") {
    FakeGroupHost host;
    host.own_everything();
    host.commit("g2", 1, -1, "", "", "t", 0);
    host.commit("g3", 1, -1, "", "", "u", 0);
    host.coordinator.on_topics_deleted(host, {{TopicName("t"), 0}, {TopicName("t"), 1}});
    CHECK(host.world.has_log("[GroupCoordinator 1]: Removed 1 offsets associated with deleted partitions: t-0, t-1."));
    CHECK(host.coordinator.find("g2") == nullptr);
    CHECK(host.committed("g3", "u") == 1);
}

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

TEST_CASE(
    "testOffsetFetchRequestSingleGroup, testOffsetFetchRequestWithMultipleGroups, "
    "testOffsetFetchRequestWithMultipleGroupsWithOneGroupRepeating") {
    FakeGroupHost host;
    host.own_everything();
    const std::vector<std::pair<TopicName, std::vector<int32_t>>> all{
        {TopicName("topic1"), {0}}, {TopicName("topic2"), {0, 1}}, {TopicName("topic3"), {0, 1, 2}}};
    for (int group = 1; group <= 5; ++group) {  // the first asks for one topic, the second for two, the others for all
        for (const auto& [topic, partitions] : all) {
            if (group < topic.view().back() - '0') continue;
            for (int32_t partition : partitions)
                host.commit("group" + std::to_string(group), 15, -1, "", "metadata", topic.str(), partition);
        }
    }
    protocol::OffsetFetchRequest request;
    for (int group = 1; group <= 6; ++group) {
        auto& asked = request.groups.emplace_back();
        asked.group_id = "group" + std::to_string(group == 6 ? 3 : group);  // once more, with less
        if (group == 4 || group == 5) continue;                             // all that there is
        asked.topics.emplace();
        for (const auto& [topic, partitions] : all) {
            if (group == 6 ? topic == TopicName("topic1") : group >= topic.view().back() - '0')
                asked.topics->push_back({topic, partitions});
        }
    }
    host.coordinator.handle_offset_fetch(host, host.context(), std::move(request));
    const auto& groups = host.response<protocol::OffsetFetchResponse>(host.correlation)->groups;
    REQUIRE(groups.size() == 6);
    const size_t topics[] = {1, 2, 3, 3, 3, 1};
    for (size_t i = 0; i < 6; ++i) {
        INFO(groups[i].group_id);
        CHECK(groups[i].error_code == ErrorCode::None);
        REQUIRE(groups[i].topics.size() == topics[i]);
        for (size_t t = 0; t < topics[i]; ++t) {
            CHECK(groups[i].topics[t].name == all[t].first);
            REQUIRE(groups[i].topics[t].partitions.size() == all[t].second.size());
            for (const auto& partition : groups[i].topics[t].partitions) {
                CHECK(partition.error_code == ErrorCode::None);
                CHECK(partition.committed_offset == 15);
                CHECK(partition.metadata == "metadata");
            }
        }
    }
}
