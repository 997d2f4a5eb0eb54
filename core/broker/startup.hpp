// SPDX-License-Identifier: Apache-2.0
#pragma once
// The start of a broker, step by step: ZooKeeper session, top-level paths, cluster id, meta.properties, topic
// configurations, logs, port, registration, controller
// election, group coordinator, requests. Each step begins when the answer to the one before is there. A step that
// fails ends the process with exit code 1.
// Times: it gives ZooKeeper zookeeper.connection.timeout.ms; loading of logs and the making of the threads take
// kLoadTime.
// Kafka 3.0.0: kafka.server.KafkaServer.startup.

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/time.hpp"
#include "core/node/env.hpp"
#include "core/protocol/message_fwd.hpp"

namespace kafkasim::broker {

class BrokerCall;

struct Startup {
    enum class Step : uint8_t {
        NotBegun,
        WaitingForZooKeeper,
        CreatingPaths,
        ReadingFeatures,
        ReadingClusterId,
        CreatingClusterId,
        ListingTopicConfigs,
        ReadingTopicConfigs,
        Loading,
        Registering,
        ReadingOffsetsTopic,
        Started,
        Failed,
    };
    Step step = Step::NotBegun;
    node::TimerId timer = node::TimerId::None;
    std::vector<std::string> paths;  // still to be created, the next one last

    bool done() const { return step == Step::Started; }
};

inline constexpr Duration kLoadTime = from_millis(250);

void begin_startup(BrokerCall& call);
/// A connection with ZooKeeper stands.
void startup_connected(BrokerCall& call, bool new_session);
void on_startup_replies(BrokerCall& call, std::vector<protocol::Body>&& replies);
void on_startup_timer(BrokerCall& call);
void startup_registered(BrokerCall& call);

}  // namespace kafkasim::broker
