// SPDX-License-Identifier: Apache-2.0
//
// The generated messages: all apis are there, with names, keys and versions; JSON view, equality and hash.
#include "core/protocol/message.hpp"

#include <type_traits>

#include "core/protocol/field_hash.hpp"
#include "tests/catch.hpp"

namespace kafkasim::protocol {
namespace {

std::uint64_t hash_of(const Body& body) {
    std::uint64_t h = kHashStart;
    hash_into(h, body);
    return h;
}

FetchRequest some_fetch() {
    FetchRequest fetch;
    fetch.replica_id = BrokerId{2};
    FetchRequest::FetchTopic topic{TopicName("t"), {}};
    topic.partitions.emplace_back().fetch_offset = 4;
    fetch.topics.push_back(topic);
    return fetch;
}

}  // namespace

TEST_CASE("every api that is needed is present with Kafka's key and versions") {
    struct Row {
        ApiKey key;
        int number;
        std::string_view name;
        int newest_version;
        int flexible_version;
    };
    const Row rows[] = {
        {ApiKey::Produce, 0, "Produce", 9, 9},
        {ApiKey::Fetch, 1, "Fetch", 12, 12},
        {ApiKey::ListOffsets, 2, "ListOffsets", 7, 6},
        {ApiKey::Metadata, 3, "Metadata", 11, 9},
        {ApiKey::LeaderAndIsr, 4, "LeaderAndIsr", 5, 4},
        {ApiKey::StopReplica, 5, "StopReplica", 3, 2},
        {ApiKey::UpdateMetadata, 6, "UpdateMetadata", 7, 6},
        {ApiKey::ControlledShutdown, 7, "ControlledShutdown", 3, 3},
        {ApiKey::OffsetCommit, 8, "OffsetCommit", 8, 8},
        {ApiKey::OffsetFetch, 9, "OffsetFetch", 8, 6},
        {ApiKey::FindCoordinator, 10, "FindCoordinator", 4, 3},
        {ApiKey::JoinGroup, 11, "JoinGroup", 7, 6},
        {ApiKey::Heartbeat, 12, "Heartbeat", 4, 4},
        {ApiKey::LeaveGroup, 13, "LeaveGroup", 4, 4},
        {ApiKey::SyncGroup, 14, "SyncGroup", 5, 4},
        {ApiKey::DescribeGroups, 15, "DescribeGroups", 5, 5},
        {ApiKey::ListGroups, 16, "ListGroups", 4, 3},
        {ApiKey::ApiVersions, 18, "ApiVersions", 3, 3},
        {ApiKey::CreateTopics, 19, "CreateTopics", 7, 5},
        {ApiKey::DeleteTopics, 20, "DeleteTopics", 6, 4},
        {ApiKey::DeleteRecords, 21, "DeleteRecords", 2, 2},
        {ApiKey::InitProducerId, 22, "InitProducerId", 4, 2},
        {ApiKey::OffsetForLeaderEpoch, 23, "OffsetForLeaderEpoch", 4, 4},
        {ApiKey::DescribeConfigs, 32, "DescribeConfigs", 4, 4},
        {ApiKey::AlterConfigs, 33, "AlterConfigs", 2, 2},
        {ApiKey::CreatePartitions, 37, "CreatePartitions", 3, 2},
        {ApiKey::DeleteGroups, 42, "DeleteGroups", 2, 2},
        {ApiKey::ElectLeaders, 43, "ElectLeaders", 2, 2},
        {ApiKey::IncrementalAlterConfigs, 44, "IncrementalAlterConfigs", 1, 1},
        {ApiKey::AlterPartitionReassignments, 45, "AlterPartitionReassignments", 0, 0},
        {ApiKey::ListPartitionReassignments, 46, "ListPartitionReassignments", 0, 0},
        {ApiKey::OffsetDelete, 47, "OffsetDelete", 0, -1},
        {ApiKey::AlterIsr, 56, "AlterIsr", 0, 0},
        {ApiKey::DescribeCluster, 60, "DescribeCluster", 0, 0},
        {ApiKey::AllocateProducerIds, 67, "AllocateProducerIds", 0, 0},
    };
    std::size_t of_kafka = 0;
    for (const ApiInfo& api : apis()) of_kafka += static_cast<int>(api.key) < 900 ? 1 : 0;
    CHECK(of_kafka == std::size(rows));
    for (const Row& row : rows) {
        INFO(row.name);
        CHECK(static_cast<int>(row.key) == row.number);
        CHECK(name_of(row.key) == row.name);
        for (const ApiInfo& api : apis()) {
            if (api.key != row.key) continue;
            CHECK(api.lowest_version == 0);
            CHECK(api.newest_version == row.newest_version);
            CHECK(api.flexible_version == row.flexible_version);
        }
    }
}

TEST_CASE("ZooKeeper's operations have their op code plus 1000") {
    CHECK(static_cast<int>(ApiKey::ZkConnect) == 1000 - 10);
    CHECK(static_cast<int>(ApiKey::ZkCloseSession) == 1000 - 11);
    CHECK(static_cast<int>(ApiKey::ZkCreate) == 1000 + 1);
    CHECK(static_cast<int>(ApiKey::ZkGetChildren) == 1000 + 12);
    CHECK(static_cast<int>(ApiKey::ZkMulti) == 1000 + 14);
    CHECK(static_cast<int>(ApiKey::ZkSetWatches) == 1000 + 101);
}

TEST_CASE("a body knows its name, api and direction") {
    CHECK(name_of(Body{}).empty());
    CHECK(api_of(Body{}) == ApiKey::None);
    CHECK(name_of(Body{FetchRequest{}}) == "FetchRequest");
    CHECK(api_of(Body{FetchRequest{}}) == ApiKey::Fetch);
    CHECK(is_request(Body{FetchRequest{}}));
    CHECK(name_of(Body{ZkMultiResponse{}}) == "ZkMultiResponse");
    CHECK(!is_request(Body{ZkMultiResponse{}}));
    CHECK(name_of(Body{ZkWatchEvent{}}) == "ZkWatchEvent");
    CHECK(!is_request(Body{ZkWatchEvent{}}));
}

TEST_CASE("defaults are Kafka's") {
    CHECK(FetchRequest{}.max_bytes == 0x7fffffff);
    CHECK(FetchRequest{}.session_epoch == -1);
    CHECK(FetchResponse::PartitionData{}.preferred_read_replica == BrokerId{-1});
    CHECK(MetadataResponse::MetadataResponseTopic{}.topic_authorized_operations == -2147483647 - 1);
    CHECK(MetadataRequest{}.allow_auto_topic_creation);
    CHECK(OffsetForLeaderEpochRequest{}.replica_id == BrokerId{-2});
    CHECK(ElectLeadersRequest{}.timeout_ms == 60000);
}

TEST_CASE("fields have the types of their meaning") {
    using State = LeaderAndIsrRequest::LeaderAndIsrPartitionState;
    CHECK(std::is_same_v<decltype(State::leader), BrokerId>);
    CHECK(std::is_same_v<decltype(State::isr), std::vector<BrokerId>>);
    CHECK(std::is_same_v<decltype(LeaderAndIsrRequest::LeaderAndIsrTopicState::topic_id), Uuid>);
    CHECK(std::is_same_v<decltype(MetadataRequest::topics),
                         std::optional<std::vector<MetadataRequest::MetadataRequestTopic>>>);
    CHECK(std::is_same_v<decltype(FetchResponse::PartitionData::records), RecordBatches>);
    CHECK(std::is_same_v<decltype(FetchResponse::error_code), ErrorCode>);
}

TEST_CASE("a body stays small enough to be moved about") { CHECK(sizeof(Body) <= 256); }

TEST_CASE("the JSON view is Kafka's") {
    CHECK(to_json_text(Body{}) == "null");
    CHECK(to_json_text(Body{ZkPingRequest{}}) == "{}");
    CHECK(
        to_json_text(Body{some_fetch()}) ==
        R"({"clusterId":null,"replicaId":2,"maxWaitMs":0,"minBytes":0,"maxBytes":2147483647,"isolationLevel":0,)"
        R"("sessionId":0,"sessionEpoch":-1,"topics":[{"topic":"t","partitions":[{"partition":0,)"
        R"("currentLeaderEpoch":-1,"fetchOffset":4,"lastFetchedEpoch":-1,"logStartOffset":-1,"partitionMaxBytes":0}]}],)"
        R"("forgottenTopicsData":[],"rackId":""})");
    ControlledShutdownResponse refused;
    refused.error_code = ErrorCode::StaleBrokerEpoch;
    CHECK(to_json_text(Body{refused}) == R"({"errorCode":77,"remainingPartitions":[]})");
}

TEST_CASE("JSON text is escaped, unprintable bytes are hex, records a summary") {
    ZkSetDataRequest set;
    set.path = "/a\"b\\c";
    set.data = "{\"x\":\"\xEA\xB0\x80\"}\n";
    CHECK(to_json_text(Body{set}) ==
          "{\"path\":\"/a\\\"b\\\\c\",\"data\":\"{\\\"x\\\":\\\"\xEA\xB0\x80\\\"}\\n\",\"version\":-1}");
    set.data = std::string("\x00\xff", 2);
    CHECK(to_json_text(Body{set}) == R"({"path":"/a\"b\\c","data":"0x00ff","version":-1})");

