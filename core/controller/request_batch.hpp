// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one step of the controller has to tell the brokers, collected and then turned into requests in Kafka's
// order: LeaderAndIsr for all brokers,
// then UpdateMetadata for all, then StopReplica for all. Logs what Kafka's state-change log says of it. A value,
// emptied by take_requests.
// Kafka 3.0.0: kafka.controller.AbstractControllerBrokerRequestBatch.

#include <map>
#include <set>
#include <vector>

#include "core/controller/controller_context.hpp"
#include "core/node/env.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::controller {

struct OutgoingRequest {
    BrokerId to;
    protocol::Body body;
};

enum class IsNew : bool { No, Yes };
enum class DeletePartition : bool { No, Yes };

class RequestBatch {
public:
    bool empty() const { return leader_and_isr_.empty() && update_metadata_brokers_.empty() && stop_replica_.empty(); }
    void clear() { *this = RequestBatch(); }

    /// Also adds the partition to the UpdateMetadata of all live or shutting-down brokers. `is_new` sticks if added
    /// twice.
    void add_leader_and_isr(node::Env& env, const ControllerContext& context, const std::vector<BrokerId>& brokers,
                            const TopicPartition& tp, const LeaderIsrAndControllerEpoch& state, IsNew is_new);
    void add_update_metadata(node::Env& env, const ControllerContext& context, const std::vector<BrokerId>& brokers,
                             const std::vector<TopicPartition>& partitions);
    /// With the leader epoch known now; `with_delete` sticks if added twice.
    void add_stop_replica(const ControllerContext& context, const std::vector<BrokerId>& brokers,
                          const TopicPartition& tp, DeletePartition with_delete);

    std::vector<OutgoingRequest> take_requests(node::Env& env, const ControllerContext& context, BrokerId controller);

private:
    using LeaderAndIsrState = protocol::LeaderAndIsrRequest::LeaderAndIsrPartitionState;
    using UpdateMetadataState = protocol::UpdateMetadataRequest::UpdateMetadataPartitionState;
    using StopReplicaState = protocol::StopReplicaRequest::StopReplicaPartitionState;

    void take_leader_and_isr(node::Env& env, const ControllerContext& context, BrokerId controller,
                             std::vector<OutgoingRequest>& out);
    void take_update_metadata(node::Env& env, const ControllerContext& context, BrokerId controller,
                              std::vector<OutgoingRequest>& out);
    void take_stop_replica(node::Env& env, const ControllerContext& context, BrokerId controller,
                           std::vector<OutgoingRequest>& out);

    std::map<BrokerId, std::map<TopicPartition, LeaderAndIsrState>> leader_and_isr_;
    std::set<BrokerId> update_metadata_brokers_;
    std::map<TopicPartition, UpdateMetadataState> update_metadata_;
    std::map<BrokerId, std::map<TopicPartition, StopReplicaState>> stop_replica_;
};

}  // namespace kafkasim::controller
