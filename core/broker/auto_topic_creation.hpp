// SPDX-License-Identifier: Apache-2.0
#pragma once
// Topics that come to be because somebody asked for them: by a Metadata request (auto.create.topics.enable) or, for
// __consumer_offsets, by FindCoordinator. The broker that was asked writes the znodes itself, whoever is the controller
// (only with forwarding, which ZooKeeper mode does not switch on, would it send CreateTopics there), and answers
// without waiting for the rest. A topic whose creation is under way is not asked for twice.
// Kafka 3.0.0: kafka.server.DefaultAutoTopicCreationManager.

#include <set>
#include <vector>

#include "core/base/ids.hpp"
#include "core/node/request_token.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::broker {

class BrokerCall;

struct AutoTopicCreation {
    std::set<TopicName> in_flight;
};

/// Begins to create the topics and answers the request with `reply`: a MetadataResponse gets an entry per topic
/// added, anything else goes out as it is.
void auto_create_topics(BrokerCall& call, const node::RequestToken& token, const std::vector<TopicName>& topics,
                        protocol::Body&& reply);
/// An automatic creation on this broker is over.
void auto_creation_done(BrokerCall& call, const TopicName& topic);
void add_topic_error(protocol::Body& reply, const TopicName& topic, ErrorCode error);

}  // namespace kafkasim::broker
