// SPDX-License-Identifier: Apache-2.0
#pragma once
// All that a broker knows, as one value: its parts (logs and replicas, controller, group coordinator, metadata
// cache, ZooKeeper session) and what ties
// them together: requests in work, ZooKeeper calls under way, topic creations, how far start-up or shutdown has
// come. Broker feeds it with events;
// BrokerCall, made for one event, joins it with the Env. Kafka 3.0.0: the fields of kafka.server.KafkaServer.

#include <deque>
#include <map>
#include <variant>
#include <vector>

#include "core/broker/admin_manager.hpp"
#include "core/broker/alter_configs.hpp"
#include "core/broker/auto_topic_creation.hpp"
#include "core/broker/broker_host.hpp"
#include "core/broker/dispatch.hpp"
#include "core/broker/feature_listener.hpp"
#include "core/broker/forwarding.hpp"
#include "core/broker/metadata_cache.hpp"
#include "core/broker/partition_growth.hpp"
#include "core/broker/producer_ids.hpp"
#include "core/broker/registration.hpp"
#include "core/broker/replica_manager.hpp"
#include "core/broker/shutdown.hpp"
#include "core/broker/startup.hpp"
#include "core/broker/topic_config_cache.hpp"
#include "core/broker/topic_deletions.hpp"
#include "core/controller/controller.hpp"
#include "core/group/coordinator.hpp"
#include "core/zookeeper/client.hpp"

namespace kafkasim::broker {

/// Who gets the replies of a ZooKeeper call.
enum class ZkCaller : uint8_t {
    Startup,
    Registration,
    Controller,
    TopicConfigs,
    ParkedRequest,
    AdminManager,
    AlterConfigs,
    TopicDeletions,
    PartitionGrowth,
    Features,
    IsrChanges,
    LogDirEvents
};

struct ZkCall {
    ZkCaller caller = ZkCaller::Startup;
    uint64_t token = 0;  // the caller's own
};

/// What a part reports while another one is at work; passed on when the event has been handled, in order.
struct LeadershipMoved {
    std::vector<LeadershipChange> leaders;
    std::vector<LeadershipChange> followers;
};
struct InternalAppendDone {
    uint64_t token = 0;
    ErrorCode error = ErrorCode::None;
    int64_t base_offset = -1;
};
using Report = std::variant<LeadershipMoved, InternalAppendDone>;

struct BrokerState {
    config::BrokerConfig config;
    BrokerId id;
    std::string cluster_id;
    int64_t broker_epoch = -1;  // czxid of /brokers/ids/N
    const ReplicationRules* rules = &default_rules();
    IsrChanges isr_changes = IsrChanges::ByController;

    Startup startup;
    Shutdown shutdown;
    Registration registration;
    FeatureListener features;

    zookeeper::ZkClient zookeeper;
    std::map<uint64_t, ZkCall> zk_calls;
    uint64_t next_zk_call = 1;
    bool halted = false;
    bool waits_for_zookeeper = false;  // a call was made, or lost its answer, while there was no connection

    MetadataCache metadata;
    TopicConfigCache topic_configs;
    ReplicaManager replicas;
    controller::Controller controller;
    group::GroupCoordinator groups;
    AdminManager admin;
    ConfigAlterations alterations;
    TopicDeletions topic_deletions;
    PartitionGrowth partition_growth;
    AutoTopicCreation auto_topics;
    ForwardingChannel forwarding;
    ProducerIdManager producer_ids;

    RequestQueues requests;
    std::deque<Report> reports;
};

}  // namespace kafkasim::broker
