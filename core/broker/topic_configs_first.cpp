// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

// A new log is opened with the configuration of its topic as it stands in ZooKeeper at that moment; here it is read
// before the replica manager gets the
// request. Kafka 3.0.0: kafka.cluster.Partition.createLog (topicConfigProvider.fetch).
void handle_leader_and_isr(BrokerCall& call, const node::RequestContext& context,
                           protocol::LeaderAndIsrRequest&& request) {
    std::vector<TopicName> unread;
    for (const auto& topic : request.topic_states) {
        if (!call.state().topic_configs.overrides.contains(topic.topic_name)) unread.push_back(topic.topic_name);
    }
    if (unread.empty()) return finish_leader_and_isr(call, context, std::move(request), {});
    park_for_topic_configs(call, context, std::move(request), std::move(unread));
}

void finish_leader_and_isr(BrokerCall& call, const node::RequestContext& context,
                           protocol::LeaderAndIsrRequest&& request, TopicOverrides&& overrides) {
    for (auto& [topic, properties] : overrides)
        call.state().topic_configs.overrides.try_emplace(topic, std::move(properties));
    call.state().replicas.handle_leader_and_isr(call, context, std::move(request));
}

}  // namespace kafkasim::broker
