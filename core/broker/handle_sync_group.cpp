// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

void handle_sync_group(BrokerCall& call, const node::RequestContext& context, protocol::SyncGroupRequest&& request) {
    call.state().groups.handle_sync_group(call, context, std::move(request));
}

}  // namespace kafkasim::broker
