// SPDX-License-Identifier: Apache-2.0
#include "core/client/admin_calls.hpp"

#include <algorithm>
#include <charconv>

namespace kafkasim::client {

namespace {

AdminCall call(std::string name, AdminRoute route, protocol::Body request) {
    return {std::move(name), route, -1, {}, std::move(request), std::nullopt};
}

AdminCall group_call(std::string name, const std::string& group, protocol::Body request) {
    return {std::move(name), AdminRoute::Coordinator, -1, group, std::move(request), std::nullopt};
}

/// Partitions grouped by topic, in the order of their first appearance; `add(entry, tp)` puts one in.
template <typename Topic, typename Items, typename PartitionOf, typename Add>
std::vector<Topic> by_topic(const Items& items, PartitionOf partition_of, TopicName Topic::*name, Add add) {
    std::vector<Topic> topics;
    for (const auto& item : items) {
        const TopicPartition& tp = partition_of(item);
        auto topic = std::find_if(topics.begin(), topics.end(), [&](const Topic& t) { return t.*name == tp.topic; });
        if (topic == topics.end()) {
            topics.emplace_back();
            topics.back().*name = tp.topic;
            topic = topics.end() - 1;
        }
        add(*topic, item);
    }
    return topics;
}

const TopicPartition& itself(const TopicPartition& tp) { return tp; }

}  // namespace

AdminCall create_topics(std::vector<protocol::CreateTopicsRequest::CreatableTopic> topics) {
    protocol::CreateTopicsRequest request;
    request.topics = std::move(topics);
    return call("createTopics", AdminRoute::Controller, std::move(request));
}

AdminCall delete_topics(const std::vector<TopicName>& topics) {
    protocol::DeleteTopicsRequest request;
    for (const TopicName& topic : topics) request.topics.push_back({topic, {}});
    return call("deleteTopics", AdminRoute::Controller, std::move(request));
}

AdminCall create_partitions(std::vector<protocol::CreatePartitionsRequest::CreatePartitionsTopic> topics) {
    protocol::CreatePartitionsRequest request;
    request.topics = std::move(topics);
    return call("createPartitions", AdminRoute::Controller, std::move(request));
}

AdminCall list_topics() {
    protocol::MetadataRequest request;
    request.allow_auto_topic_creation = true;
    return call("listTopics", AdminRoute::LeastLoaded, std::move(request));
}

AdminCall describe_topics(const std::vector<TopicName>& topics) {
    protocol::MetadataRequest request;
    request.topics.emplace();
    for (const TopicName& topic : topics) request.topics->push_back({{}, topic});
    request.allow_auto_topic_creation = false;
    return call("describeTopics", AdminRoute::LeastLoaded, std::move(request));
}

AdminCall describe_cluster() { return call("listNodes", AdminRoute::LeastLoaded, protocol::DescribeClusterRequest{}); }

AdminCall describe_configs(std::vector<protocol::DescribeConfigsRequest::DescribeConfigsResource> resources,
                           bool synonyms) {
    protocol::DescribeConfigsRequest request;
    request.include_synonyms = synonyms;
    AdminCall result = call("describeConfigs", AdminRoute::LeastLoaded, {});
    for (const auto& resource : resources) {
        const bool of_one_broker =
            resource.resource_type == kBrokerResource || resource.resource_type == kBrokerLoggerResource;
        if (!of_one_broker || resource.resource_name.empty()) continue;
        result.route = AdminRoute::Node;
        std::from_chars(resource.resource_name.data(), resource.resource_name.data() + resource.resource_name.size(),
                        result.node);
    }
    request.resources = std::move(resources);
    result.request = std::move(request);
    return result;
}

AdminCall incremental_alter_configs(
    std::vector<protocol::IncrementalAlterConfigsRequest::AlterConfigsResource> resources) {
    protocol::IncrementalAlterConfigsRequest request;
    request.resources = std::move(resources);
    return call("incrementalAlterConfigs", AdminRoute::LeastLoaded, std::move(request));
}

AdminCall list_partition_reassignments(std::optional<std::vector<TopicPartition>> partitions) {
    using Topic = protocol::ListPartitionReassignmentsRequest::ListPartitionReassignmentsTopics;
    protocol::ListPartitionReassignmentsRequest request;
    if (partitions) {
        request.topics = by_topic<Topic>(*partitions, itself, &Topic::name, [](Topic& topic, const TopicPartition& tp) {
            topic.partition_indexes.push_back(tp.partition);
        });
    }
    return call("listPartitionReassignments", AdminRoute::Controller, std::move(request));
}

AdminCall alter_partition_reassignments(protocol::AlterPartitionReassignmentsRequest request) {
    return call("alterPartitionReassignments", AdminRoute::Controller, std::move(request));
}

AdminCall elect_leaders(int8_t election_type, std::optional<std::vector<TopicPartition>> partitions) {
    using Topic = protocol::ElectLeadersRequest::TopicPartitions;
    protocol::ElectLeadersRequest request;
    request.election_type = election_type;
    if (partitions) {
        request.topic_partitions =
            by_topic<Topic>(*partitions, itself, &Topic::topic,
                            [](Topic& topic, const TopicPartition& tp) { topic.partitions.push_back(tp.partition); });
    }
    return call("electLeaders", AdminRoute::Controller, std::move(request));
}

AdminCall list_consumer_groups(std::vector<std::string> states) {
    protocol::ListGroupsRequest request;
    request.states_filter = std::move(states);
    return call("listConsumerGroups", AdminRoute::AllBrokers, std::move(request));
}

AdminCall describe_consumer_group(const std::string& group) {
    protocol::DescribeGroupsRequest request;
    request.groups = {group};
    return group_call("describeGroups", group, std::move(request));
}

AdminCall list_consumer_group_offsets(const std::string& group) {
    protocol::OffsetFetchRequest request;
    request.groups.push_back({group, std::nullopt});
    return group_call("offsetFetch", group, std::move(request));
}

AdminCall alter_consumer_group_offsets(const std::string& group, const std::vector<OffsetToCommit>& offsets) {
    using Topic = protocol::OffsetCommitRequest::OffsetCommitRequestTopic;
    protocol::OffsetCommitRequest request;
    request.group_id = group;
    request.topics = by_topic<Topic>(
        offsets, [](const OffsetToCommit& o) -> const TopicPartition& { return o.tp; }, &Topic::name,
        [](Topic& topic, const OffsetToCommit& o) {
            topic.partitions.push_back({o.tp.partition, o.offset, -1, std::string()});
        });
    return group_call("offsetCommit", group, std::move(request));
}

AdminCall delete_consumer_groups(const std::string& group) {
    protocol::DeleteGroupsRequest request;
    request.groups_names = {group};
    return group_call("deleteConsumerGroups", group, std::move(request));
}

AdminCall delete_consumer_group_offsets(const std::string& group, const std::vector<TopicPartition>& partitions) {
    using Topic = protocol::OffsetDeleteRequest::OffsetDeleteRequestTopic;
    protocol::OffsetDeleteRequest request;
    request.group_id = group;
    request.topics = by_topic<Topic>(partitions, itself, &Topic::name, [](Topic& topic, const TopicPartition& tp) {
        topic.partitions.push_back({tp.partition});
    });
    return group_call("offsetDelete", group, std::move(request));
}

AdminCall delete_records(NodeId leader, protocol::DeleteRecordsRequest request) {
    AdminCall call;
    call.name = "deleteRecords";
    call.route = AdminRoute::Node;
    call.node = leader;
    call.request = std::move(request);
    return call;
}

AdminCall list_offsets(const std::vector<OffsetQuery>& queries) {
    using Topic = protocol::ListOffsetsRequest::ListOffsetsTopic;
    protocol::ListOffsetsRequest request;
    request.replica_id = kNoBroker;
    request.topics = by_topic<Topic>(
        queries, [](const OffsetQuery& q) -> const TopicPartition& { return q.tp; }, &Topic::name,
        [](Topic& topic, const OffsetQuery& q) {
            topic.partitions.push_back({q.tp.partition, -1, q.timestamp});
        });
    return call("listOffsets", AdminRoute::Leaders, std::move(request));
}

}  // namespace kafkasim::client
