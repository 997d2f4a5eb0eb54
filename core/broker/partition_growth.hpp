// SPDX-License-Identifier: Apache-2.0
#pragma once
// Adds partitions to topics on the controller's broker: reads the topic's znode, places the new partitions (as the
// request says, or going on round the ring of
// brokers from where partition 0 began: no chance), writes the znode. The controller sees it and makes them. Who
// asked waits until this broker's
// own metadata cache shows a leader for every partition, or for its timeout.
// Kafka 3.0.0: kafka.server.ZkAdminManager.createPartitions, kafka.zk.AdminZkClient.createNewPartitionsAssignment,
// createPartitionsWithAssignment.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error_code.hpp"
#include "core/broker/placement.hpp"
#include "core/node/env.hpp"
#include "core/node/request_token.hpp"
#include "core/protocol/message.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::broker {

class BrokerCall;

struct GrowingTopic {
    protocol::CreatePartitionsRequest::CreatePartitionsTopic asked;
    ErrorCode error = ErrorCode::None;
    std::optional<std::string> message;
};

/// A request in work: its topics one after the other, those with an error left out.
struct PartitionGrowthRequest {
    enum class Step : uint8_t { Reading, Writing };

    node::RequestToken token;
    int32_t timeout_ms = 0;
    bool validate_only = false;
    std::vector<GrowingTopic> topics;
    size_t current = 0;
    Step step = Step::Reading;
};

struct DelayedPartitionGrowth {
    node::RequestToken token;
    std::vector<GrowingTopic> topics;
    node::TimerId timer = node::TimerId::None;
};

struct PartitionGrowth {
    std::map<uint64_t, PartitionGrowthRequest> requests;
    std::map<uint64_t, DelayedPartitionGrowth> delayed;
    uint64_t next = 1;
};

/// `kind` of its timers (component kBroker); `b` is the key of a DelayedPartitionGrowth.
inline constexpr uint16_t kPartitionGrowthTimer = 11;

void create_partitions(BrokerCall& call, PartitionGrowthRequest&& request);
void on_partition_growth_replies(BrokerCall& call, uint64_t token, std::vector<protocol::Body>&& replies);
void on_partition_growth_timer(BrokerCall& call, uint64_t id);
/// The metadata cache has changed.
void recheck_partition_growth(BrokerCall& call);

/// The replicas of the partitions to add, or why not. Pure; `brokers` ascending.
struct GrownAssignment {
    std::vector<std::vector<BrokerId>> added;
    ErrorCode error = ErrorCode::None;
    std::string message;
};
GrownAssignment grow_assignment(const protocol::CreatePartitionsRequest::CreatePartitionsTopic& asked,
                                const zookeeper::TopicAssignment& existing, const std::vector<BrokerMetadata>& brokers);

}  // namespace kafkasim::broker
