// SPDX-License-Identifier: Apache-2.0
// What an assignment becomes while its replicas move. Names in parentheses: the tests of Kafka 3.0.0 that say the same
// (kafka.controller.ControllerContextTest, kafka.controller.ControllerIntegrationTest).
#include "core/controller/reassignment.hpp"

#include "core/zookeeper/znodes.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::controller;

namespace {

std::vector<BrokerId> ids(const std::vector<int32_t>& values) {
    std::vector<BrokerId> made;
    for (const int32_t value : values) made.push_back(BrokerId{value});
    return made;
}

ReplicaAssignment assignment(const std::vector<int32_t>& replicas, const std::vector<int32_t>& adding = {},
                             const std::vector<int32_t>& removing = {}) {
    return {ids(replicas), ids(adding), ids(removing)};
}

struct Case {
    ReplicaAssignment current;
    std::vector<int32_t> target;
    ReplicaAssignment expected;
};

}  // namespace

TEST_CASE("on the way, the target comes first and what will be removed last (testReassignTo)",
          "[controller][reassignment]") {
    const std::vector<Case> cases{
        {assignment({1, 2, 3}), {3, 5, 6}, assignment({3, 5, 6, 1, 2}, {5, 6}, {1, 2})},
        {assignment({3, 5, 6, 1, 2}, {5, 6}, {1, 2}), {1, 2, 3}, assignment({1, 2, 3})},
        {assignment({3, 5, 6, 1, 2}, {5, 6}, {1, 2}), {2, 3, 4}, assignment({2, 3, 4, 1}, {4}, {1})},
        {assignment({1, 2, 3}), {1, 2, 3}, assignment({1, 2, 3})},
        {assignment({1, 2, 3}), {3, 2, 1}, assignment({3, 2, 1})},
        {assignment({1, 2}), {1, 2, 3}, assignment({1, 2, 3}, {3}, {})},
        {assignment({1, 2, 3}), {2}, assignment({2, 1, 3}, {}, {1, 3})},
    };
    for (const Case& each : cases) {
        const ReplicaAssignment moving = reassign_to(each.current, ids(each.target));
        CHECK(moving == each.expected);
        CHECK(target_replicas(moving) == ids(each.target));
        CHECK(moving.being_reassigned() == (!each.expected.adding.empty() || !each.expected.removing.empty()));
    }
}

TEST_CASE("the original replicas of a reassignment are all that do not come (testReassignToIdempotence)",
          "[controller][reassignment]") {
    const ReplicaAssignment moving = reassign_to(assignment({1, 2, 3}), ids({3, 4}));
    CHECK(original_replicas(moving) == ids({3, 1, 2}));
    CHECK(reassign_to(moving, ids({3, 4})) == moving);
    CHECK(reassign_to(moving, original_replicas(moving)) == assignment({3, 1, 2}));
}

TEST_CASE("a reassignment is complete when every target replica is in the Isr", "[controller][reassignment]") {
    const ReplicaAssignment moving = assignment({3, 4, 1}, {3, 4}, {1});
    CHECK_FALSE(is_reassignment_complete(moving, ids({1})));
    CHECK_FALSE(is_reassignment_complete(moving, ids({1, 3})));
    CHECK(is_reassignment_complete(moving, ids({1, 4, 3})));
    CHECK(is_reassignment_complete(moving, ids({3, 4})));
}

TEST_CASE("a replica that is gone is neither adding nor removing any more", "[controller][reassignment]") {
    CHECK(remove_replica(assignment({3, 2, 1}, {3}, {1}), BrokerId{1}) == assignment({3, 2}, {3}, {}));
    CHECK(remove_replica(assignment({3, 2, 1}, {3}, {1}), BrokerId{3}) == assignment({2, 1}, {}, {1}));
}

TEST_CASE("replicas are refused in Kafka's words, and only brokers that would be new have to live",
          "[controller][reassignment]") {
    const ReplicaAssignment current = assignment({1, 2});
    const auto refusal = [&](const std::vector<int32_t>& target, const std::vector<int32_t>& live) {
        return validate_replicas(current, ids(target), ids(live)).value_or("");
    };
    CHECK(refusal({}, {1, 2, 3}) == "Empty replica list specified in partition reassignment.");
    CHECK(refusal({1, 1}, {1, 2, 3}) ==
          "Duplicate replica ids in partition reassignment replica list: ArrayBuffer(1, 1)");
    CHECK(refusal({1, -2}, {1, 2, 3}) == "Invalid broker id in replica list: ArrayBuffer(1, -2)");
    CHECK(refusal({1, 9}, {1, 2, 3}) ==
          "Replica assignment has brokers that are not alive. Replica list: ArrayBuffer(9), live broker list: Set(1, "
          "2, 3)");
    CHECK(refusal({1, 3}, {1, 3}).empty());
    CHECK(refusal({2, 3}, {1, 3}).empty());
}

TEST_CASE("the list in /admin/reassign_partitions is written as it is read", "[controller][reassignment]") {
    const std::map<TopicPartition, std::vector<BrokerId>> wanted{{{TopicName("a\"b"), 0}, ids({1, 2})},
                                                                 {{TopicName("t"), 3}, ids({})}};
    const std::string text = encode_reassignment(wanted);
    CHECK(text == R"({"version":1,"partitions":[{"topic":"a\"b","partition":0,"replicas":[1,2]},)"
                  R"({"topic":"t","partition":3,"replicas":[]}]})");
    CHECK(zookeeper::decode_reassignment(text) == wanted);
    CHECK(to_string(assignment({3, 1}, {3}, {1})) ==
          "ReplicaAssignment(replicas=3,1, addingReplicas=3, removingReplicas=1)");
}
