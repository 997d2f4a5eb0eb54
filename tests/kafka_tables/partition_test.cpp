// SPDX-License-Identifier: Apache-2.0
// Kafka 3.0.0's PartitionTest, by the names of its 44 cases: reads, epochs and offsets. Those about the Isr are in
// partition_isr_test.cpp; which case is where, and why some do not apply, is in suites.txt.
#include "core/broker/follower_append.hpp"
#include "core/tools/topics_format.hpp"
#include "tests/kafka_tables/local_partition.hpp"

using namespace kafkasim;
using namespace kafkasim::broker;
using namespace kafkasim::test;

namespace {

constexpr int32_t kEpoch = 5;
constexpr int32_t kNoneGiven = -1;

/// What the check of the current leader epoch must say; `must_lead`: only the leader may answer.
struct EpochRow {
    int32_t requested;
    bool must_lead;
    ErrorCode on_leader;
    ErrorCode on_follower;
};

// clang-format off
const std::vector<EpochRow> kEpochRows = {
    {kNoneGiven, true,  ErrorCode::None,               ErrorCode::NotLeaderOrFollower},
    {kEpoch,     true,  ErrorCode::None,               ErrorCode::NotLeaderOrFollower},
    {kEpoch - 1, true,  ErrorCode::FencedLeaderEpoch,  ErrorCode::FencedLeaderEpoch},
    {kEpoch + 1, true,  ErrorCode::UnknownLeaderEpoch, ErrorCode::UnknownLeaderEpoch},
    {kNoneGiven, false, ErrorCode::None,               ErrorCode::None},
    {kEpoch,     false, ErrorCode::None,               ErrorCode::None},
    {kEpoch - 1, false, ErrorCode::FencedLeaderEpoch,  ErrorCode::FencedLeaderEpoch},
    {kEpoch + 1, false, ErrorCode::UnknownLeaderEpoch, ErrorCode::UnknownLeaderEpoch},
};
// clang-format on

struct Leader : LocalPartition {
    Leader() { lead(kEpoch, {1, 2}, {1, 2}); }
};
struct Follower : LocalPartition {
    Follower() { follow(2, kEpoch, {1, 2}); }
};

ErrorCode read_error(LocalPartition& test, const EpochRow& row) {
    Partition::ReadParams params;
    params.current_leader_epoch = row.requested;
    params.max_bytes = 1024;
    params.from_follower = row.must_lead;
    return test.partition().read(test.log(), params).error;
}

protocol::ListOffsetsResponse::ListOffsetsPartitionResponse list_offset(LocalPartition& test, int32_t replica,
                                                                        int64_t timestamp,
                                                                        int32_t current_epoch = kNoneGiven) {
    protocol::ListOffsetsRequest request;
    request.replica_id = BrokerId{replica};
    request.topics.push_back({test.tp.topic, {{0, current_epoch, timestamp}}});
    const auto asked = test.context();
    test.manager.handle_list_offsets(test, asked, std::move(request));
    return test.take<protocol::ListOffsetsResponse>(asked)->topics.front().partitions.front();
}

protocol::OffsetForLeaderEpochResponse::EpochEndOffset end_of_epoch(LocalPartition& test, int32_t epoch,
                                                                    int32_t current_epoch) {
    protocol::OffsetForLeaderEpochRequest request;
    request.topics.push_back({test.tp.topic, {{0, current_epoch, epoch}}});
    const auto asked = test.context();
    test.manager.handle_offset_for_leader_epoch(test, asked, std::move(request));
    return test.take<protocol::OffsetForLeaderEpochResponse>(asked)->topics.front().partitions.front();
}

// Who asks for offsets, and for which.
constexpr int32_t kClient = -1;
constexpr int32_t kDebuggingClient = -2;
constexpr int32_t kReplica = 2;
constexpr int64_t kLatest = -1;
constexpr int64_t kEarliest = -2;

/// A fetch of replica 2 whose last record is of `last_fetched_epoch`, and how its log parts from the leader's.
struct ReadRow {
    int32_t last_fetched_epoch;
    int64_t fetch_offset;
    ErrorCode error;
    std::optional<log::EpochEndOffset> diverging;
};

void check_reads(LocalPartition& test, const std::vector<ReadRow>& rows) {
    for (const ReadRow& row : rows) {
        CAPTURE(row.last_fetched_epoch, row.fetch_offset);
        Partition::ReadParams params;
        params.fetch_offset = row.fetch_offset;
        params.last_fetched_epoch = row.last_fetched_epoch;
        params.current_leader_epoch = 10;
        params.max_bytes = std::numeric_limits<int32_t>::max();
        params.from_follower = params.min_one_message = true;
        const Partition::Read read = test.partition().read(test.log(), params);
        CHECK(read.error == row.error);
        CHECK(read.diverging == row.diverging);
        if (row.diverging) CHECK(read.records.empty());
    }
}

}  // namespace

