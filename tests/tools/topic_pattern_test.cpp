// SPDX-License-Identifier: Apache-2.0

#include "core/tools/topic_pattern.hpp"

#include "tests/catch.hpp"

namespace kafkasim::tools {

TEST_CASE("a pattern must match the whole name") {
    struct Case {
        std::string_view pattern;
        std::string_view name;
        bool matches;
    };
    const Case cases[] = {
        {"my-kafka-topic", "my-kafka-topic", true},
        {"my-kafka-topic", "my-kafka-topic2", false},
        {"my.*", "my.kafka_topic", true},
        {"my\\..*", "my-kafka-topic", false},
        {"m.*", "orders", false},
        {"a,b", "b", true},
        {" 'a' ", "a", true},
        {"(ab)+c?", "ababc", true},
        {"(ab)+c?", "abac", false},
        {"(a|ab)(c|bcd)", "abcd", true},
        {"[a-c]{2}", "ab", true},
        {"[a-c]{2}", "abc", false},
        {"[a-c]{2}d*", "acdd", true},
        {"[^0-9]*", "abc1", false},
        {"t\\d", "t7", true},
        {"(a*)*b", "aaab", true},
        {"^a$", "a", true},
    };
    for (const Case& each : cases) {
        INFO(each.pattern << " on " << each.name);
        auto pattern = TopicPattern::include_list(each.pattern);
        REQUIRE(pattern.ok());
        CHECK(pattern.value().matches(each.name) == each.matches);
    }
}

TEST_CASE("what is no regular expression is refused") {
    for (std::string_view text : {"(", "a)", "[a", "*a", "a{x}", "a\\"}) {
        INFO(text);
        CHECK(!TopicPattern::include_list(text).ok());
    }
    CHECK(TopicPattern::include_list("(").error() == "( is an invalid regex.");
}

}  // namespace kafkasim::tools
