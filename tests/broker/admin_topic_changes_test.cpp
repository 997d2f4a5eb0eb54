// SPDX-License-Identifier: Apache-2.0
// Requests to delete topics and to add partitions, as the controller's broker answers them.
#include <algorithm>

#include "core/broker/partition_growth.hpp"
#include "tests/broker/broker_in_fake_env.hpp"

using namespace kafkasim;
using namespace kafkasim::test;

namespace {

using GrownTopic = protocol::CreatePartitionsRequest::CreatePartitionsTopic;

/// The broker is the controller, three brokers are alive, topic t is there with one partition.
void begin(BrokerInFakeEnv& test) {
    test.start();
    REQUIRE(test.broker.state().controller.is_active());
    zookeeper::TopicAssignment assignment;
    assignment.topic_id = {1, 2};
    assignment.partitions[0].replicas = broker_ids({1});
    test.tree.apply(zookeeper::zk_create("/brokers/topics/t", zookeeper::encode_topic(assignment)), 0, 1000, 0);
    test.update_metadata({1, 2, 3}, {{"t", 1}});
    test.written.clear();
}

protocol::DeleteTopicsRequest deletion_of(const std::string& topic, int32_t timeout_ms = 30000) {
    protocol::DeleteTopicsRequest request;
    request.timeout_ms = timeout_ms;
    request.topics.push_back({TopicName(topic), {}});
    return request;
}

ErrorCode answer(BrokerInFakeEnv& test) {
    const auto response = test.env.take<protocol::DeleteTopicsResponse>();
    REQUIRE(response);
    return response->responses.at(0).error_code;
}

void lose(BrokerInFakeEnv& test, const std::string& topic) {
    protocol::UpdateMetadataRequest update;
    update.controller_id = BrokerId{1};
    update.controller_epoch = 5;
    update.live_brokers.push_back({BrokerId{1}, {{9093, "localhost", "PLAINTEXT", 0}}, std::nullopt});
    auto& state = update.topic_states.emplace_back();
    state.topic_name = TopicName(topic);
    state.partition_states.emplace_back().leader = kLeaderDuringDelete;
    test.request(test.connect(), std::move(update), 1);
}

zookeeper::TopicAssignment existing(std::vector<std::vector<int32_t>> partitions) {
    zookeeper::TopicAssignment assignment;
    for (size_t i = 0; i < partitions.size(); ++i) {
        for (const int32_t id : partitions[i])
            assignment.partitions[static_cast<int32_t>(i)].replicas.push_back(BrokerId{id});
    }
    return assignment;
}

GrownTopic asked(int32_t count, std::optional<std::vector<std::vector<int32_t>>> manual = std::nullopt) {
    GrownTopic topic;
    topic.name = TopicName("t");
    topic.count = count;
    if (!manual) return topic;
    topic.assignments.emplace();
    for (const auto& replicas : *manual) {
        auto& added = topic.assignments->emplace_back();
        for (const int32_t id : replicas) added.broker_ids.push_back(BrokerId{id});
    }
    return topic;
}

std::string text_of(const broker::GrownAssignment& grown) {
    if (grown.error != ErrorCode::None) return std::string(name(grown.error)) + ": " + grown.message;
    std::string text;
    for (const auto& replicas : grown.added) text += (text.empty() ? "" : " ") + join(replicas);
    return text;
}

}  // namespace

TEST_CASE("admin: a deletion is a znode, and the answer waits until the own cache has lost the topic") {
    BrokerInFakeEnv test;
    begin(test);
    test.request(test.connect(), deletion_of("t"), 1);
    CHECK(test.tree.find("/admin/delete_topics/t") != nullptr);
    CHECK(test.env.count_sent<protocol::DeleteTopicsResponse>() == 0);
    test.request(test.connect(), deletion_of("t"), 2);  // marked already: waits as well
    CHECK(test.env.count_sent<protocol::DeleteTopicsResponse>() == 0);
    lose(test, "t");
    CHECK(answer(test) == ErrorCode::None);
    CHECK(answer(test) == ErrorCode::None);
}

TEST_CASE("admin: a deletion that the cache does not show in time is REQUEST_TIMED_OUT and goes on") {
    BrokerInFakeEnv test;
    begin(test);
    test.request(test.connect(), deletion_of("t", 3000), 1);
    test.advance(2999ms);
    CHECK(test.env.count_sent<protocol::DeleteTopicsResponse>() == 0);
    test.advance(1ms);
    CHECK(answer(test) == ErrorCode::RequestTimedOut);
    CHECK(test.tree.find("/admin/delete_topics/t") != nullptr);
    test.request(test.connect(), deletion_of("t", 0), 2);
    CHECK(answer(test) == ErrorCode::RequestTimedOut);
}

