// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

namespace {

bool asked_for(const protocol::ListPartitionReassignmentsRequest& request, const TopicPartition& tp) {
    if (!request.topics) return true;
    return std::any_of(request.topics->begin(), request.topics->end(), [&](const auto& topic) {
        return topic.name == tp.topic && std::find(topic.partition_indexes.begin(), topic.partition_indexes.end(),
                                                   tp.partition) != topic.partition_indexes.end();
    });
}

}  // namespace

// Kafka 3.0.0: KafkaApis.handleListPartitionReassignmentsRequest, KafkaController.processListPartitionReassignments.
void handle_list_partition_reassignments(BrokerCall& call, const node::RequestContext& context,
                                         protocol::ListPartitionReassignmentsRequest&& request) {
    protocol::ListPartitionReassignmentsResponse response;
    const controller::Controller& controller = call.state().controller;
    if (!controller.is_active()) {
        response.error_code = ErrorCode::NotController;
        return call.respond(context.token, std::move(response));
    }
    for (const auto& [tp, assignment] : controller.context().assignments) {
        if (!assignment.being_reassigned() || !asked_for(request, tp)) continue;
        if (response.topics.empty() || response.topics.back().name != tp.topic)
            response.topics.emplace_back().name = tp.topic;
        response.topics.back().partitions.push_back(
            {tp.partition, assignment.replicas, assignment.adding, assignment.removing});
    }
    call.respond(context.token, std::move(response));
}

}  // namespace kafkasim::broker
