// SPDX-License-Identifier: Apache-2.0
// The ISR of a running leader: who is proposed when, how proposals travel, what each answer does. Also the defects
// that 3.0.0 has.
#include "tests/broker/fake_broker_host.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::broker;
using namespace kafkasim::test;

namespace {

const TopicPartition kT0 = partition_of("t", 0);
const TopicPartition kT1 = partition_of("t", 1);

struct Leader : FakeBrokerHost {
    explicit Leader(std::initializer_list<int32_t> isr, std::initializer_list<int32_t> replicas = {1, 2, 3})
        : FakeBrokerHost(1) {
        set_metadata({kT0, kT1});
        manager.startup(*this);
        leader_and_isr(kT0, 1, 0, isr, replicas);
        leader_and_isr(kT1, 1, 0, isr, replicas);
    }
    /// The request that the alterIsr channel sent.
    std::optional<FakeEnv::Sent> proposal() {
        if (!world.connections.empty() && !connected_) {
            connect_last();
            connected_ = true;
        }
        return world.take_message<protocol::AlterIsrRequest>();
    }
    static const protocol::AlterIsrRequest& body(const FakeEnv::Sent& sent) {
        return std::get<protocol::AlterIsrRequest>(sent.message.body);
    }
    /// Accepts or refuses all that is proposed.
    void reply(const FakeEnv::Sent& sent, ErrorCode error = ErrorCode::None) {
        protocol::AlterIsrResponse response;
        for (const auto& asked_topic : body(sent).topics) {
            response.topics.push_back({asked_topic.name, {}});
            for (const auto& asked : asked_topic.partitions) {
                response.topics.back().partitions.push_back({asked.partition_index, error, broker_id(),
                                                             asked.leader_epoch, asked.new_isr,
                                                             asked.current_isr_version + 1});
            }
        }
        answer(sent, protocol::Body(std::move(response)));
    }
    void reply_top(const FakeEnv::Sent& sent, ErrorCode error) {
        protocol::AlterIsrResponse response;
        response.error_code = error;
        answer(sent, protocol::Body(std::move(response)));
    }
    bool connected_ = false;
};

}  // namespace

TEST_CASE("a follower that reaches the high watermark is proposed, and enters at the end of the ISR") {
    Leader leader({1, 2});
    leader.produce(kT0, {"a"});
    leader.fetch_now(kT0, 2, 1, 0);
    REQUIRE(leader.log(kT0).high_watermark() == 1);
    leader.fetch_now(kT0, 3, 0, 0);
    CHECK_FALSE(leader.partition(kT0).isr_state().in_flight());
    leader.fetch_now(kT0, 3, 1, 0);
    CHECK(leader.partition(kT0).isr_state().kind == IsrState::Kind::PendingExpand);
    const auto sent = leader.proposal();
    REQUIRE(sent);
    CHECK(Leader::body(*sent).broker_epoch == 40);
    CHECK(Leader::body(*sent).topics[0].partitions[0].new_isr == broker_ids({1, 2, 3}));
    leader.reply(*sent);
    CHECK(leader.partition(kT0).isr_state() == committed_isr(broker_ids({1, 2, 3})));
    CHECK(leader.partition(kT0).zk_version() == 1);
    CHECK(leader.world.has_log("[Partition t-0 broker=1] ISR updated to 1,2,3 and version updated to [1]"));
    const node::Note* note = leader.world.last_note(node::NoteKind::IsrChanged);
    REQUIRE(note);
    CHECK(node::text_of(*node::find(*note, "how")) == "expand");
}

TEST_CASE("a follower that is cut off leaves the ISR after 30 to 45 s, only if something is written") {
    Leader leader({1, 2}, {1, 2});
    leader.fetch_now(kT0, 2, 0, 0);
    leader.fetch_now(kT1, 2, 0, 0);
    leader.advance(100s);
    CHECK(leader.world.count_logs("Shrinking ISR") == 0);
    leader.fetch_now(kT0, 2, 0, 0);  // at 100 s
    leader.produce(kT0, {"a"});
    leader.advance(34s);
    CHECK(leader.world.count_logs("Shrinking ISR") == 0);
    leader.advance(1s);  // the tick at 135 s is the first more than 30 s later
    CHECK(
        leader.world.has_log("[Partition t-0 broker=1] Shrinking ISR from 1,2 to 1. Leader: (highWatermark: 0, "
                             "endOffset: 1). Out of sync replicas: (brokerId: 2, endOffset: 0)."));
    CHECK(leader.world.count_logs("Shrinking ISR") == 1);
}

TEST_CASE("a confirmed shrink does not move the high watermark by itself (KAFKA-13091)") {
    Leader leader({1, 2}, {1, 2});
    leader.fetch_now(kT0, 2, 0, 0);
    const auto waiting = leader.produce(kT0, {"a"}, -1, 120000);
    leader.advance(45s);
    const auto sent = leader.proposal();
    REQUIRE(sent);
    CHECK(leader.partition(kT0).isr_state().maximal_isr() == broker_ids({1, 2}));
    leader.reply(*sent);
    CHECK(leader.partition(kT0).isr_state().isr == broker_ids({1}));
    CHECK(leader.log(kT0).high_watermark() == 0);
    leader.advance(60s);
    CHECK_FALSE(leader.answered(waiting));
    leader.produce(kT0, {"b"});
    CHECK(leader.log(kT0).high_watermark() == 2);
    CHECK(leader.produced(waiting)->error_code == ErrorCode::None);
}

