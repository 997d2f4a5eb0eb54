// SPDX-License-Identifier: Apache-2.0
//
// What a group decides without time and messages: states, votes, leaders, subscriptions, offsets; and the rules of
// rules.hpp. The cases of Kafka's GroupMetadataTest stand here by their names.
#include "core/group/group_metadata.hpp"

#include "core/group/protocol_vote.hpp"
#include "core/group/rules.hpp"
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
    CHECK(group.expired_offsets(9999, 100) == std::vector{unused});
    group.subscribed_topics.reset();  // nobody knows what is used
    CHECK(group.expired_offsets(9999, 100).empty());
}

TEST_CASE("the states of a group change as in Kafka's GroupMetadataTest") {
    using enum State;
    struct Case {
        const char* name;
        std::vector<State> way;  // after Empty
        bool last_allowed = true;
        std::optional<bool> may_rebalance{};
    };
    const Case cases[] = {
        {"testCanRebalanceWhenStable", {}, true, true},
        {"testCanRebalanceWhenCompletingRebalance", {PreparingRebalance, CompletingRebalance}, true, true},
        {"testCannotRebalanceWhenPreparingRebalance", {PreparingRebalance}, true, false},
        {"testCannotRebalanceWhenDead", {PreparingRebalance, Empty, Dead}, true, false},
        {"testStableToPreparingRebalanceTransition", {PreparingRebalance}},
        {"testStableToDeadTransition", {Dead}},
        {"testAwaitingRebalanceToPreparingRebalanceTransition",
         {PreparingRebalance, CompletingRebalance, PreparingRebalance}},
        {"testPreparingRebalanceToDeadTransition", {PreparingRebalance, Dead}},
        {"testPreparingRebalanceToEmptyTransition", {PreparingRebalance, Empty}},
        {"testEmptyToDeadTransition", {PreparingRebalance, Empty, Dead}},
        {"testAwaitingRebalanceToStableTransition", {PreparingRebalance, CompletingRebalance, Stable}},
        {"testEmptyToStableIllegalTransition", {Stable}, false},
        {"testStableToStableIllegalTransition", {PreparingRebalance, CompletingRebalance, Stable, Stable}, false},
        {"testEmptyToAwaitingRebalanceIllegalTransition", {CompletingRebalance}, false},
        {"testPreparingRebalanceToPreparingRebalanceIllegalTransition",
         {PreparingRebalance, PreparingRebalance},
         false},
        {"testPreparingRebalanceToStableIllegalTransition", {PreparingRebalance, Stable}, false},
        {"testAwaitingRebalanceToAwaitingRebalanceIllegalTransition",
         {PreparingRebalance, CompletingRebalance, CompletingRebalance},
         false},
        {"testDeadToStableIllegalTransition", {PreparingRebalance, Dead, Stable}, false},
        {"testDeadToPreparingRebalanceIllegalTransition", {PreparingRebalance, Dead, PreparingRebalance}, false},
        {"testDeadToAwaitingRebalanceIllegalTransition", {PreparingRebalance, Dead, CompletingRebalance}, false},
    };
    for (const Case& each : cases) {
        INFO(each.name);
        State state = Empty;
        for (size_t i = 0; i < each.way.size(); ++i) {
            const bool last = i + 1 == each.way.size();
            CHECK(may_follow(state, each.way[i]) == (!last || each.last_allowed));
            state = each.way[i];
        }
        if (each.may_rebalance) CHECK(can_rebalance(state) == *each.may_rebalance);
    }
}

TEST_CASE("testSelectProtocol, testSelectProtocolRaisesIfNoMembers, testSelectProtocolChoosesCompatibleProtocol") {
    CHECK(vote({member("memberId", {"range", "roundrobin"})}) == "range");
    const auto two =
        vote({member("memberId", {"range", "roundrobin"}), member("otherMemberId", {"roundrobin", "range"})});
    CHECK((two == "range" || two == "roundrobin"));
    CHECK(vote({member("memberId", {"range", "roundrobin"}), member("otherMemberId", {"roundrobin", "range"}),
                member("lastMemberId", {"roundrobin", "range"})}) == "roundrobin");
    CHECK(vote({}).empty());
    CHECK(vote({member("memberId", {"range", "roundrobin"}), member("otherMemberId", {"roundrobin", "blah"})}) ==
          "roundrobin");
}

