// SPDX-License-Identifier: Apache-2.0
#include "sim/invariants/concerned.hpp"

#include "core/zookeeper/requests.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::sim::invariants;

TEST_CASE("only the path of a state znode names a partition") {
    CHECK(partition_of_state_path("/brokers/topics/a-b/partitions/12/state") == TopicPartition{TopicName("a-b"), 12});
    for (const char* path : {"/brokers/topics/t/partitions/0", "/brokers/topics/t/partitions/x/state",
                             "/brokers/topics/t/state", "/brokers/topics//partitions/0/state",
                             "/config/topics/t/partitions/0/state", "/brokers/topics/t/partitions//state"}) {
        INFO(path);
        CHECK_FALSE(partition_of_state_path(path));
    }
}

TEST_CASE("a write to ZooKeeper names the state znodes that it writes, each of a multi too") {
    const std::string first = "/brokers/topics/t/partitions/0/state", second = "/brokers/topics/t/partitions/1/state";
    const auto written = [](const protocol::Body& request) { return state_znodes_written(request).size(); };
    CHECK(written(zookeeper::zk_set_data(first, "")) == 1);
    CHECK(written(zookeeper::zk_create(first, "")) == 1);
    CHECK(written(zookeeper::zk_delete(first)) == 1);
    CHECK(written(zookeeper::zk_get_data(first, false)) == 0);
    CHECK(written(zookeeper::zk_set_data("/controller_epoch", "")) == 0);
    CHECK(written(zookeeper::zk_multi({zookeeper::op_check("/controller_epoch", 1), zookeeper::op_set_data(first, ""),
                                       zookeeper::op_set_data(second, "")})) == 2);
}

TEST_CASE("a fetch that names no partition changes no replica, one that names some may") {
    protocol::FetchRequest fetch;
    CHECK_FALSE(may_change_replicas(protocol::Body(fetch)));
    fetch.topics.emplace_back();
    CHECK(may_change_replicas(protocol::Body(fetch)));
    protocol::FetchResponse fetched;
    CHECK_FALSE(may_change_replicas(protocol::Body(fetched)));
    fetched.responses.emplace_back();
    CHECK(may_change_replicas(protocol::Body(fetched)));
    CHECK(may_change_replicas(protocol::Body(protocol::LeaderAndIsrRequest{})));
    CHECK(may_change_replicas(protocol::Body(protocol::ZkSetDataResponse{})));
    CHECK_FALSE(may_change_replicas(protocol::Body(protocol::HeartbeatRequest{})));
}
