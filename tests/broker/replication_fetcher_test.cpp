// SPDX-License-Identifier: Apache-2.0
// The follower side: what a fetcher asks, what it does with each answer, how long it waits after failures.
#include "core/broker/follower_truncation.hpp"
#include "tests/broker/fake_broker_host.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::broker;
using namespace kafkasim::test;

namespace {

const TopicPartition kT0 = partition_of("t", 0);
const TopicPartition kT1 = partition_of("t", 1);

/// Broker 2, a follower of broker 1.
struct Follower : FakeBrokerHost {
    Follower() : FakeBrokerHost(2) {
        set_metadata({kT0, kT1});
        manager.startup(*this);
    }
    void follow(const TopicPartition& tp, int32_t leader_epoch) { leader_and_isr(tp, 1, leader_epoch, {1, 2}); }
    /// Follows t-0 at epoch 0 and has fetched `values`, each a batch of epoch 0.
    void follow_with(std::initializer_list<std::string_view> values) {
        follow(kT0, 0);
        connect_last();
        for (std::string_view value : values) {
            const auto sent = request();
            FetchPartitionData data = data_at(log(kT0).log_end_offset());
            protocol::RecordBatch batch = batch_of({value});
            batch.base_offset = log(kT0).log_end_offset();
            batch.partition_leader_epoch = 0;
            data.records = protocol::RecordBatches(batch);
            reply(sent, {data});
        }
    }
    FakeEnv::Sent request() {
        auto sent = world.take_message<protocol::FetchRequest>();
        REQUIRE(sent);
        return *sent;
    }
    static const protocol::FetchRequest& body(const FakeEnv::Sent& sent) {
        return std::get<protocol::FetchRequest>(sent.message.body);
    }
    static FetchPartitionData data_at(int64_t high_watermark, ErrorCode error = ErrorCode::None) {
        FetchPartitionData data;
        data.error_code = error;
        data.high_watermark = high_watermark;
        data.log_start_offset = 0;
        return data;
    }
    void reply(const FakeEnv::Sent& sent, std::vector<FetchPartitionData> partitions, int32_t session_id = 7) {
        protocol::FetchResponse response;
        response.session_id = session_id;
        if (!partitions.empty()) response.responses.push_back({kT0.topic, std::move(partitions)});
        answer(sent, protocol::Body(std::move(response)));
    }
    const ReplicaFetcher& fetcher() const { return manager.fetchers().fetchers().at(BrokerId{1}); }
};

}  // namespace

TEST_CASE("where a follower truncates") {
    struct Row {
        log::EpochEndOffset leader;
        log::EpochEndOffset local;
        int64_t end;
        OffsetTruncation expected;
    };
    const std::vector<Row> rows{
        {{-1, -1}, {3, 5}, 8, {TruncationCase::UndefinedOffset, 6, true}},
        {{-1, 7}, {3, 5}, 8, {TruncationCase::UndefinedEpoch, 7, true}},
        {{-1, 9}, {3, 5}, 8, {TruncationCase::UndefinedEpoch, 8, true}},
        {{2, 4}, {-1, -1}, 8, {TruncationCase::NoLocalEpoch, 4, true}},
        {{4, 9}, {3, 5}, 8, {TruncationCase::OtherLocalEpoch, 5, false}},
        {{4, 9}, {3, 9}, 8, {TruncationCase::OtherLocalEpoch, 8, false}},
        {{3, 4}, {3, 5}, 8, {TruncationCase::SameEpoch, 4, true}},
        {{3, 7}, {3, 5}, 8, {TruncationCase::SameEpoch, 5, true}},
        {{3, 9}, {3, 9}, 8, {TruncationCase::SameEpoch, 8, true}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.leader.epoch, row.leader.end_offset, row.local.epoch, row.local.end_offset);
        CHECK(offset_truncation(row.leader, row.local, row.end, 6) == row.expected);
    }
}

TEST_CASE("a new follower truncates to its high watermark, connects and fetches") {
    Follower follower;
    follower.follow(kT0, 0);
    CHECK(follower.world.has_log("[ReplicaFetcher replicaId=2, leaderId=1, fetcherId=0] Starting"));
    CHECK(follower.world.has_log(
        "[ReplicaFetcherManager on broker 2] Added fetcher to broker 1 for partitions Map(t-0 -> "
        "InitialFetchState(BrokerEndPoint(id=1, host=localhost:9093),0,0))"));
    CHECK(follower.world.has_log("Truncating partition t-0 to local high watermark 0"));
    REQUIRE(follower.world.connections.size() == 1);
    CHECK(follower.world.connections[0].to.port == 9093);
    follower.connect_last();
    const auto sent = follower.request();
    const protocol::FetchRequest& asked = Follower::body(sent);
    CHECK(asked.replica_id == BrokerId{2});
    CHECK(asked.max_wait_ms == 500);
    CHECK(asked.min_bytes == 1);
    CHECK(asked.session_epoch == kInitialSessionEpoch);
    REQUIRE(asked.topics.size() == 1);
    CHECK(asked.topics[0].partitions[0].current_leader_epoch == 0);
    CHECK(asked.topics[0].partitions[0].last_fetched_epoch == -1);
    CHECK(follower.world.count_sent<protocol::FetchRequest>() == 0);
}

