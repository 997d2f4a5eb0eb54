// SPDX-License-Identifier: Apache-2.0
// A follower under the older rule sets: it asks where its last epoch ended before it fetches, or cuts without asking.
#include "tests/broker/fake_broker_host.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::broker;
using namespace kafkasim::test;
using EpochEnd = protocol::OffsetForLeaderEpochResponse::EpochEndOffset;

namespace {

const TopicPartition kT = partition_of("t");

/// Broker 2, which followed broker 1 in epoch 0 and has the records 0 to 3, the last two of epoch 1, and the high
/// watermark 2; now it is told of leader epoch 3.
struct Follower : FakeBrokerHost {
    explicit Follower(std::string_view name) : FakeBrokerHost(2), rule_set(find_rules(name)) {
        set_metadata({kT});
        manager.startup(*this);
        leader_and_isr(kT, 1, 0, {1, 2});
        for (int64_t offset = 0; offset < 4; ++offset) {
            protocol::RecordBatch batch = batch_of({"record"});
            batch.base_offset = offset;
            batch.partition_leader_epoch = offset < 2 ? 0 : 1;
            log(kT).append_as_follower(world, protocol::RecordBatches(batch));
        }
        log(kT).update_high_watermark(world, 2);
        world.sent.clear();
        world.log_lines.clear();
        leader_and_isr(kT, 1, 3, {1, 2});
        connect_last();
    }
    const ReplicationRules& rules() const override { return *rule_set; }

    std::optional<FakeEnv::Sent> question() { return world.take_message<protocol::OffsetForLeaderEpochRequest>(); }
    static const auto& asked_of(const FakeEnv::Sent& sent) {
        return std::get<protocol::OffsetForLeaderEpochRequest>(sent.message.body).topics.at(0).partitions.at(0);
    }
    void reply(const FakeEnv::Sent& sent, int32_t leader_epoch, int64_t end, ErrorCode error = ErrorCode::None) {
        EpochEnd answered;
        answered.error_code = error;
        answered.leader_epoch = leader_epoch;
        answered.end_offset = end;
        protocol::OffsetForLeaderEpochResponse response;
        response.topics.push_back({kT.topic, {answered}});
        answer(sent, protocol::Body(std::move(response)));
    }
    /// The fetch that is sent next: its offset and epochs.
    FetchPartition fetch_sent() {
        const auto sent = world.take_message<protocol::FetchRequest>();
        REQUIRE(sent);
        return std::get<protocol::FetchRequest>(sent->message.body).topics.at(0).partitions.at(0);
    }
    const ReplicationRules* rule_set;
};

}  // namespace

TEST_CASE("truncate-to-high-watermark: a follower cuts what it has not heard to be safe, and asks nobody") {
    Follower follower("truncate-to-high-watermark");
    CHECK_FALSE(follower.question());
    CHECK(follower.log(kT).log_end_offset() == 2);
    const FetchPartition asked = follower.fetch_sent();
    CHECK(asked.fetch_offset == 2);
    CHECK(asked.current_leader_epoch == -1);
    CHECK(asked.last_fetched_epoch == -1);
}

TEST_CASE("kip-101: a follower cuts where the leader says, whatever epoch that is") {
    Follower follower("kip-101");
    const auto sent = follower.question();
    REQUIRE(sent);
    CHECK(Follower::asked_of(*sent).leader_epoch == 1);
    CHECK(Follower::asked_of(*sent).current_leader_epoch == -1);
    CHECK(follower.log(kT).log_end_offset() == 4);  // nothing is cut before the answer
    CHECK_FALSE(follower.world.take_message<protocol::FetchRequest>());
    follower.reply(*sent, -1, 3);
    CHECK(follower.log(kT).log_end_offset() == 3);
    CHECK(follower.world.has_log("Leader or replica is on protocol version where leader epoch is not considered"));
    CHECK(follower.fetch_sent().fetch_offset == 3);
}

TEST_CASE("kip-279: a follower goes back epoch by epoch until both know one") {
    Follower follower("kip-279");
    const auto first = follower.question();
    REQUIRE(first);
    follower.reply(*first, 0, 1);  // the leader never had epoch 1; its epoch 0 ended at 1
    CHECK(follower.log(kT).log_end_offset() == 1);
    CHECK(follower.fetch_sent().fetch_offset == 1);
    // An epoch that only the leader has: the follower cuts its own and asks once more.
    Follower other("kip-279");
    other.log(kT).assign_epoch(other.world, 2, 4);
    const auto question = other.question();
    REQUIRE(question);
    other.reply(*question, 1, 9);
    CHECK(other.log(kT).log_end_offset() == 4);
    CHECK_FALSE(other.question());  // both know epoch 1
    CHECK(other.fetch_sent().fetch_offset == 4);
}

TEST_CASE("kip-320: what a follower asks carries the leader epoch it was told, and an error makes it wait") {
    Follower follower("kip-320");
    const auto sent = follower.question();
    REQUIRE(sent);
    CHECK(Follower::asked_of(*sent).current_leader_epoch == 3);
    follower.reply(*sent, -1, -1, ErrorCode::UnknownLeaderEpoch);
    CHECK(
        follower.world.has_log("Retrying leaderEpoch request for partition t-0 as the leader reported an error: "
                               "UNKNOWN_LEADER_EPOCH"));
    CHECK_FALSE(follower.question());
    follower.advance(1s);
    const auto again = follower.question();
    REQUIRE(again);
    follower.reply(*again, 1, 3);
    CHECK(follower.log(kT).log_end_offset() == 3);
    const FetchPartition asked = follower.fetch_sent();
    CHECK(asked.current_leader_epoch == 3);
    CHECK(asked.last_fetched_epoch == -1);
}

TEST_CASE("A leader that fences the question ends the matter until the next LeaderAndIsr") {
    Follower follower("kip-320");
    const auto sent = follower.question();
    REQUIRE(sent);
    follower.reply(*sent, -1, -1, ErrorCode::FencedLeaderEpoch);
    CHECK(follower.manager.fetchers().failed().contains(kT));
    CHECK(follower.log(kT).log_end_offset() == 4);
}

TEST_CASE("An answer that comes after the next leader epoch is not for it: the follower asks again") {
    Follower follower("kip-279");
    const auto sent = follower.question();
    REQUIRE(sent);
    follower.leader_and_isr(kT, 1, 4, {1, 2});
    follower.reply(*sent, 0, 1);
    CHECK(follower.log(kT).log_end_offset() == 4);
    CHECK(follower.question());
}

TEST_CASE("A leader that knows nothing of the asked epoch: only what is below the high watermark is kept") {
    Follower follower("kip-279");
    const auto sent = follower.question();
    REQUIRE(sent);
    follower.reply(*sent, -1, -1);
    CHECK(follower.log(kT).log_end_offset() == 2);
    CHECK(follower.world.has_log(
        "leader replied with an unknown offset in t-0. The initial fetch offset 2 will be used"));
}

TEST_CASE("A leader that cannot be reached is asked again after the back-off") {
    Follower follower("kip-101");
    const auto sent = follower.question();
    REQUIRE(sent);
    follower.disconnect(sent->connection);
    CHECK(follower.world.has_log("Error when sending leader epoch request"));
    follower.advance(1s);
    follower.connect_last();
    CHECK(follower.question());
    CHECK(follower.log(kT).log_end_offset() == 4);
}
