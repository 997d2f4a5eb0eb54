// SPDX-License-Identifier: Apache-2.0
// The file of kafka-delete-records.sh: what it may hold, and what the real tool says of what it may not.
#include "core/tools/delete_records_command.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::tools;

TEST_CASE("an offset file names partitions and offsets") {
    const OffsetFile file = parse_offset_file(
        R"({"partitions": [{"topic": "orders", "partition": 0, "offset": 2}, {"topic": "t", "partition": 1, "offset": -1}]})");
    CHECK(file.exception.empty());
    CHECK(file.offsets == std::vector<OffsetOfPartition>{{{TopicName("orders"), 0}, 2}, {{TopicName("t"), 1}, -1}});
    CHECK(parse_offset_file(R"({"partitions": [], "version": 1})").exception.empty());
}

TEST_CASE("what is wrong with an offset file") {
    struct Case {
        std::string json;
        std::string exception;
    };
    const std::string mapping = "com.fasterxml.jackson.databind.JsonMappingException: ";
    const std::string operation = "kafka.admin.AdminOperationException: ";
    const Case cases[] = {
        {"not json", operation + "The input string is not a valid JSON"},
        {"", operation + "The input string is not a valid JSON"},
        {"[]", mapping + "Expected JSON object, received []"},
        {R"({"version":1})", operation + "Missing partitions field"},
        {R"({"partitions": [], "version":2})", operation + "Not supported version field value 2"},
        {R"({"partitions": [], "version":"1"})", mapping + R"(Expected `Int` value, received "1")"},
        {R"({"partitions": {"topic": "orders"}})", mapping + R"(Expected JSON array, received {"topic":"orders"})"},
        {R"({"partitions": [7]})", mapping + "Expected JSON object, received 7"},
        {R"({"partitions": [{"topic": "t", "partition": 0}]})", mapping + "No such field exists: `offset`"},
        {R"({"partitions": [{"topic": 1, "partition": 0, "offset": 1}]})",
         mapping + "Expected `String` value, received 1"},
        {R"({"partitions": [{"topic": "t", "partition": "0", "offset": 1}]})",
         mapping + R"(Expected `Int` value, received "0")"},
        {R"({"partitions": [{"topic": "t", "partition": 4294967296, "offset": 1}]})",
         mapping + "Expected `Int` value, received 4294967296"},
        {R"({"partitions": [{"topic": "t", "partition": 0, "offset": 1.5}]})",
         mapping + "Expected `Long` value, received 1.5"},
        {R"({"partitions": [{"topic": "t", "partition": 0, "offset": 1}, {"topic": "t", "partition": 0, "offset": 2}]})",
         "kafka.common.AdminCommandFailedException: Offset json file contains duplicate topic partitions: t-0"},
    };
    for (const Case& each : cases) {
        INFO(each.json);
        CHECK(parse_offset_file(each.json).exception == each.exception);
    }
}