TEST_CASE("an idle follower's requests name no partition") {
    Follower follower;
    follower.follow_with({"a"});
    auto sent = follower.request();
    CHECK(Follower::body(sent).session_id == 7);
    CHECK(Follower::body(sent).session_epoch == 1);
    REQUIRE(Follower::body(sent).topics.size() == 1);
    CHECK(Follower::body(sent).topics[0].partitions[0].fetch_offset == 1);
    CHECK(Follower::body(sent).topics[0].partitions[0].last_fetched_epoch == 0);
    for (int32_t epoch = 2; epoch < 5; ++epoch) {
        follower.reply(sent, {});
        sent = follower.request();
        CHECK(Follower::body(sent).session_epoch == epoch);
        CHECK(Follower::body(sent).topics.empty());
        CHECK(Follower::body(sent).forgotten_topics_data.empty());
    }
}

TEST_CASE("records and the leader's high watermark are taken over, the latter only up to the end of the log") {
    Follower follower;
    follower.follow_with({"a", "b"});
    CHECK(follower.log(kT0).log_end_offset() == 2);
    CHECK(follower.log(kT0).high_watermark() == 1);
    follower.reply(follower.request(), {Follower::data_at(9)});
    CHECK(follower.log(kT0).high_watermark() == 2);
    CHECK(follower.log(kT0).latest_epoch() == 0);
}

TEST_CASE("a diverging epoch cuts the log, after the high watermark was taken over (KAFKA-14704)") {
    Follower follower;
    follower.follow_with({"a", "b", "c", "d"});
    FetchPartitionData data = Follower::data_at(3);
    data.diverging_epoch = {0, 2};
    follower.reply(follower.request(), {data});
    CHECK(follower.log(kT0).log_end_offset() == 2);
    CHECK(follower.log(kT0).high_watermark() == 2);
    CHECK(follower.world.has_log("Truncating to offset 2"));
    CHECK(follower.world.has_log("Non-monotonic update of high watermark from (offset=3"));
    const auto next = follower.request();
    CHECK(Follower::body(next).topics[0].partitions[0].fetch_offset == 2);
    const node::Note* note = follower.world.last_note(node::NoteKind::Truncated);
    REQUIRE(note);
    CHECK(node::text_of(*node::find(*note, "from")) == "4");
    CHECK(node::text_of(*node::find(*note, "to")) == "2");
}

TEST_CASE("a partition that became a leader meanwhile is not cut (KAFKA-13207)") {
    Follower follower;
    follower.follow_with({"a", "b"});
    const auto sent = follower.request();
    follower.leader_and_isr(kT0, 2, 1, {1, 2});
    FetchPartitionData data = Follower::data_at(0);
    data.diverging_epoch = {0, 1};
    follower.reply(sent, {data});
    CHECK(follower.log(kT0).log_end_offset() == 2);
}

TEST_CASE("a fenced partition fails until the next LeaderAndIsr") {
    Follower follower;
    follower.follow_with({"a"});
    follower.reply(follower.request(), {Follower::data_at(-1, ErrorCode::FencedLeaderEpoch)});
    CHECK(
        follower.world.has_log("Partition t-0 has an older epoch (0) than the current leader. Will await the new "
                               "LeaderAndIsr state before resuming fetching."));
    CHECK(follower.world.has_log("Partition t-0 marked as failed"));
    CHECK(follower.manager.fetchers().failed().contains(kT0));
    CHECK(follower.fetcher().empty());
    const auto forgets = follower.request();
    CHECK(Follower::body(forgets).forgotten_topics_data.size() == 1);
    follower.reply(forgets, {}, kInvalidSessionId);
    follower.advance(10s);
    CHECK(follower.world.count_sent<protocol::FetchRequest>() == 0);
    follower.follow(kT0, 1);
    CHECK_FALSE(follower.manager.fetchers().failed().contains(kT0));
    CHECK(Follower::body(follower.request()).topics[0].partitions[0].current_leader_epoch == 1);
}

TEST_CASE("a partition whose epoch was raised while its fetch was refused is tried again later") {
    Follower follower;
    follower.follow_with({"a"});
    const auto sent = follower.request();
    follower.follow(kT0, 1);
    follower.reply(sent, {Follower::data_at(-1, ErrorCode::FencedLeaderEpoch)});
    CHECK(follower.world.has_log(
        "Partition t-0 has an new epoch (1) than the current leader. retry the partition later"));
    CHECK_FALSE(follower.fetcher().empty());
}