    RecordBatchBuilder builder;
    builder.append(1000, std::nullopt, "a");
    ProduceRequest produce;
    produce.topic_data.emplace_back().partition_data.emplace_back().records = RecordBatches(builder.build());
    CHECK(to_json_text(Body{produce})
              .find(R"("records":{"batches":1,"records":1,"baseOffset":0,"lastOffset":0,"sizeInBytes":69})") !=
          std::string::npos);
}

TEST_CASE("equal content is equal and has an equal hash") {
    const Body a = some_fetch();
    Body b = some_fetch();
    CHECK(a == b);
    CHECK(hash_of(a) == hash_of(b));
    std::get<FetchRequest>(b).topics[0].partitions[0].fetch_offset = 5;
    CHECK(a != b);
    CHECK(hash_of(a) != hash_of(b));
}

TEST_CASE("the hash tells apart what only looks alike") {
    CHECK(hash_of(Body{}) != hash_of(Body{ZkPingRequest{}}));
    CHECK(hash_of(ZkPingRequest{}) != hash_of(ZkCloseSessionRequest{}));
    ZkSetWatchesRequest one;
    one.data_watches = {"/a", "/b"};
    ZkSetWatchesRequest two;
    two.data_watches = {"/a"};
    two.exist_watches = {"/b"};
    CHECK(hash_of(one) != hash_of(two));
    ZkGetDataResponse none;
    ZkGetDataResponse empty;
    empty.data = "";
    CHECK(hash_of(none) != hash_of(empty));
}

TEST_CASE("the hash is the same number in every build") { CHECK(hash_of(some_fetch()) == 0x7ba18f66a299fdee); }

}  // namespace kafkasim::protocol