TEST_CASE("PartitionTest.testLastFetchedOffsetValidation", "[kafka_tables]") {
    LocalPartition test;
    test.append(2, 0);  // from 0
    test.append(3, 3);  // 2
    test.append(3, 3);  // 5
    test.append(5, 4);  // 8
    test.append(1, 7);  // 13
    test.append(3, 9);  // 14
    REQUIRE(test.log().log_end_offset() == 17);
    test.lead(10, {1, 2}, {1, 2});
    constexpr ErrorCode kFine = ErrorCode::None;
    using End = log::EpochEndOffset;
    // clang-format off
    check_reads(test, {
        {2,  5,  kFine, End{0, 2}},
        {0,  4,  kFine, End{0, 2}},
        {6,  6,  kFine, End{4, 13}},
        {5,  9,  kFine, End{4, 13}},
        {10, 18, kFine, End{10, 17}},
        {0,  2,  kFine, std::nullopt},
        {7,  14, kFine, std::nullopt},
        {9,  17, kFine, std::nullopt},
        {10, 17, kFine, std::nullopt},
        {11, 5,  ErrorCode::OffsetOutOfRange, std::nullopt},  // newer than all that is known
    });
    // The log begins in the middle of epoch 3.
    test.log().update_high_watermark(test.world, 17);
    REQUIRE(test.log().maybe_increment_log_start_offset(test.world, 5, "client delete records request"));
    check_reads(test, {
        {2,  8,  kFine, End{2, 5}},
        {0,  5,  kFine, std::nullopt},
        {3,  5,  kFine, std::nullopt},
        {0,  0,  ErrorCode::OffsetOutOfRange, std::nullopt},
    });
    // Below the start of the log whether it diverges or not.
    REQUIRE(test.log().maybe_increment_log_start_offset(test.world, 10, "client delete records request"));
    check_reads(test, {
        {5,  6,  ErrorCode::OffsetOutOfRange, std::nullopt},
        {3,  6,  ErrorCode::OffsetOutOfRange, std::nullopt},
    });
    // clang-format on
}

TEST_CASE("PartitionTest.testMakeLeaderUpdatesEpochCache", "[kafka_tables]") {
    LocalPartition test;
    test.append(2, 0);
    test.append(2, 5);
    test.lead(8, {1, 2}, {1, 2});
    CHECK(test.log().log_end_offset() == 4);
    const auto end = end_of_epoch(test, 8, 8);
    CHECK(end.leader_epoch == 8);
    CHECK(end.end_offset == 4);
}

TEST_CASE("PartitionTest: epochs are checked before roles", "[kafka_tables]") {
    Leader leader;
    Follower follower;
    struct Case {
        std::string name;
        LocalPartition& broker;
        std::optional<ErrorCode> (*asked)(LocalPartition&, const EpochRow&);  // nullopt: nobody asks this way
    };
    const auto waiting_fetch = [](LocalPartition& test, const EpochRow& row) -> std::optional<ErrorCode> {
        return test.partition().check_leader(row.requested, row.must_lead);
    };
    const auto read = [](LocalPartition& test, const EpochRow& row) -> std::optional<ErrorCode> {
        return read_error(test, row);
    };
    const auto timestamp = [](LocalPartition& test, const EpochRow& row) -> std::optional<ErrorCode> {
        return list_offset(test, row.must_lead ? kClient : kDebuggingClient, 0, row.requested).error_code;
    };
    const auto epoch_end = [](LocalPartition& test, const EpochRow& row) -> std::optional<ErrorCode> {
        if (!row.must_lead) return std::nullopt;  // a request always asks the leader
        return end_of_epoch(test, 0, row.requested).error_code;
    };
    const std::vector<Case> cases = {
        {"testFetchOffsetSnapshotEpochValidationForLeader", leader, waiting_fetch},
        {"testFetchOffsetSnapshotEpochValidationForFollower", follower, waiting_fetch},
        {"testReadRecordEpochValidationForLeader", leader, read},
        {"testReadRecordEpochValidationForFollower", follower, read},
        {"testFetchOffsetForTimestampEpochValidationForLeader", leader, timestamp},
        {"testFetchOffsetForTimestampEpochValidationForFollower", follower, timestamp},
        {"testOffsetForLeaderEpochValidationForLeader", leader, epoch_end},
        {"testOffsetForLeaderEpochValidationForFollower", follower, epoch_end},
    };
    for (const Case& each : cases) {
        for (const EpochRow& row : kEpochRows) {
            CAPTURE(each.name, row.requested, row.must_lead);
            const std::optional<ErrorCode> error = each.asked(each.broker, row);
            if (error) CHECK(*error == (&each.broker == &leader ? row.on_leader : row.on_follower));
        }
    }
}

