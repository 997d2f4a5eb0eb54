// SPDX-License-Identifier: Apache-2.0
// The cases of Kafka 3.0.0's PartitionTest that are about the Isr, by their names. Broker 1 leads t-0; the log was
// there before with ten records of epoch 4 where theirs has it so. Which case is where is in suites.txt.
#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/znodes.hpp"
#include "tests/kafka_tables/local_partition.hpp"

using namespace kafkasim;
using namespace kafkasim::broker;
using namespace kafkasim::test;

namespace {

/// Ten records of epoch 4, led by broker 1 since epoch 5.
struct SeededLeader : LocalPartition {
    explicit SeededLeader(std::initializer_list<int32_t> isr, std::initializer_list<int32_t> replicas = {1, 2},
                          IsrChanges by = IsrChanges::ByController)
        : LocalPartition(by) {
        seed(10, 4);
        lead(5, isr, replicas);
    }
};

}  // namespace

TEST_CASE("PartitionTest.testFollowerDoesNotJoinISRUntilCaughtUpToOffsetWithinCurrentLeaderEpoch", "[kafka_tables]") {
    LocalPartition test;
    test.lead(8, {1, 3}, {1, 2, 3});
    test.append_now(2);
    test.append_now(3);
    REQUIRE(test.log().high_watermark() == 0);
    test.fetched_by(3, 0);
    test.fetched_by(3, 1);
    CHECK(test.log().high_watermark() == 1);

    test.follow(3, 9, {1, 2, 3});
    test.lead(10, {1, 3}, {1, 2, 3});
    const int64_t epoch_start = test.log().log_end_offset();
    test.append_now(2);
    // At the high watermark, but not yet at what is of this epoch.
    test.fetched_by(2, 0);
    test.fetched_by(2, 1);
    CHECK(test.proposed().empty());
    CHECK(test.maximal_isr() == broker_ids({1, 3}));
    test.fetched_by(2, epoch_start);
    CHECK(test.isr() == broker_ids({1, 3}));
    CHECK(test.maximal_isr() == broker_ids({1, 3, 2}));
    CHECK(test.proposed() == broker_ids({1, 3, 2}));
}

TEST_CASE("PartitionTest.testUpdateFollowerFetchState", "[kafka_tables]") {
    LocalPartition test;
    test.seed(6, 4);
    const Instant start = test.world.now();
    test.lead(5, {1, 2}, {1, 2});
    CHECK(test.remote(2).last_caught_up_time == start);
    CHECK(test.remote(2).log_end_offset == kUnknownOffset);
    CHECK(test.remote(2).log_start_offset == kUnknownOffset);
    test.advance(500ms);
    test.fetched_by(2, 3);
    CHECK(test.remote(2).last_caught_up_time == start);
    CHECK(test.remote(2).log_end_offset == 3);
    CHECK(test.remote(2).log_start_offset == 0);
    test.advance(500ms);
    test.fetched_by(2, 6);
    CHECK(test.remote(2).last_caught_up_time == test.world.now());
    CHECK(test.remote(2).log_end_offset == 6);
    CHECK(test.remote(2).log_start_offset == 0);
}

TEST_CASE("PartitionTest.testIsrExpansion", "[kafka_tables]") {
    SeededLeader test({1});
    CHECK(test.remote(2).log_end_offset == kUnknownOffset);
    test.fetched_by(2, 3);
    CHECK(test.isr() == broker_ids({1}));
    CHECK(test.proposed().empty());
    CHECK(test.remote(2).log_end_offset == 3);
    test.fetched_by(2, 10);
    CHECK(test.proposed() == broker_ids({1, 2}));
    CHECK(test.isr() == broker_ids({1}));
    CHECK(test.maximal_isr() == broker_ids({1, 2}));
    CHECK(test.remote(2).log_end_offset == 10);
    test.complete(6);
    CHECK(test.isr() == broker_ids({1, 2}));
    CHECK_FALSE(test.in_flight());
}

