// SPDX-License-Identifier: Apache-2.0
// The sticky assignors against what the 3.0.0 classes and real groups gave (spec 05, ground-truth 04).
#include "core/client/sticky_assignor.hpp"

#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::client;

namespace {

using Partitions = std::vector<TopicPartition>;

const std::map<TopicName, int32_t> kTwoTopics{{TopicName("A"), 3}, {TopicName("B"), 3}};

TopicPartition tp(char topic, int32_t partition) { return {TopicName(std::string(1, topic)), partition}; }

Partitions all_of(char topic) { return {tp(topic, 0), tp(topic, 1), tp(topic, 2)}; }

GroupSubscription member(const std::string& id, Partitions owned, std::optional<int32_t> generation) {
    return {id, {}, {TopicName("A"), TopicName("B")}, std::move(owned), generation};
}

Partitions joined(Partitions a, const Partitions& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

std::string text(const GroupAssignment& assignment) {
    std::string text;
    for (const auto& [id, partitions] : assignment) {
        text += id + ":";
        for (const TopicPartition& each : partitions) text += " " + each.topic.str() + std::to_string(each.partition);
        text += "; ";
    }
    return text;
}

}  // namespace

TEST_CASE("who had nothing is dealt to, in the order of ids") {
    const std::vector<GroupSubscription> two{member("c1", {}, {}), member("c2", {}, {})};
    CHECK(text(assign_sticky(two, kTwoTopics, false)) == "c1: A0 A2 B1; c2: A1 B0 B2; ");
    const std::vector<GroupSubscription> four{member("c1", {}, {}), member("c2", {}, {}), member("c3", {}, {}),
                                              member("c4", {}, {})};
    CHECK(text(assign_sticky(four, {{TopicName("A"), 3}}, false)) == "c1: A0; c2: A1; c3: A2; c4:; ");
    CHECK(text(assign_sticky(two, {{TopicName("A"), 7}}, false)) == "c1: A0 A2 A4 A6; c2: A1 A3 A5; ");
}

TEST_CASE("a sticky group keeps what it had, eagerly in one round") {
    std::vector<GroupSubscription> group{member("c1", joined(all_of('A'), all_of('B')), 1), member("c2", {}, {})};
    CHECK(text(assign_sticky(group, kTwoTopics, false)) == "c1: A0 A1 A2; c2: B0 B1 B2; ");
    group = {member("c1", all_of('A'), 2), member("c2", all_of('B'), 2), member("c3", {}, {})};
    CHECK(text(assign_sticky(group, kTwoTopics, false)) == "c1: A0 A1; c2: B0 B1; c3: A2 B2; ");
    group = {member("c2", {tp('B', 0), tp('B', 1)}, 3), member("c3", {tp('A', 2), tp('B', 2)}, 3)};
    CHECK(text(assign_sticky(group, kTwoTopics, false)) == "c2: B0 B1 A0; c3: A2 B2 A1; ");
}

TEST_CASE("a cooperative group gives nobody what changes its owner, until it was given up") {
    std::vector<GroupSubscription> group{member("c1", joined(all_of('A'), all_of('B')), 1), member("c2", {}, -1)};
    CHECK(text(assign_sticky(group, kTwoTopics, true)) == "c1: A0 A1 A2; c2:; ");
    group = {member("c1", all_of('A'), 2), member("c2", {}, 2)};
    CHECK(text(assign_sticky(group, kTwoTopics, true)) == "c1: A0 A1 A2; c2: B0 B1 B2; ");
}

TEST_CASE("of owners only the newest generation counts, and what two of them claim is nobody's") {
    std::vector<GroupSubscription> group{member("c1", all_of('A'), 5), member("c2", all_of('A'), 4)};
    CHECK(text(assign_sticky(group, {{TopicName("A"), 3}}, false)) == "c1: A0 A1; c2: A2; ");
    group = {member("c1", {tp('A', 0), tp('A', 1)}, 5), member("c2", {tp('A', 0), tp('A', 2)}, 5)};
    CHECK(text(assign_sticky(group, {{TopicName("A"), 3}}, false)) == "c1: A1 A0; c2: A2; ");
}

TEST_CASE("what a member had goes through its user data, topics in the order of a Java HashMap") {
    const Partitions had{{TopicName("my-kafka-topic"), 0}, {TopicName("my-kafka-topic"), 1}, {TopicName("other"), 2}};
    GroupSubscription read;
    decode_sticky_data(encode_sticky_data(had, 7), read);
    CHECK(read.generation == 7);
    CHECK(read.owned ==
          Partitions{{TopicName("other"), 2}, {TopicName("my-kafka-topic"), 0}, {TopicName("my-kafka-topic"), 1}});
    GroupSubscription nothing;
    decode_sticky_data("", nothing);
    CHECK(nothing.owned.empty());
    CHECK_FALSE(nothing.generation);
}

TEST_CASE("CooperativeStickyAssignorTest testEncodeAndDecodeGeneration, testDecodeGeneration") {
    for (const int32_t generation : {-1, 10}) {
        GroupSubscription cooperative;
        decode_cooperative_data(encode_cooperative_data(generation), cooperative);
        CHECK(cooperative.generation == generation);
    }
    GroupSubscription nothing;
    decode_cooperative_data("", nothing);
    CHECK_FALSE(nothing.generation);
}
