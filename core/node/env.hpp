// SPDX-License-Identifier: Apache-2.0
#pragma once
// The only way out of a node. Whatever a process needs from the world (time, network, disk, chance, a terminal) and
// whatever it tells
// the world goes through `Env`, which is handed to every call and never kept. sim/ implements it; tests may too.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/base/uuid.hpp"
#include "core/node/disk.hpp"
#include "core/node/note.hpp"
#include "core/protocol/message_fwd.hpp"

namespace kafkasim::node {

enum class ConnectionId : uint64_t { None = 0 };
enum class TimerId : uint64_t { None = 0 };

/// What a node gives along with a connection or a timer and gets back with its events, to find the part of itself
/// that is meant.
/// `component` and `kind` are enums of the node; `a` and `b` are its own ids.
struct Tag {
    uint16_t component = 0;
    uint16_t kind = 0;
    int32_t a = 0;
    uint64_t b = 0;
    auto operator<=>(const Tag&) const = default;
};

struct Endpoint {
    std::string host = "localhost";
    int32_t port = 0;
    auto operator<=>(const Endpoint&) const = default;
};

enum class CloseReason : uint8_t {
    Refused,   // nobody listens there: connection refused
    Closed,    // the other side closed it or its process ended
    TimedOut,  // no answer to the attempt to connect
};

enum class Level : uint8_t { Trace, Debug, Info, Warn, Error, Fatal };
std::string_view name_of(Level level);

enum class Output : uint8_t { Stdout, Stderr };

/// Each concern draws from a stream of its own, so that one draw more here does not move another there.
enum class Stream : uint8_t {
    TopicIds,
    ClusterIds,
    Placement,    // of new topics' replicas
    Partitioner,  // sticky partitions
    MemberIds,    // of consumer groups
    GroupIds,     // console-consumer-N
    Nodes,        // which broker a client asks first
    BackOff,
    Sessions,  // fetch sessions and the like
    Workload,  // keys, pauses and the comings and goings of clients that a scenario lets work by themselves
};

class Chance {
public:
    virtual ~Chance() = default;
    /// A whole number in [0, bound).
    virtual uint64_t below(Stream stream, uint64_t bound) = 0;
    virtual uint64_t bits(Stream stream) = 0;
    Uuid uuid(Stream stream);

    // Outcomes that a scenario fixes so that a run repeats a recorded one (`pin`); nullopt: draw.
    virtual std::optional<Uuid> pinned_topic_id(const TopicName& topic) = 0;
    virtual std::optional<std::vector<std::vector<BrokerId>>> pinned_assignment(const TopicName& topic) = 0;
    /// The partition of the next keyless batch of this topic; each call takes one off the list.
    virtual std::optional<int32_t> pinned_sticky(const TopicName& topic) = 0;
};

class Env {
public:
    virtual ~Env() = default;

    // Time. now() never jumps; wall_clock() is what the host's clock shows.
    virtual Instant now() const = 0;
    virtual WallMillis wall_clock() const = 0;

    // Network. connect() answers later by on_connected or on_disconnected. Messages of one connection arrive in
    // order. Closing is seen by
    // the other side as on_disconnected(Closed) after what was sent before; the closing side hears nothing more of
    // the connection.
    virtual void listen(int32_t port) = 0;
    /// From now on attempts to connect to the port are refused; connections that stand remain.
    virtual void stop_listening(int32_t) {}
    virtual ConnectionId connect(const Endpoint& to, Tag tag) = 0;
    virtual void send(ConnectionId connection, protocol::Message&& message) = 0;
    virtual void close(ConnectionId connection) = 0;

    // Timers: made once, armed and disarmed at will (arming again moves the deadline), freed when their owner goes.
    virtual TimerId new_timer(Tag tag) = 0;
    virtual void arm(TimerId timer, Duration after) = 0;
    virtual void disarm(TimerId timer) = 0;
    virtual void free_timer(TimerId timer) = 0;

    virtual Disk& disk() = 0;
    virtual Chance& chance() = 0;

    // What may be watched. `logs(level)` and `observed()` say whether a text or a note would be seen by anybody.
    virtual bool logs(Level level) const = 0;
    virtual void log(Level level, std::string_view logger, std::string_view text) = 0;
    virtual bool observed() const = 0;
    virtual void note(Note note) = 0;

    // The terminal and the life of the process.
    virtual void print(Output output, std::string_view text) = 0;
    /// Whether standard input, output and error are one terminal: then a program may show a prompt.
    virtual bool is_terminal() const { return false; }
    /// From now on lines of standard input come by on_input.
    virtual void read_input() = 0;
    /// What people call this process from now on: "broker-1".
    virtual void named(std::string_view) {}
    /// Ends the process after the current call; its connections close, its timers go.
    virtual void exit(int code) = 0;
};

}  // namespace kafkasim::node
