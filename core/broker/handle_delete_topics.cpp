// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

namespace {

using Asked = protocol::DeleteTopicsRequest::DeleteTopicState;
using Result = protocol::DeleteTopicsResponse::DeletableTopicResult;

/// The name that belongs to an id, as the controller knows it.
std::optional<TopicName> name_of_topic(const BrokerCall& call, const Uuid& id) {
    for (const auto& [name, each] : call.state().controller.context().topic_ids) {
        if (each == id) return name;
    }
    return std::nullopt;
}

Result result_for(const BrokerCall& call, const Asked& asked) {
    Result result{asked.name, asked.topic_id, ErrorCode::None, std::nullopt};
    if (!call.state().controller.is_active()) {
        result.error_code = ErrorCode::NotController;
        return result;
    }
    if (!call.state().config.delete_topic_enable) {
        result.error_code = ErrorCode::TopicDeletionDisabled;
        return result;
    }
    if (!asked.topic_id.is_zero()) result.name = name_of_topic(call, asked.topic_id);
    if (!result.name) {
        result.error_code = ErrorCode::UnknownTopicId;
    } else if (!call.metadata().contains(*result.name)) {
        result.error_code = ErrorCode::UnknownTopicOrPartition;
    }
    return result;
}

}  // namespace

// Only the active controller's broker takes requests to delete topics. Kafka 3.0.0:
// KafkaApis.handleDeleteTopicsRequest.
void handle_delete_topics(BrokerCall& call, const node::RequestContext& context,
                          protocol::DeleteTopicsRequest&& request) {
    TopicDeletionRequest deletion;
    deletion.token = context.token;
    deletion.timeout_ms = request.timeout_ms;
    for (const Asked& asked : request.topics) deletion.response.responses.push_back(result_for(call, asked));
    delete_topics(call, std::move(deletion));
}

}  // namespace kafkasim::broker
