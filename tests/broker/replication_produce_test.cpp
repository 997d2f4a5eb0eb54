// SPDX-License-Identifier: Apache-2.0
// Produce: acks, min.insync.replicas, timeouts, internal topics, and the appends of the broker itself.
#include "tests/broker/fake_broker_host.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::broker;
using namespace kafkasim::test;

namespace {

const TopicPartition kT0 = partition_of("t");
const TopicPartition kOffsets = partition_of("__consumer_offsets", 12);

struct Leader : FakeBrokerHost {
    explicit Leader(std::initializer_list<int32_t> isr) : FakeBrokerHost(1) {
        set_metadata({kT0, kOffsets});
        manager.startup(*this);
        leader_and_isr(kT0, 1, 0, isr, {1, 2, 3});
    }
};

}  // namespace

TEST_CASE("acks=1 answers after the append, acks=-1 when the high watermark passed the records") {
    Leader leader({1, 2});
    CHECK(leader.produced(leader.produce(kT0, {"a"}, 1))->base_offset == 0);
    const auto asked = leader.produce(kT0, {"b", "c"}, -1);
    CHECK_FALSE(leader.answered(asked));
    leader.fetch_now(kT0, 2, 2, 0);
    CHECK_FALSE(leader.answered(asked));
    leader.fetch_now(kT0, 2, 3, 0);
    const auto result = leader.produced(asked);
    REQUIRE(result);
    CHECK(result->error_code == ErrorCode::None);
    CHECK(result->base_offset == 1);
    CHECK(leader.manager.waiting_produces() == 0);
}

TEST_CASE("alone in the ISR, acks=-1 is answered at once") {
    Leader leader({1});
    CHECK(leader.produced(leader.produce(kT0, {"a"}, -1))->error_code == ErrorCode::None);
    CHECK(leader.log(kT0).high_watermark() == 1);
}

TEST_CASE("acks=-1 that is not replicated in time times out, and the records stay") {
    Leader leader({1, 2});
    const size_t timers = leader.world.timers.size();
    const auto asked = leader.produce(kT0, {"a"}, -1, 1000);
    leader.advance(999ms);
    CHECK_FALSE(leader.answered(asked));
    leader.advance(1ms);
    CHECK(leader.produced(asked)->error_code == ErrorCode::RequestTimedOut);
    CHECK(leader.log(kT0).log_end_offset() == 1);
    CHECK(leader.world.timers.size() == timers);
}

TEST_CASE("too few in-sync replicas: refused before the append with acks=-1 only") {
    Leader leader({1});
    leader.topic.min_insync_replicas = 2;
    CHECK(leader.produced(leader.produce(kT0, {"a"}, -1))->error_code == ErrorCode::NotEnoughReplicas);
    CHECK(leader.log(kT0).log_end_offset() == 0);
    CHECK(leader.world.has_log("Error processing append operation on partition t-0"));
    CHECK(leader.produced(leader.produce(kT0, {"a"}, 1))->error_code == ErrorCode::None);
}

TEST_CASE("too few in-sync replicas after the append: the error comes, the records stay") {
    Leader leader({1, 2});
    leader.topic.min_insync_replicas = 2;
    const auto asked = leader.produce(kT0, {"a"}, -1);
    leader.leader_and_isr(kT0, 1, 1, {1});
    CHECK(leader.produced(asked)->error_code == ErrorCode::NotEnoughReplicasAfterAppend);
    CHECK(leader.log(kT0).log_end_offset() == 1);
}

TEST_CASE("losing the leadership fails what waits") {
    Leader leader({1, 2});
    const auto asked = leader.produce(kT0, {"a"}, -1);
    leader.leader_and_isr(kT0, 2, 1, {1, 2});
    CHECK(leader.produced(asked)->error_code == ErrorCode::NotLeaderOrFollower);
    CHECK(leader.produced(leader.produce(kT0, {"a"}, 1))->error_code == ErrorCode::NotLeaderOrFollower);
}

TEST_CASE("acks=0 gets no answer, and on an error its connection is closed") {
    Leader leader({1, 2});
    const auto fine = leader.produce(kT0, {"a"}, 0);
    CHECK(std::holds_alternative<std::monostate>(leader.answers.at(fine.token.correlation_id)));
    CHECK(leader.world.closed.empty());
    const auto wrong = leader.produce(partition_of("nope"), {"a"}, 0);
    CHECK_FALSE(leader.answered(wrong));
    REQUIRE(leader.world.closed.size() == 1);
    CHECK(leader.world.closed[0] == wrong.token.connection);
}

TEST_CASE("clients may not write to internal topics, nor with other acks, nor where nothing is") {
    Leader leader({1});
    leader.leader_and_isr(kOffsets, 1, 0, {1}, {1});
    CHECK(leader.produced(leader.produce(kOffsets, {"a"}, 1))->error_code == ErrorCode::InvalidTopicException);
    CHECK(leader.produced(leader.produce(kOffsets, {"a"}, 1, 1000, "__admin_client"))->error_code == ErrorCode::None);
    CHECK(leader.produced(leader.produce(kT0, {"a"}, 2))->error_code == ErrorCode::InvalidRequiredAcks);
    CHECK(leader.produced(leader.produce(partition_of("nope"), {"a"}, 1))->error_code ==
          ErrorCode::UnknownTopicOrPartition);
}

TEST_CASE("an append of the broker itself is answered when it is replicated") {
    Leader leader({1});
    leader.leader_and_isr(kOffsets, 1, 0, {1, 2});
    leader.manager.append_internal(leader, kOffsets, batch_of({"commit"}), -1, 5s, 77);
    CHECK(leader.appended.empty());
    leader.fetch_now(kOffsets, 2, 1, 0);
    REQUIRE(leader.appended.size() == 1);
    CHECK(leader.appended[0].token == 77);
    CHECK(leader.appended[0].error == ErrorCode::None);
    CHECK(leader.manager.read_log(kOffsets).record_count() == 1);

    leader.manager.append_internal(leader, kOffsets, batch_of({"commit"}), -1, 5s, 78);
    leader.advance(5s);
    REQUIRE(leader.appended.size() == 2);
    CHECK(leader.appended[1].error == ErrorCode::RequestTimedOut);

    leader.manager.append_internal(leader, partition_of("__consumer_offsets", 3), batch_of({"commit"}), -1, 5s, 79);
    REQUIRE(leader.appended.size() == 3);
    CHECK(leader.appended[2].error != ErrorCode::None);

    // Tombstones wait for nobody.
    leader.manager.append_internal(leader, kOffsets, batch_of({"tombstone"}), 0, 5s, 80);
    REQUIRE(leader.appended.size() == 4);
    CHECK(leader.appended[3].error == ErrorCode::None);
}
