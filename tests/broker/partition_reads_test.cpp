// SPDX-License-Identifier: Apache-2.0
// Reads of a leader: epochs, divergence, and what a follower sees of the high watermark.
#include "tests/broker/fake_broker_host.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::broker;
using namespace kafkasim::test;

namespace {

const TopicPartition kT0 = partition_of("t");

/// Leads t-0 since epoch 3: two records of epoch 3, then, since epoch 5, one more.
struct Leader : FakeBrokerHost {
    Leader() : FakeBrokerHost(1) {
        set_metadata({kT0});
        manager.startup(*this);
        leader_and_isr(kT0, 1, 3, {1, 2});
        produce(kT0, {"a"});
        produce(kT0, {"b"});
        leader_and_isr(kT0, 1, 5, {1, 2});
        produce(kT0, {"c"});
    }
};

}  // namespace

TEST_CASE("fetches of another leader epoch are refused") {
    Leader leader;
    CHECK(leader.fetch_now(kT0, 2, 0, 4).error_code == ErrorCode::FencedLeaderEpoch);
    CHECK(leader.fetch_now(kT0, 2, 0, 6).error_code == ErrorCode::UnknownLeaderEpoch);
    CHECK(leader.fetch_now(kT0, 2, 0, 5).error_code == ErrorCode::None);
    CHECK(leader.fetch_now(kT0, 2, 0, -1).error_code == ErrorCode::None);
}

TEST_CASE("a fetch says where its last epoch parts from the leader's history") {
    Leader leader;
    struct Row {
        int32_t last_fetched_epoch;
        int64_t offset;
        ErrorCode error;
        std::optional<log::EpochEndOffset> diverging;
    };
    const std::vector<Row> rows{
        {3, 2, ErrorCode::None, std::nullopt},
        {5, 3, ErrorCode::None, std::nullopt},
        {3, 3, ErrorCode::None, log::EpochEndOffset{3, 2}},  // had one more record of epoch 3 than the leader
        {4, 2, ErrorCode::None, log::EpochEndOffset{3, 2}},  // an epoch that the leader skipped
        {2, 1, ErrorCode::None, log::EpochEndOffset{2, 0}},  // older than all of the leader's
        {7, 3, ErrorCode::OffsetOutOfRange, std::nullopt},   // newer than all
    };
    for (const Row& row : rows) {
        CAPTURE(row.last_fetched_epoch, row.offset);
        const FetchPartitionData data = leader.fetch_now(kT0, 2, row.offset, 5, row.last_fetched_epoch);
        CHECK(data.error_code == row.error);
        CHECK((data.diverging_epoch.epoch >= 0) == row.diverging.has_value());
        if (row.diverging) {
            CHECK(data.diverging_epoch.epoch == row.diverging->epoch);
            CHECK(data.diverging_epoch.end_offset == row.diverging->end_offset);
            CHECK(data.records.empty());
        }
    }
}

TEST_CASE("a fetch that diverges does not count as progress") {
    Leader leader;
    leader.fetch_now(kT0, 2, 3, 5, 3);
    CHECK(leader.partition(kT0).follower(BrokerId{2})->log_end_offset == -1);
    CHECK(leader.log(kT0).high_watermark() == 0);
}

TEST_CASE("a follower learns of the high watermark it caused one round later") {
    Leader leader;
    CHECK(leader.fetch_now(kT0, 2, 0, 5).high_watermark == 0);
    CHECK(leader.fetch_now(kT0, 2, 3, 5).high_watermark == 0);
    CHECK(leader.log(kT0).high_watermark() == 3);
    CHECK(leader.fetch_now(kT0, 2, 3, 5).high_watermark == 3);
}

TEST_CASE("a consumer sees what is below the high watermark, and nothing is not an error up to the end") {
    Leader leader;
    leader.fetch_now(kT0, 2, 2, 5);
    CHECK(leader.fetch_now(kT0, -1, 0, 5).records.record_count() == 2);
    CHECK(leader.fetch_now(kT0, -1, 3, 5).error_code == ErrorCode::None);
    CHECK(leader.fetch_now(kT0, -1, 3, 5).records.empty());
    CHECK(leader.fetch_now(kT0, -1, 4, 5).error_code == ErrorCode::OffsetOutOfRange);
}

TEST_CASE("a replica that is not assigned gets no records") {
    Leader leader;
    const FetchPartitionData data = leader.fetch_now(kT0, 9, 0, 5);
    CHECK(data.error_code == ErrorCode::None);
    CHECK(data.records.empty());
    CHECK(leader.world.has_log("Leader 1 failed to record follower 9's position 0"));
}

TEST_CASE("a new leader does not say where the log ends before its high watermark has reached its epoch") {
    Leader leader;
    const auto latest = [&](int32_t replica, int64_t timestamp) {
        protocol::ListOffsetsRequest request;
        request.replica_id = BrokerId{replica};
        request.topics.push_back({kT0.topic, {{0, 5, timestamp}}});
        const auto asked = leader.context();
        leader.manager.handle_list_offsets(leader, asked, std::move(request));
        return leader.take<protocol::ListOffsetsResponse>(asked)->topics.front().partitions.front();
    };
    CHECK(latest(-1, -1).error_code == ErrorCode::OffsetNotAvailable);
    CHECK(latest(2, -1).offset == 3);
    CHECK(latest(-1, -2).offset == 0);
    CHECK(latest(-1, -2).leader_epoch == 3);
    leader.fetch_now(kT0, 2, 2, 5);
    CHECK(latest(-1, -1).offset == 2);
    CHECK(latest(-1, -1).leader_epoch == 5);
    CHECK(latest(-1, 1000).offset == 0);
    CHECK(latest(-1, 5000).offset == -1);
}

TEST_CASE("OffsetForLeaderEpoch answers the greatest epoch up to the asked one and its end") {
    Leader leader;
    const auto end_of = [&](int32_t epoch, int32_t current = 5) {
        protocol::OffsetForLeaderEpochRequest request;
        request.topics.push_back({kT0.topic, {{0, current, epoch}}});
        const auto asked = leader.context();
        leader.manager.handle_offset_for_leader_epoch(leader, asked, std::move(request));
        return leader.take<protocol::OffsetForLeaderEpochResponse>(asked)->topics.front().partitions.front();
    };
    CHECK(end_of(3).end_offset == 2);
    CHECK(end_of(4).leader_epoch == 3);
    CHECK(end_of(5).end_offset == 3);
    CHECK(end_of(9).end_offset == -1);
    CHECK(end_of(3, 4).error_code == ErrorCode::FencedLeaderEpoch);
}
