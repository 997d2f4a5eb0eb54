// SPDX-License-Identifier: Apache-2.0
#pragma once
// Topics that come to be because somebody asked for them: by a Metadata request (auto.create.topics.enable) or, for
// __consumer_offsets, by FindCoordinator. On the
// controller's broker they are created at once; any other broker sends a CreateTopics request to the controller and
// answers without waiting for it. A topic
// whose creation is under way is not asked for twice.
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

/// The controller has answered, or its time is over: either way the topics may be asked for again.
void on_topics_forwarded(BrokerCall& call, const protocol::CreateTopicsRequest& request);

}  // namespace kafkasim::broker