TEST_CASE("PartitionTest: a proposal that is refused", "[kafka_tables]") {
    struct Row {
        std::string name;
        ErrorCode error;
        bool tried_again;  // Kafka means to; its own map entry then refuses it (defect B4), so nothing is sent
    };
    const std::vector<Row> rows = {
        {"testIsrNotExpandedIfUpdateFails", ErrorCode::InvalidUpdateVersion, false},
        {"testAlterIsrUnknownTopic", ErrorCode::UnknownTopicOrPartition, false},
        {"testAlterIsrInvalidVersion", ErrorCode::InvalidUpdateVersion, false},
        {"testAlterIsrUnexpectedError", ErrorCode::UnknownServerError, true},
    };
    for (const Row& row : rows) {
        DYNAMIC_SECTION(row.name) {
            SeededLeader test({1});
            test.fetched_by(2, 10);
            CHECK(test.isr() == broker_ids({1}));
            CHECK(test.maximal_isr() == broker_ids({1, 2}));
            CHECK(test.remote(2).log_end_offset == 10);
            test.refuse(row.error);
            CHECK(test.isr() == broker_ids({1}));
            CHECK(test.maximal_isr() == broker_ids({1, 2}));
            CHECK(test.in_flight());
            CHECK(test.proposed().empty());
            CHECK(test.world.has_log("due to unexpected UNKNOWN_SERVER_ERROR. Retrying.") == row.tried_again);
        }
    }
}

TEST_CASE("PartitionTest.testMaybeShrinkIsr", "[kafka_tables]") {
    SeededLeader test({1, 2});
    CHECK(test.log().high_watermark() == 0);
    CHECK(test.remote(2).last_caught_up_time == test.world.now());
    CHECK(test.remote(2).log_end_offset == kUnknownOffset);
    // It is looked at every 15 s. A new leader takes its followers for caught up.
    test.advance(30s);
    CHECK(test.proposed().empty());
    test.advance(15s);
    CHECK(test.proposed() == broker_ids({1}));
    CHECK(test.isr() == broker_ids({1, 2}));
    CHECK(test.maximal_isr() == broker_ids({1, 2}));
    CHECK(test.log().high_watermark() == 0);
}

TEST_CASE("PartitionTest.testAlterIsrLeaderAndIsrRace", "[kafka_tables]") {
    SeededLeader test({1, 2});
    test.settings.controller_socket_timeout_ms = 300'000;  // the answer takes long
    test.advance(45s);
    REQUIRE(test.proposed() == broker_ids({1}));
    // Leader again while the proposal is on its way (theirs in the same epoch, which no broker would be told twice).
    test.lead(6, {1, 2}, {1, 2});
    CHECK_FALSE(test.in_flight());
    // The next one is not taken before the first is answered,
    test.advance(45s);
    CHECK_FALSE(test.in_flight());
    CHECK(test.world.has_log("Failed to enqueue ISR change state"));
    // whose answer says nothing of the state there is now.
    test.complete(10);
    CHECK(test.isr() == broker_ids({1, 2}));
    test.advance(15s);
    CHECK(test.in_flight());
    CHECK(test.proposed() == broker_ids({1}));
}

TEST_CASE("PartitionTest.testShouldNotShrinkIsrIfPreviousFetchIsCaughtUp", "[kafka_tables]") {
    SeededLeader test({1, 2});
    test.settings.replica_lag_time_max_ms = 10000;  // looked at every 15 s until then, afterwards every 5 s
    const Instant start = test.world.now();
    test.advance(5s);
    const Instant first_fetch = test.world.now();
    test.fetched_by(2, 5);
    CHECK(test.remote(2).last_caught_up_time == start);
    CHECK(test.log().high_watermark() == 5);
    // More is written; the follower reaches what was the end when it fetched before.
    test.advance(5001ms);
    test.append_now(5);
    test.fetched_by(2, 10);
    CHECK(test.remote(2).last_caught_up_time == first_fetch);
    CHECK(test.log().high_watermark() == 10);
    CHECK(test.remote(2).log_end_offset == 10);
    test.advance(4999ms);  // 15 s since the start, 10 s since the first fetch
    CHECK(test.proposed().empty());
    test.advance(5s);
    CHECK(test.proposed() == broker_ids({1}));
}

