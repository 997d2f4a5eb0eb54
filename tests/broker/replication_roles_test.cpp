// SPDX-License-Identifier: Apache-2.0
// LeaderAndIsr and StopReplica at a broker: what is applied, what is stale, what it logs, what stays on disk.
#include "tests/broker/fake_broker_host.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::broker;
using namespace kafkasim::test;

namespace {

const TopicPartition kT0 = partition_of("t");

struct Host : FakeBrokerHost {
    Host() : FakeBrokerHost(1) {
        set_metadata({kT0});
        manager.startup(*this);
    }
    ErrorCode stop(int32_t leader_epoch, bool remove, int32_t controller_epoch = 1, int64_t to_epoch = 40) {
        protocol::StopReplicaRequest request;
        request.controller_id = BrokerId{1};
        request.controller_epoch = controller_epoch;
        request.broker_epoch = to_epoch;
        request.topic_states.push_back({kT0.topic, {{0, leader_epoch, remove}}});
        const auto asked = context();
        manager.handle_stop_replica(*this, asked, std::move(request));
        return take<protocol::StopReplicaResponse>(asked)->partition_errors.front().error_code;
    }
};

}  // namespace

TEST_CASE("a new leader starts at the end of its log and tells so") {
    Host host;
    CHECK(host.leader_and_isr(kT0, 1, 0, {1, 2, 3}) == ErrorCode::None);
    CHECK(
        host.world.has_log("[Broker id=1] Leader t-0 starts at leader epoch 0 from offset 0 with high watermark 0 ISR "
                           "[1,2,3] addingReplicas [] "
                           "removingReplicas []. Previous leader epoch was -1."));
    CHECK(host.world.has_log("[Partition t-0 broker=1] Log loaded for partition t-0 with initial high watermark 0"));
    CHECK(host.manager.is_leader(kT0));
    REQUIRE(host.led.size() == 1);
    CHECK(host.led[0].leader_epoch == 0);
    // Also without a record the epoch is known (KAFKA-7415).
    CHECK(host.log(kT0).latest_epoch() == 0);
    CHECK(host.world.last_note(node::NoteKind::BecameLeader));
}

TEST_CASE("an epoch bump of the same leader keeps what is known of the followers and is not reported") {
    Host host;
    host.leader_and_isr(kT0, 1, 0, {1, 2});
    host.fetch_now(kT0, 2, 0, 0);
    CHECK(host.leader_and_isr(kT0, 1, 1, {1, 2}) == ErrorCode::None);
    CHECK(host.led.size() == 1);
    CHECK(host.partition(kT0).follower(BrokerId{2})->log_end_offset == 0);
    CHECK(host.world.has_log("Skipped the become-leader state change after marking its partition as leader"));
}

TEST_CASE("an epoch bump that takes a replica out lets the high watermark go on at once") {
    Host host;
    host.leader_and_isr(kT0, 1, 0, {1, 2, 3});
    host.produce(kT0, {"a"});
    host.fetch_now(kT0, 2, 1, 0);
    CHECK(host.log(kT0).high_watermark() == 0);
    host.leader_and_isr(kT0, 1, 1, {1, 2});
    CHECK(host.log(kT0).high_watermark() == 1);
}

TEST_CASE("a new leader cannot move the high watermark before its in-sync followers fetched") {
    Host host;
    host.leader_and_isr(kT0, 2, 0, {1, 2, 3});
    host.leader_and_isr(kT0, 1, 1, {1, 2, 3});
    host.produce(kT0, {"a"});
    host.fetch_now(kT0, 2, 1, 1);
    CHECK(host.log(kT0).high_watermark() == 0);
    host.fetch_now(kT0, 3, 1, 1);
    CHECK(host.log(kT0).high_watermark() == 1);
}

TEST_CASE("stale LeaderAndIsr requests are refused") {
    Host host;
    host.leader_and_isr(kT0, 1, 5, {1, 2}, {1, 2, 3}, 3);
    SECTION("an older controller") {
        CHECK(host.leader_and_isr(kT0, 2, 6, {2}, {1, 2, 3}, 2) == ErrorCode::StaleControllerEpoch);
        CHECK(host.world.has_log("since its controller epoch 2 is old. Latest known controller epoch is 3"));
    }
    SECTION("the same leader epoch") {
        CHECK(host.leader_and_isr(kT0, 2, 5, {2}, {1, 2, 3}, 3) == ErrorCode::StaleControllerEpoch);
        CHECK(host.world.has_log(
            "for partition t-0 since its associated leader epoch 5 matches the current leader epoch"));
    }
    SECTION("a smaller leader epoch") {
        CHECK(host.leader_and_isr(kT0, 2, 4, {2}, {1, 2, 3}, 3) == ErrorCode::StaleControllerEpoch);
        CHECK(host.world.has_log("since its associated leader epoch 4 is smaller than the current leader epoch 5"));
    }
    SECTION("meant for an earlier life of this broker") {
        host.epoch = 61;
        protocol::LeaderAndIsrRequest request;
        request.broker_epoch = 40;
        const auto asked = host.context();
        host.manager.handle_leader_and_isr(host, asked, std::move(request));
        CHECK(host.take<protocol::LeaderAndIsrResponse>(asked)->error_code == ErrorCode::StaleBrokerEpoch);
    }
    CHECK(host.world.last_note(node::NoteKind::StaleRequest));
    CHECK(host.manager.is_leader(kT0));
    CHECK(host.manager.leader_epoch(kT0) == 5);
}

