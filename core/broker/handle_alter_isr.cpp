// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

void handle_alter_isr(BrokerCall& call, const node::RequestContext& context, protocol::AlterIsrRequest&& request) {
    call.state().controller.handle_alter_isr(call, context, std::move(request));
}

}  // namespace kafkasim::broker
