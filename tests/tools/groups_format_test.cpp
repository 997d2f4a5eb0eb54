// SPDX-License-Identifier: Apache-2.0

#include "core/tools/groups_format.hpp"

#include "tests/catch.hpp"

namespace kafkasim::tools {
namespace {

TopicPartition partition(std::string_view topic, int32_t number) { return {TopicName(topic), number}; }

std::vector<int32_t> row_numbers(std::string_view topic, int32_t count) {
    std::vector<TopicPartition> partitions;
    for (int32_t i = 0; i < count; ++i) partitions.push_back(partition(topic, i));
    std::vector<int32_t> numbers;
    for (const TopicPartition& tp : row_order(partitions)) numbers.push_back(tp.partition);
    return numbers;
}

constexpr std::string_view kMemberId = "consumer-group-live-1-120dfb53-7cb6-479d-a592-30355a5c060e";

GroupMemberInfo live_member() {
    return {std::string(kMemberId),
            "/127.0.0.1",
            "consumer-group-live-1",
            "",
            {partition("my-kafka-topic", 2), partition("my-kafka-topic", 0), partition("my-kafka-topic", 1)}};
}

}  // namespace

TEST_CASE("the offsets of a group without members print as recorded") {
    const std::vector<OffsetRow> rows{
        {partition("orders", 0), 2, 2}, {partition("orders", 1), 3, 3}, {partition("orders", 2), std::nullopt, 1}};
    CHECK(offsets_table("group1", rows) ==
          "\nGROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID    "
          " HOST            CLIENT-ID\n"
          "group1          orders          0          2               2               0               -               "
          "-               -\n"
          "group1          orders          1          3               3               0               -               "
          "-               -\n"
          "group1          orders          2          -               1               -               -               "
          "-               -\n");
}

TEST_CASE("a long member id widens its column") {
    const std::vector<OffsetRow> rows{
        {partition("my-kafka-topic", 1), 5, 7, std::string(kMemberId), "/127.0.0.1", "consumer-group-live-1"}};
    CHECK(offsets_table("group-live", rows) ==
          "\nGROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID    "
          "                                            "
          "HOST            CLIENT-ID\n"
          "group-live      my-kafka-topic  1          5               7               2               "
          "consumer-group-live-1-120dfb53-7cb6-479d-a592-30355a5c060e "
          "/127.0.0.1      consumer-group-live-1\n");
}

TEST_CASE("members print as recorded, with and without their partitions") {
    CHECK(members_table("group-live", {live_member()}, false) ==
          "\nGROUP           CONSUMER-ID                                                HOST            CLIENT-ID      "
          "       #PARTITIONS     \n"
          "group-live      consumer-group-live-1-120dfb53-7cb6-479d-a592-30355a5c060e /127.0.0.1      "
          "consumer-group-live-1 3               \n");
    CHECK(members_table("group-live", {live_member()}, true) ==
          "\nGROUP           CONSUMER-ID                                                HOST            CLIENT-ID      "
          "       #PARTITIONS     ASSIGNMENT\n"
          "group-live      consumer-group-live-1-120dfb53-7cb6-479d-a592-30355a5c060e /127.0.0.1      "
          "consumer-group-live-1 3               my-kafka-topic(0,1,2)\n");
}

TEST_CASE("a static member adds the column of instance ids, a member without partitions a dash") {
    const std::string table = members_table("g", {{"c", "/127.0.0.1", "x", "one", {}}}, true);
    CHECK(table ==
          "\nGROUP           CONSUMER-ID     GROUP-INSTANCE-ID HOST            CLIENT-ID       #PARTITIONS     "
          "ASSIGNMENT\n"
          "g               c               one               /127.0.0.1      x               0               -\n");
}

TEST_CASE("states print as recorded") {
    CHECK(state_table("group1", {"localhost:9094 (2)", "", "Empty", 0}) ==
          "\nGROUP                     COORDINATOR (ID)          ASSIGNMENT-STRATEGY  STATE           #MEMBERS\n"
          "group1                    localhost:9094 (2)                             Empty           0\n");
    CHECK(state_table("group-live", {"localhost:9095 (3)", "range", "Stable", 1}) ==
          "\nGROUP                     COORDINATOR (ID)          ASSIGNMENT-STRATEGY  STATE           #MEMBERS\n"
          "group-live                localhost:9095 (3)        range                Stable          1\n");
}

TEST_CASE("the list of groups with their states prints as recorded, and its head alone when there is none") {
    CHECK(list_with_states({{"group3", "Empty"}, {"group1", "Empty"}}) ==
          "GROUP           STATE\ngroup3          Empty\ngroup1          Empty\n");
    CHECK(list_with_states({{"console-consumer-13157", "Empty"}}) ==
          "GROUP                  STATE\nconsole-consumer-13157 Empty\n");
    CHECK(list_with_states({}) == "GROUP           STATE\n");
}

TEST_CASE("what is said of a group depends on its state") {
    CHECK(remark_about_state("g", "Dead", 0).on_stdout == "\nError: Consumer group 'g' does not exist.\n");
    CHECK(remark_about_state("g", "Dead", 3).table == false);
    CHECK(remark_about_state("g", "Empty", 3).on_stderr == "\nConsumer group 'g' has no active members.\n");
    CHECK(remark_about_state("g", "Empty", 3).table);
    CHECK(!remark_about_state("g", "Empty", 0).table);
    CHECK(remark_about_state("g", "PreparingRebalance", 1).on_stderr ==
          "\nWarning: Consumer group 'g' is rebalancing.\n");
    CHECK(remark_about_state("g", "Stable", 1).on_stderr.empty());
    CHECK(remark_about_state("g", "", 1).failure == "Expected a valid consumer group state, but found ''.");
}

TEST_CASE("rows come by partition up to four, then in the order of Scala's hash map") {
    CHECK(row_numbers("orders", 4) == std::vector<int32_t>{0, 1, 2, 3});
    CHECK(row_numbers("orders", 5) == std::vector<int32_t>{0, 3, 1, 2, 4});
    CHECK(row_numbers("orders", 7) == std::vector<int32_t>{0, 3, 1, 5, 6, 2, 4});
    CHECK(row_numbers("my-kafka-topic", 5) == std::vector<int32_t>{3, 4, 1, 0, 2});
}

TEST_CASE("groups are listed in the order of Java's hash map") {
    const std::vector<std::string> names{"blue", "red", "team", "warm"};
    std::vector<std::string> listed;
    for (size_t i : listed_order(names)) listed.push_back(names[i]);
    CHECK(listed == std::vector<std::string>{"red", "warm", "blue", "team"});
}

TEST_CASE("members with more partitions come first, those without are left out") {
    std::vector<GroupMemberInfo> members(3);
    members[0].assignment = {partition("t", 0)};
    members[2].assignment = {partition("t", 1), partition("t", 2)};
    CHECK(members_with_partitions(members) == std::vector<size_t>{2, 0});
}

TEST_CASE("a list of states is read or refused") {
    CHECK(parse_states("Empty, Stable") == std::vector<std::string>{"Empty", "Stable"});
    CHECK(!parse_states("stable"));
    CHECK(parse_states("Dead,Stable,,") == std::vector<std::string>{"Dead", "Stable"});
    CHECK(!parse_states("   ,   ,"));
    CHECK(invalid_states("x") ==
          "Invalid state list 'x'. Valid states are: PreparingRebalance, CompletingRebalance, Stable, Dead, Empty");
}

}  // namespace kafkasim::tools
