// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the replication part of a broker needs of the broker it lives in. Implemented by Broker, handed to every
// call, never kept.

#include <cstdint>
#include <vector>

#include "core/base/error_code.hpp"
#include "core/broker/metadata_cache.hpp"
#include "core/broker/replication_rules.hpp"
#include "core/config/broker_config.hpp"
#include "core/config/topic_config.hpp"
#include "core/node/request_token.hpp"
#include "core/protocol/message_fwd.hpp"

namespace kafkasim::broker {

struct LeadershipChange {
    TopicPartition partition;
    int32_t leader_epoch = 0;
};

class BrokerHost {
public:
    virtual ~BrokerHost() = default;

    virtual node::Env& env() = 0;
    virtual BrokerId broker_id() const = 0;
    virtual int64_t broker_epoch() const = 0;
    virtual const config::BrokerConfig& config() const = 0;
    virtual config::TopicConfig topic_config(const TopicName& topic) const = 0;
    virtual const MetadataCache& metadata() const = 0;
    virtual bool shutting_down() const = 0;
    /// The rule set that the broker was started with.
    virtual const ReplicationRules& rules() const { return default_rules(); }
    virtual IsrChanges isr_changes() const { return IsrChanges::ByController; }
    /// Calls of ZkIsrManager; answered by ReplicaManager::on_isr_zk_replies.
    virtual void zk_isr_call(uint64_t /*token*/, std::vector<protocol::Body> /*requests*/) {}

    /// Tells the controller, by a znode, that a log dir of this broker has failed.
    virtual void propagate_log_dir_event() {}
    /// The broker does nothing any more and ends soon, with exit code 1.
    virtual void halt() {}

    virtual void respond(const node::RequestToken& to, protocol::Body&& body) = 0;
    /// Partitions that this broker began to lead or to follow by one LeaderAndIsr request.
    virtual void leadership_changed(const std::vector<LeadershipChange>& leaders,
                                    const std::vector<LeadershipChange>& followers) = 0;
    /// The answer to ReplicaManager::append_internal.
    virtual void partition_appended(uint64_t token, ErrorCode error, int64_t base_offset) = 0;
};

}  // namespace kafkasim::broker
