// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the controller needs of the broker it lives in. Implemented by Broker (and by tests), handed to every call,
// never kept.

#include <cstdint>
#include <vector>

#include "core/base/ids.hpp"
#include "core/node/request_token.hpp"
#include "core/protocol/message_fwd.hpp"

namespace kafkasim::config {
struct BrokerConfig;
}

namespace kafkasim::controller {

class ControllerHost {
public:
    virtual ~ControllerHost() = default;

    virtual node::Env& env() = 0;
    virtual BrokerId broker_id() const = 0;
    virtual const config::BrokerConfig& config() const = 0;
    virtual int64_t broker_epoch() const = 0;

    /// Sends a batch of ZooKeeper requests over the broker's session. The replies, one per request in order, come
    /// back later through
    /// Controller::on_zk_replies with this token, never from within this call.
    virtual void zk_submit(uint64_t token, std::vector<protocol::Body> requests) = 0;
    /// Answers AlterIsr, ControlledShutdown and ElectLeaders.
    virtual void respond(const node::RequestToken& to, protocol::Body&& body) = 0;
    /// After the session expired and a new one was opened: create /brokers/ids/N again, then call
    /// Controller::on_registered.
    virtual void re_register() = 0;
};

}  // namespace kafkasim::controller
