// SPDX-License-Identifier: Apache-2.0

#include "core/tools/partition_filter.hpp"

#include "tests/catch.hpp"

namespace kafkasim::tools {
namespace {

TopicPartition partition(std::string_view topic, int32_t number) { return {TopicName(topic), number}; }

std::vector<int32_t> allowed(const PartitionFilter& filter, std::string_view topic) {
    std::vector<int32_t> numbers;
    for (int32_t i = 0; i < 6; ++i) {
        if (filter.allows(partition(topic, i))) numbers.push_back(i);
    }
    return numbers;
}

std::string complaint(const std::string& rules) {
    const auto filter = PartitionFilter::of_rules(rules);
    return filter ? "" : filter.error();
}

}  // namespace

TEST_CASE("a topic is a pattern, partitions a list") {
    const PartitionFilter filter = PartitionFilter::of_topic("ord.*", "0,2").value();
    CHECK(allowed(filter, "orders") == std::vector<int32_t>{0, 2});
    CHECK(allowed(filter, "other").empty());
    CHECK(allowed(PartitionFilter::of_topic(std::nullopt, std::nullopt).value(), "any").size() == 6);
    CHECK(PartitionFilter::of_topic(std::nullopt, "0,x").error() ==
          "--partitions expects a comma separated list of numeric partition ids, but received: 0,x");
}

TEST_CASE("rules name ranges without their end") {
    const PartitionFilter filter = PartitionFilter::of_rules("t:1,u:0-2,v:4-,w:-3,x").value();
    CHECK(allowed(filter, "t") == std::vector<int32_t>{1});
    CHECK(allowed(filter, "u") == std::vector<int32_t>{0, 1});
    CHECK(allowed(filter, "v") == std::vector<int32_t>{4, 5});
    CHECK(allowed(filter, "w") == std::vector<int32_t>{0, 1, 2});
    CHECK(allowed(filter, "x").size() == 6);
    CHECK(allowed(filter, "y").empty());
    CHECK(complaint("t:a") == "Invalid rule specification: t:a");
    CHECK(complaint("t:1:2") == "Invalid rule specification: t:1:2");
    CHECK(complaint("t:1-2-3") == "Invalid rule specification: t:1-2-3");
}

}  // namespace kafkasim::tools
