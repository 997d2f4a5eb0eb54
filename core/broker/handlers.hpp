// SPDX-License-Identifier: Apache-2.0
#pragma once
// The request handlers of the broker, one file each (handle_<api>.cpp). Each answers by call.respond, now or later.
// Those of the replicas are members of
// ReplicaManager, those of the groups members of GroupCoordinator. Kafka 3.0.0: kafka.server.KafkaApis.handle*.

#include <map>

#include "core/broker/broker_call.hpp"

namespace kafkasim::broker {

void handle_allocate_producer_ids(BrokerCall& call, const node::RequestContext& context,
                                  protocol::AllocateProducerIdsRequest&& request);
void handle_alter_configs(BrokerCall& call, const node::RequestContext& context,
                          protocol::AlterConfigsRequest&& request);
void handle_alter_isr(BrokerCall& call, const node::RequestContext& context, protocol::AlterIsrRequest&& request);
void handle_alter_partition_reassignments(BrokerCall& call, const node::RequestContext& context,
                                          protocol::AlterPartitionReassignmentsRequest&& request);
void handle_api_versions(BrokerCall& call, const node::RequestContext& context, protocol::ApiVersionsRequest&& request);
void handle_controlled_shutdown(BrokerCall& call, const node::RequestContext& context,
                                protocol::ControlledShutdownRequest&& request);
void handle_create_topics(BrokerCall& call, const node::RequestContext& context,
                          protocol::CreateTopicsRequest&& request);
void handle_create_partitions(BrokerCall& call, const node::RequestContext& context,
                              protocol::CreatePartitionsRequest&& request);
void handle_delete_groups(BrokerCall& call, const node::RequestContext& context,
                          protocol::DeleteGroupsRequest&& request);
void handle_delete_topics(BrokerCall& call, const node::RequestContext& context,
                          protocol::DeleteTopicsRequest&& request);
void handle_describe_cluster(BrokerCall& call, const node::RequestContext& context,
                             protocol::DescribeClusterRequest&& request);
void handle_describe_configs(BrokerCall& call, const node::RequestContext& context,
                             protocol::DescribeConfigsRequest&& request);
void handle_describe_groups(BrokerCall& call, const node::RequestContext& context,
                            protocol::DescribeGroupsRequest&& request);
void handle_elect_leaders(BrokerCall& call, const node::RequestContext& context,
                          protocol::ElectLeadersRequest&& request);
void handle_find_coordinator(BrokerCall& call, const node::RequestContext& context,
                             protocol::FindCoordinatorRequest&& request);
void handle_heartbeat(BrokerCall& call, const node::RequestContext& context, protocol::HeartbeatRequest&& request);
void handle_incremental_alter_configs(BrokerCall& call, const node::RequestContext& context,
                                      protocol::IncrementalAlterConfigsRequest&& request);
void handle_init_producer_id(BrokerCall& call, const node::RequestContext& context,
                             protocol::InitProducerIdRequest&& request);
void handle_join_group(BrokerCall& call, const node::RequestContext& context, protocol::JoinGroupRequest&& request);
void handle_leader_and_isr(BrokerCall& call, const node::RequestContext& context,
                           protocol::LeaderAndIsrRequest&& request);
void handle_leave_group(BrokerCall& call, const node::RequestContext& context, protocol::LeaveGroupRequest&& request);
void handle_list_groups(BrokerCall& call, const node::RequestContext& context, protocol::ListGroupsRequest&& request);
void handle_list_partition_reassignments(BrokerCall& call, const node::RequestContext& context,
                                         protocol::ListPartitionReassignmentsRequest&& request);
void handle_metadata(BrokerCall& call, const node::RequestContext& context, protocol::MetadataRequest&& request);
void handle_offset_commit(BrokerCall& call, const node::RequestContext& context,
                          protocol::OffsetCommitRequest&& request);
void handle_offset_delete(BrokerCall& call, const node::RequestContext& context,
                          protocol::OffsetDeleteRequest&& request);
void handle_offset_fetch(BrokerCall& call, const node::RequestContext& context, protocol::OffsetFetchRequest&& request);
void handle_sync_group(BrokerCall& call, const node::RequestContext& context, protocol::SyncGroupRequest&& request);
void handle_update_metadata(BrokerCall& call, const node::RequestContext& context,
                            protocol::UpdateMetadataRequest&& request);

/// The second half of two handlers, when the topics' configurations have been read in ZooKeeper.
using TopicOverrides = std::map<TopicName, config::Properties>;
void finish_describe_configs(BrokerCall& call, const node::RequestContext& context,
                             const protocol::DescribeConfigsRequest& request, const TopicOverrides& overrides);
void finish_leader_and_isr(BrokerCall& call, const node::RequestContext& context,
                           protocol::LeaderAndIsrRequest&& request, TopicOverrides&& overrides);

}  // namespace kafkasim::broker
