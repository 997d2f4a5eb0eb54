// SPDX-License-Identifier: Apache-2.0
// Blocks of producer ids that the controller gives to brokers.
#include "tests/catch.hpp"
#include "tests/controller/fake_cluster.hpp"

using namespace kafkasim;
using namespace kafkasim::test;

namespace {

protocol::AllocateProducerIdsResponse allocate(FakeCluster& cluster, FakeBroker& asked, int32_t broker, int64_t epoch) {
    const auto context = cluster.context();
    asked.controller.handle_allocate_producer_ids(asked, context, {BrokerId{broker}, epoch});
    cluster.settle();
    return std::get<protocol::AllocateProducerIdsResponse>(asked.responses.at(context.token.correlation_id));
}

struct TwoBrokers : FakeCluster {
    TwoBrokers() {
        write(zookeeper::zk_create(std::string(zookeeper::kProducerIdBlockPath), std::nullopt), 0);
        start(1);
        settle();
        start(2);
        settle();
    }
};

}  // namespace

TEST_CASE("each broker gets the block behind the last one, and the znode says whose that was") {
    TwoBrokers cluster;
    FakeBroker& active = cluster.broker(1);
    const auto first = allocate(cluster, active, 2, cluster.broker(2).epoch);
    CHECK(first.error_code == ErrorCode::None);
    CHECK(first.producer_id_start == 0);
    CHECK(first.producer_id_len == 1000);
    CHECK(allocate(cluster, active, 1, active.epoch).producer_id_start == 1000);
    const auto* znode = cluster.tree.find(std::string(zookeeper::kProducerIdBlockPath));
    REQUIRE(znode != nullptr);
    CHECK(znode->data == R"({"version":1,"broker":1,"block_start":"1000","block_end":"1999"})");
    CHECK(znode->version == 2);
}

TEST_CASE("no ids for a broker that is not known, is of an old epoch, or asks the wrong one") {
    TwoBrokers cluster;
    FakeBroker& active = cluster.broker(1);
    CHECK(allocate(cluster, active, 9, 1).error_code == ErrorCode::BrokerIdNotRegistered);
    CHECK(allocate(cluster, active, 2, cluster.broker(2).epoch + 1).error_code == ErrorCode::StaleBrokerEpoch);
    CHECK(allocate(cluster, cluster.broker(2), 1, active.epoch).error_code == ErrorCode::NotController);
    CHECK(allocate(cluster, active, 1, active.epoch).producer_id_start == 0);
}
