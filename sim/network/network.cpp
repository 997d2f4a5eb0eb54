// SPDX-License-Identifier: Apache-2.0
#include "sim/network/network.hpp"

#include <utility>

namespace kafkasim::sim {

namespace {

constexpr int64_t kShortestLatencyUs = 60;  // loopback, and the receiver's thread to wake up
constexpr int64_t kLongestLatencyUs = 240;

}  // namespace

node::ConnectionId Network::id_of(uint32_t index, uint8_t side, uint32_t generation) {
    return static_cast<node::ConnectionId>((uint64_t{generation} << 33) | (uint64_t{index} << 1) | side |
                                           (uint64_t{1} << 63));
}

Network::Connection* Network::find(node::ConnectionId id, uint8_t& side, uint32_t& index) {
    const auto raw = static_cast<uint64_t>(id);
    side = static_cast<uint8_t>(raw & 1);
    index = static_cast<uint32_t>(raw >> 1);
    const auto generation = static_cast<uint32_t>((raw >> 33) & 0x3fffffff);
    if (id == node::ConnectionId::None || index >= connections_.size()) return nullptr;
    Connection& connection = connections_[index];
    return connection.in_use && connection.generation == generation ? &connection : nullptr;
}

uint32_t Network::allocate() {
    if (free_.empty()) {
        connections_.emplace_back();
        return static_cast<uint32_t>(connections_.size() - 1);
    }
    const uint32_t index = free_.back();
    free_.pop_back();
    return index;
}

void Network::release_if_done(uint32_t index) {
    Connection& connection = connections_[index];
    if (!connection.in_use || connection.under_way > 0 || connection.ends[0].open || connection.ends[1].open) return;
    connection.ends[0].held.clear();
    connection.ends[1].held.clear();
    connection.in_use = false;
    connection.generation = (connection.generation + 1) & 0x3fffffff;
    free_.push_back(index);
}

node::ConnectionId Network::connect(ProcessId from, std::string_view from_name, int32_t port, node::Tag tag,
                                    uint64_t cause) {
    const uint32_t index = allocate();
    Connection& connection = connections_[index];
    connection.in_use = true;
    connection.port = port;
    auto count = connects_by_name_.find(from_name);
    if (count == connects_by_name_.end()) count = connects_by_name_.emplace(std::string(from_name), 0).first;
    connection.latency = stream(seed_, "network/" + std::string(from_name), count->second++);
    connection.ends[0] = End{from, tag, true, scheduler_.now(), {}};
    connection.ends[1] = End{kNobody, {}, false, scheduler_.now(), {}};
    const auto listener = listeners_.find(port);
    Parcel parcel;
    parcel.connection = index;
    parcel.cause = cause;
    if (listener == listeners_.end()) {
        parcel.kind = Parcel::Kind::Refused;
        parcel.to_side = 0;
    } else {
        connection.ends[1].process = listener->second;
        connection.ends[1].open = true;
        parcel.kind = Parcel::Kind::Accepted;
        parcel.to_side = 1;
    }
    const uint32_t generation = connection.generation;
    dispatch(index, std::move(parcel));
    return id_of(index, 0, generation);
}

void Network::send(node::ConnectionId id, protocol::Message&& message, uint64_t cause, Instant leaves) {
    uint8_t side = 0;
    uint32_t index = 0;
    Connection* connection = find(id, side, index);
    if (connection == nullptr || !connection->ends[side].open) return;  // written to a socket that is gone
    Parcel parcel;
    parcel.kind = Parcel::Kind::Message;
    parcel.connection = index;
    parcel.to_side = side ^ 1;
    parcel.cause = cause;
    parcel.message = std::move(message);
    dispatch(index, std::move(parcel), std::max(leaves - scheduler_.now(), Duration{}));
}

void Network::close(node::ConnectionId id, uint64_t cause) {
    uint8_t side = 0;
    uint32_t index = 0;
    Connection* connection = find(id, side, index);
    if (connection == nullptr || !connection->ends[side].open) return;
    connection->ends[side].open = false;
    if (connection->ends[side ^ 1].open) {
        Parcel parcel;
        parcel.kind = Parcel::Kind::Close;
        parcel.connection = index;
        parcel.to_side = side ^ 1;
        parcel.cause = cause;
        dispatch(index, std::move(parcel));
    }
    release_if_done(index);
}

void Network::process_ended(ProcessId process, uint64_t cause) {
    std::erase_if(listeners_, [process](const auto& entry) { return entry.second == process; });
    for (uint32_t index = 0; index < connections_.size(); ++index) {
        for (uint8_t side = 0; side < 2; ++side) {
            const Connection& connection = connections_[index];
            if (connection.in_use && connection.ends[side].open && connection.ends[side].process == process) {
                close(id_of(index, side, connection.generation), cause);
            }
        }
    }
}

size_t Network::connections_of(ProcessId process) const {
    size_t count = 0;
    for (const Connection& connection : connections_) {
        for (const End& end : connection.ends) count += connection.in_use && end.open && end.process == process ? 1 : 0;
    }
    return count;
}

std::pair<Verdict, const NetworkRule*> Network::judge(const Connection& connection, const Parcel& parcel) const {
    if (rules_.empty()) return {Verdict::pass(), nullptr};
    const Passage passage{name_of(connection.ends[parcel.to_side ^ 1].process),
                          name_of(connection.ends[parcel.to_side].process),
                          parcel.kind == Parcel::Kind::Message ? &parcel.message.body : nullptr};
    Verdict slower = Verdict::pass();
    for (NetworkRule* rule : rules_) {
        const Verdict verdict = rule->judge(passage);
        if (verdict.kind == Verdict::Kind::Hold) return {verdict, rule};
        if (verdict.kind == Verdict::Kind::Delay) slower = Verdict::delay(slower.by + verdict.by);
    }
    return {slower, nullptr};
}

void Network::dispatch(uint32_t index, Parcel&& parcel, Duration extra) {
    Connection& connection = connections_[index];
    End& to = connection.ends[parcel.to_side];
    const auto [verdict, rule] = judge(connection, parcel);
    const bool holds = verdict.kind == Verdict::Kind::Hold;
    if (!to.held.empty() || holds) {
        to.held.push_back({std::move(parcel), holds ? rule : nullptr});
        return;
    }
    put_on_the_wire(index, std::move(parcel), extra + (verdict.kind == Verdict::Kind::Delay ? verdict.by : Duration{}));
}

void Network::put_on_the_wire(uint32_t index, Parcel&& parcel, Duration extra) {
    Connection& connection = connections_[index];
    End& to = connection.ends[parcel.to_side];
    Instant at = scheduler_.now() + Duration{connection.latency.between(kShortestLatencyUs, kLongestLatencyUs)} + extra;
    if (at < to.last_arrival) at = to.last_arrival;
    to.last_arrival = at;
    ++connection.under_way;
    scheduler_.schedule(at, event_kind_, parcels_.put(std::move(parcel)).index);
}

void Network::remove_rule(NetworkRule* rule) {
    std::erase(rules_, rule);
    for (uint32_t index = 0; index < connections_.size(); ++index) {
        for (End& end : connections_[index].ends) {
            std::deque<Held> held = std::exchange(end.held, {});
            for (Held& one : held) {
                const bool stays = !end.held.empty() || (one.by != nullptr && one.by != rule);
                if (stays)
                    end.held.push_back(std::move(one));
                else
                    dispatch(index, std::move(one.parcel));
            }
        }
    }
}

ProcessId Network::addressee(uint32_t slot) const {
    const Parcel& parcel = parcels_.at(slot);
    return connections_[parcel.connection].ends[parcel.to_side].process;
}

void Network::answer_connect(const Parcel& accepted) {
    const uint32_t index = accepted.connection;
    if (!connections_[index].ends[0].open) return;
    Parcel answer;
    answer.kind = Parcel::Kind::Connected;
    answer.connection = index;
    answer.to_side = 0;
    answer.cause = accepted.cause;
    dispatch(index, std::move(answer));
}

void Network::waits_at_paused_process(uint32_t slot) {
    Parcel& parcel = parcels_.at(slot);
    if (parcel.kind != Parcel::Kind::Accepted || parcel.answered) return;
    parcel.answered = true;
    answer_connect(Parcel(parcel));
}

std::optional<Network::Arrival> Network::arrive(uint32_t slot) {
    Parcel parcel = parcels_.take(slot);
    const uint32_t index = parcel.connection;
    Connection& connection = connections_[index];
    --connection.under_way;
    End& to = connection.ends[parcel.to_side];
    if (!to.open) {
        release_if_done(index);
        return std::nullopt;
    }
    Arrival arrival{to.process,
                    connection.ends[parcel.to_side ^ 1].process,
                    id_of(index, parcel.to_side, connection.generation),
                    to.tag,
                    connection.port,
                    {}};
    if (parcel.kind == Parcel::Kind::Accepted && !parcel.answered) answer_connect(parcel);
    if (parcel.kind == Parcel::Kind::Close || parcel.kind == Parcel::Kind::Refused) {
        connections_[index].ends[parcel.to_side].open = false;
        release_if_done(index);
    }
    arrival.parcel = std::move(parcel);
    return arrival;
}

void Network::set_name(ProcessId process, std::string_view name) {
    if (names_.size() <= process) names_.resize(process + 1);
    names_[process] = std::string(name);
}

std::string_view Network::name_of(ProcessId process) const {
    return process < names_.size() ? std::string_view(names_[process]) : std::string_view();
}

}  // namespace kafkasim::sim
