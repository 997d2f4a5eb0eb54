// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

// The entries are changes to what each entity has. Kafka 3.0.0: KafkaApis.handleIncrementalAlterConfigsRequest.
void handle_incremental_alter_configs(BrokerCall& call, const node::RequestContext& context,
                                      protocol::IncrementalAlterConfigsRequest&& request) {
    ConfigAlteration alteration;
    alteration.token = context.token;
    alteration.incremental = true;
    alteration.validate_only = request.validate_only;
    for (auto& resource : request.resources) {
        AlteredEntity entity;
        entity.type = resource.resource_type;
        entity.name = std::move(resource.resource_name);
        for (auto& config : resource.configs) {
            const auto operation = static_cast<ConfigOperation>(config.config_operation & 3);
            entity.changes.push_back({std::move(config.name), operation, std::move(config.value)});
        }
        alteration.entities.push_back(std::move(entity));
    }
    alter_configs(call, std::move(alteration));
}

}  // namespace kafkasim::broker