TEST_CASE("admin: what is not to be deleted is refused") {
    SECTION("not in the cache") {
        BrokerInFakeEnv test;
        begin(test);
        test.request(test.connect(), deletion_of("other"), 1);
        CHECK(answer(test) == ErrorCode::UnknownTopicOrPartition);
    }
    SECTION("in the cache, but not in ZooKeeper") {
        BrokerInFakeEnv test;
        begin(test);
        test.update_metadata({1, 2, 3}, {{"other", 1}});
        test.request(test.connect(), deletion_of("other"), 1);
        CHECK(answer(test) == ErrorCode::UnknownTopicOrPartition);
    }
    SECTION("an id that nobody has") {
        BrokerInFakeEnv test;
        begin(test);
        protocol::DeleteTopicsRequest request;
        request.topics.push_back({std::nullopt, Uuid{7, 7}});
        test.request(test.connect(), std::move(request), 1);
        CHECK(answer(test) == ErrorCode::UnknownTopicId);
    }
    SECTION("delete.topic.enable=false") {
        BrokerInFakeEnv test(config::Properties{{"delete.topic.enable", "false"}});
        begin(test);
        test.request(test.connect(), deletion_of("t"), 1);
        CHECK(answer(test) == ErrorCode::TopicDeletionDisabled);
        CHECK(test.written.empty());
    }
}

TEST_CASE("admin: more partitions are written into the topic's znode, and the answer waits for their leaders") {
    BrokerInFakeEnv test;
    begin(test);
    protocol::CreatePartitionsRequest request;
    request.timeout_ms = 30000;
    request.topics.push_back(asked(3, {{{1}, {1}}}));
    test.request(test.connect(), std::move(request), 1);
    CHECK(test.written == std::vector<std::string>{"set /brokers/topics/t"});
    CHECK(test.tree.find("/brokers/topics/t")->data->find("{\"0\":[1],\"1\":[1],\"2\":[1]}") != std::string::npos);
    CHECK(test.env.count_sent<protocol::CreatePartitionsResponse>() == 0);
    test.update_metadata({1, 2, 3}, {{"t", 3}});
    const auto response = test.env.take<protocol::CreatePartitionsResponse>();
    REQUIRE(response);
    CHECK(response->results.at(0).error_code == ErrorCode::None);
}

TEST_CASE("admin: partitions of an unknown topic, or asked for twice, are refused") {
    BrokerInFakeEnv test;
    begin(test);
    protocol::CreatePartitionsRequest request;
    request.topics.push_back(asked(3));
    request.topics.push_back(asked(4));
    request.topics.push_back(asked(2));
    request.topics.back().name = TopicName("other");
    test.request(test.connect(), std::move(request), 1);
    const auto response = test.env.take<protocol::CreatePartitionsResponse>();
    REQUIRE(response);
    REQUIRE(response->results.size() == 2);
    CHECK(response->results[0].error_message == "Duplicate topic in request.");
    CHECK(response->results[1].error_message == "The topic 'other' does not exist.");
}

TEST_CASE("admin: where added partitions go") {
    const std::vector<broker::BrokerMetadata> brokers = broker::without_racks(broker_ids({1, 2, 3}));
    struct Case {
        GrownTopic asked;
        std::vector<std::vector<int32_t>> existing;
        std::string expected;
    };
    const std::vector<Case> cases = {
        // Recorded: 04-topics, step 47.
        {asked(5), {{1, 2}, {2, 3}, {3, 1}}, "1,3 2,1"},
        {asked(2), {{3, 1, 2}}, "1,2,3"},
        {asked(2), {{9}}, "2"},  // no broker with an id as high: as if partition 0 began at the first one
        {asked(3), {{1}, {2}, {3}}, "INVALID_PARTITIONS: Topic already has 3 partitions."},
        {asked(2),
         {{1}, {2}, {3}},
         "INVALID_PARTITIONS: Topic currently has 3 partitions, which is higher than the requested 2."},
        {asked(2),
         {{1, 2, 3, 4}},
         "INVALID_REPLICATION_FACTOR: Replication factor: 4 larger than available brokers: 3."},
        {asked(2, {{{3, 2}}}), {{1, 2}}, "3,2"},
        {asked(2, {{{1, 9}}}), {{1, 2}}, "INVALID_REPLICA_ASSIGNMENT: Unknown broker(s) in replica assignment: 9."},
        {asked(3, {{{1, 2}}}),
         {{1, 2}},
         "INVALID_REPLICA_ASSIGNMENT: Increasing the number of partitions by 2 but 1 assignments provided."},
        {asked(2, {{{1, 1}}}),
         {{1, 2}},
         "INVALID_REPLICA_ASSIGNMENT: Duplicate brokers not allowed in replica assignment: 1, 1 for partition id 1."},
        {asked(2, std::vector<std::vector<int32_t>>{{}}),
         {{1, 2}},
         "INVALID_REPLICA_ASSIGNMENT: Cannot have replication factor of 0 for partition id 1."},
        {asked(3, {{{1}, {2}}}),
         {{1, 2}},
         "INVALID_REPLICA_ASSIGNMENT: Inconsistent replication factor between partitions, partition 0 has 2 while "
         "partitions [1, 2] have "
         "replication factors [1, 1], respectively."},
    };
    for (const Case& each : cases)
        CHECK(text_of(broker::grow_assignment(each.asked, existing(each.existing), brokers)) == each.expected);
}
