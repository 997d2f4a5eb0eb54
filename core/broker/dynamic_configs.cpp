// SPDX-License-Identifier: Apache-2.0
#include "core/broker/dynamic_configs.hpp"

#include <fmt/format.h>

#include "core/broker/broker_call.hpp"
#include "core/config/dynamic_broker_config.hpp"
#include "core/log/log_config.hpp"
#include "core/node/log.hpp"
#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::broker {
namespace {

bool readable(const protocol::Body& reply) {
    const int32_t error = zookeeper::error_of(reply);
    return error == zookeeper::kOk || error == zookeeper::kNoNode;
}

void update_all_logs(BrokerCall& call) {
    log::LogManager& logs = call.state().replicas.logs();
    for (const auto& [tp, log] : logs.logs())
        logs.find(tp)->update_config(log::log_config_of(call.topic_config(tp.topic)));
}

void log_override(BrokerCall& call, std::string_view entity, const config::Properties& configs) {
    std::string shown;
    for (const auto& [name, value] : configs) shown += (shown.empty() ? "" : ", ") + name + " -> " + value;
    node::info(call.env(), "kafka.server.DynamicConfigManager",
               "Processing override for entityPath: brokers/{} with config: HashMap({})", entity, shown);
}

}  // namespace

std::vector<protocol::Body> read_broker_configs(const BrokerCall& call) {
    const std::string id = fmt::format("{}", call.broker_id().value);
    std::vector<protocol::Body> reads;
    reads.push_back(zookeeper::zk_get_data(zookeeper::config_entity_path("brokers", "<default>"), false));
    reads.push_back(zookeeper::zk_get_data(zookeeper::config_entity_path("brokers", id), false));
    return reads;
}

void initialize_broker_configs(BrokerCall& call, const protocol::Body& of_default, const protocol::Body& of_broker) {
    call.state().config =
        config::with_dynamic_configs(call.config(), overrides_of(of_default), overrides_of(of_broker));
}

void broker_configs_changed(BrokerCall& call, const protocol::Body& of_default, const protocol::Body& of_broker) {
    if (!readable(of_default) || !readable(of_broker)) return;  // the session ended: the new one reads again
    const config::Properties default_configs = overrides_of(of_default);
    const config::Properties broker_configs = overrides_of(of_broker);
    if (default_configs != call.config().dynamic_default_properties) log_override(call, "<default>", default_configs);
    if (broker_configs != call.config().dynamic_properties)
        log_override(call, fmt::format("{}", call.broker_id().value), broker_configs);
    const bool unclean_before = call.config().unclean_leader_election_enable;
    call.state().config = config::with_dynamic_configs(call.config(), default_configs, broker_configs);
    update_all_logs(call);
    if (!unclean_before && call.config().unclean_leader_election_enable)
        call.state().controller.enable_unclean_leader_election(call, std::nullopt);
}

void topic_config_changed(BrokerCall& call, const TopicName& topic) {
    log::LogManager& logs = call.state().replicas.logs();
    for (const auto& [tp, log] : logs.logs()) {
        if (tp.topic == topic) logs.find(tp)->update_config(log::log_config_of(call.topic_config(topic)));
    }
}

}  // namespace kafkasim::broker
