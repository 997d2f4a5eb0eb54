// SPDX-License-Identifier: Apache-2.0
#pragma once
// A world for one node in a test: time that the test moves, and a record of everything the node did. Nothing is
// delivered by itself:
//
//     FakeEnv env;
//     node.start(env);
//     auto connection = env.connections.back().id;            // what it connected to
//     auto sent = env.take<protocol::FetchRequest>();          // what it sent, oldest first, of that type
// env.advance(500ms, [&](auto timer, auto tag) { node.on_timer(env, timer, tag); });   // fires due timers in order
//     env.disk().texts["/tmp/x"]; env.has_log("Truncating to offset 7"); env.notes

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/random.hpp"
#include "core/node/env.hpp"
#include "core/protocol/message.hpp"
#include "tests/support/memory_disk.hpp"

namespace kafkasim::test {

/// Draws from one generator per stream; outcomes can be pinned.
class FakeChance : public node::Chance {
public:
    uint64_t below(node::Stream stream, uint64_t bound) override { return generator(stream).below(bound); }
    uint64_t bits(node::Stream stream) override { return generator(stream).next(); }
    std::optional<Uuid> pinned_topic_id(const TopicName& topic) override {
        auto found = topic_ids.find(topic);
        if (found == topic_ids.end()) return std::nullopt;
        return found->second;
    }
    std::optional<std::vector<std::vector<BrokerId>>> pinned_assignment(const TopicName& topic) override {
        auto found = assignments.find(topic);
        if (found == assignments.end()) return std::nullopt;
        return found->second;
    }
    std::optional<int32_t> pinned_sticky(const TopicName& topic) override {
        auto found = sticky.find(topic);
        if (found == sticky.end() || found->second.empty()) return std::nullopt;
        const int32_t partition = found->second.front();
        found->second.erase(found->second.begin());
        return partition;
    }

    std::map<TopicName, Uuid> topic_ids;
    std::map<TopicName, std::vector<std::vector<BrokerId>>> assignments;
    std::map<TopicName, std::vector<int32_t>> sticky;

private:
    Prng& generator(node::Stream stream) {
        return generators_.try_emplace(stream, Prng(static_cast<uint64_t>(stream) + 1)).first->second;
    }
    std::map<node::Stream, Prng> generators_;
};

class FakeEnv : public node::Env {
public:
    struct Connection {
        node::ConnectionId id;
        node::Endpoint to;
        node::Tag tag;
        bool closed = false;
    };
    struct Sent {
        node::ConnectionId connection;
        protocol::Message message;
    };
    struct Timer {
        node::Tag tag;
        std::optional<Instant> due;
        uint64_t armed = 0;  // order of arming
    };
    struct LogLine {
        node::Level level;
        std::string logger;
        std::string text;
    };

    // --- node::Env
    Instant now() const override { return time; }
    WallMillis wall_clock() const override { return {wall_start_ms + millis_of(time)}; }
    void listen(int32_t port) override { ports.push_back(port); }
    node::ConnectionId connect(const node::Endpoint& to, node::Tag tag) override {
        connections.push_back({node::ConnectionId{++last_id_}, to, tag});
        return connections.back().id;
    }
    void send(node::ConnectionId connection, protocol::Message&& message) override {
        sent.push_back({connection, std::move(message)});
    }
    void close(node::ConnectionId connection) override {
        closed.push_back(connection);
        for (Connection& each : connections) each.closed = each.closed || each.id == connection;
    }
    node::TimerId new_timer(node::Tag tag) override {
        timers[node::TimerId{++last_id_}] = {tag, std::nullopt};
        return node::TimerId{last_id_};
    }
    void arm(node::TimerId timer, Duration after) override {
        timers.at(timer).due = time + after, timers.at(timer).armed = ++armings_;
    }
    void disarm(node::TimerId timer) override { timers.at(timer).due = std::nullopt; }
    void free_timer(node::TimerId timer) override { timers.erase(timer); }
    MemoryDisk& disk() override { return files; }
    FakeChance& chance() override { return dice; }
    bool logs(node::Level) const override { return true; }
    void log(node::Level level, std::string_view logger, std::string_view text) override {
        log_lines.push_back({level, std::string(logger), std::string(text)});
    }
    bool observed() const override { return true; }
    void note(node::Note note) override { notes.push_back(std::move(note)); }
    void print(node::Output output, std::string_view text) override {
        (output == node::Output::Stdout ? standard_output : standard_error) += text;
    }
    void read_input() override { reads_input = true; }
    void exit(int code) override { exit_code = code; }