TEST_CASE("one request is in flight; what is proposed meanwhile goes with the next") {
    Leader leader({1, 2});
    leader.fetch_now(kT0, 3, 0, 0);
    const auto first = leader.proposal();
    REQUIRE(first);
    leader.fetch_now(kT1, 3, 0, 0);
    leader.advance(10s);
    CHECK_FALSE(leader.proposal());
    leader.reply(*first);
    const auto second = leader.proposal();
    REQUIRE(second);
    CHECK(Leader::body(*second).topics[0].partitions.size() == 1);
    CHECK(Leader::body(*second).topics[0].partitions[0].partition_index == 1);
}

TEST_CASE("a partition that the answer does not name is sent again") {
    Leader leader({1, 2});
    leader.fetch_now(kT0, 3, 0, 0);
    const auto sent = leader.proposal();
    REQUIRE(sent);
    leader.reply_top(*sent, ErrorCode::None);
    CHECK(leader.world.has_log("Partition t-0 was sent but not included in the response"));
    const auto again = leader.proposal();
    REQUIRE(again);
    CHECK(Leader::body(*again).topics == Leader::body(*sent).topics);
    leader.reply(*again);
    CHECK(leader.partition(kT0).isr_state() == committed_isr(broker_ids({1, 2, 3})));
}

TEST_CASE("a top-level error resends everything after 50 ms") {
    Leader leader({1, 2});
    leader.fetch_now(kT0, 3, 0, 0);
    const auto first = leader.proposal();
    leader.fetch_now(kT1, 3, 0, 0);
    leader.reply_top(*first, ErrorCode::StaleBrokerEpoch);
    CHECK(leader.world.has_log("Broker had a stale broker epoch (40), retrying."));
    CHECK_FALSE(leader.proposal());
    leader.advance(50ms);
    const auto again = leader.proposal();
    REQUIRE(again);
    CHECK(Leader::body(*again).topics[0].partitions.size() == 2);
}

TEST_CASE("NOT_CONTROLLER and a lost connection look the controller up again and resend") {
    Leader leader({1, 2});
    leader.fetch_now(kT0, 3, 0, 0);
    const auto first = leader.proposal();
    REQUIRE(first);
    leader.set_metadata({kT0, kT1}, 2);
    SECTION("NOT_CONTROLLER") { leader.reply_top(*first, ErrorCode::NotController); }
    SECTION("disconnected") { leader.disconnect(first->connection); }
    CHECK(
        leader.world.has_log("Recorded new controller, from now on will use broker localhost:9094 (id: 2 rack: null)"));
    leader.connected_ = false;
    leader.advance(50ms);
    const auto again = leader.proposal();
    REQUIRE(again);
    CHECK(leader.world.connections.back().to.port == 9094);
    CHECK(Leader::body(*again) == Leader::body(*first));
    leader.reply(*again);
    CHECK(leader.partition(kT0).isr_state().isr == broker_ids({1, 2, 3}));
}

TEST_CASE("without a known controller the metadata cache is asked every 100 ms") {
    FakeBrokerHost host(1);
    host.manager.startup(host);
    CHECK_FALSE(host.world.has_log("Recorded new controller"));
    host.advance(1s);
    host.set_metadata({kT0}, 3);
    host.advance(100ms);
    CHECK(host.world.count_logs(
              "Recorded new controller, from now on will use broker localhost:9095 (id: 3 rack: null)") == 1);
    host.advance(10s);
    CHECK(host.world.count_logs("Recorded new controller") == 1);
}

TEST_CASE("a refused proposal leaves the ISR pending until the next LeaderAndIsr") {
    for (ErrorCode error :
         {ErrorCode::FencedLeaderEpoch, ErrorCode::InvalidUpdateVersion, ErrorCode::UnknownTopicOrPartition}) {
        Leader leader({1, 2});
        leader.fetch_now(kT0, 3, 0, 0);
        leader.reply(*leader.proposal(), error);
        CHECK(leader.partition(kT0).isr_state().in_flight());
        leader.fetch_now(kT0, 3, 0, 0);
        CHECK_FALSE(leader.proposal());
        leader.leader_and_isr(kT0, 1, 1, {1, 2});
        leader.fetch_now(kT0, 3, 0, 1);
        CHECK(leader.proposal());
    }
}

TEST_CASE("an unexpected error means to send again, and its own map entry refuses that") {
    Leader leader({1, 2});
    leader.fetch_now(kT0, 3, 0, 0);
    leader.reply(*leader.proposal(), ErrorCode::UnknownServerError);
    CHECK(
        leader.world.has_log("Failed to update ISR to PendingExpandIsr(isr=Set(1, 2), newInSyncReplicaId=3) due to "
                             "unexpected UNKNOWN_SERVER_ERROR. Retrying."));
    CHECK(
        leader.world.has_log("Failed to enqueue ISR change state LeaderAndIsr(leader=1, leaderEpoch=0, isr=List(1, 2, "
                             "3), zkVersion=0) for partition t-0"));
    CHECK(leader.partition(kT0).isr_state().in_flight());
    leader.advance(10s);
    CHECK_FALSE(leader.proposal());
}

TEST_CASE("the late answer to a proposal of an older state is ignored") {
    Leader leader({1, 2});
    leader.fetch_now(kT0, 3, 0, 0);
    const auto sent = leader.proposal();
    leader.leader_and_isr(kT0, 1, 1, {1});
    leader.reply(*sent);
    CHECK(leader.partition(kT0).isr_state() == committed_isr(broker_ids({1})));
    CHECK(leader.partition(kT0).zk_version() == 1);
}
