// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/broker/broker_in_fake_env.hpp"

using namespace kafkasim;
using namespace kafkasim::test;

namespace {

using Request = protocol::CreateTopicsRequest;

Request create(std::string_view name, int32_t partitions, int16_t factor) {
    Request request;
    auto& topic = request.topics.emplace_back();
    topic.name = TopicName(name);
    topic.num_partitions = partitions;
    topic.replication_factor = factor;
    return request;
}

protocol::CreateTopicsResponse::CreatableTopicResult refused(BrokerInFakeEnv& test, Request request) {
    test.request(test.connect(), std::move(request), 1);
    auto response = test.env.take<protocol::CreateTopicsResponse>();
    REQUIRE(response);
    REQUIRE_FALSE(response->topics.empty());
    return response->topics.front();
}

/// The broker is the controller of an empty cluster and knows of three brokers.
void begin(BrokerInFakeEnv& test) {
    test.start();
    REQUIRE(test.broker.state().controller.is_active());
    test.update_metadata({1, 2, 3});
    test.written.clear();
}

}  // namespace

TEST_CASE(
    "admin: a topic's configuration is written before the topic, and the answer waits for leaders in the own cache") {
    BrokerInFakeEnv test;
    test.env.dice.assignments[TopicName("t")] = {broker_ids({3, 1, 2}), broker_ids({1, 2, 3})};
    test.env.dice.topic_ids[TopicName("t")] = Uuid{1, 2};
    begin(test);
    Request request = create("t", 2, 3);
    request.topics.front().configs.push_back({"min.insync.replicas", "2"});
    test.request(test.connect(), std::move(request), 1);
    const auto at = [&](std::string_view what) { return std::find(test.written.begin(), test.written.end(), what); };
    REQUIRE(at("create /brokers/topics/t") != test.written.end());
    CHECK(at("create /config/topics/t") < at("create /brokers/topics/t"));
    CHECK(test.tree.find("/config/topics/t")->data == "{\"version\":1,\"config\":{\"min.insync.replicas\":\"2\"}}");
    CHECK(test.tree.find("/brokers/topics/t")->data->find("\"0\":[3,1,2],\"1\":[1,2,3]") != std::string::npos);
    CHECK(
        test.env.has_log("Creating topic t with configuration {min.insync.replicas=2} and initial partition assignment "
                         "HashMap(0 -> ArrayBuffer(3, 1, 2), 1 -> "
                         "ArrayBuffer(1, 2, 3))"));
    CHECK(test.env.count_sent<protocol::CreateTopicsResponse>() == 0);

    test.update_metadata({1, 2, 3}, {{"t", 1}});
    CHECK(test.env.count_sent<protocol::CreateTopicsResponse>() == 0);
    test.update_metadata({1, 2, 3}, {{"t", 2}});
    const auto response = test.env.take<protocol::CreateTopicsResponse>();
    REQUIRE(response);
    CHECK(response->topics.front().error_code == ErrorCode::None);
    CHECK(response->topics.front().topic_id == Uuid{1, 2});
    CHECK(response->topics.front().replication_factor == 3);
}

TEST_CASE("admin: a topic without leaders in time is answered REQUEST_TIMED_OUT and stays") {
    BrokerInFakeEnv test;
    begin(test);
    Request request = create("t", 1, 1);
    request.timeout_ms = 3000;
    test.request(test.connect(), std::move(request), 1);
    test.advance(2999ms);
    CHECK(test.env.count_sent<protocol::CreateTopicsResponse>() == 0);
    test.advance(1ms);
    CHECK(test.env.take<protocol::CreateTopicsResponse>()->topics.front().error_code == ErrorCode::RequestTimedOut);
    CHECK(test.tree.find("/brokers/topics/t") != nullptr);
}

