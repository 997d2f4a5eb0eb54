// SPDX-License-Identifier: Apache-2.0
#include "sim/invariants/snapshot.hpp"

#include "tests/catch.hpp"
#include "tests/invariants/partition_of.hpp"

using namespace kafkasim;
using namespace kafkasim::sim::invariants;
using kafkasim::test::PartitionOf;

namespace {

std::string difference(const ReplicaView& a, const ReplicaView& b, int64_t below) {
    const auto found = first_difference(a, b, below);
    return found ? text_of(*found) : "";
}

}  // namespace

TEST_CASE("logs agree as long as offset, leader epoch and content do") {
    PartitionOf t;
    t.log(1, {{0, "a"}, {0, "b"}, {2, "c"}});
    t.log(2, {{0, "a"}, {0, "b"}, {2, "c"}});
    t.log(3, {{0, "a"}, {0, "B"}, {2, "c"}});
    t.log(4, {{0, "a"}, {1, "b"}, {2, "c"}});
    t.log(5, {{0, "a"}});
    t.log(6, {});
    struct Case {
        int b;
        int64_t below;
        std::string text;
    };
    const Case cases[] = {{2, 3, ""},
                          {3, 1, ""},
                          {3, 2, "has another record at offset 1 (also of epoch 0)"},
                          {4, 1, ""},
                          {4, 3, "has another record at offset 1 (of epoch 1, not 0)"},
                          {5, 1, ""},
                          {5, 3, "has no record at offset 1"},
                          {6, 0, ""},
                          {6, 1, "has no record at offset 0"}};
    for (const Case& c : cases) {
        INFO("broker " << c.b << " below " << c.below);
        CHECK(difference(t.snapshot().replicas[0], t.snapshot().replicas[c.b - 1], c.below) == c.text);
    }
    CHECK(difference(t.snapshot().replicas[4], t.snapshot().replicas[0], 3) == "");  // what only the other has
}

TEST_CASE("what a log has let go at its start is not compared") {
    PartitionOf t;
    t.log(1, {{0, "a"}, {0, "b"}, {0, "c"}});
    t.log(2, {{0, "A"}, {0, "b"}, {0, "C"}}).log_start(1);
    CHECK(difference(t.snapshot().replicas[0], t.snapshot().replicas[1], 2) == "");
    CHECK(difference(t.snapshot().replicas[1], t.snapshot().replicas[0], 2) == "");
    CHECK(difference(t.snapshot().replicas[0], t.snapshot().replicas[1], 3) ==
          "has another record at offset 2 (also of epoch 0)");
}

TEST_CASE("a log that begins after the other has ended has nothing in common with it") {
    PartitionOf t;
    t.log(1, {{0, "a"}});
    t.log(2, {});
    t.snapshot().replicas[1].log_start = t.snapshot().replicas[1].log_end = 5;
    CHECK(difference(t.snapshot().replicas[0], t.snapshot().replicas[1], 9) == "");
    CHECK(difference(t.snapshot().replicas[1], t.snapshot().replicas[0], 9) == "");
}

TEST_CASE("logs of two topics of one name are not compared") {
    PartitionOf t;
    t.log(1, {{0, "a"}}).topic_id(1);
    t.log(2, {{0, "b"}}).topic_id(2);
    CHECK(difference(t.snapshot().replicas[0], t.snapshot().replicas[1], 1) == "");
    t.snapshot().replicas[1].topic_id = t.snapshot().replicas[0].topic_id;
    CHECK(difference(t.snapshot().replicas[0], t.snapshot().replicas[1], 1) != "");
}

TEST_CASE("segments may be cut elsewhere, batches may not") {
    std::vector<protocol::RecordBatch> batches;
    for (int64_t offset = 0; offset < 4; offset += 2) {
        protocol::RecordBatchBuilder builder;
        builder.append(0, std::nullopt, "x");
        builder.append(0, std::nullopt, "y");
        batches.push_back(builder.build());
        batches.back().base_offset = offset;
    }
    ReplicaView whole, rolled, single;
    whole.log_end = rolled.log_end = single.log_end = 4;
    const std::span<const protocol::RecordBatch> all(batches);
    whole.log = {all};
    rolled.log = {all.first(1), all.last(1)};
    CHECK_FALSE(first_difference(whole, rolled, 4));
    CHECK_FALSE(first_difference(rolled, whole, 4));
    CHECK(batch_at(rolled.log, 3) == &batches[1]);
    CHECK(batch_at(rolled.log, 4) == nullptr);
    std::vector<protocol::RecordBatch> alone = {batches[0]};
    alone[0].last_offset_delta = 0;
    single.log = {alone};
    CHECK(difference(whole, single, 4) == "has another record at offset 0 (also of epoch -1)");
}

TEST_CASE("what two logs were found to agree on is compared again only after one was cut") {
    PartitionOf t;
    t.log(1, {{0, "a"}, {0, "b"}, {1, "c"}});
    t.log(2, {{0, "a"}, {0, "b"}});
    t.log(3, {{0, "a"}, {0, "B"}, {1, "c"}});  // what broker 2 holds after it was cut and written again
    ReplicaView& one = t.snapshot().replicas[0];
    ReplicaView& two = t.snapshot().replicas[1];
    Agreements agreements;
    CHECK(agreements.until(one, two) == 0);
    CHECK_FALSE(first_difference(one, two, 1, &agreements));
    CHECK(agreements.until(one, two) == 1);
    CHECK_FALSE(first_difference(two, one, 2, &agreements));
    CHECK(agreements.until(one, two) == 2);
    CHECK(agreements.until(two, one) == 2);

    const auto longer = first_difference(one, two, 3, &agreements);
    REQUIRE(longer);
    CHECK(longer->offset == 2);

    two.log = t.snapshot().replicas[2].log;
    two.log_end = 3;
    CHECK(agreements.until(one, two) == 0);
    const auto found = first_difference(one, two, 3, &agreements);
    REQUIRE(found);
    CHECK(found->offset == 1);

    two.life = 9;  // nothing is known of a restarted broker
    CHECK(agreements.until(one, two) == 0);
}
