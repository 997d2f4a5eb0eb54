// SPDX-License-Identifier: Apache-2.0
#include "core/broker/placement.hpp"

#include "core/broker/topic_name.hpp"
#include "tests/catch.hpp"
#include "tests/support/assignment_rows.hpp"

using namespace kafkasim;
using namespace kafkasim::broker;
using test::Assignment;
using test::rows;

TEST_CASE("admin: ten partitions on five brokers are placed as in Kafka's own AdminTest") {
    CHECK(assign_replicas_rack_unaware(10, 3, broker_ids({0, 1, 2, 3, 4}), 0, 0) == rows({{0, 1, 2},
                                                                                          {1, 2, 3},
                                                                                          {2, 3, 4},
                                                                                          {3, 4, 0},
                                                                                          {4, 0, 1},
                                                                                          {0, 2, 3},
                                                                                          {1, 3, 4},
                                                                                          {2, 4, 0},
                                                                                          {3, 0, 1},
                                                                                          {4, 1, 2}}));
}

TEST_CASE("admin: every recorded assignment is one that some start index and shift give") {
    const Assignment recorded[] = {
        rows({{2}}),
        rows({{2, 3}, {3, 1}}),
        rows({{3, 2}, {1, 3}, {2, 1}, {3, 1}}),
        rows({{3, 1, 2}, {1, 2, 3}, {2, 3, 1}, {3, 2, 1}, {1, 3, 2}}),
        rows({{1, 3}, {2, 1}, {3, 2}, {1, 2}, {2, 3}, {3, 1}}),
        rows({{2, 1, 3}, {3, 2, 1}, {1, 3, 2}, {2, 3, 1}, {3, 1, 2}, {1, 2, 3}, {2, 1, 3}}),
        rows({{2, 3, 1}, {3, 1, 2}, {1, 2, 3}, {2, 1, 3}, {3, 2, 1}, {1, 3, 2}, {2, 3, 1}, {3, 1, 2}, {1, 2, 3}}),
    };
    for (const Assignment& each : recorded) {
        int found = 0;
        for (size_t start = 0; start < 3; ++start) {
            for (size_t shift = 0; shift < 3; ++shift) {
                found += assign_replicas_rack_unaware(static_cast<int32_t>(each.size()),
                                                      static_cast<int32_t>(each.front().size()), broker_ids({2, 3, 1}),
                                                      start, shift) == each;
            }
        }
        CHECK(found > 0);
    }
}

TEST_CASE("admin: one assignment that is not cyclic is never given") {
    const Assignment not_real = rows({{1, 2, 3}, {3, 1, 2}, {2, 3, 1}});
    for (size_t start = 0; start < 3; ++start) {
        for (size_t shift = 0; shift < 3; ++shift)
            CHECK(assign_replicas_rack_unaware(3, 3, broker_ids({2, 3, 1}), start, shift) != not_real);
    }
}

TEST_CASE("admin: added partitions go on where the old ones ended (as5 from 3 to 8 partitions)") {
    // Sorted brokers, start index and shift are the index of partition 0's first replica.
    CHECK(assign_replicas_rack_unaware(5, 3, broker_ids({1, 2, 3}), 1, 1, 3) ==
          rows({{2, 3, 1}, {3, 1, 2}, {1, 2, 3}, {2, 1, 3}, {3, 2, 1}}));
}

TEST_CASE("admin: topic names") {
    struct Case {
        std::string name;
        std::optional<std::string> complaint;
    };
    const Case cases[] = {
        {"my-kafka-topic", std::nullopt},
        {"a.b_C-9", std::nullopt},
        {std::string(249, 'x'), std::nullopt},
        {"", "Topic name is illegal, it can't be empty"},
        {"..", "Topic name cannot be \".\" or \"..\""},
        {std::string(250, 'x'),
         "Topic name is illegal, it can't be longer than 249 characters, Topic name: " + std::string(250, 'x')},
        {"bad name",
         "Topic name \"bad name\" is illegal, it contains a character other than ASCII alphanumerics, '.', '_' and "
         "'-'"},
    };
    for (const Case& each : cases) CHECK(complaint_about_topic_name(each.name) == each.complaint);
    CHECK(topic_names_collide("a.b", "a_b"));
    CHECK_FALSE(topic_names_collide("a.b", "a-b"));
    CHECK_FALSE(topic_names_collide("a.b", "a.bc"));
}
