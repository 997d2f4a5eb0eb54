// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"
#include "core/protocol/api_catalog.hpp"

namespace kafkasim::broker {

// Kafka 3.0.0: KafkaApis.handleApiVersionsRequest. Features are those of a fresh cluster: none, epoch 0.
void handle_api_versions(BrokerCall& call, const node::RequestContext& context, protocol::ApiVersionsRequest&&) {
    protocol::ApiVersionsResponse response;
    for (const protocol::ApiRange& api : protocol::zk_broker_apis())
        response.api_keys.push_back({api.key, api.lowest_version, api.newest_version});
    response.finalized_features_epoch = 0;
    call.respond(context.token, std::move(response));
}

}  // namespace kafkasim::broker
