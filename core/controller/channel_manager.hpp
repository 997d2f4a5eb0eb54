// SPDX-License-Identifier: Apache-2.0
#pragma once
// The controller's way to the brokers: for each broker in its context one queue and one connection, also to the
// broker it lives in. One request is in
// flight; the next is sent after the answer. A request that could not be delivered is tried again 100 ms later, for
// ever, until the broker is removed
// (then what was queued is dropped). Per broker requests arrive in the order in which they were enqueued; between
// brokers there is no order.
// Times: 100 ms between attempts, request.timeout.ms for an answer.
// Kafka 3.0.0: kafka.controller.ControllerChannelManager, RequestSendThread.

#include <deque>
#include <map>
#include <optional>

#include "core/base/time.hpp"
#include "core/controller/controller_context.hpp"
#include "core/node/env.hpp"
#include "core/node/request_channel.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::controller {

/// `kind` in the tags of the controller's connections and timers.
enum TagKind : uint16_t { kSendThread = 1, kSendTimer = 2, kRebalanceTimer = 3 };

struct BrokerResponse {
    BrokerId from;
    protocol::Body body;
    std::vector<TopicPartition> to_delete;  // if a StopReplica is answered: those that it asked to delete
};

class ChannelManager {
public:
    ChannelManager() = default;
    ChannelManager(uint16_t component, BrokerId controller) : component_(component), controller_(controller) {}

    void add_broker(node::Env& env, const LiveBroker& broker);
    void remove_broker(node::Env& env, BrokerId id);
    void shutdown(node::Env& env);
    bool knows(BrokerId id) const { return channels_.contains(id); }
    /// Requests not answered yet, the one in flight included.
    size_t queued(BrokerId id) const;

    void send(node::Env& env, BrokerId to, protocol::Body&& body, Duration request_timeout, int32_t controller_epoch);

    // Events of its connections and timers. Tag.b tells apart the channels of a broker that was removed and added
    // again.
    void on_connected(node::Env& env, const node::Tag& tag);
    void on_disconnected(node::Env& env, const node::Tag& tag);
    std::optional<BrokerResponse> on_message(node::Env& env, const node::Tag& tag, protocol::Message&& message);
    void on_timer(node::Env& env, const node::Tag& tag);

private:
    struct BrokerChannel {
        node::RequestChannel channel;
        std::deque<protocol::Body> queue;  // the front one is being sent
        node::TimerId timer = node::TimerId::None;
        uint64_t generation = 0;
        bool backing_off = false;
    };

    BrokerChannel* find(const node::Tag& tag);
    void work(node::Env& env, BrokerId id, BrokerChannel& broker);
    void back_off(node::Env& env, BrokerChannel& broker);
    void log_failed_send(node::Env& env, BrokerId id, const BrokerChannel& broker) const;

    uint16_t component_ = 0;
    BrokerId controller_;
    int32_t controller_epoch_ = 0;
    Duration request_timeout_ = 30s;
    uint64_t next_generation_ = 1;
    std::map<BrokerId, BrokerChannel> channels_;
};

}  // namespace kafkasim::controller
