// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the controller reacts to, as values that stand in its queue. Kafka 3.0.0: kafka.controller.ControllerEvent.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/ids.hpp"
#include "core/controller/channel_manager.hpp"
#include "core/node/request_token.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::controller {

enum class ElectionType : uint8_t { Preferred = 0, Unclean = 1 };
enum class ElectionTrigger : uint8_t { AutoTriggered, ZkTriggered, AdminClientTriggered };
std::string_view name_of(ElectionType type);        // PREFERRED
std::string_view name_of(ElectionTrigger trigger);  // AutoTriggered

namespace event {

struct Startup {};
struct ControllerChange {};
struct Reelect {};
struct RegisterBrokerAndReelect {};
struct Expire {};
struct BrokerChange {};
struct BrokerModifications {
    BrokerId broker;
};
struct TopicChange {};
struct PartitionModifications {
    TopicName topic;
};
struct TopicDeletion {};
/// /admin/reassign_partitions was created.
struct PartitionReassignment {};
/// By the AlterPartitionReassignments request: wanted replicas, or none to cancel.
struct ApiPartitionReassignment {
    node::RequestToken token;
    std::map<TopicPartition, std::optional<std::vector<BrokerId>>> reassignments;
};
struct ListPartitionReassignments {
    node::RequestToken token;
    std::optional<std::set<TopicPartition>> partitions;  // nullopt: all
};
struct IsrChangeNotification {};
struct LogDirEventNotification {};
struct AlterIsr {
    node::RequestToken token;
    protocol::AlterIsrRequest request;
};
struct AllocateProducerIds {
    node::RequestToken token;
    protocol::AllocateProducerIdsRequest request;
};
struct ControlledShutdown {
    node::RequestToken token;
    protocol::ControlledShutdownRequest request;
};
struct ReplicaLeaderElection {
    ElectionType type = ElectionType::Preferred;
    ElectionTrigger trigger = ElectionTrigger::AdminClientTriggered;
    std::optional<node::RequestToken> token;                // AdminClientTriggered
    std::optional<std::vector<TopicPartition>> partitions;  // nullopt: all (admin), those of the znode (ZooKeeper)
    bool all_asked = false;  // the client named none: those that need no election are not answered
};
struct AutoPreferredReplicaLeaderElection {};
struct UncleanLeaderElectionEnable {};
struct TopicUncleanLeaderElectionEnable {
    TopicName topic;
};
struct ResponseReceived {
    BrokerResponse response;
};
/// Of partitions whose topic's deletion has begun.
struct TopicDeletionStopReplicaResponseReceived {
    BrokerId from;
    ErrorCode request_error = ErrorCode::None;
    std::map<TopicPartition, ErrorCode> partition_errors;
};

}  // namespace event

using Event =
    std::variant<event::Startup, event::ControllerChange, event::Reelect, event::RegisterBrokerAndReelect,
                 event::Expire, event::BrokerChange, event::BrokerModifications, event::TopicChange,
                 event::PartitionModifications, event::TopicDeletion, event::PartitionReassignment,
                 event::ApiPartitionReassignment, event::ListPartitionReassignments, event::IsrChangeNotification,
                 event::LogDirEventNotification, event::AlterIsr, event::ControlledShutdown,
                 event::ReplicaLeaderElection, event::AutoPreferredReplicaLeaderElection,
                 event::UncleanLeaderElectionEnable, event::TopicUncleanLeaderElectionEnable, event::ResponseReceived,
                 event::TopicDeletionStopReplicaResponseReceived, event::AllocateProducerIds>;

/// "BrokerChange", as Kafka prints it in its log.
std::string_view name_of(const Event& event);

}  // namespace kafkasim::controller
