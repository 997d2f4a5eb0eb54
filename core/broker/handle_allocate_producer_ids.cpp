// SPDX-License-Identifier: Apache-2.0
// AllocateProducerIds, from a broker to the controller: the next block of producer ids.
// Kafka 3.0.0: kafka.server.KafkaApis.handleAllocateProducerIdsRequest.
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

void handle_allocate_producer_ids(BrokerCall& call, const node::RequestContext& context,
                                  protocol::AllocateProducerIdsRequest&& request) {
    call.state().controller.handle_allocate_producer_ids(call, context, std::move(request));
}

}  // namespace kafkasim::broker
