// SPDX-License-Identifier: Apache-2.0
#include "core/controller/events.hpp"

#include <array>

namespace kafkasim::controller {

std::string_view name_of(ElectionType type) {
    switch (type) {
        case ElectionType::Preferred:
            return "PREFERRED";
        case ElectionType::Unclean:
            return "UNCLEAN";
    }
    return "";
}

std::string_view name_of(ElectionTrigger trigger) {
    switch (trigger) {
        case ElectionTrigger::AutoTriggered:
            return "AutoTriggered";
        case ElectionTrigger::ZkTriggered:
            return "ZkTriggered";
        case ElectionTrigger::AdminClientTriggered:
            return "AdminClientTriggered";
    }
    return "";
}

std::string_view name_of(const Event& event) {
    // In the order of the variant's alternatives.
    static constexpr std::array<std::string_view, std::variant_size_v<Event>> kNames{
        "Startup",
        "ControllerChange",
        "Reelect",
        "RegisterBrokerAndReelect",
        "Expire",
        "BrokerChange",
        "BrokerModifications",
        "TopicChange",
        "PartitionModifications",
        "TopicDeletion",
        "ZkPartitionReassignment",
        "ApiPartitionReassignment",
        "ListPartitionReassignments",
        "IsrChangeNotification",
        "LogDirEventNotification",
        "AlterIsrReceived",
        "ControlledShutdown",
        "ReplicaLeaderElection",
        "AutoPreferredReplicaLeaderElection",
        "UncleanLeaderElectionEnable",
        "TopicUncleanLeaderElectionEnable",
        "ResponseReceived",
        "TopicDeletionStopReplicaResponseReceived",
        "AllocateProducerIds"};
    return kNames[event.index()];
}

}  // namespace kafkasim::controller
