// SPDX-License-Identifier: Apache-2.0
// Fetch sessions: which requests open, continue and break them, what incremental answers hold, who is evicted.
#include <limits>

#include "core/broker/fetch_session.hpp"
#include "tests/broker/fake_broker_host.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::broker;
using namespace kafkasim::test;

namespace {

constexpr int32_t kEpoch = 5;

protocol::FetchRequest request(int32_t session_id, int32_t session_epoch) {
    protocol::FetchRequest made;
    made.replica_id = BrokerId{2};
    made.session_id = session_id;
    made.session_epoch = session_epoch;
    return made;
}

FetchPartition asking(int32_t partition, int64_t offset, int32_t leader_epoch = kEpoch) {
    return {partition, leader_epoch, offset, -1, 0, 1048576};
}

/// Broker 1 leads t-0 and t-1 with broker 2 as the follower.
struct Leader : FakeBrokerHost {
    Leader() : FakeBrokerHost(1) {
        set_metadata({t0, t1});
        manager.startup(*this);
        leader_and_isr(t0, 1, kEpoch, {1, 2}, {1, 2});
        leader_and_isr(t1, 1, kEpoch, {1, 2}, {1, 2});
    }
    protocol::FetchResponse ask(protocol::FetchRequest&& made) {
        return *take<protocol::FetchResponse>(fetch(std::move(made)));
    }
    /// Opens a session with both partitions; its id.
    int32_t open() {
        protocol::FetchRequest made = request(0, kInitialSessionEpoch);
        made.topics.push_back({t0.topic, {asking(0, 0), asking(1, 0)}});
        const protocol::FetchResponse response = ask(std::move(made));
        REQUIRE(response.responses.size() == 1);
        REQUIRE(response.responses[0].partitions.size() == 2);
        REQUIRE(response.session_id > 0);
        return response.session_id;
    }
    TopicPartition t0 = partition_of("t", 0);
    TopicPartition t1 = partition_of("t", 1);
};

}  // namespace

TEST_CASE("session epochs count up, skip 0 when they wrap and stay final") {
    CHECK(next_session_epoch(0) == 1);
    CHECK(next_session_epoch(1) == 2);
    CHECK(next_session_epoch(std::numeric_limits<int32_t>::max()) == 1);
    CHECK(next_session_epoch(kFinalSessionEpoch) == kFinalSessionEpoch);
}

TEST_CASE("an incremental answer holds a partition only if something changed") {
    Leader leader;
    const int32_t id = leader.open();
    protocol::FetchResponse response = leader.ask(request(id, 1));
    CHECK(response.session_id == id);
    CHECK(response.responses.empty());

    leader.produce(leader.t1, {"a"});
    response = leader.ask(request(id, 2));
    REQUIRE(response.responses.size() == 1);
    REQUIRE(response.responses[0].partitions.size() == 1);
    CHECK(response.responses[0].partitions[0].partition_index == 1);
    CHECK(response.responses[0].partitions[0].records.record_count() == 1);

    // The fetcher names the partition with its new offset: the high watermark rises, and is in the next answer.
    protocol::FetchRequest moved = request(id, 3);
    moved.topics.push_back({leader.t1.topic, {asking(1, 1)}});
    CHECK(leader.ask(std::move(moved)).responses.empty());
    response = leader.ask(request(id, 4));
    REQUIRE(response.responses.size() == 1);
    CHECK(response.responses[0].partitions[0].high_watermark == 1);
    CHECK(response.responses[0].partitions[0].records.empty());
    CHECK(leader.ask(request(id, 5)).responses.empty());
}

TEST_CASE("an idle session looks at no partition, and an append makes it look again") {
    Leader leader;
    const int32_t id = leader.open();
    leader.ask(request(id, 1));
    FetchSessionCache sessions = leader.manager.sessions();
    CHECK(sessions.find(id)->dirty.empty());
    leader.produce(leader.t0, {"a"});
    sessions = leader.manager.sessions();
    CHECK(sessions.find(id)->dirty.size() == 1);
}

TEST_CASE("the fetch times of a settled partition are those of its session") {
    Leader leader;
    const int32_t id = leader.open();
    for (int32_t epoch = 1; epoch <= 100; ++epoch) {
        leader.ask(request(id, epoch));
        leader.world.time += 500ms;
    }
    const Instant last_fetch = leader.world.time - 500ms;
    leader.produce(leader.t0, {"a"});
    const Replica* follower = leader.partition(leader.t0).follower(BrokerId{2});
    REQUIRE(follower);
    CHECK(follower->last_caught_up_time == last_fetch);
    CHECK(follower->last_fetch_time == last_fetch);
    CHECK(follower->last_fetch_leader_log_end_offset == 0);
}

