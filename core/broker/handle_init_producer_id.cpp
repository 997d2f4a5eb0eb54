// SPDX-License-Identifier: Apache-2.0
// InitProducerId: a producer that wants to be idempotent gets a producer id of its own, with epoch 0.
// Not modelled: transactional producers (a transactional id in the request).
// Kafka 3.0.0: kafka.server.KafkaApis.handleInitProducerIdRequest,
// kafka.coordinator.transaction.TransactionCoordinator.handleInitProducerId.
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

void handle_init_producer_id(BrokerCall& call, const node::RequestContext& context,
                             protocol::InitProducerIdRequest&& request) {
    if (request.transactional_id) return not_modelled(call, context, "InitProducerId of a transactional producer");
    constexpr int64_t kNoProducerId = -1;
    constexpr int16_t kNoProducerEpoch = -1;
    if ((request.producer_id == kNoProducerId) != (request.producer_epoch == kNoProducerEpoch)) {
        protocol::InitProducerIdResponse response;
        response.error_code = ErrorCode::InvalidRequest;
        response.producer_epoch = kNoProducerEpoch;
        return call.respond(context.token, std::move(response));
    }
    generate_producer_id(call, context.token);
}

}  // namespace kafkasim::broker