TEST_CASE("PartitionTest.testFetchLatestOffsetIncludesLeaderEpoch", "[kafka_tables]") {
    Leader leader;
    const auto latest = list_offset(leader, kClient, kLatest);
    CHECK(latest.error_code == ErrorCode::None);
    CHECK(latest.leader_epoch == kEpoch);
}

TEST_CASE("PartitionTest.testMonotonicOffsetsAfterLeaderChange (KIP-207)", "[kafka_tables]") {
    LocalPartition test;
    test.lead(8, {1, 3}, {1, 2, 3});
    test.append_now(2, 10);  // timestamps 10, 11
    test.append_now(3, 19);  // 19, 20, 21
    REQUIRE(test.log().high_watermark() == 0);
    test.fetched_by(2, 0);
    test.fetched_by(2, 2);
    test.fetched_by(3, 0);
    test.fetched_by(3, 2);
    if (!test.proposed().empty()) test.complete(2);
    // Five records, two of them on all followers.
    REQUIRE(test.log().high_watermark() == 2);
    CHECK(list_offset(test, kReplica, kLatest).offset == 5);
    CHECK(list_offset(test, kClient, kLatest).offset == 2);
    CHECK(list_offset(test, kClient, 30).offset == -1);
    CHECK(list_offset(test, kClient, 30).error_code == ErrorCode::None);

    // A follower for a moment, then leader again: its epoch begins at 5, its high watermark is 2.
    test.follow(3, 9, {1, 2, 3});
    test.lead(10, {1, 3}, {1, 2, 3});
    REQUIRE(test.partition().leader_epoch_start_offset() == 5);
    CHECK(list_offset(test, kClient, kLatest).error_code == ErrorCode::OffsetNotAvailable);
    CHECK(list_offset(test, kReplica, kLatest).offset == 5);
    CHECK(list_offset(test, kClient, kEarliest).offset == 0);
    CHECK(list_offset(test, kClient, 11).offset == 1);
    CHECK(list_offset(test, kClient, 11).timestamp == 11);
    CHECK(list_offset(test, kClient, 100).error_code == ErrorCode::OffsetNotAvailable);

    test.fetched_by(2, 5);
    test.fetched_by(3, 5);
    test.complete(6);
    CHECK(list_offset(test, kClient, kLatest).offset == 5);
    CHECK(list_offset(test, kClient, 100).error_code == ErrorCode::None);
    CHECK(list_offset(test, kClient, 100).offset == -1);
}

TEST_CASE("PartitionTest.testAppendRecordsAsFollowerBelowLogStartOffset", "[kafka_tables]") {
    LocalPartition test;
    test.follow(2, kEpoch, {1, 2});
    log::Log& log = test.log();
    log.truncate_fully_and_start_at(test.world, 5);
    REQUIRE(log.log_end_offset() == 5);
    REQUIRE(log.log_start_offset() == 5);
    const auto append_at = [&](int64_t offset, size_t records) {
        protocol::RecordBatch batch = batch_of_records(records);
        batch.base_offset = offset;
        batch.partition_leader_epoch = 0;
        return append_to_follower(test.world, log, BrokerId{1}, protocol::RecordBatches(batch)).error;
    };
    struct Row {
        std::string what;
        int64_t offset;
        size_t records;
        bool fits;
        int64_t log_start;
        int64_t log_end;
    };
    const std::vector<Row> rows = {
        {"records that do not reach the start of the empty log", 3, 1, false, 5, 5},
        {"records that reach it: the log begins where they do", 4, 3, true, 4, 7},
        {"those that follow", 7, 1, true, 4, 8},
        {"below the start of a log that is not empty", 3, 2, false, 4, 8},
        {"those that follow, still", 8, 1, true, 4, 9},
    };
    for (const Row& row : rows) {
        INFO(row.what);
        CHECK((append_at(row.offset, row.records) == ErrorCode::None) == row.fits);
        CHECK(log.log_start_offset() == row.log_start);
        CHECK(log.log_end_offset() == row.log_end);
    }
}

