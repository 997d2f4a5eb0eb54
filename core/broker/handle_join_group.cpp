// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

void handle_join_group(BrokerCall& call, const node::RequestContext& context, protocol::JoinGroupRequest&& request) {
    call.state().groups.handle_join_group(call, context, std::move(request));
}

}  // namespace kafkasim::broker
