// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

void handle_describe_groups(BrokerCall& call, const node::RequestContext& context,
                            protocol::DescribeGroupsRequest&& request) {
    call.state().groups.handle_describe_groups(call, context, std::move(request));
}

}  // namespace kafkasim::broker
