// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

// Kafka 3.0.0: KafkaApis.handleListPartitionReassignmentsRequest. The controller answers when its turn has come.
void handle_list_partition_reassignments(BrokerCall& call, const node::RequestContext& context,
                                         protocol::ListPartitionReassignmentsRequest&& request) {
    call.state().controller.handle_list_partition_reassignments(call, context, std::move(request));
}

}  // namespace kafkasim::broker
