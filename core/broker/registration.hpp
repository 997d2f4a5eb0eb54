// SPDX-License-Identifier: Apache-2.0
#pragma once
// The broker's own znode /brokers/ids/N: made at start and again in every new session. Its czxid is the broker
// epoch. Another live session that owns the node is another process with the same id (or the one before, killed, whose
// session has not ended): then a broker does not start, and one that runs lives on unregistered. A node of the own
// former session, which ZooKeeper should have removed, is made anew (KAFKA-7165).
// Kafka 3.0.0: kafka.zk.KafkaZkClient.registerBroker, CheckedEphemeral.

#include <cstdint>
#include <vector>

#include "core/protocol/message_fwd.hpp"

namespace kafkasim::broker {

class BrokerCall;

struct Registration {
    int64_t session = 0;  // in which the broker registered last: what that one owns may be replaced
};

void register_broker(BrokerCall& call);
void on_registration_replies(BrokerCall& call, uint64_t token, std::vector<protocol::Body>&& replies);

}  // namespace kafkasim::broker
