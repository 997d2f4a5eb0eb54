// SPDX-License-Identifier: Apache-2.0
// DeleteRecords: its errors, and the wait for all replicas.
#include "tests/broker/fake_broker_host.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::broker;
using namespace kafkasim::test;

namespace {

const TopicPartition kT0 = partition_of("t");
const TopicPartition kOffsets = partition_of("__consumer_offsets", 12);
using Result = protocol::DeleteRecordsResponse::DeleteRecordsPartitionResult;

struct Leader : FakeBrokerHost {
    explicit Leader(std::initializer_list<int32_t> isr, const std::vector<int32_t>& alive = {1, 2, 3})
        : FakeBrokerHost(1) {
        set_metadata({kT0, kOffsets}, 1, alive);
        manager.startup(*this);
        leader_and_isr(kT0, 1, 0, isr, {1, 2, 3});
        produce(kT0, {"a", "b", "c"}, 1);
    }
    /// A follower fetches at `offset` and says where its own log starts.
    void follow(int32_t replica, int64_t offset, int64_t log_start_offset) {
        protocol::FetchRequest request;
        request.replica_id = {replica};
        request.session_epoch = kFinalSessionEpoch;
        request.topics.push_back({kT0.topic, {{0, 0, offset, -1, log_start_offset, 1048576}}});
        fetch(std::move(request));
    }
    node::RequestContext delete_records(const TopicPartition& tp, int64_t offset, int32_t timeout_ms = 30000) {
        protocol::DeleteRecordsRequest request;
        request.timeout_ms = timeout_ms;
        request.topics.push_back({tp.topic, {{tp.partition, offset}}});
        const node::RequestContext asked = context();
        manager.handle_delete_records(*this, asked, std::move(request));
        return asked;
    }
    std::optional<Result> deleted(const node::RequestContext& asked) {
        const auto response = take<protocol::DeleteRecordsResponse>(asked);
        if (!response) return std::nullopt;
        return response->topics.front().partitions.front();
    }
};

}  // namespace

TEST_CASE("alone, the leader deletes at once and the consumer below the start is out of range") {
    Leader leader({1}, {1});
    const auto result = leader.deleted(leader.delete_records(kT0, 2));
    REQUIRE(result);
    CHECK(result->error_code == ErrorCode::None);
    CHECK(result->low_watermark == 2);
    CHECK(leader.log(kT0).log_start_offset() == 2);
    CHECK(leader.world.has_log("Incremented log start offset to 2 due to client delete records request"));
    CHECK(leader.fetch_now(kT0, -1, 1, 0).error_code == ErrorCode::OffsetOutOfRange);
    CHECK(leader.fetch_now(kT0, -1, 2, 0).error_code == ErrorCode::None);
}

TEST_CASE("what cannot be deleted") {
    Leader leader({1}, {1});
    struct Case {
        TopicPartition tp;
        int64_t offset;
        ErrorCode error;
    };
    const Case cases[] = {
        {kT0, 4, ErrorCode::OffsetOutOfRange},
        {kT0, -2, ErrorCode::OffsetOutOfRange},
        {kOffsets, 0, ErrorCode::InvalidTopicException},
        {partition_of("t", 7), 0, ErrorCode::UnknownTopicOrPartition},
        {partition_of("x"), 0, ErrorCode::UnknownTopicOrPartition},
    };
    for (const Case& each : cases) {
        INFO(to_string(each.tp) << " " << each.offset);
        const auto result = leader.deleted(leader.delete_records(each.tp, each.offset));
        REQUIRE(result);
        CHECK(result->error_code == each.error);
        CHECK(result->low_watermark == -1);
    }
    CHECK(leader.log(kT0).log_start_offset() == 0);
    leader.topic.cleanup_policy = "compact";
    leader.manager.logs().find(kT0)->update_config(log::log_config_of(leader.topic));
    CHECK(leader.deleted(leader.delete_records(kT0, 1))->error_code == ErrorCode::PolicyViolation);
}

TEST_CASE("-1 means the high watermark, and an offset below the start changes nothing") {
    Leader leader({1}, {1});
    CHECK(leader.deleted(leader.delete_records(kT0, -1))->low_watermark == 3);
    CHECK(leader.deleted(leader.delete_records(kT0, 1))->low_watermark == 3);
    CHECK(leader.log(kT0).log_start_offset() == 3);
}

TEST_CASE("the answer waits until every live follower has told its new start") {
    Leader leader({1, 2}, {1, 2});
    leader.follow(2, 3, 0);
    leader.follow(2, 3, 0);
    REQUIRE(leader.log(kT0).high_watermark() == 3);
    const auto asked = leader.delete_records(kT0, 2);
    CHECK_FALSE(leader.answered(asked));
    leader.follow(2, 3, 0);
    CHECK_FALSE(leader.answered(asked));
    leader.follow(2, 3, 2);
    const auto result = leader.deleted(asked);
    REQUIRE(result);
    CHECK(result->low_watermark == 2);
}

TEST_CASE("a follower that is away is not waited for") {
    Leader leader({1, 2}, {1});
    leader.log(kT0).update_high_watermark(leader.world, 3);
    CHECK(leader.deleted(leader.delete_records(kT0, 2))->low_watermark == 2);
}

TEST_CASE("without the followers' answer the request times out, and the records are gone") {
    Leader leader({1, 2}, {1, 2});
    leader.log(kT0).update_high_watermark(leader.world, 3);
    const auto asked = leader.delete_records(kT0, 2, 1000);
    leader.advance(1s);
    CHECK(leader.deleted(asked)->error_code == ErrorCode::RequestTimedOut);
    CHECK(leader.log(kT0).log_start_offset() == 2);
}

TEST_CASE("a leader that loses its role answers at once") {
    Leader leader({1, 2}, {1, 2});
    leader.log(kT0).update_high_watermark(leader.world, 3);
    const auto asked = leader.delete_records(kT0, 2);
    leader.leader_and_isr(kT0, 2, 1, {1, 2}, {1, 2, 3});
    CHECK(leader.deleted(asked)->error_code == ErrorCode::NotLeaderOrFollower);
}

TEST_CASE("retention runs for all logs by one timer, first after 30 s, and costs nothing per partition") {
    Leader leader({1}, {1});
    const size_t timers = leader.world.timers.size();
    std::vector<TopicPartition> more{kT0};
    for (int32_t i = 1; i < 50; ++i) more.push_back(partition_of("t", i));
    leader.set_metadata(more);
    for (const TopicPartition& tp : more) leader.leader_and_isr(tp, 1, 1, {1}, {1});
    CHECK(leader.world.timers.size() == timers);
    leader.topic.retention_ms = 10000;
    leader.manager.logs().find(kT0)->update_config(log::log_config_of(leader.topic));
    leader.advance(29s);
    CHECK(leader.log(kT0).log_start_offset() == 0);
    leader.advance(1s);
    CHECK(leader.log(kT0).log_start_offset() == 3);
}
