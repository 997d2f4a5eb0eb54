// SPDX-License-Identifier: Apache-2.0
#pragma once
// Carries ISR proposals to the controller: one per partition in a map, one request in flight per broker, everything
// in the map in each request, resent until answered.
// Finds the controller in the metadata cache. Called by ReplicaManager, which gets the answers as events.
// Kafka 3.0.0: kafka.server.DefaultAlterIsrManager over BrokerToControllerChannelManagerImpl (name=alterIsr).

#include <map>
#include <vector>

#include "core/broker/partition.hpp"
#include "core/node/request_channel.hpp"

namespace kafkasim::broker {

struct AlterIsrResult {
    AlterIsrItem item;
    AlterIsrAnswer answer;
};

class AlterIsrManager {
public:
    /// Begins to look for the controller.
    void start(BrokerHost& host);
    void shutdown(BrokerHost& host);
    /// False if a proposal of this partition is not answered yet.
    bool submit(BrokerHost& host, const AlterIsrItem& item);
    /// After one answer was applied: its entry leaves the map. (A proposal that is sent again while it is applied
    /// is refused by it: defect B4.)
    void release(const AlterIsrResult& result);
    /// After all answers of a response were applied: what is left in the map is sent.
    void answered(BrokerHost& host);

    void on_connected(BrokerHost& host, node::ConnectionId connection);
    void on_disconnected(BrokerHost& host, node::ConnectionId connection);
    /// The answers to be applied; each is to be released, then `answered` called if there were any.
    std::vector<AlterIsrResult> on_message(BrokerHost& host, node::ConnectionId connection,
                                           protocol::Message&& message);
    void on_timer(BrokerHost& host, node::Tag tag);

    bool in_flight() const { return !sent_.empty(); }
    size_t unsent() const { return unsent_.size(); }

    enum Timer : uint16_t { kControllerPoll = 0, kReconnect, kResend, kRequestTimeout };

private:
    void propagate(BrokerHost& host);
    void look_for_controller(BrokerHost& host);
    void drive(BrokerHost& host);
    void send(BrokerHost& host);
    void forget_controller(BrokerHost& host);
    /// The controller is gone or silent: what is queued goes to the next one.
    void lost_controller(BrokerHost& host);
    std::vector<AlterIsrResult> match(BrokerHost& host, const protocol::AlterIsrResponse& response);

    std::map<TopicPartition, AlterIsrItem> unsent_;
    std::vector<AlterIsrItem> sent_;                   // of the request in flight
    std::optional<protocol::AlterIsrRequest> queued_;  // made, to be sent as soon as there is a connection
    int64_t sent_broker_epoch_ = -1;
    bool running_ = false;
    BrokerId controller_ = kNoBroker;
    bool must_wait_ = false;  // reconnect back-off
    node::RequestChannel channel_;
    node::TimerId poll_timer_ = node::TimerId::None;
    node::TimerId reconnect_timer_ = node::TimerId::None;
    node::TimerId resend_timer_ = node::TimerId::None;
    node::TimerId request_timer_ = node::TimerId::None;  // controller.socket.timeout.ms of the request in flight
};

}  // namespace kafkasim::broker
