// SPDX-License-Identifier: Apache-2.0
#include "core/broker/metadata_cache.hpp"

#include "core/base/leader_and_isr.hpp"
#include "core/protocol/update_metadata.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::broker;

namespace {

using Request = protocol::UpdateMetadataRequest;

Request brokers(std::initializer_list<int32_t> ids, int32_t controller) {
    Request request;
    request.controller_id = BrokerId{controller};
    for (const int32_t id : ids) {
        Request::UpdateMetadataBroker broker;
        broker.id = BrokerId{id};
        broker.endpoints.push_back({9092 + id, "localhost", "PLAINTEXT", 0});
        request.live_brokers.push_back(broker);
    }
    return request;
}

Request::UpdateMetadataTopicState topic(std::string_view name, Uuid id,
                                        std::vector<std::pair<int32_t, BrokerId>> partitions) {
    Request::UpdateMetadataTopicState state;
    state.topic_name = TopicName(name);
    state.topic_id = id;
    for (const auto& [index, leader] : partitions) {
        Request::UpdateMetadataPartitionState partition;
        partition.partition_index = index;
        partition.leader = leader;
        partition.leader_epoch = 4;
        partition.zk_version = 7;
        partition.isr = broker_ids({3, 1});
        partition.replicas = broker_ids({3, 1, 2});
        partition.offline_replicas = broker_ids({2});
        state.partition_states.push_back(partition);
    }
    return state;
}

const TopicName kT{"t"};

}  // namespace

TEST_CASE("metadata: brokers and controller are replaced by every update") {
    MetadataCache cache;
    CHECK(cache.controller() == kNoBroker);
    cache.update(brokers({1, 2, 3}, 1));
    CHECK(cache.alive(BrokerId{2}));
    CHECK(cache.endpoint(BrokerId{2}) == node::Endpoint{"localhost", 9094});
    cache.update(brokers({3}, 3));
    CHECK_FALSE(cache.alive(BrokerId{2}));
    CHECK(cache.endpoint(BrokerId{2}) == std::nullopt);
    CHECK(cache.controller() == BrokerId{3});
}

TEST_CASE("metadata: listed partitions are overwritten, others stay, also their offline replicas") {
    MetadataCache cache;
    Request first = brokers({1, 3}, 1);
    first.topic_states.push_back(topic("t", {1, 2}, {{0, BrokerId{3}}, {1, BrokerId{1}}}));
    CHECK(cache.update(first).added == 2);

    Request second = brokers({1, 2, 3}, 1);
    cache.update(second);
    CHECK(cache.find({kT, 0})->offline_replicas == broker_ids({2}));

    second.topic_states.push_back(topic("t", {}, {{0, kNoBroker}}));
    CHECK(cache.update(second).added == 1);
    CHECK(cache.find({kT, 0})->leader == kNoBroker);
    CHECK(cache.find({kT, 1})->leader == BrokerId{1});
    CHECK(cache.find({kT, 1})->leader_epoch == 4);
    CHECK(cache.topic_id(kT) == Uuid{1, 2});
    CHECK(cache.topic_name({1, 2}) == kT);
}

TEST_CASE("metadata: leader -2 removes the partition, the last one the topic and its id") {
    MetadataCache cache;
    Request request = brokers({1}, 1);
    request.topic_states.push_back(topic("t", {1, 2}, {{0, BrokerId{1}}, {1, BrokerId{1}}}));
    cache.update(request);
    request.topic_states = {topic("t", {1, 2}, {{1, kLeaderDuringDelete}})};
    CHECK(cache.update(request).deleted == std::vector<TopicPartition>{{kT, 1}});
    CHECK(cache.contains(kT));
    request.topic_states = {topic("t", {1, 2}, {{0, kLeaderDuringDelete}})};
    const auto updated = cache.update(request);
    CHECK(updated.added == 0);
    CHECK(updated.deleted.size() == 1);
    CHECK_FALSE(cache.contains(kT));
    CHECK(cache.topic_id(kT).is_zero());
}

TEST_CASE("metadata: a topic has all its leaders when none is -1, whether alive or not") {
    MetadataCache cache;
    CHECK_FALSE(cache.all_have_leaders(kT));
    Request request = brokers({1}, 1);
    request.topic_states.push_back(topic("t", {}, {{0, BrokerId{1}}, {1, kNoBroker}}));
    cache.update(request);
    CHECK_FALSE(cache.all_have_leaders(kT));
    request.topic_states = {topic("t", {}, {{1, BrokerId{9}}})};
    cache.update(request);
    CHECK(cache.all_have_leaders(kT));
}

TEST_CASE("metadata: alive brokers come in the order of scala's LongMap") {
    struct Case {
        std::vector<int64_t> keys;
        std::vector<size_t> order;
    };
    const Case cases[] = {
        {{1}, {0}},
        {{1, 2, 3}, {1, 2, 0}},  // 2, 3, 1
        {{3, 1, 2}, {2, 0, 1}},
        {{0, 1, 2}, {0, 2, 1}},        // zero is kept apart and first
        {{1, 2, 3, 4}, {0, 3, 1, 2}},  // more than half full: the table has doubled
    };
    for (const Case& each : cases) CHECK(long_map_order(each.keys, 0) == each.order);
}