TEST_CASE("Kafka's MemberMetadataTest") {
    MemberMetadata made = member("memberId", {"range", "roundrobin"});
    made.supported_protocols[0].metadata = "0";
    made.supported_protocols[1].metadata = "1";
    {
        INFO("testMatchesSupportedProtocols");
        const MemberMetadata one = member("memberId");
        CHECK(one.matches({{"range", ""}}));
        CHECK_FALSE(one.matches({{"range", "0"}}));
        CHECK_FALSE(one.matches({{"roundrobin", ""}}));
        CHECK_FALSE(one.matches({{"range", ""}, {"roundrobin", ""}}));
    }
    {
        INFO("testVoteForPreferredProtocol");
        CHECK(vote({made}) == "range");
        CHECK(vote({made, member("other", {"blah", "roundrobin"})}) == "roundrobin");
    }
    {
        INFO("testVoteRaisesOnNoSupportedProtocols");
        CHECK(vote({made, member("other", {"blah"})}).empty());
    }
    {
        INFO("testMetadata");
        CHECK(made.metadata("range") == "0");
        CHECK(made.metadata("roundrobin") == "1");
    }
    {
        INFO("testMetadataRaisesOnUnsupportedProtocol");
        CHECK(made.metadata("blah").empty());
    }
    {
        INFO("testHasValidGroupInstanceId");
        CHECK_FALSE(made.is_static());
        made.group_instance_id = "groupInstanceId";
        CHECK(made.is_static());
    }
}

TEST_CASE("testSupportsProtocols") {
    const auto supports = [](const GroupMetadata& group, const char* type, std::vector<std::string> names) {
        return group.supports_protocols(type, member("x", std::move(names)).supported_protocols);
    };
    GroupMetadata group;
    CHECK(supports(group, "consumer", {"roundrobin", "range"}));
    group.add(member("memberId", {"range", "roundrobin"}));
    group.state = State::PreparingRebalance;
    CHECK(supports(group, "consumer", {"roundrobin", "foo"}));
    CHECK(supports(group, "consumer", {"range", "foo"}));
    CHECK_FALSE(supports(group, "consumer", {"foo", "bar"}));
    group.add(member("otherMemberId", {"roundrobin", "blah"}));
    CHECK(supports(group, "consumer", {"roundrobin", "foo"}));
    CHECK_FALSE(supports(group, "invalid_type", {"roundrobin", "foo"}));
    CHECK_FALSE(supports(group, "consumer", {"range", "foo"}));
}

TEST_CASE("testSubscribedTopics, testSubscribedTopicsNonConsumerGroup") {
    GroupMetadata group;
    CHECK_FALSE(group.subscribed_topics);
    MemberMetadata reader = member("memberId");
    reader.supported_protocols[0].metadata =
        protocol::encode(protocol::ConsumerProtocolSubscription{{"foo"}, std::nullopt, {}});
    group.add(std::move(reader));
    CHECK(group.init_next_generation() == State::CompletingRebalance);
    CHECK(group.subscribed_topics == std::set<std::string>{"foo"});
    group.remove("memberId");
    CHECK(group.init_next_generation() == State::Empty);
    CHECK(group.subscribed_topics == std::set<std::string>{});
    group.add(member("memberId"));  // its metadata says nothing
    group.init_next_generation();
    CHECK_FALSE(group.subscribed_topics);

    GroupMetadata other;
    MemberMetadata stranger = member("memberId");
    stranger.protocol_type = "My Protocol";
    other.add(std::move(stranger));
    other.init_next_generation();
    CHECK_FALSE(other.subscribed_topics);
}

TEST_CASE("testInitNextGeneration, testInitNextGenerationEmptyGroup, testNewGenerationClearsPendingSyncMembers") {
    GroupMetadata group;
    group.add(member("memberId", {"roundrobin"}));
    CHECK(group.generation_id == 0);
    CHECK_FALSE(group.protocol_name);
    group.pending_sync_members.insert("memberId");
    CHECK(group.init_next_generation() == State::CompletingRebalance);
    CHECK(group.generation_id == 1);
    CHECK(group.protocol_name == "roundrobin");
    CHECK(group.pending_sync_members.empty());

    GroupMetadata empty;
    CHECK(empty.init_next_generation() == State::Empty);
    CHECK(empty.generation_id == 1);
    CHECK_FALSE(empty.protocol_name);
}

