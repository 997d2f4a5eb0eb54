// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/acknowledged.hpp"

#include "tests/catch.hpp"

using namespace kafkasim::sim::scenario;

namespace {

std::string success(const std::string& value, int partition, int offset) {
    return R"({"timestamp":1,"name":"producer_send_success","key":null,"value":")" + value + R"(","offset":)" +
           std::to_string(offset) + R"(,"topic":"orders","partition":)" + std::to_string(partition) + "}\n";
}

std::string error(const std::string& value) {
    return R"({"timestamp":1,"name":"producer_send_error","topic":"orders","key":null,"value":")" + value +
           R"(","exception":"class E","message":"m"})" + "\n";
}

const std::string kThree = "{\"timestamp\":1,\"name\":\"startup_complete\"}\n" + success("1.0", 0, 0) +
                           success("1.1", 1, 0) + error("1.2") + success("1.3", 0, 1) + "not JSON\n";

Judged judged(const std::string& consumer, bool duplicates = true, int64_t at_least = 1) {
    return judge_acknowledged({"p1", "c1", duplicates, at_least}, kThree, consumer);
}

}  // namespace

TEST_CASE("what is acknowledged and read holds, whatever else is read") {
    const Judged all = judged("1.3\n1.0\n1.1\n2.7\n2.7\n", false);
    CHECK(all.broken.empty());
    CHECK(all.deliveries.acknowledged == 3);
    CHECK(all.deliveries.given_up == 1);
    CHECK(all.deliveries.read == 3);
    CHECK(all.deliveries.lost == 0);
    CHECK(all.deliveries.duplicated == 0);
    CHECK(judged("1.0\n1.1\n1.2\n1.3\n", false).deliveries.read == 4);  // given up, and there all the same
}

TEST_CASE("what is acknowledged and not read is named with its offset") {
    const Judged lost = judged("1.0\n1.2\n");
    REQUIRE(lost.broken.size() == 1);
    CHECK(lost.broken[0].expected == "all 3 values that p1 printed as acknowledged are read in c1");
    CHECK(lost.broken[0].seen == "2 lost: 1.1 (offset 0 of orders-1), 1.3 (offset 1 of orders-0)");
    CHECK(lost.deliveries.lost == 2);
}

TEST_CASE("what is read twice breaks the claim only where that is said, and only a value of that producer") {
    const std::string twice = "1.0\n1.1\n1.3\n1.0\n1.2\n1.2\n1.2\n9\n9\n";
    CHECK(judged(twice).broken.empty());
    CHECK(judged(twice).deliveries.duplicated == 2);
    const Judged broken = judged(twice, false);
    REQUIRE(broken.broken.size() == 1);
    CHECK(broken.broken[0].expected == "no value of p1 is read twice in c1");
    CHECK(broken.broken[0].seen == "2 duplicated: 1.0 (2 times), 1.2 (3 times)");
}

TEST_CASE("a claim over nothing does not hold") {
    CHECK(judge_acknowledged({"p1", "c1"}, "", "").broken.size() == 1);
    const Judged few = judged("1.0\n1.1\n1.3\n", true, 4);
    REQUIRE(few.broken.size() == 1);
    CHECK(few.broken[0].expected == "4 or more values that were acknowledged, as p1 prints it");
    CHECK(few.broken[0].seen == "3");
}

TEST_CASE("of many lost values ten are named") {
    std::string printed;
    for (int i = 0; i < 12; ++i) printed += success(std::to_string(i), 0, i);
    const Judged lost = judge_acknowledged({"p1", "c1"}, printed, "");
    REQUIRE(lost.broken.size() == 1);
    CHECK(lost.broken[0].seen.ends_with("9 (offset 9 of orders-0) and 2 more"));
}

TEST_CASE("values are found behind keys and offsets, and in what a verifiable consumer prints") {
    CHECK(values_read("Partition:0\tOffset:5\tnull\t7\n8\n") == std::vector<std::string>{"7", "8"});
    CHECK(values_read(
              R"({"timestamp":1,"name":"records_consumed","count":1,"partitions":[]})"
              "\n"
              R"({"timestamp":1,"name":"record_data","key":null,"value":"5","topic":"t","partition":0,"offset":3})"
              "\n") == std::vector<std::string>{"5"});
}
