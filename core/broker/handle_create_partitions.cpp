// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

namespace {

void refuse_before(const BrokerCall& call, const protocol::CreatePartitionsRequest& request, GrowingTopic& topic) {
    const auto same = [&](const auto& each) { return each.name == topic.asked.name; };
    if (!call.state().controller.is_active()) {
        topic.error = ErrorCode::NotController;
    } else if (std::count_if(request.topics.begin(), request.topics.end(), same) > 1) {
        topic.error = ErrorCode::InvalidRequest;
        topic.message = "Duplicate topic in request.";
    } else if (call.state().controller.context().is_queued_for_deletion(topic.asked.name)) {
        topic.error = ErrorCode::InvalidTopicException;
        topic.message = "The topic is queued for deletion.";
    }
}

}  // namespace

// Only the active controller's broker adds partitions. Kafka 3.0.0: KafkaApis.handleCreatePartitionsRequest.
void handle_create_partitions(BrokerCall& call, const node::RequestContext& context,
                              protocol::CreatePartitionsRequest&& request) {
    PartitionGrowthRequest growth;
    growth.token = context.token;
    growth.timeout_ms = request.timeout_ms;
    growth.validate_only = request.validate_only;
    for (const auto& asked : request.topics) {
        const bool listed = std::any_of(growth.topics.begin(), growth.topics.end(),
                                        [&](const GrowingTopic& each) { return each.asked.name == asked.name; });
        if (listed) continue;
        GrowingTopic topic;
        topic.asked = asked;
        refuse_before(call, request, topic);
        growth.topics.push_back(std::move(topic));
    }
    create_partitions(call, std::move(growth));
}

}  // namespace kafkasim::broker
