// SPDX-License-Identifier: Apache-2.0
#pragma once
// Connections with TCP's semantics between processes: refused where nobody listens, in order, delivered after a
// latency, closed by either side or by the end of
// its process, silent when a rule holds what is sent. It decides when something arrives; the world delivers it.
// Each connection draws its latencies from a stream of its own, so that one message more here does not move another
// elsewhere.

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "core/base/random.hpp"
#include "core/node/env.hpp"
#include "core/protocol/message.hpp"
#include "sim/event/scheduler.hpp"
#include "sim/event/slot_pool.hpp"
#include "sim/network/rule.hpp"

namespace kafkasim::sim {

using ProcessId = uint32_t;
inline constexpr ProcessId kNobody = UINT32_MAX;

/// Something under way to one end of a connection.
struct Parcel {
    enum class Kind : uint8_t { Message, Accepted, Connected, Refused, Close } kind = Kind::Message;
    uint32_t connection = 0;
    uint8_t to_side = 0;    // 0: who connected, 1: who listens
    bool answered = false;  // of Accepted: the host has answered already
    uint64_t cause = 0;
    protocol::Message message;
};

class Network {
public:
    /// `event_kind` is the kind of the events that carry parcels.
    Network(Scheduler& scheduler, uint64_t seed, EventKind event_kind)
        : scheduler_(scheduler), seed_(seed), event_kind_(event_kind) {}

    void listen(ProcessId process, int32_t port) { listeners_[port] = process; }
    void stop_listening(ProcessId process, int32_t port) {
        const auto found = listeners_.find(port);
        if (found != listeners_.end() && found->second == process) listeners_.erase(found);
    }
    node::ConnectionId connect(ProcessId from, std::string_view from_name, int32_t port, node::Tag tag, uint64_t cause);
    /// It leaves at `leaves`, or now if that is past.
    void send(node::ConnectionId connection, protocol::Message&& message, uint64_t cause, Instant leaves = {});
    void close(node::ConnectionId connection, uint64_t cause);
    /// The end of a process: its ports are free and its connections close.
    void process_ended(ProcessId process, uint64_t cause);
    /// How many connections of a process stand.
    size_t connections_of(ProcessId process) const;

    /// Takes the parcel of an event. nullopt if there is nobody to have it any more.
    struct Arrival {
        ProcessId process;
        ProcessId peer;
        node::ConnectionId connection;
        node::Tag tag;
        int32_t port;
        Parcel parcel;
    };
    std::optional<Arrival> arrive(uint32_t slot);
    /// Who would get it, without taking it.
    ProcessId addressee(uint32_t slot) const;
    /// The parcel has come to a process that is paused: a connection stands all the same, the host makes it.
    void waits_at_paused_process(uint32_t slot);

    void add_rule(NetworkRule* rule) { rules_.push_back(rule); }
    /// Takes a rule away and sends on what was held.
    void remove_rule(NetworkRule* rule);
    /// How processes are called, for the rules.
    void set_name(ProcessId process, std::string_view name);
    std::string_view name_of(ProcessId process) const;

private:
    /// What a rule holds back, or (without a rule) what has to stay behind it.
    struct Held {
        Parcel parcel;
        const NetworkRule* by = nullptr;
    };
    struct End {
        ProcessId process = 0;
        node::Tag tag;
        bool open = false;
        Instant last_arrival;   // at this end
        std::deque<Held> held;  // on the way to this end
    };
    struct Connection {
        End ends[2];
        int32_t port = 0;
        uint32_t generation = 0;
        uint32_t under_way = 0;
        bool in_use = false;
        Prng latency;
    };

    static node::ConnectionId id_of(uint32_t index, uint8_t side, uint32_t generation);
    Connection* find(node::ConnectionId id, uint8_t& side, uint32_t& index);
    uint32_t allocate();
    void release_if_done(uint32_t index);
    void dispatch(uint32_t index, Parcel&& parcel, Duration extra = {});
    void answer_connect(const Parcel& accepted);
    void put_on_the_wire(uint32_t index, Parcel&& parcel, Duration extra);
    /// The verdict, and the rule that gave it unless all let it pass.
    std::pair<Verdict, const NetworkRule*> judge(const Connection& connection, const Parcel& parcel) const;

    Scheduler& scheduler_;
    uint64_t seed_;
    EventKind event_kind_;
    std::map<int32_t, ProcessId> listeners_;
    std::vector<Connection> connections_;
    std::vector<uint32_t> free_;
    SlotPool<Parcel> parcels_;
    std::vector<NetworkRule*> rules_;
    std::vector<std::string> names_;
    std::map<std::string, uint64_t, std::less<>>
        connects_by_name_;  // how many connections a name has made, for its streams
};

}  // namespace kafkasim::sim
