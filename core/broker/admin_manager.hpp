// SPDX-License-Identifier: Apache-2.0
#pragma once
// Creates topics on the controller's broker: checks, placement, the two znodes (configuration first, then the
// topic). That is all that it does; the controller
// sees the new znode and elects leaders. Who asked waits until this broker's own metadata cache shows a leader for
// every partition, or for its timeout.
// The topics of one request are worked off one after the other, several requests side by side.
// Kafka 3.0.0: kafka.server.ZkAdminManager.createTopics, kafka.zk.AdminZkClient,
// kafka.server.DelayedCreatePartitions.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error_code.hpp"
#include "core/base/uuid.hpp"
#include "core/config/properties.hpp"
#include "core/node/request_token.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::broker {

class BrokerCall;

struct NewTopic {
    protocol::CreateTopicsRequest::CreatableTopic asked;
    ErrorCode error = ErrorCode::None;
    std::optional<std::string> message;
    std::vector<std::vector<BrokerId>> assignment;
    config::Properties configs;
    Uuid id;
};

/// A request, or an automatic creation, in work.
struct TopicCreation {
    enum class Step : uint8_t { Checking, SettingConfig, CreatingConfig, CreatingTopic };

    node::RequestToken token;
    int32_t timeout_ms = 0;
    bool validate_only = false;
    /// Of an automatic creation: the reply that waits for its end (MetadataResponse without these topics, or
    /// FindCoordinatorResponse).
    std::optional<protocol::Body> reply;
    std::vector<NewTopic> topics;
    size_t current = 0;
    Step step = Step::Checking;
};

struct DelayedTopicCreation {
    node::RequestToken token;
    std::vector<NewTopic> topics;
    node::TimerId timer = node::TimerId::None;
};

struct AdminManager {
    std::map<uint64_t, TopicCreation> creations;
    std::map<uint64_t, DelayedTopicCreation> delayed;
    uint64_t next = 1;
};

/// `kind` of its timers (component kBroker); `b` is the key of a DelayedTopicCreation.
inline constexpr uint16_t kTopicCreationTimer = 1;

void create_topics(BrokerCall& call, TopicCreation&& creation);
void on_admin_replies(BrokerCall& call, uint64_t token, std::vector<protocol::Body>&& replies);
void on_topic_creation_timer(BrokerCall& call, uint64_t id);
/// The metadata cache has changed.
void recheck_topic_creations(BrokerCall& call);

/// "Invalid..." checks of a manual assignment: nullopt if it is fine.
std::optional<std::string> complaint_about_assignment(
    const std::vector<protocol::CreateTopicsRequest::CreatableReplicaAssignment>& assignment);

}  // namespace kafkasim::broker
