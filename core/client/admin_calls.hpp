// SPDX-License-Identifier: Apache-2.0
#pragma once
// The calls an AdminClient can be asked for: name (as it stands in timeouts), who must answer, and the request. One
// function each; which errors of the response
// are retried stands in admin_retry.hpp.
// Kafka 3.0.0: org.apache.kafka.clients.admin.KafkaAdminClient, the handlers in admin.internals.

#include <optional>
#include <string>
#include <vector>

#include "core/client/admin_client.hpp"

namespace kafkasim::client {

inline constexpr int8_t kTopicResource = 2;
inline constexpr int8_t kBrokerResource = 4;
inline constexpr int8_t kBrokerLoggerResource = 8;

inline constexpr int64_t kLatestTimestamp = -1;
inline constexpr int64_t kEarliestTimestamp = -2;

struct OffsetQuery {
    TopicPartition tp;
    int64_t timestamp = kLatestTimestamp;
};
struct OffsetToCommit {
    TopicPartition tp;
    int64_t offset = 0;
};

AdminCall create_topics(std::vector<protocol::CreateTopicsRequest::CreatableTopic> topics);  // CreateTopicsResponse
AdminCall delete_topics(const std::vector<TopicName>& topics);                               // DeleteTopicsResponse
AdminCall create_partitions(std::vector<protocol::CreatePartitionsRequest::CreatePartitionsTopic> topics);
AdminCall list_topics();                                          // MetadataResponse of all topics
AdminCall describe_topics(const std::vector<TopicName>& topics);  // MetadataResponse
AdminCall describe_cluster();                                     // DescribeClusterResponse
/// Topics are answered by any broker; a broker's own configs (kBrokerResource, a name) by that broker.
AdminCall describe_configs(std::vector<protocol::DescribeConfigsRequest::DescribeConfigsResource> resources,
                           bool synonyms = true);
AdminCall incremental_alter_configs(
    std::vector<protocol::IncrementalAlterConfigsRequest::AlterConfigsResource> resources);
/// nullopt: all that are going on.
AdminCall list_partition_reassignments(std::optional<std::vector<TopicPartition>> partitions = std::nullopt);
AdminCall alter_partition_reassignments(protocol::AlterPartitionReassignmentsRequest request);
AdminCall elect_leaders(int8_t election_type, std::optional<std::vector<TopicPartition>> partitions);
AdminCall list_consumer_groups(std::vector<std::string> states = {});  // ListGroupsResponse of each broker
AdminCall describe_consumer_group(const std::string& group);           // DescribeGroupsResponse
AdminCall list_consumer_group_offsets(const std::string& group);       // OffsetFetchResponse, all partitions
AdminCall alter_consumer_group_offsets(const std::string& group,
                                       const std::vector<OffsetToCommit>& offsets);  // OffsetCommitResponse
AdminCall delete_consumer_groups(const std::string& group);                          // DeleteGroupsResponse
AdminCall delete_consumer_group_offsets(const std::string& group,
                                        const std::vector<TopicPartition>& partitions);  // OffsetDeleteResponse
/// DeleteRecordsResponse of the broker that leads all these partitions.
AdminCall delete_records(NodeId leader, protocol::DeleteRecordsRequest request);
AdminCall list_offsets(const std::vector<OffsetQuery>& queries);  // ListOffsetsResponse of each leader

}  // namespace kafkasim::client
