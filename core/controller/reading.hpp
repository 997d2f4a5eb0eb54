// SPDX-License-Identifier: Apache-2.0
#pragma once
// What ZooKeeper's replies say, in the controller's terms. Pure. What is missing or cannot be read is left out or
// nullopt.
// Kafka 3.0.0: kafka.zk.KafkaZkClient (getAllBrokerAndEpochsInCluster, getAllTopicsInCluster,
// getReplicaAssignmentAndTopicIdForTopics,
// getTopicPartitionStates).

#include <map>
#include <optional>
#include <vector>

#include "core/controller/controller_context.hpp"
#include "core/protocol/message.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::controller {

/// Children of /brokers/ids, ascending.
std::vector<BrokerId> broker_ids_in(const protocol::Body& reply);
/// `replies` are those to getData of the brokers `ids`; a broker that went away in between is left out.
std::map<BrokerId, LiveBroker> brokers_in(const std::vector<BrokerId>& ids, const std::vector<protocol::Body>& replies);
/// Children of /brokers/topics, ascending.
std::vector<TopicName> topics_in(const protocol::Body& reply);
std::optional<zookeeper::TopicAssignment> topic_in(const protocol::Body& reply);
std::optional<LeaderIsrAndControllerEpoch> state_in(const protocol::Body& reply);
/// dataVersion of what getData answered.
int32_t version_in(const protocol::Body& reply);

void take_assignment(ControllerContext& context, const TopicName& topic, const zookeeper::TopicAssignment& assignment);

}  // namespace kafkasim::controller
