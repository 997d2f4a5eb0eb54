// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

void handle_controlled_shutdown(BrokerCall& call, const node::RequestContext& context,
                                protocol::ControlledShutdownRequest&& request) {
    call.state().controller.handle_controlled_shutdown(call, context, std::move(request));
}

}  // namespace kafkasim::broker
