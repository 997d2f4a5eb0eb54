// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

void handle_offset_fetch(BrokerCall& call, const node::RequestContext& context,
                         protocol::OffsetFetchRequest&& request) {
    call.state().groups.handle_offset_fetch(call, context, std::move(request));
}

}  // namespace kafkasim::broker