    // --- for the test
    /// A connection that somebody else made: pass it to on_accepted.
    node::ConnectionId incoming() { return node::ConnectionId{++last_id_}; }

    /// Moves time on by `by`; `fire(timer, tag)` is called for every timer on its way, in order of deadline, then
    /// of arming.
    template <typename Fire>
    void advance(Duration by, Fire fire) {
        const Instant end = time + by;
        while (auto next = next_timer(end)) {
            time = *timers.at(*next).due;
            timers.at(*next).due = std::nullopt;
            fire(*next, timers.at(*next).tag);
        }
        time = end;
    }
    std::optional<node::TimerId> next_timer(Instant until) const {
        std::optional<node::TimerId> first;
        auto order = [](const Timer& timer) { return std::pair(*timer.due, timer.armed); };
        for (const auto& [id, timer] : timers) {
            if (timer.due && *timer.due <= until && (!first || order(timer) < order(timers.at(*first)))) first = id;
        }
        return first;
    }
    size_t armed_timers() const {
        return static_cast<size_t>(std::count_if(timers.begin(), timers.end(),
                                                 [](const auto& timer) { return timer.second.due.has_value(); }));
    }

    /// Takes the oldest sent message whose body is a `T`, with its connection.
    template <typename T>
    std::optional<Sent> take_message() {
        auto found = std::find_if(sent.begin(), sent.end(),
                                  [](const Sent& each) { return std::holds_alternative<T>(each.message.body); });
        if (found == sent.end()) return std::nullopt;
        Sent taken = std::move(*found);
        sent.erase(found);
        return taken;
    }
    /// The same, only the body.
    template <typename T>
    std::optional<T> take() {
        auto taken = take_message<T>();
        if (!taken) return std::nullopt;
        return std::get<T>(std::move(taken->message.body));
    }
    template <typename T>
    size_t count_sent() const {
        return static_cast<size_t>(std::count_if(
            sent.begin(), sent.end(), [](const Sent& each) { return std::holds_alternative<T>(each.message.body); }));
    }
    /// True if a log line contains the text.
    bool has_log(std::string_view text) const { return count_logs(text) != 0; }
    size_t count_logs(std::string_view text) const {
        return static_cast<size_t>(std::count_if(log_lines.begin(), log_lines.end(), [&](const LogLine& line) {
            return line.text.find(text) != std::string::npos;
        }));
    }
    const node::Note* last_note(node::NoteKind kind) const {
        auto found =
            std::find_if(notes.rbegin(), notes.rend(), [&](const node::Note& note) { return note.kind == kind; });
        return found == notes.rend() ? nullptr : &*found;
    }

    Instant time{};
    int64_t wall_start_ms = 1641168000000;  // 2022-01-03T00:00:00Z
    std::vector<int32_t> ports;
    std::vector<Connection> connections;
    std::vector<Sent> sent;
    std::vector<node::ConnectionId> closed;
    std::map<node::TimerId, Timer> timers;
    std::vector<LogLine> log_lines;
    std::vector<node::Note> notes;
    std::string standard_output;
    std::string standard_error;
    std::optional<int> exit_code;
    bool reads_input = false;
    MemoryDisk files;
    FakeChance dice;

private:
    uint64_t last_id_ = 0;
    uint64_t armings_ = 0;
};

}  // namespace kafkasim::test
