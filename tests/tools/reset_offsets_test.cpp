// SPDX-License-Identifier: Apache-2.0

#include "core/tools/reset_offsets.hpp"

#include "tests/catch.hpp"

namespace kafkasim::tools {
namespace {

TopicPartition partition(std::string_view topic, int32_t number) { return {TopicName(topic), number}; }

NewOffsets offsets_of(std::string_view topic, int32_t count) {
    NewOffsets offsets;
    for (int32_t i = 0; i < count; ++i) offsets.push_back({partition(topic, i), 0});
    return offsets;
}

std::vector<int32_t> numbers(const NewOffsets& offsets) {
    std::vector<int32_t> found;
    for (const NewOffset& each : offsets) found.push_back(each.tp.partition);
    return found;
}

}  // namespace

TEST_CASE("a topic argument names partitions or a whole topic") {
    const TopicArguments parsed = parse_topic_arguments({"t:0,2", "u", "v:7"});
    CHECK(!parsed.illegal);
    CHECK(parsed.topics == std::vector<std::string>{"u"});
    CHECK(parsed.partitions == std::vector<TopicPartition>{partition("t", 0), partition("t", 2), partition("v", 7)});
}

TEST_CASE("mistakes in a topic argument are named") {
    CHECK(parse_topic_arguments({"t:"}).illegal == "Invalid topic arg 't:', expected topic name and partitions");
    CHECK(parse_topic_arguments({"t:0:1"}).illegal == "Invalid topic arg 't:0:1', expected topic name and partitions");
    CHECK(parse_topic_arguments({"t:x"}).illegal == "Invalid partition 'x' specified in topic arg 't:x''");
    CHECK(parse_topic_arguments({"t:0,,1"}).illegal == "Invalid partition '' specified in topic arg 't:0,,1''");
    CHECK(parse_topic_arguments({"t:0-2", "u:y"}).illegal == "Invalid partition '0-2' specified in topic arg 't:0-2''");
    CHECK(!parse_topic_arguments({"t:0,"}).illegal);
}

TEST_CASE("up to four partitions keep their order, more have that of Scala's map") {
    CHECK(numbers(in_map_order(offsets_of("orders", 4))) == std::vector<int32_t>{0, 1, 2, 3});
    CHECK(numbers(in_map_order(offsets_of("orders", 5))) == std::vector<int32_t>{0, 3, 1, 2, 4});
    CHECK(numbers(in_map_order(offsets_of("my-kafka-topic", 5))) == std::vector<int32_t>{3, 4, 1, 0, 2});
}

TEST_CASE("a partition that is named twice counts once, with what was said last") {
    const NewOffsets twice{{partition("t", 0), 1}, {partition("t", 1), 2}, {partition("t", 0), 3}};
    CHECK(in_map_order(twice) == NewOffsets{{partition("t", 0), 3}, {partition("t", 1), 2}});
}

TEST_CASE("an offset that does not exist becomes the nearest one, with a warning") {
    const TopicPartition tp = partition("orders", 1);
    CHECK(in_range(tp, 3, 0, 5).offset == 3);
    CHECK(in_range(tp, 3, 0, 5).warning.empty());
    CHECK(in_range(tp, 5, 0, 5).warning.empty());
    CHECK(in_range(tp, 6, 0, 5).offset == 5);
    CHECK(in_range(tp, 6, 0, 5).warning ==
          "New offset (6) is higher than latest offset for topic partition orders-1. Value will be set to 5");
    CHECK(in_range(tp, -1, 2, 5).offset == 2);
    CHECK(in_range(tp, -1, 2, 5).warning ==
          "New offset (-1) is lower than earliest offset for topic partition orders-1. Value will be set to 2");
}

TEST_CASE("an exported plan is read again") {
    const GroupOffsets one{{"g", {{partition("t", 0), 4}, {partition("a-topic-with-a-very-long-name", 1), 9}}}};
    const std::string short_form = reset_csv(one, true);
    CHECK(short_form == "t,0,4\n\"a-topic-with-a-very-long-name\",1,9\n");
    CHECK(parse_reset_plan(short_form + "\n", {"g"})->at("g") == one[0].second);
    const GroupOffsets two{{"g", {{partition("t", 0), 4}}}, {"a b", {{partition("t", 1), 5}}}};
    const std::string long_form = reset_csv(two, false);
    CHECK(long_form == "g,t,0,4\n\"a b\",t,1,5\n");
    const auto plan = parse_reset_plan(long_form + "\n", {"g", "a b"});
    REQUIRE(plan.has_value());
    CHECK(plan->at("g") == two[0].second);
    CHECK(plan->at("a b") == two[1].second);
}

TEST_CASE("in a plan a missing offset is 0, a group may stand before the topic, other lines are no plan") {
    CHECK(parse_reset_plan("t,0\n", {"g"})->at("g") == NewOffsets{{partition("t", 0), 0}});
    CHECK(parse_reset_plan("g,t,1,7\r\n", {"g"})->at("g") == NewOffsets{{partition("t", 1), 7}});
    CHECK(parse_reset_plan("h,t,1,7\n", {"g"})->count("g") == 0);
    CHECK(!parse_reset_plan("t,0,1\nt,one,1\n", {"g"}).has_value());
    CHECK(!parse_reset_plan("t,0,1,2,3\n", {"g"}).has_value());
    CHECK(!parse_reset_plan("", {"g"}).has_value());
    CHECK(!parse_reset_plan("t,0,1\n\nt,1,1\n", {"g"}).has_value());
}

TEST_CASE("the table of new offsets prints as recorded, and nothing without groups") {
    CHECK(reset_table({{"group-01", {{partition("my-kafka-topic", 1), 4}}}}) ==
          "\nGROUP                          TOPIC                          PARTITION  NEW-OFFSET     \n"
          "group-01                       my-kafka-topic                 1          4              \n");
    CHECK(reset_table({}).empty());
}

TEST_CASE("a deletion tells which groups went and which did not") {
    CHECK(deletion_text({{"g", ""}}) == "Deletion of requested consumer groups ('g') was successful.\n");
    CHECK(deletion_text({{"group-01", ""}, {"nosuch", "E: no"}}) ==
          "\nError: Deletion of some consumer groups failed:\n"
          "* Group 'nosuch' could not be deleted due to: E: no\n"
          "\nThese consumer groups were deleted successfully: 'group-01'\n");
}

TEST_CASE("deleted offsets are sorted by name, a topic that is not there has no partition") {
    CHECK(deleted_offsets_table({{partition("t", 2), ""}, {partition("t", 10), "E"}, {partition("s", -1), "F"}}) ==
          "\nTOPIC                          PARTITION       STATUS         \n"
          "s                              Not Provided    Error: F       \n"
          "t                              10              Error: E       \n"
          "t                              2               Successful     \n");
}

}  // namespace kafkasim::tools
