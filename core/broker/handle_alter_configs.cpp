// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

// The entries are the whole new set of each entity. Kafka 3.0.0: KafkaApis.handleAlterConfigsRequest.
void handle_alter_configs(BrokerCall& call, const node::RequestContext& context,
                          protocol::AlterConfigsRequest&& request) {
    ConfigAlteration alteration;
    alteration.token = context.token;
    alteration.validate_only = request.validate_only;
    for (auto& resource : request.resources) {
        AlteredEntity entity;
        entity.type = resource.resource_type;
        entity.name = std::move(resource.resource_name);
        for (auto& config : resource.configs)
            entity.changes.push_back({std::move(config.name), ConfigOperation::Set, std::move(config.value)});
        alteration.entities.push_back(std::move(entity));
    }
    alter_configs(call, std::move(alteration));
}

}  // namespace kafkasim::broker
