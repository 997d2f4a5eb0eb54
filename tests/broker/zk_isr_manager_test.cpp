// SPDX-License-Identifier: Apache-2.0
// Before 2.7 a leader wrote a changed Isr to ZooKeeper itself, and told the controller some seconds later.
// Kafka 3.0.0: kafka.server.ZkIsrManager, kafka.utils.ReplicationUtils.updateLeaderAndIsr.
#include "core/broker/zk_isr_manager.hpp"

#include "core/protocol/message.hpp"
#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/znodes.hpp"
#include "tests/broker/fake_broker_host.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using broker::AlterIsrItem;
using broker::AlterIsrResult;
using broker::IsrState;
using test::partition_of;

namespace {

class HostWithZooKeeper : public test::FakeBrokerHost {
public:
    HostWithZooKeeper() : FakeBrokerHost(1) {}
    void zk_isr_call(uint64_t token, std::vector<protocol::Body> requests) override {
        tokens.push_back(token);
        asked.push_back(std::move(requests.at(0)));
    }
    std::vector<uint64_t> tokens;
    std::vector<protocol::Body> asked;
};

AlterIsrItem proposal() {
    return {partition_of("t"), 4, 7, IsrState{IsrState::Kind::PendingShrink, {{1}, {2}, {3}}, {{3}}}};
}

protocol::Body was_set(int32_t version) {
    protocol::ZkSetDataResponse response;
    response.stat.version = version;
    return response;
}

protocol::Body was_refused(int32_t err) {
    protocol::ZkSetDataResponse response;
    response.err = err;
    return response;
}

protocol::Body holds(const std::vector<BrokerId>& isr, int32_t controller_epoch, int32_t version) {
    protocol::ZkGetDataResponse response;
    response.data = zookeeper::encode_partition_state({{1}, 4, isr, 0}, controller_epoch);
    response.stat.version = version;
    return response;
}

}  // namespace

TEST_CASE("The leader writes the proposed Isr with the version it knows and the epoch of its controller") {
    HostWithZooKeeper host;
    broker::ZkIsrManager manager;
    manager.start(host);
    manager.submit(host, proposal(), 2);
    REQUIRE(host.asked.size() == 1);
    const auto* write = std::get_if<protocol::ZkSetDataRequest>(&host.asked[0]);
    REQUIRE(write);
    CHECK(write->path == "/brokers/topics/t/partitions/0/state");
    CHECK(write->data == zookeeper::encode_partition_state({{1}, 4, {{1}, {2}}, 7}, 2));
    CHECK(write->version == 7);
    const auto result = manager.on_zk_replies(host, host.tokens[0], {was_set(8)});
    REQUIRE(result);
    CHECK(result->answer.error == ErrorCode::None);
    CHECK(result->answer.state == LeaderAndIsr{{1}, 4, {{1}, {2}}, 8});
}

TEST_CASE("If the version was another the znode is read: what stands there may be what was to be written") {
    struct Row {
        std::string_view what;
        protocol::Body found;
        ErrorCode error;
        int32_t zk_version;
    };
    const Row rows[] = {
        {"the same state: an earlier try got there", holds({{1}, {2}}, 2, 9), ErrorCode::None, 9},
        {"another Isr", holds({{1}, {3}}, 2, 9), ErrorCode::InvalidUpdateVersion, 0},
        {"another controller's", holds({{1}, {2}}, 3, 9), ErrorCode::InvalidUpdateVersion, 0},
        {"nothing", was_refused(zookeeper::kNoNode), ErrorCode::InvalidUpdateVersion, 0},
    };
    for (const Row& row : rows) {
        INFO(row.what);
        HostWithZooKeeper host;
        broker::ZkIsrManager manager;
        manager.start(host);
        manager.submit(host, proposal(), 2);
        CHECK_FALSE(manager.on_zk_replies(host, host.tokens[0], {was_refused(zookeeper::kBadVersion)}));
        REQUIRE(host.asked.size() == 2);
        REQUIRE(std::holds_alternative<protocol::ZkGetDataRequest>(host.asked[1]));
        const auto result = manager.on_zk_replies(host, host.tokens[1], {row.found});
        REQUIRE(result);
        CHECK(result->answer.error == row.error);
        CHECK(result->answer.state.zk_version == row.zk_version);
    }
    HostWithZooKeeper host;
    broker::ZkIsrManager manager;
    manager.start(host);
    manager.submit(host, proposal(), 2);
    const auto gone = manager.on_zk_replies(host, host.tokens[0], {was_refused(zookeeper::kNoNode)});
    REQUIRE(gone);
    CHECK(gone->answer.error == ErrorCode::InvalidUpdateVersion);
}

TEST_CASE("The controller is told when the Isr has been quiet for five seconds, looked at every 2.5 s") {
    HostWithZooKeeper host;
    broker::ZkIsrManager manager;
    manager.start(host);
    const auto pass = [&](Duration time) {
        host.world.advance(time, [&](node::TimerId, node::Tag) { manager.on_timer(host); });
    };
    pass(1s);
    manager.submit(host, proposal(), 2);
    manager.on_zk_replies(host, host.tokens[0], {was_set(8)});
    pass(6s);  // looked at after 2.5 s and 5 s: then it had been quiet for four
    CHECK(host.asked.size() == 1);
    pass(600ms);
    REQUIRE(host.asked.size() == 2);
    const auto* note = std::get_if<protocol::ZkCreateRequest>(&host.asked[1]);
    REQUIRE(note);
    CHECK(note->path == "/isr_change_notification/isr_change_");
    CHECK(note->data == R"({"version":1,"partitions":[{"topic":"t","partition":0}]})");
    CHECK(note->flags == zookeeper::kPersistentSequential);
}