TEST_CASE("PartitionTest.testListOffsetIsolationLevels: replicas see the end, clients the high watermark",
          "[kafka_tables]") {
    LocalPartition test;
    test.lead(kEpoch, {1, 2}, {1, 2});
    test.append_now(3);
    CHECK(list_offset(test, kReplica, kLatest).offset == 3);
    CHECK(list_offset(test, kClient, kLatest).error_code == ErrorCode::None);
    CHECK(list_offset(test, kClient, kLatest).offset == 0);
    test.log().update_high_watermark(test.world, 1);
    CHECK(list_offset(test, kReplica, kLatest).offset == 3);
    CHECK(list_offset(test, kClient, kLatest).offset == 1);
    CHECK(list_offset(test, kReplica, kEarliest).offset == 0);
    CHECK(list_offset(test, kClient, kEarliest).offset == 0);
}

TEST_CASE("PartitionTest.testGetReplica: without a log nobody is served", "[kafka_tables]") {
    const Partition partition(partition_of("t"), BrokerId{1});
    CHECK_FALSE(partition.has_log());
    CHECK(partition.check_leader(kNoneGiven, false) == ErrorCode::NotLeaderOrFollower);
}

TEST_CASE("PartitionTest.testAppendRecordsToFollowerWithNoReplicaThrowsException: what comes too late is dropped",
          "[kafka_tables]") {
    LocalPartition test;
    test.follow(2, kEpoch, {1, 2});
    test.connect_last();
    const FakeEnv::Sent fetch = *test.world.take_message<protocol::FetchRequest>();
    protocol::StopReplicaRequest stop;
    stop.controller_id = BrokerId{1};
    stop.controller_epoch = 1;
    stop.broker_epoch = test.epoch;
    stop.topic_states.push_back({test.tp.topic, {{0, -2, true}}});
    const auto asked = test.context();
    test.manager.handle_stop_replica(test, asked, std::move(stop));
    REQUIRE(test.take<protocol::StopReplicaResponse>(asked)->error_code == ErrorCode::None);
    REQUIRE(test.manager.find(test.tp) == nullptr);

    protocol::FetchResponse late;
    protocol::RecordBatch batch = batch_of_records(1);
    batch.partition_leader_epoch = kEpoch;
    protocol::FetchResponse::PartitionData data;
    data.high_watermark = 1;
    data.records = protocol::RecordBatches(batch);
    late.responses.push_back({test.tp.topic, {data}});
    test.answer(fetch, protocol::Body(std::move(late)));
    CHECK(test.manager.logs().find(test.tp) == nullptr);
    CHECK(test.world.count_sent<protocol::FetchRequest>() == 0);
}

TEST_CASE("PartitionTest.testMakeFollowerWithNoLeaderIdChange", "[kafka_tables]") {
    LocalPartition test;
    test.follow(2, 1, {1, 2, 3});
    Partition partition = test.partition();
    Partition::PartitionState state;
    state.leader = BrokerId{2};
    state.replicas = broker_ids({1, 2, 3});
    state.leader_epoch = 4;  // the same leader in a later epoch: it is followed anew (KAFKA-7164)
    CHECK(partition.make_follower(test, test.log(), state));
    CHECK_FALSE(partition.make_follower(test, test.log(), state));
}

TEST_CASE("PartitionTest.testUseCheckpointToInitializeHighWatermark", "[kafka_tables]") {
    LocalPartition test;
    test.seed(6, 5);
    test.manager.logs().checkpoint_high_watermarks(test.world, {{test.tp, 4}});
    test.lead(6, {1, 2}, {1, 2});
    CHECK(test.log().high_watermark() == 4);
}