TEST_CASE("other errors delay the partition by one second") {
    for (ErrorCode error : {ErrorCode::UnknownLeaderEpoch, ErrorCode::NotLeaderOrFollower,
                            ErrorCode::UnknownTopicOrPartition, ErrorCode::KafkaStorageError}) {
        Follower follower;
        follower.follow_with({"a"});
        follower.reply(follower.request(), {Follower::data_at(-1, error)});
        const auto forgets = follower.request();
        CHECK(Follower::body(forgets).topics.empty());
        CHECK(Follower::body(forgets).forgotten_topics_data.size() == 1);
        follower.reply(forgets, {}, kInvalidSessionId);
        follower.advance(999ms);
        CHECK(follower.world.count_sent<protocol::FetchRequest>() == 0);
        follower.advance(1ms);
        CHECK(Follower::body(follower.request()).topics.size() == 1);
        CHECK(follower.world.has_log("Received UNKNOWN_TOPIC_OR_PARTITION") ==
              (error == ErrorCode::UnknownTopicOrPartition));
        CHECK(follower.world.has_log("Error for partition t-0 at offset 1") == (error == ErrorCode::KafkaStorageError));
    }
}

TEST_CASE("a leader that is gone is tried about every two seconds") {
    Follower follower;
    follower.follow_with({"a"});
    const auto lost = follower.request();
    follower.disconnect(lost.connection);
    CHECK(follower.world.has_log("Error sending fetch request (sessionId=7, epoch=1) to node 1:"));
    CHECK(
        follower.world.has_log("Error in response for fetch request (type=FetchRequest, replicaId=2, maxWait=500, "
                               "minBytes=1, maxBytes=10485760, "));
    CHECK(follower.world.connections.size() == 1);
    follower.advance(1999ms);
    CHECK(follower.world.connections.size() == 1);
    follower.advance(1ms);
    REQUIRE(follower.world.connections.size() == 2);
    follower.disconnect(follower.world.connections.back().id, node::CloseReason::Refused);
    follower.advance(2s);
    REQUIRE(follower.world.connections.size() == 3);
    follower.connect_last();
    const auto again = follower.request();
    CHECK(Follower::body(again).session_id == 7);
    CHECK(Follower::body(again).session_epoch == kInitialSessionEpoch);
    CHECK(Follower::body(again).topics.size() == 1);
}

TEST_CASE("a session error makes the next request a full one, at once") {
    Follower follower;
    follower.follow_with({"a"});
    protocol::FetchResponse response;
    response.error_code = ErrorCode::FetchSessionIdNotFound;
    follower.answer(follower.request(), protocol::Body(std::move(response)));
    CHECK(follower.world.has_log(
        "Node 1 was unable to process the fetch request with (sessionId=7, epoch=1): FETCH_SESSION_ID_NOT_FOUND."));
    const auto next = follower.request();
    CHECK(Follower::body(next).session_id == kInvalidSessionId);
    CHECK(Follower::body(next).session_epoch == kInitialSessionEpoch);
    CHECK(Follower::body(next).topics.size() == 1);
}

TEST_CASE("out of the leader's range, the follower asks where the leader's log ends and begins") {
    Follower follower;
    follower.follow_with({"a", "b", "c"});
    follower.reply(follower.request(), {Follower::data_at(-1, ErrorCode::OffsetOutOfRange)});
    const auto listed = [&](int64_t timestamp, int64_t offset) {
        const auto sent = follower.world.take_message<protocol::ListOffsetsRequest>();
        REQUIRE(sent);
        CHECK(std::get<protocol::ListOffsetsRequest>(sent->message.body).topics[0].partitions[0].timestamp ==
              timestamp);
        protocol::ListOffsetsResponse response;
        response.topics.push_back({kT0.topic, {{0, ErrorCode::None, -1, offset, 0}}});
        follower.answer(*sent, protocol::Body(std::move(response)));
    };
    SECTION("the leader's log is shorter") {
        listed(-1, 1);
        CHECK(
            follower.world.has_log("Reset fetch offset for partition t-0 from 3 to current leader's latest offset 1"));
        CHECK(follower.log(kT0).log_end_offset() == 1);
    }
    SECTION("the leader's log begins behind ours") {
        listed(-1, 20);
        listed(-2, 10);
        CHECK(
            follower.world.has_log("Reset fetch offset for partition t-0 from 3 to current leader's start offset 10"));
        CHECK(follower.log(kT0).log_start_offset() == 10);
    }
    CHECK(follower.world.has_log(
        "Current offset 3 for partition t-0 is out of range, which typically implies a leader change."));
    const auto next = follower.request();
    CHECK(Follower::body(next).topics[0].partitions[0].fetch_offset == follower.log(kT0).log_end_offset());
}

TEST_CASE("a fetcher without partitions is stopped by the next LeaderAndIsr") {
    Follower follower;
    follower.follow_with({"a"});
    follower.leader_and_isr(kT0, 2, 1, {1, 2});
    CHECK(follower.manager.fetchers().fetchers().empty());
    CHECK(follower.world.has_log("[ReplicaFetcherManager on broker 2] Removed fetcher for partitions Set(t-0)"));
    CHECK(follower.world.has_log("[ReplicaFetcher replicaId=2, leaderId=1, fetcherId=0] Shutdown completed"));
}
