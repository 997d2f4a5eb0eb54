// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

// Kafka 3.0.0: KafkaApis.handleDescribeCluster.
void handle_describe_cluster(BrokerCall& call, const node::RequestContext& context,
                             protocol::DescribeClusterRequest&&) {
    protocol::DescribeClusterResponse response;
    response.cluster_id = call.state().cluster_id;
    response.controller_id = call.metadata().controller();
    for (const AliveBroker& broker : call.metadata().alive_brokers()) {
        response.brokers.push_back({broker.id, broker.endpoint.host, broker.endpoint.port, broker.rack});
    }
    call.respond(context.token, std::move(response));
}

}  // namespace kafkasim::broker
