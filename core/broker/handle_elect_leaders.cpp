// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

void handle_elect_leaders(BrokerCall& call, const node::RequestContext& context,
                          protocol::ElectLeadersRequest&& request) {
    const bool all_asked = !request.topic_partitions;
    if (all_asked) {
        request.topic_partitions.emplace();
        for (const auto& [topic, partitions] : call.metadata().topics()) {
            request.topic_partitions->push_back({topic, {}});
            for (const auto& [partition, info] : partitions)
                request.topic_partitions->back().partitions.push_back(partition);
        }
    }
    call.state().controller.handle_elect_leaders(call, context, std::move(request), all_asked);
}

}  // namespace kafkasim::broker
