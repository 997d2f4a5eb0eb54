// SPDX-License-Identifier: Apache-2.0
#pragma once
// ISR changes as before 2.7: the leader writes the state znode itself, guarded by the version it knows, and some seconds
// later leaves a notification below /isr_change_notification, by which the controller and the others learn of it.
// Called by ReplicaManager where the rule is IsrChanges::ByLeader; the answers are those of AlterIsr.
// Kafka 3.0.0: kafka.server.ZkIsrManager, kafka.utils.ReplicationUtils.updateLeaderAndIsr.
// Simplified: the broker goes on with other work while ZooKeeper answers (Kafka's thread waits, with the partition
// locked).

#include <map>
#include <set>

#include "core/broker/alter_isr_manager.hpp"

namespace kafkasim::broker {

class ZkIsrManager {
public:
    void start(BrokerHost& host);
    void shutdown(BrokerHost& host);
    /// `controller_epoch`: of the controller that made this broker the leader.
    void submit(BrokerHost& host, const AlterIsrItem& item, int32_t controller_epoch);
    /// The answer to one proposal; nullopt: the znode is read again first, or it was a notification.
    std::optional<AlterIsrResult> on_zk_replies(BrokerHost& host, uint64_t token,
                                                const std::vector<protocol::Body>& replies);
    void on_timer(BrokerHost& host);

private:
    struct Write {
        AlterIsrItem item;
        int32_t controller_epoch = 0;
        bool reading = false;  // the version was another: does the znode hold what was to be written all the same?
    };

    uint64_t call(BrokerHost& host, std::vector<protocol::Body> requests);
    AlterIsrResult written(BrokerHost& host, const AlterIsrItem& item, int32_t version);
    void arm(BrokerHost& host);

    std::map<uint64_t, Write> writes_;  // under way, by token
    uint64_t next_token_ = 1;
    std::set<TopicPartition> changed_;  // not notified yet
    Instant started_;
    Instant last_change_;
    Instant last_propagation_;
    bool armed_ = false;
    node::TimerId timer_ = node::TimerId::None;
};

}  // namespace kafkasim::broker
