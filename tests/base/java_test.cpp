// SPDX-License-Identifier: Apache-2.0
#include "core/base/java.hpp"

#include <string>
#include <vector>

#include "tests/catch.hpp"

using namespace kafkasim;

TEST_CASE("murmur2 gives the values of Kafka's own test") {
    CHECK(java::murmur2("21") == -973932308);
    CHECK(java::murmur2("foobar") == -790332482);
    CHECK(java::murmur2("a-little-bit-long-string") == -985981536);
    CHECK(java::murmur2("a-little-bit-longer-string") == -1486304829);
    CHECK(java::murmur2("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8") == -58897971);
    CHECK(java::murmur2("abc") == 479470107);
}

TEST_CASE("one-character keys fall where a real broker put them") {
    CHECK(java::partition_for_key("a", 4) == 0);
    CHECK(java::partition_for_key("b", 4) == 0);
    CHECK(java::partition_for_key("c", 4) == 2);
    CHECK(java::partition_for_key("d", 4) == 1);
}

TEST_CASE("hashCode counts UTF-16 units") {
    CHECK(java::string_hash("my-kafka-topic") == -369041113);
    CHECK(java::string_hash("orders") == -1008770331);
    CHECK(java::string_hash("polygenelubricants") == INT32_MIN);
    CHECK(java::string_hash("가") == 0xac00);
    CHECK(java::string_hash("\xf0\x9f\x98\x80") == 0xd83d * 31 + 0xde00);  // one character, two units
}

TEST_CASE("a group's partition is the arithmetic absolute value of its hash, and 0 for Integer.MIN_VALUE") {
    struct Row {
        const char* group;
        int32_t partition;
    };
    for (const Row& row :
         {Row{"g1", 42}, Row{"g2", 43}, Row{"console-consumer-48278", 0}, Row{"group1", 40}, Row{"group2", 39},
          Row{"group3", 38}, Row{"polygenelubricants", 0}, Row{"GydZG_", 0}, Row{"DESIGNING WORKHOUSES", 0}}) {
        CAPTURE(row.group);
        CHECK(java::partition_for_group(row.group, 50) == row.partition);
    }
}

namespace {
std::string printed_order(const std::string& topic, int32_t partitions) {
    std::vector<int32_t> hashes;
    for (int32_t p = 0; p < partitions; ++p) hashes.push_back(java::hash({TopicName(topic), p}));
    std::string text;
    for (size_t index : java::hash_map_order(hashes)) text += (text.empty() ? "" : " ") + std::to_string(index);
    return text;
}
std::string rows_order(const std::string& topic, int32_t partitions) {
    std::vector<int32_t> hashes;
    for (int32_t p = 0; p < partitions; ++p) hashes.push_back(java::hash({TopicName(topic), p}));
    std::string text;
    for (size_t index : java::scala_immutable_order(hashes)) text += (text.empty() ? "" : " ") + std::to_string(index);
    return text;
}
}  // namespace

TEST_CASE("a java.util.HashMap of topic partitions iterates as computed with the 3.0.0 classes") {
    CHECK(printed_order("my-kafka-topic", 3) == "2 1 0");
    CHECK(printed_order("orders", 6) == "0 1 2 3 4 5");
    CHECK(printed_order("movie", 3) == "1 0 2");
    CHECK(printed_order("ord1", 6) == "1 0 5 4 3 2");
    CHECK(printed_order("t", 12) == "5 4 3 2 1 0 11 10 9 8 7 6");
    CHECK(printed_order("t", 13) == "12 11 10 9 8 7 6 5 4 3 2 1 0");
}

TEST_CASE("a Scala immutable map keeps four entries in order and hashes from five on") {
    CHECK(rows_order("orders", 4) == "0 1 2 3");
    CHECK(rows_order("orders", 5) == "0 3 1 2 4");
    CHECK(rows_order("orders", 6) == "0 3 1 5 2 4");
    CHECK(rows_order("orders", 7) == "0 3 1 5 6 2 4");
    CHECK(rows_order("orders", 12) == "3 10 5 6 9 2 7 4 8 0 1 11");
    CHECK(rows_order("my-kafka-topic", 5) == "3 4 1 0 2");
    CHECK(rows_order("t", 6) == "5 4 3 2 1 0");
}
