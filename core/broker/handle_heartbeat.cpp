// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

void handle_heartbeat(BrokerCall& call, const node::RequestContext& context, protocol::HeartbeatRequest&& request) {
    call.state().groups.handle_heartbeat(call, context, std::move(request));
}

}  // namespace kafkasim::broker
