// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

namespace {

ErrorCode error_before(const BrokerCall& call, const protocol::CreateTopicsRequest& request, const TopicName& topic) {
    if (!call.state().controller.is_active()) return ErrorCode::NotController;
    const auto same = [&](const auto& each) { return each.name == topic; };
    return std::count_if(request.topics.begin(), request.topics.end(), same) > 1 ? ErrorCode::InvalidRequest
                                                                                 : ErrorCode::None;
}

}  // namespace

// Only the active controller's broker creates topics. Kafka 3.0.0: KafkaApis.handleCreateTopicsRequest.
void handle_create_topics(BrokerCall& call, const node::RequestContext& context,
                          protocol::CreateTopicsRequest&& request) {
    TopicCreation creation;
    creation.token = context.token;
    creation.timeout_ms = request.timeout_ms;
    creation.validate_only = request.validate_only;
    for (const auto& topic : request.topics) {
        const bool listed = std::any_of(creation.topics.begin(), creation.topics.end(),
                                        [&](const NewTopic& each) { return each.asked.name == topic.name; });
        if (listed) continue;
        NewTopic created;
        created.asked = topic;
        created.error = error_before(call, request, topic.name);
        if (created.error == ErrorCode::InvalidRequest) created.message = "Found multiple entries for this topic.";
        creation.topics.push_back(std::move(created));
    }
    create_topics(call, std::move(creation));
}

}  // namespace kafkasim::broker
