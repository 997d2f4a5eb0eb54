// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

void handle_elect_leaders(BrokerCall& call, const node::RequestContext& context,
                          protocol::ElectLeadersRequest&& request) {
    call.state().controller.handle_elect_leaders(call, context, std::move(request));
}

}  // namespace kafkasim::broker
