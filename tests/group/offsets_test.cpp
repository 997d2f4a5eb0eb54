// SPDX-License-Identifier: Apache-2.0
//
// Commits, fetches and what makes offsets go.
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
