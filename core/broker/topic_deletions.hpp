// SPDX-License-Identifier: Apache-2.0
#pragma once
// Asks for the deletion of topics on the controller's broker: a child of /admin/delete_topics for each topic that
// exists. The controller sees it and does the
// rest. Who asked waits until this broker's own metadata cache has lost the topics (which is before their files are
// gone), or for its timeout.
// Kafka 3.0.0: kafka.server.ZkAdminManager.deleteTopics, kafka.zk.AdminZkClient.deleteTopic,
// kafka.server.DelayedDeleteTopics.

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "core/node/env.hpp"
#include "core/node/request_token.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::broker {

class BrokerCall;

/// A request in work: the topics of its response one after the other, those with an error left out.
struct TopicDeletionRequest {
    enum class Step : uint8_t { Checking, Requesting };

    node::RequestToken token;
    int32_t timeout_ms = 0;
    protocol::DeleteTopicsResponse response;
    size_t current = 0;
    Step step = Step::Checking;
};

struct DelayedTopicDeletion {
    node::RequestToken token;
    protocol::DeleteTopicsResponse response;
    node::TimerId timer = node::TimerId::None;
};

struct TopicDeletions {
    std::map<uint64_t, TopicDeletionRequest> requests;
    std::map<uint64_t, DelayedTopicDeletion> delayed;
    uint64_t next = 1;
};

/// `kind` of its timers (component kBroker); `b` is the key of a DelayedTopicDeletion.
inline constexpr uint16_t kTopicDeletionTimer = 10;

void delete_topics(BrokerCall& call, TopicDeletionRequest&& request);
void on_topic_deletion_replies(BrokerCall& call, uint64_t token, std::vector<protocol::Body>&& replies);
void on_topic_deletion_timer(BrokerCall& call, uint64_t id);
/// The metadata cache has changed.
void recheck_topic_deletions(BrokerCall& call);

}  // namespace kafkasim::broker
