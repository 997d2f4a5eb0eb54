// SPDX-License-Identifier: Apache-2.0
// A leader and its follower joined by hand: records, high watermark and ISR travel by messages only.
#include "tests/broker/fake_broker_host.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::broker;
using namespace kafkasim::test;

namespace {

const TopicPartition kT0 = partition_of("t");

/// Broker 1 leads, broker 2 follows; what they send is carried at once, time moves in both by `advance`.
struct Pair {
    Pair() {
        for (FakeBrokerHost* host : {&leader, &follower}) {
            host->set_metadata({kT0});
            host->manager.startup(*host);
        }
    }
    void elect(int32_t id, int32_t epoch, std::initializer_list<int32_t> isr) {
        leader.leader_and_isr(kT0, id, epoch, isr, {1, 2});
        follower.leader_and_isr(kT0, id, epoch, isr, {1, 2});
        carry();
    }
    /// Until nothing moves any more.
    void carry() {
        while (connect() || carry_fetches() || carry_answers()) {
        }
    }
    void advance(Duration by) {
        for (Duration done{}; done < by; done += 10ms) {
            leader.advance(10ms);
            follower.advance(10ms);
            carry();
        }
    }
    bool connect() {
        if (connected == follower.world.connections.size()) return false;
        const auto& made = follower.world.connections[connected++];
        follower.manager.on_connected(follower, made.id, made.tag);
        return true;
    }
    bool carry_fetches() {
        auto sent = follower.world.take_message<protocol::FetchRequest>();
        if (!sent) return false;
        ++fetches;
        for (const auto& topic : std::get<protocol::FetchRequest>(sent->message.body).topics)
            named += topic.partitions.size();
        const node::RequestContext asked = leader.context();
        waiting[asked.token.correlation_id] = {sent->connection, {sent->message.correlation_id, {}, {}}};
        leader.manager.handle_fetch(leader, asked, std::get<protocol::FetchRequest>(std::move(sent->message.body)));
        return true;
    }
    bool carry_answers() {
        for (auto at = waiting.begin(); at != waiting.end(); ++at) {
            const auto answer = leader.answers.find(at->first);
            if (answer == leader.answers.end()) continue;
            const FakeEnv::Sent asked = at->second;
            protocol::Body body = std::move(answer->second);
            leader.answers.erase(answer);
            waiting.erase(at);
            follower.answer(asked, std::move(body));
            return true;
        }
        return false;
    }

    FakeBrokerHost leader{1};
    FakeBrokerHost follower{2};
    std::map<int32_t, FakeEnv::Sent> waiting;
    size_t connected = 0;
    size_t fetches = 0;
    size_t named = 0;
};

}  // namespace

TEST_CASE(
    "what the leader appends arrives at the follower, and acks=-1 is answered without waiting for the long poll") {
    Pair pair;
    pair.elect(1, 0, {1, 2});
    pair.advance(100ms);
    const auto asked = pair.leader.produce(kT0, {"a", "b"}, -1);
    CHECK_FALSE(pair.leader.answered(asked));
    pair.carry();
    CHECK(pair.leader.produced(asked)->error_code == ErrorCode::None);
    CHECK(pair.follower.manager.read_log(kT0) == pair.leader.manager.read_log(kT0));
    CHECK(pair.follower.log(kT0).high_watermark() == 0);
    pair.advance(500ms);
    CHECK(pair.follower.log(kT0).high_watermark() == 2);
}

TEST_CASE("an idle follower fetches twice a second and names nothing") {
    Pair pair;
    pair.elect(1, 0, {1, 2});
    pair.advance(1s);
    const size_t before = pair.named;
    pair.fetches = 0;
    pair.advance(10s);
    CHECK(pair.fetches == 20);
    CHECK(pair.named == before);
    CHECK(pair.leader.manager.waiting_fetches() == 1);
}

TEST_CASE("a busy follower stays in the ISR") {
    Pair pair;
    pair.elect(1, 0, {1, 2});
    for (int second = 0; second < 60; ++second) {
        pair.leader.produce(kT0, {"a"});
        pair.advance(1s);
    }
    CHECK(pair.leader.world.count_logs("Shrinking ISR") == 0);
    CHECK(pair.leader.partition(kT0).isr_state() == committed_isr(broker_ids({1, 2})));
    CHECK(pair.follower.log(kT0).log_end_offset() == 60);
}

TEST_CASE("a returning follower with records of its own is cut back to the common history") {
    Pair pair;
    pair.elect(1, 0, {1, 2});
    pair.leader.produce(kT0, {"a"});
    pair.carry();
    // Broker 2 leads for a moment, alone, and writes; broker 1 then leads again and never saw it.
    pair.follower.leader_and_isr(kT0, 2, 1, {2}, {1, 2});
    pair.follower.produce(kT0, {"lost"});
    CHECK(pair.follower.log(kT0).log_end_offset() == 2);
    pair.elect(1, 2, {1});
    pair.leader.produce(kT0, {"b"});
    pair.advance(2s);
    CHECK(pair.follower.manager.read_log(kT0) == pair.leader.manager.read_log(kT0));
    CHECK(pair.follower.world.has_log("Truncating to offset 1"));
    CHECK(pair.leader.partition(kT0).isr_state().kind == IsrState::Kind::PendingExpand);
}
