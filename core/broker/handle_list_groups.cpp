// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

void handle_list_groups(BrokerCall& call, const node::RequestContext& context, protocol::ListGroupsRequest&& request) {
    call.state().groups.handle_list_groups(call, context, std::move(request));
}

}  // namespace kafkasim::broker