TEST_CASE("PartitionTest: the topic id and its file", "[kafka_tables]") {
    const Uuid id{3, 14};
    const Uuid other{15, 92};
    for (const int32_t leader : {1, 2}) {
        DYNAMIC_SECTION((leader == 1 ? "testTopicIdAndPartitionMetadataFileForLeader"
                                     : "testTopicIdAndPartitionMetadataFileForFollower")) {
            LocalPartition test;
            const auto told = [&](int32_t epoch, const Uuid& topic_id) {
                return test.leader_and_isr(test.tp, leader, epoch, {1, 2}, {1, 2}, 3, topic_id);
            };
            const auto check = [&] {
                CHECK(test.log().topic_id() == id);
                CHECK(test.world.files.texts.at(test.log().dir() + "/partition.metadata").find(id.text()) !=
                      std::string::npos);
            };
            CHECK(told(5, id) == ErrorCode::None);
            check();
            CHECK(told(6, other) == ErrorCode::InconsistentTopicId);
            check();
            CHECK(told(6, Uuid{}) == ErrorCode::None);  // none given: the one that is there stays
            check();
        }
    }
}

TEST_CASE("PartitionTest.testUpdateAssignmentAndIsr", "[kafka_tables]") {
    LocalPartition test;
    test.lead(1, {1, 2}, {1, 2});
    Partition partition(test.tp, BrokerId{1});
    Partition::PartitionState state;
    state.leader = BrokerId{1};
    state.leader_epoch = 2;
    const auto remotes = [&] {
        std::vector<BrokerId> ids;
        for (const Replica& each : partition.followers()) ids.push_back(each.id);
        return ids;
    };
    // while it is being reassigned
    state.replicas = state.isr = broker_ids({1, 2, 3, 4});
    state.adding_replicas = broker_ids({5, 6});
    state.removing_replicas = broker_ids({2, 3});
    partition.make_leader(test, test.log(), state);
    CHECK(partition.assignment().replicas == broker_ids({1, 2, 3, 4}));
    CHECK(partition.assignment().adding == broker_ids({5, 6}));
    CHECK(partition.assignment().removing == broker_ids({2, 3}));
    CHECK(partition.assignment().being_reassigned());
    CHECK(partition.isr_state().isr == broker_ids({1, 2, 3, 4}));
    CHECK(remotes() == broker_ids({2, 3, 4}));
    // and afterwards
    state.replicas = state.isr = broker_ids({1, 4, 5, 6});
    state.adding_replicas = state.removing_replicas = {};
    state.leader_epoch = 3;
    partition.make_leader(test, test.log(), state);
    CHECK_FALSE(partition.assignment().being_reassigned());
    CHECK(partition.isr_state().isr == broker_ids({1, 4, 5, 6}));
    CHECK(remotes() == broker_ids({4, 5, 6}));
}

// Theirs ask gauges of the leader; here the same is told by kafka-topics from metadata.
TEST_CASE("PartitionTest: the Isr against what is asked for", "[kafka_tables]") {
    using tools::DescribeFilter;
    struct Row {
        std::string name;
        DescribeFilter filter;
        std::vector<BrokerId> isr;
        std::string min_insync_replicas;
        bool passes;
    };
    const std::vector<Row> rows = {
        {"testAtMinIsr", DescribeFilter::AtMinIsr, broker_ids({1}), "1", true},
        {"testAtMinIsr, with one more than asked for", DescribeFilter::AtMinIsr, broker_ids({1, 2}), "1", false},
        {"testAtMinIsr, with one less", DescribeFilter::AtMinIsr, broker_ids({1}), "2", false},
        {"testUnderReplicatedPartitionsCorrectSemantics", DescribeFilter::UnderReplicated, broker_ids({1, 2}), "1",
         true},
        {"testUnderReplicatedPartitionsCorrectSemantics, all in sync", DescribeFilter::UnderReplicated,
         broker_ids({1, 2, 3}), "1", false},
    };
    for (const Row& row : rows) {
        INFO(row.name);
        tools::DescribedTopic topic{"t", {}, {{0, BrokerId{1}, broker_ids({1, 2, 3}), row.isr, std::nullopt}}, {}};
        topic.configs.push_back({"min.insync.replicas", row.min_insync_replicas, false});
        CHECK(tools::passes(row.filter, topic, topic.partitions[0], broker_ids({1, 2, 3})) == row.passes);
    }
}