TEST_CASE("PartitionTest.testShouldNotShrinkIsrIfFollowerCaughtUpToLogEnd", "[kafka_tables]") {
    SeededLeader test({1, 2});
    test.fetched_by(2, 10);
    CHECK(test.log().high_watermark() == 10);
    CHECK(test.remote(2).log_end_offset == 10);
    test.advance(60s);
    CHECK(test.isr() == broker_ids({1, 2}));
    CHECK(test.proposed().empty());
}

TEST_CASE("PartitionTest.testIsrNotShrunkIfUpdateFails", "[kafka_tables]") {
    SeededLeader test({1, 2});
    test.advance(45s);
    CHECK(test.proposed() == broker_ids({1}));
    CHECK(test.isr() == broker_ids({1, 2}));
    test.refuse(ErrorCode::InvalidUpdateVersion);
    CHECK(test.partition().isr_state().kind == IsrState::Kind::PendingShrink);
    CHECK(test.isr() == broker_ids({1, 2}));
    CHECK(test.proposed().empty());
    CHECK(test.log().high_watermark() == 0);
}

TEST_CASE("PartitionTest.testSingleInFlightAlterIsr", "[kafka_tables]") {
    SeededLeader test({1, 2, 3}, {1, 2, 3, 4});
    REQUIRE(test.isr() == broker_ids({1, 2, 3}));
    test.fetched_by(4, 10);
    CHECK(test.isr() == broker_ids({1, 2, 3}));
    CHECK(test.maximal_isr() == broker_ids({1, 2, 3, 4}));
    CHECK(test.proposed() == broker_ids({1, 2, 3, 4}));
    // 2 and 3 have been silent for long enough, but a proposal is on its way.
    test.advance(60s);
    CHECK(test.proposed() == broker_ids({1, 2, 3, 4}));
    CHECK(test.world.count_logs("Shrinking ISR") == 0);
    CHECK(test.world.count_sent<protocol::AlterIsrRequest>() == 0);
}

// A leader that writes the Isr into ZooKeeper itself, as before 2.7-IV2.
TEST_CASE("PartitionTest.testZkIsrManagerAsyncCallback", "[kafka_tables]") {
    SeededLeader test({1, 2, 3}, {1, 2, 3, 4}, IsrChanges::ByLeader);
    const auto written = [&](int32_t version) {
        REQUIRE(test.zk_calls.size() == 1);
        const FakeBrokerHost::ZkCall call = std::exchange(test.zk_calls, {}).front();
        const auto& write = std::get<protocol::ZkSetDataRequest>(call.requests.at(0));
        CHECK(write.path == "/brokers/topics/t/partitions/0/state");
        CHECK(write.version == version);
        CHECK(write.data->find("\"isr\":[1,2,3,4]") != std::string::npos);
        protocol::ZkSetDataResponse response;
        response.stat.version = version + 1;
        test.manager.on_isr_zk_replies(test, call.token, {protocol::Body(response)});
    };
    CHECK(test.isr() == broker_ids({1, 2, 3}));
    CHECK(test.log().high_watermark() == 0);
    test.fetched_by(4, 10);
    CHECK(test.in_flight());
    written(5);
    CHECK_FALSE(test.in_flight());
    CHECK(test.isr() == broker_ids({1, 2, 3, 4}));
    CHECK(test.partition().zk_version() == 6);
    // No controller was asked; it learns of it some seconds later by a notification.
    CHECK(test.world.count_sent<protocol::AlterIsrRequest>() == 0);
    CHECK(test.zk_calls.empty());
    test.advance(10s);
    REQUIRE(test.zk_calls.size() == 1);
    CHECK(std::get<protocol::ZkCreateRequest>(test.zk_calls.front().requests.at(0)).path ==
          "/isr_change_notification/isr_change_");
}
