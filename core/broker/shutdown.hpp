// SPDX-License-Identifier: Apache-2.0
#pragma once
// The end of a broker after SIGINT or SIGTERM. First the controlled shutdown: it asks the controller, over the
// network like anybody, to move the leaders that
// it has, up to controlled.shutdown.max.retries times, while it goes on serving. Then its parts stop in a fixed
// order; the waits in between are those of the
// real one's threads (about 0.85 s until the ZooKeeper session is closed, 1.6 s more until the end). Exit code 130
// or 143.
// Kafka 3.0.0: kafka.server.KafkaServer.shutdown, controlledShutdown.

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/time.hpp"
#include "core/broker/startup.hpp"
#include "core/node/node.hpp"
#include "core/node/request_channel.hpp"

namespace kafkasim::broker {

class BrokerCall;

struct Shutdown {
    enum class Phase : uint8_t { None, Asking, Waiting, Stopping };

    Phase phase = Phase::None;
    int exit_code = 0;
    // Controlled shutdown
    int32_t attempts_left = 0;
    bool asked = false;                    // the request of this attempt is out
    std::optional<node::Endpoint> target;  // the controller that is asked
    node::RequestChannel channel;
    // The stopping of the parts
    size_t step = 0;                                  // index into the table of steps
    Startup::Step reached = Startup::Step::NotBegun;  // how far the start had come: which parts there are
    std::string ident;                                // "[KafkaServer id=1] ", or nothing while the id is not known
    bool closing_session = false;
    node::TimerId timer = node::TimerId::None;

    bool begun() const { return phase != Phase::None; }
};

void begin_shutdown(BrokerCall& call, node::Signal signal);
/// A start that fails: the reason, then the same way down for what is there already; exit code 1.
void fail_startup(BrokerCall& call, std::string_view exception);
void on_shutdown_connected(BrokerCall& call);
void on_shutdown_disconnected(BrokerCall& call);
void on_shutdown_message(BrokerCall& call, protocol::Message&& message);
void on_shutdown_timer(BrokerCall& call);
/// The ZooKeeper session has ended as asked for.
void shutdown_session_closed(BrokerCall& call);

}  // namespace kafkasim::broker
