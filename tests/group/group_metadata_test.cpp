// SPDX-License-Identifier: Apache-2.0
#include "core/group/group_metadata.hpp"

#include "core/group/protocol_vote.hpp"
#include "core/protocol/consumer_protocol.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::group;

namespace {

MemberMetadata member(const std::string& id, std::vector<std::string> protocols = {"range"}) {
    MemberMetadata made;
    made.member_id = id;
    made.protocol_type = "consumer";
    for (auto& name : protocols) made.supported_protocols.push_back({name, ""});
    return made;
}

std::string vote(const std::vector<MemberMetadata>& members) {
    std::vector<const MemberMetadata*> pointers;
    for (const auto& each : members) pointers.push_back(&each);
    return select_protocol(pointers);
}

}  // namespace

TEST_CASE("members stand in the order of Scala's hash map and the leader's place goes to the first") {
    const std::string m25bc = "consumer-team-1-25bc2367-49bc-4136-a3f3-7ad586c767dd";
    const std::string m47f0 = "consumer-team-1-47f03cd8-7e67-45ee-bea2-0bc16431d825";
    const std::string ma52a = "consumer-team-1-a52a406c-bfff-4934-9b6d-fb43c3862033";
    const std::string mdb35 = "consumer-team-1-db35a351-c156-4c2c-9d5e-15990b756d11";
    GroupMetadata group;
    for (const auto& id : {m47f0, mdb35, ma52a, m25bc}) group.add(member(id));
    CHECK(group.member_ids_in_order() == std::vector<std::string>{m25bc, m47f0, ma52a, mdb35});
    CHECK(group.leader_id == m47f0);
    group.remove(m47f0);
    CHECK(group.leader_id == m25bc);
    group.remove(m25bc);
    CHECK(group.leader_id == ma52a);
    group.remove(mdb35);
    CHECK(group.leader_id == ma52a);
    group.remove(ma52a);
    CHECK_FALSE(group.leader_id);
}

TEST_CASE("the protocol is the one that most members prefer of those that all support") {
    CHECK(vote({member("a", {"range", "cooperative-sticky"}), member("b", {"range", "cooperative-sticky"})}) ==
          "range");
    CHECK(vote({member("a", {"range", "sticky"}), member("b", {"sticky"})}) == "sticky");
    CHECK(vote({member("a", {"x", "y"}), member("b", {"y", "x"}), member("c", {"y", "x"})}) == "y");
    CHECK(vote({member("a", {"x", "z"}), member("b", {"y", "z"})}) == "z");
    CHECK(vote({}).empty());
}

TEST_CASE("a group asks newcomers for a protocol that all members have") {
    GroupMetadata group;
    CHECK(group.supports_protocols("consumer", member("a").supported_protocols));
    CHECK_FALSE(group.supports_protocols("", member("a").supported_protocols));
    group.add(member("a", {"range", "sticky"}));
    group.add(member("b", {"sticky"}));
    group.state = State::Stable;
    CHECK(group.supports_protocols("consumer", member("c", {"range", "sticky"}).supported_protocols));
    CHECK_FALSE(group.supports_protocols("consumer", member("c", {"range"}).supported_protocols));
    CHECK_FALSE(group.supports_protocols("connect", member("c", {"sticky"}).supported_protocols));
}

TEST_CASE("a commit that was overtaken by a later one does not come back") {
    GroupMetadata group;
    const TopicPartition tp{TopicName("t"), 0};
    const OffsetAndMetadata first{1, -1, "", 10, {}};
    const OffsetAndMetadata second{2, -1, "", 11, {}};
    group.pending_offset_commits[tp] = first;
    group.pending_offset_commits[tp] = second;
    group.complete_offset_commit(tp, second, 8);
    CHECK(group.offsets.at(tp).value == second);
    group.pending_offset_commits[tp] = second;
    group.complete_offset_commit(tp, first, 7);
    CHECK(group.offsets.at(tp).value == second);
    group.fail_offset_commit(tp, second);
    CHECK(group.pending_offset_commits.empty());
}

TEST_CASE(
    "offsets expire by the commit for simple groups, by emptiness for consumer groups, and for active ones only where "
    "nobody is subscribed") {
    const TopicPartition used{TopicName("used"), 0};
    const TopicPartition unused{TopicName("unused"), 0};
    GroupMetadata group;
    group.offsets[used] = {{1, -1, "", 1000, {}}, 0};
    group.offsets[unused] = {{1, -1, "", 1000, {}}, 0};
    group.current_state_timestamp_ms = 5000;
    CHECK(group.expired_offsets(1099, 100).empty());
    CHECK(group.expired_offsets(1100, 100).size() == 2);

    group.protocol_type = "consumer";
    CHECK(group.expired_offsets(5099, 100).empty());
    CHECK(group.expired_offsets(5100, 100).size() == 2);

    group.state = State::Stable;
    group.subscribed_topics = std::set<std::string>{"used"};
    CHECK(group.expired_offsets(9999, 100) == std::vector{unused});
    group.state = State::PreparingRebalance;
    CHECK(group.expired_offsets(9999, 100).empty());
}
