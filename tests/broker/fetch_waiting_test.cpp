// SPDX-License-Identifier: Apache-2.0
// Waiting fetches: the table of what completes one, and that it happens when it should.
#include <string>

#include "core/broker/delayed_fetch.hpp"
#include "tests/broker/fake_broker_host.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::broker;
using namespace kafkasim::test;

namespace {

const TopicPartition kT0 = partition_of("t");
constexpr int32_t kEpoch = 5;

struct Leader : FakeBrokerHost {
    explicit Leader(std::initializer_list<int32_t> isr = {1, 2}) : FakeBrokerHost(1) {
        set_metadata({kT0});
        manager.startup(*this);
        leader_and_isr(kT0, 1, kEpoch, isr, {1, 2});
    }
};

}  // namespace

TEST_CASE("what completes a waiting fetch") {
    struct Row {
        std::string name;
        WaitingPartition partition;
        WaitOutcome outcome;
        int64_t accumulated;
    };
    const auto made = [](int64_t fetch, int64_t end, int64_t bytes, bool other_segment = false, bool diverges = false,
                         ErrorCode error = ErrorCode::None) {
        return WaitingPartition{error, fetch, end, other_segment, bytes, diverges};
    };
    const std::vector<Row> rows{
        {"nothing new", made(10, 10, 0), WaitOutcome::Wait, 0},
        {"new records are counted", made(10, 12, 70), WaitOutcome::Wait, 70},
        {"a consumer above the high watermark waits", made(12, 10, 0), WaitOutcome::Wait, 0},
        {"another segment", made(10, 12, 70, true), WaitOutcome::Complete, 0},
        {"diverged meanwhile", made(10, 10, 0, false, true), WaitOutcome::Complete, 0},
        {"not the leader", made(0, 0, 0, false, false, ErrorCode::NotLeaderOrFollower), WaitOutcome::Complete, 0},
        {"an older epoch", made(0, 0, 0, false, false, ErrorCode::FencedLeaderEpoch), WaitOutcome::Complete, 0},
        {"offline", made(0, 0, 0, false, false, ErrorCode::KafkaStorageError), WaitOutcome::Complete, 0},
    };
    for (const Row& row : rows) {
        INFO(row.name);
        int64_t accumulated = 0;
        CHECK(evaluate_waiting_fetch(row.partition, accumulated) == row.outcome);
        CHECK(accumulated == row.accumulated);
    }
}

TEST_CASE("a fetch that finds nothing waits for max_wait and frees its timer") {
    Leader leader;
    const size_t timers = leader.world.timers.size();
    const auto asked = leader.fetch(kT0, 2, 0, kEpoch, -1, 500);
    CHECK_FALSE(leader.answered(asked));
    CHECK(leader.world.timers.size() == timers + 1);
    leader.advance(499ms);
    CHECK_FALSE(leader.answered(asked));
    leader.advance(1ms);
    CHECK(leader.fetched(asked)->records.empty());
    CHECK(leader.world.timers.size() == timers);
    CHECK(leader.manager.waiting_fetches() == 0);
}

TEST_CASE("an append wakes a follower, a move of the high watermark does not") {
    Leader leader;
    const auto follower = leader.fetch(kT0, 2, 0, kEpoch, -1, 500);
    const auto consumer = leader.fetch(kT0, -1, 0, kEpoch, -1, 500);
    leader.produce(kT0, {"a"});
    REQUIRE(leader.answered(follower));
    CHECK(leader.fetched(follower)->records.record_count() == 1);
    CHECK_FALSE(leader.answered(consumer));  // above the high watermark

    // The follower's next fetch moves the high watermark: the consumer gets the record, the follower waits on.
    const auto next = leader.fetch(kT0, 2, 1, kEpoch, -1, 500);
    REQUIRE(leader.answered(consumer));
    CHECK(leader.fetched(consumer)->records.record_count() == 1);
    CHECK_FALSE(leader.answered(next));
    leader.advance(500ms);
    CHECK(leader.fetched(next)->high_watermark == 1);
}

TEST_CASE("a fetch with min_bytes waits until that much is there") {
    Leader leader;
    const auto asked = leader.fetch(kT0, 2, 0, kEpoch, -1, 500, 150);
    leader.produce(kT0, {"a"});
    CHECK_FALSE(leader.answered(asked));
    leader.produce(kT0, {"b"});
    leader.produce(kT0, {"c"});
    REQUIRE(leader.answered(asked));
    CHECK(leader.fetched(asked)->records.record_count() == 3);
}

TEST_CASE("becoming a follower ends the wait at once, a mere epoch bump does not") {
    Leader leader;
    const auto asked = leader.fetch(kT0, 2, 0, kEpoch, -1, 500);
    SECTION("epoch bump: fenced at the timeout") {
        leader.leader_and_isr(kT0, 1, kEpoch + 1, {1, 2}, {1, 2});
        CHECK_FALSE(leader.answered(asked));
        leader.advance(500ms);
        CHECK(leader.fetched(asked)->error_code == ErrorCode::FencedLeaderEpoch);
    }
    SECTION("follower: an error at once") {
        leader.leader_and_isr(kT0, 2, kEpoch + 1, {1, 2}, {1, 2});
        REQUIRE(leader.answered(asked));
        CHECK(leader.fetched(asked)->error_code == ErrorCode::FencedLeaderEpoch);
    }
}

TEST_CASE("errors and partitions nobody knows are answered at once") {
    Leader leader;
    CHECK(leader.fetched(leader.fetch(partition_of("nope"), 2, 0, -1, -1, 500))->error_code ==
          ErrorCode::UnknownTopicOrPartition);
    CHECK(leader.fetched(leader.fetch(kT0, 2, 9, kEpoch, -1, 500))->error_code == ErrorCode::OffsetOutOfRange);
    leader.set_metadata({partition_of("elsewhere")});
    CHECK(leader.fetched(leader.fetch(partition_of("elsewhere"), 2, 0, -1, -1, 500))->error_code ==
          ErrorCode::NotLeaderOrFollower);
}

TEST_CASE("an incremental fetch waits over partitions it does not name") {
    Leader leader;
    protocol::FetchRequest open;
    open.replica_id = BrokerId{2};
    open.session_epoch = kInitialSessionEpoch;
    open.topics.push_back({kT0.topic, {{0, kEpoch, 0, -1, 0, 1048576}}});
    const int32_t id = leader.take<protocol::FetchResponse>(leader.fetch(std::move(open)))->session_id;
    protocol::FetchRequest next;
    next.replica_id = BrokerId{2};
    next.session_id = id;
    next.session_epoch = 1;
    next.max_wait_ms = 500;
    next.min_bytes = 1;
    const auto asked = leader.fetch(std::move(next));
    CHECK_FALSE(leader.answered(asked));
    leader.produce(kT0, {"a"});
    REQUIRE(leader.answered(asked));
    CHECK(leader.fetched(asked)->records.record_count() == 1);
}
