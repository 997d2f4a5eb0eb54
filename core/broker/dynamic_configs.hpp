// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a change of configuration in ZooKeeper does to a running broker: its own settings (of this broker, or the
// default of all) and those of a topic's logs.
// Settings act from the moment they are read here; what is compared with them later (Isr sizes, batch sizes) needs
// nothing else. Switching
// unclean.leader.election.enable on is told to the controller, which elects at once. Called at start and by
// topic_config_cache on a notification.
// Kafka 3.0.0: kafka.server.DynamicBrokerConfig.updateBrokerConfig, BrokerConfigHandler, TopicConfigHandler,
// DynamicLogConfig.

#include "core/base/ids.hpp"
#include "core/config/properties.hpp"
#include "core/protocol/message_fwd.hpp"

#include <vector>

namespace kafkasim::broker {

class BrokerCall;

/// Requests that read /config/brokers/<default> and /config/brokers/N, in this order.
std::vector<protocol::Body> read_broker_configs(const BrokerCall& call);
/// At start: taken over without a word.
void initialize_broker_configs(BrokerCall& call, const protocol::Body& of_default, const protocol::Body& of_broker);
/// While it runs.
void broker_configs_changed(BrokerCall& call, const protocol::Body& of_default, const protocol::Body& of_broker);
/// The logs of the topic heed its settings as they are now.
void topic_config_changed(BrokerCall& call, const TopicName& topic);

}  // namespace kafkasim::broker
