// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

// Kafka 3.0.0: KafkaApis.handleAlterPartitionReassignmentsRequest. A broker that is not the controller says so, the
// request is not forwarded.
void handle_alter_partition_reassignments(BrokerCall& call, const node::RequestContext& context,
                                          protocol::AlterPartitionReassignmentsRequest&& request) {
    call.state().controller.handle_alter_partition_reassignments(call, context, std::move(request));
}

}  // namespace kafkasim::broker