TEST_CASE(
    "testOffsetCommit, testOffsetCommitFailure, testOffsetCommitFailureWithAnotherPending, "
    "testOffsetCommitWithAnotherPending, testHasPendingNonTxnOffsets") {
    const TopicPartition tp{TopicName("foo"), 0};
    const OffsetAndMetadata first{37, -1, "", 10, {}};
    const OffsetAndMetadata second{57, -1, "", 11, {}};
    struct Case {
        const char* name;
        std::vector<OffsetAndMetadata> staged;
        std::vector<OffsetAndMetadata> failed;
        std::vector<OffsetAndMetadata> appended;
        bool has_offsets;
        std::optional<int64_t> offset;
        bool pending;
    };
    const Case cases[] = {
        {"testHasPendingNonTxnOffsets", {first}, {}, {}, true, {}, true},
        {"testOffsetCommit", {first}, {}, {first}, true, 37, false},
        {"testOffsetCommitFailure", {first}, {first}, {}, false, {}, false},
        {"only the first of two fails", {first, second}, {first}, {}, true, {}, true},
        {"testOffsetCommitFailureWithAnotherPending", {first, second}, {first}, {second}, true, 57, false},
        {"only the first of two is appended", {first, second}, {}, {first}, true, 37, true},
        {"testOffsetCommitWithAnotherPending", {first, second}, {}, {first, second}, true, 57, false},
    };
    for (const Case& each : cases) {
        INFO(each.name);
        GroupMetadata group;
        for (const auto& value : each.staged) group.pending_offset_commits[tp] = value;
        CHECK(group.has_offsets());
        CHECK(group.has_pending_commit(tp));
        for (const auto& value : each.failed) group.fail_offset_commit(tp, value);
        int64_t appended_at = 3;
        for (const auto& value : each.appended) group.complete_offset_commit(tp, value, ++appended_at);
        CHECK(group.has_offsets() == each.has_offsets);
        CHECK(group.has_pending_commit(tp) == each.pending);
        CHECK(group.offsets.contains(tp) == each.offset.has_value());
        if (each.offset) CHECK(group.offsets[tp].value.offset == *each.offset);
    }
}

TEST_CASE(
    "testRemovalFromPendingAfterMemberIsStable, testRemovalFromPendingWhenMemberIsRemoved, "
    "testCanAddAndRemovePendingSyncMember, testRemovalFromPendingSyncWhenMemberIsRemoved") {
    GroupMetadata group;
    group.pending_members["memberId"] = node::TimerId::None;
    CHECK_FALSE(group.has("memberId"));
    CHECK(group.is_pending("memberId"));
    group.add(member("memberId"));
    CHECK(group.has("memberId"));
    CHECK_FALSE(group.is_pending("memberId"));

    group.pending_sync_members.insert("memberId");
    group.remove("memberId");
    CHECK_FALSE(group.has("memberId"));
    CHECK(group.pending_sync_members.empty());

    group.pending_members["other"] = node::TimerId::None;
    group.remove("other");
    CHECK_FALSE(group.is_pending("other"));
}

TEST_CASE("a group state follows only the states that Kafka allows before it") {
    const State all[] = {State::Empty, State::PreparingRebalance, State::CompletingRebalance, State::Stable,
                         State::Dead};
    // rows: from; columns: to, in the order of `all`
    const bool allowed[5][5] = {
        {false, true, false, false, true},  // Empty
        {true, false, true, false, true},   // PreparingRebalance
        {false, true, false, true, true},   // CompletingRebalance
        {false, true, false, false, true},  // Stable
        {false, false, false, false, true}  // Dead
    };
    for (int from = 0; from < 5; ++from) {
        for (int to = 0; to < 5; ++to) {
            INFO(name_of(all[from]) << " -> " << name_of(all[to]));
            CHECK(may_follow(all[from], all[to]) == allowed[from][to]);
        }
    }
}

TEST_CASE("a rebalance begins in every state but PreparingRebalance and Dead") {
    CHECK(can_rebalance(State::Empty));
    CHECK(can_rebalance(State::CompletingRebalance));
    CHECK(can_rebalance(State::Stable));
    CHECK_FALSE(can_rebalance(State::PreparingRebalance));
    CHECK_FALSE(can_rebalance(State::Dead));
}

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
