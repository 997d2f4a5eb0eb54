// SPDX-License-Identifier: Apache-2.0
#pragma once
// The topics' configurations as this broker has read them in ZooKeeper: all at its start, one when the controller
// first names the topic to it, and again
// when a child of /config/changes says that it changed. A value; the functions do the ZooKeeper traffic.
// Kafka 3.0.0: kafka.common.ZkNodeChangeNotificationListener, kafka.server.DynamicConfigManager,
// kafka.server.TopicConfigHandler.
// Notifications of brokers are handed to dynamic_configs. Simplified: configuration of clients, users and ips is
// not modelled (its notifications are
// ignored); old notifications are not removed after 15 minutes.

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/config/properties.hpp"
#include "core/node/request_token.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::broker {

class BrokerCall;

/// A request that waits until the configurations of these topics have been read.
struct ParkedRequest {
    node::RequestContext context;
    protocol::Body body;
    std::vector<TopicName> topics;
};

struct TopicConfigCache {
    std::map<TopicName, config::Properties> overrides;
    int64_t last_change = -1;                       // sequence number of the last notification that was looked at
    std::deque<std::vector<TopicName>> being_read;  // topics of each read under way, oldest first
    std::map<uint64_t, ParkedRequest> parked;
    uint64_t next_parked = 1;
};

/// What /config/topics/T holds; nothing for a reply that is an error.
config::Properties overrides_of(const protocol::Body& reply);

/// Lists /config/changes and sets the watch; at start what is there already counts as seen.
void watch_config_changes(BrokerCall& call);
void on_topic_config_replies(BrokerCall& call, uint64_t token, std::vector<protocol::Body>&& replies);

/// Reads the topics' configurations, then goes on with the request.
void park_for_topic_configs(BrokerCall& call, const node::RequestContext& context, protocol::Body&& body,
                            std::vector<TopicName>&& topics);
void on_parked_replies(BrokerCall& call, uint64_t token, std::vector<protocol::Body>&& replies);

}  // namespace kafkasim::broker