TEST_CASE("a refused partition without a log turns offline") {
    Host host;
    SECTION("not a replica") {
        CHECK(host.leader_and_isr(kT0, 2, 0, {2}, {2, 3}) == ErrorCode::UnknownTopicOrPartition);
    }
    SECTION("another topic id than on disk") {
        host.manager.logs().get_or_create(host.world, kT0, Uuid{1, 1}, host.topic);
        CHECK(host.leader_and_isr(kT0, 1, 0, {1}) == ErrorCode::InconsistentTopicId);
    }
    CHECK(host.leader_and_isr(kT0, 1, 1, {1}) == ErrorCode::KafkaStorageError);
    CHECK(host.fetch_now(kT0, 2, 0, -1).error_code == ErrorCode::KafkaStorageError);
}

TEST_CASE("a follower of a leader that is not alive keeps its role") {
    Host host;
    host.leader_and_isr(kT0, 1, 0, {1, 2});
    host.set_metadata({kT0}, 1, {1, 3});
    CHECK(host.leader_and_isr(kT0, 2, 1, {2}) == ErrorCode::None);
    CHECK(host.world.has_log("but cannot become follower since the new leader 2 is unavailable."));
    CHECK(host.manager.is_leader(kT0));
    CHECK(host.followed.empty());
}

TEST_CASE("a broker that is shutting down becomes a follower without a fetcher") {
    Host host;
    host.leader_and_isr(kT0, 1, 0, {1, 2});
    host.stopping = true;
    CHECK(host.leader_and_isr(kT0, 2, 1, {2}) == ErrorCode::None);
    CHECK_FALSE(host.manager.is_leader(kT0));
    CHECK(host.manager.fetchers().fetchers().empty());
    REQUIRE(host.followed.size() == 1);
}

TEST_CASE("StopReplica with a known epoch is fenced, with a newer one or for a deletion it is carried out") {
    Host host;
    host.leader_and_isr(kT0, 2, 5, {2});
    REQUIRE(host.manager.fetchers().fetchers().size() == 1);
    const auto fetched = [&] { return host.manager.fetchers().fetchers().begin()->second.partitions().size(); };
    CHECK(host.stop(5, false) == ErrorCode::FencedLeaderEpoch);
    CHECK(host.stop(4, false) == ErrorCode::FencedLeaderEpoch);
    CHECK(host.stop(6, false, 0) == ErrorCode::StaleControllerEpoch);
    CHECK(host.world.has_log("Ignoring StopReplica request (delete=false) from controller 1"));
    CHECK(fetched() == 1);
    CHECK(host.stop(6, false) == ErrorCode::None);
    CHECK(fetched() == 0);
    CHECK(host.manager.leader_epoch(kT0) == 5);
    CHECK(host.stop(kEpochDuringDelete, true) == ErrorCode::None);
    CHECK_FALSE(host.manager.find(kT0));
    CHECK_FALSE(host.manager.logs().find(kT0));
    CHECK(host.stop(7, false) == ErrorCode::None);  // not hosted
    host.advance(60s);
}

TEST_CASE("high watermarks are checkpointed with the first LeaderAndIsr and then on the 5 s grid when they changed") {
    Host host;
    const auto on_disk = [&] { return host.world.files.read_text("/tmp/kafka-logs/replication-offset-checkpoint"); };
    host.advance(7s);
    CHECK_FALSE(on_disk());
    host.leader_and_isr(kT0, 1, 0, {1});
    host.advance(0s);
    CHECK(on_disk() == "0\n1\nt 0 0\n");
    host.advance(1s);
    host.produce(kT0, {"a"});
    host.advance(3999ms);
    CHECK(on_disk() == "0\n1\nt 0 0\n");
    host.advance(1ms);
    CHECK(on_disk() == "0\n1\nt 0 1\n");
}