TEST_CASE("unknown ids and wrong epochs are refused with no partitions") {
    Leader leader;
    const int32_t id = leader.open();
    CHECK(leader.ask(request(id + 1, 1)).error_code == ErrorCode::FetchSessionIdNotFound);
    const protocol::FetchResponse refused = leader.ask(request(id, 2));
    CHECK(refused.error_code == ErrorCode::InvalidFetchSessionEpoch);
    CHECK(refused.responses.empty());
    CHECK(leader.ask(request(id, 1)).error_code == ErrorCode::None);
}

TEST_CASE("forgotten partitions leave the session; an empty one is closed") {
    Leader leader;
    const int32_t id = leader.open();
    protocol::FetchRequest forget = request(id, 1);
    forget.forgotten_topics_data.push_back({leader.t0.topic, {1}});
    CHECK(leader.ask(std::move(forget)).session_id == id);
    leader.produce(leader.t1, {"a"});
    CHECK(leader.ask(request(id, 2)).responses.empty());

    protocol::FetchRequest last = request(id, 3);
    last.forgotten_topics_data.push_back({leader.t0.topic, {0}});
    CHECK(leader.ask(std::move(last)).session_id == kInvalidSessionId);
    CHECK(leader.manager.sessions().size() == 0);
    CHECK(leader.ask(request(id, 4)).error_code == ErrorCode::FetchSessionIdNotFound);
}

TEST_CASE("a full or final request closes the session it names") {
    Leader leader;
    const int32_t first = leader.open();
    protocol::FetchRequest again = request(first, kInitialSessionEpoch);
    again.topics.push_back({leader.t0.topic, {asking(0, 0)}});
    const int32_t second = leader.ask(std::move(again)).session_id;
    CHECK(second != first);
    CHECK(leader.manager.sessions().size() == 1);

    protocol::FetchRequest final_one = request(second, kFinalSessionEpoch);
    final_one.topics.push_back({leader.t0.topic, {asking(0, 0)}});
    const protocol::FetchResponse response = leader.ask(std::move(final_one));
    CHECK(response.session_id == kInvalidSessionId);
    CHECK(response.responses.size() == 1);
    CHECK(leader.manager.sessions().size() == 0);
}

TEST_CASE("a partition with an error is named in every answer, and once more when the error goes") {
    Leader leader;
    const int32_t id = leader.open();
    leader.ask(request(id, 1));
    protocol::FetchRequest newer = request(id, 2);
    newer.topics.push_back({leader.t0.topic, {asking(0, 0, kEpoch + 1)}});
    protocol::FetchResponse response = leader.ask(std::move(newer));
    REQUIRE(response.responses.size() == 1);
    CHECK(response.responses[0].partitions[0].error_code == ErrorCode::UnknownLeaderEpoch);
    CHECK(leader.ask(request(id, 3)).responses.size() == 1);

    leader.leader_and_isr(leader.t0, 1, kEpoch + 1, {1, 2}, {1, 2});
    response = leader.ask(request(id, 4));
    REQUIRE(response.responses.size() == 1);
    CHECK(response.responses[0].partitions[0].error_code == ErrorCode::None);
    CHECK(leader.ask(request(id, 5)).responses.empty());
}

TEST_CASE("a session that became older than its leader epoch is fenced") {
    Leader leader;
    const int32_t id = leader.open();
    leader.ask(request(id, 1));
    leader.leader_and_isr(leader.t0, 1, kEpoch + 1, {1}, {1, 2});
    const protocol::FetchResponse response = leader.ask(request(id, 2));
    REQUIRE(response.responses.size() == 1);
    CHECK(response.responses[0].partitions[0].error_code == ErrorCode::FencedLeaderEpoch);
}

TEST_CASE("who is evicted when the cache is full") {
    const auto session = [](int32_t id, bool privileged, size_t size, Duration created, Duration used) {
        FetchSession made;
        made.id = id;
        made.privileged = privileged;
        made.created = Instant(created);
        made.last_used = Instant(used);
        for (size_t i = 0; i < size; ++i) made.partitions[partition_of("t", static_cast<int32_t>(i))] = {};
        return made;
    };
    const Instant now(300s);
    std::map<int32_t, FetchSession> sessions;
    SECTION("one that is unused for more than 120 s, whoever it belongs to") {
        sessions[1] = session(1, true, 9, 0s, 179s);
        sessions[2] = session(2, false, 1, 290s, 299s);
        CHECK(session_to_evict(sessions, false, 1, now) == 1);
    }
    SECTION("a follower evicts a young consumer, a consumer does not") {
        sessions[1] = session(1, false, 9, 290s, 299s);
        CHECK(session_to_evict(sessions, true, 1, now) == 1);
        CHECK(session_to_evict(sessions, false, 10, now) == std::nullopt);
    }
    SECTION("a smaller one older than 120 s goes, a larger one stays") {
        sessions[1] = session(1, false, 5, 0s, 299s);
        CHECK(session_to_evict(sessions, false, 6, now) == 1);
        CHECK(session_to_evict(sessions, false, 4, now) == std::nullopt);
    }
}
