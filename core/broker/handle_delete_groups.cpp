// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

void handle_delete_groups(BrokerCall& call, const node::RequestContext& context,
                          protocol::DeleteGroupsRequest&& request) {
    call.state().groups.handle_delete_groups(call, context, std::move(request));
}

}  // namespace kafkasim::broker