TEST_CASE("admin: the refusals of a creation") {
    BrokerInFakeEnv test;
    begin(test);
    test.update_metadata({1, 2, 3}, {{"there", 1}});
    test.tree.apply(zookeeper::zk_create("/brokers/topics/a.b", "{}"), 5, 900, 0);
    struct Case {
        Request request;
        ErrorCode error;
        std::string message;
    };
    Request twice = create("x", 1, 1);
    twice.topics.push_back(twice.topics.front());
    Request both = create("x", 1, 1);
    both.topics.front().assignments.push_back({0, broker_ids({1})});
    Request gap = create("x", -1, -1);
    gap.topics.front().assignments = {{0, broker_ids({1})}, {2, broker_ids({1})}};
    Request uneven = create("x", -1, -1);
    uneven.topics.front().assignments = {{0, broker_ids({1})}, {1, broker_ids({1, 2})}};
    Request config = create("x", 1, 1);
    config.topics.front().configs.push_back({"foo", "1"});
    const Case cases[] = {
        {create("there", 1, 1), ErrorCode::TopicAlreadyExists, "Topic 'there' already exists."},
        {create("a.b", 1, 1), ErrorCode::TopicAlreadyExists, "Topic 'a.b' already exists."},
        {create("a_b", 1, 1), ErrorCode::InvalidTopicException, "Topic 'a_b' collides with existing topics: a.b"},
        {create("x", 1, 4), ErrorCode::InvalidReplicationFactor,
         "Replication factor: 4 larger than available brokers: 3."},
        {create("x", 1, 0), ErrorCode::InvalidReplicationFactor, "Replication factor must be larger than 0."},
        {create("x", 0, 1), ErrorCode::InvalidPartitions, "Number of partitions must be larger than 0."},
        {create("bad name", 1, 1), ErrorCode::InvalidTopicException,
         "Topic name \"bad name\" is illegal, it contains a character other than ASCII alphanumerics, '.', '_' and "
         "'-'"},
        {twice, ErrorCode::InvalidRequest, "Found multiple entries for this topic."},
        {both, ErrorCode::InvalidRequest,
         "Both numPartitions or replicationFactor and replicasAssignments were set. Both cannot be used at the same "
         "time."},
        {gap, ErrorCode::InvalidReplicaAssignment, "partitions should be a consecutive 0-based integer sequence"},
        {uneven, ErrorCode::InvalidReplicaAssignment, "All partitions should have the same number of replicas"},
        {config, ErrorCode::InvalidConfig, "Unknown topic config name: foo"},
    };
    for (const Case& each : cases) {
        INFO(each.message);
        const auto result = refused(test, each.request);
        CHECK(result.error_code == each.error);
        CHECK(result.error_message == each.message);
    }
    CHECK(test.tree.find("/brokers/topics/x") == nullptr);
}

TEST_CASE("admin: the next request of a connection is taken only after the answer to the one before") {
    BrokerInFakeEnv test;
    begin(test);
    const node::ConnectionId connection = test.connect();
    test.request(connection, create("t", 1, 1), 1);
    test.request(connection, protocol::ApiVersionsRequest{}, 2);
    CHECK(test.env.count_sent<protocol::ApiVersionsResponse>() == 0);
    test.update_metadata({1, 2, 3}, {{"t", 1}});
    CHECK(test.env.count_sent<protocol::CreateTopicsResponse>() == 1);
    CHECK(test.env.count_sent<protocol::ApiVersionsResponse>() == 1);
}

TEST_CASE("metadata: an unknown topic is created on the controller and answered LEADER_NOT_AVAILABLE") {
    BrokerInFakeEnv test;
    begin(test);
    protocol::MetadataRequest request;
    request.topics.emplace();
    request.topics->push_back({{}, TopicName("fresh")});
    test.request(test.connect(), request, 1);
    const auto response = test.env.take<protocol::MetadataResponse>();
    REQUIRE(response);
    CHECK(response->topics.front().error_code == ErrorCode::LeaderNotAvailable);
    CHECK(test.tree.find("/brokers/topics/fresh") != nullptr);
    CHECK(response->brokers.size() == 3);

    request.allow_auto_topic_creation = false;
    request.topics->front().name = TopicName("other");
    test.request(test.connect(), request, 1);
    CHECK(test.env.take<protocol::MetadataResponse>()->topics.front().error_code == ErrorCode::UnknownTopicOrPartition);
    CHECK(test.tree.find("/brokers/topics/other") == nullptr);
}

TEST_CASE("metadata: a coordinator is the leader of the group's partition, or not available while that is down") {
    BrokerInFakeEnv test(config::Properties{{"offsets.topic.num.partitions", "1"}});
    begin(test);
    protocol::FindCoordinatorRequest request;
    request.coordinator_keys = {"group2"};
    test.request(test.connect(), request, 1);
    CHECK(test.env.take<protocol::FindCoordinatorResponse>()->coordinators.front().error_code ==
          ErrorCode::CoordinatorNotAvailable);
    CHECK(test.tree.find("/brokers/topics/__consumer_offsets") != nullptr);

    test.update_metadata({1, 2, 3}, {{"__consumer_offsets", 1}});
    test.request(test.connect(), request, 1);
    CHECK(test.env.take<protocol::FindCoordinatorResponse>()->coordinators.front().node_id == BrokerId{1});

    test.update_metadata({2, 3});
    test.request(test.connect(), request, 1);
    const auto gone = test.env.take<protocol::FindCoordinatorResponse>()->coordinators.front();
    CHECK(gone.error_code == ErrorCode::CoordinatorNotAvailable);
    CHECK(gone.node_id == kNoBroker);
    const node::Note* note = test.env.last_note(node::NoteKind::CoordinatorLookup);
    REQUIRE(note != nullptr);
    CHECK(node::text_of(*node::find(*note, "group")) == "group2");
    CHECK(node::text_of(*node::find(*note, "error")) == "COORDINATOR_NOT_AVAILABLE");
    CHECK(node::text_of(*node::find(*note, "leader")) == "1");
    CHECK(node::text_of(*node::find(*note, "replicas")) == "1");
}
