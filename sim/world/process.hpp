// SPDX-License-Identifier: Apache-2.0
#pragma once
// A process as the operating system sees it: a node, its standard streams, its state and what it owns. The world
// keeps it after its end for what it printed.

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/node/node.hpp"
#include "sim/event/scheduler.hpp"
#include "sim/network/network.hpp"

namespace kafkasim::sim {

enum class ProcessState : uint8_t {
    Loading,  // the JVM starts
    Running,
    Paused,  // SIGSTOP
    Ended,
};

/// Where log4j writes: a server prints INFO on its terminal and has files of its own, a tool prints WARN and above
/// on stderr.
enum class LogStyle : uint8_t { Tool, Server };

/// What waits for a process: lines typed, signals, its start.
struct Errand {
    enum class Kind : uint8_t { Start, Input, InputEnd, Interrupt, Terminate } kind = Kind::Start;
    ProcessId process = 0;
    uint64_t cause = 0;
    std::string text;
};

struct ProcessOptions {
    std::string name;     // how the trace calls it until it says so itself
    std::string command;  // as typed
    LogStyle log_style = LogStyle::Tool;
    Duration start_up{};                     // until Node::start
    bool terminal = false;                   // its standard input, output and error are one terminal
    std::optional<std::string> output_file;  // `> FILE`
    bool append_output = false;              // `>> FILE`
    std::optional<ProcessId> output_to;      // `| next`
};

struct Process {
    ProcessId id = 0;
    ProcessOptions options;
    std::unique_ptr<node::Node> node;
    ProcessState state = ProcessState::Loading;
    int exit_code = 0;
    bool wants_input = false;  // it has begun to read standard input
    Instant wants_input_since;
    std::deque<Errand> unread;  // typed before it reads
    bool exiting = false;
    bool watched = false;  // somebody reads its terminal: log lines are kept in any case
    Instant started;       // when it was spawned
    Instant ended;
    std::string stdout_text;  // of a terminal: all that it shows, the echo of what is typed too
    std::string stderr_text;
    std::map<std::string, std::string, std::less<>> logs;  // "", "controller", "state-change", "log-cleaner"
    std::vector<Event> backlog;                            // what came while it was paused
    uint64_t waited = 0;                                   // how much came in its last pause
    std::vector<sim::TimerId> timers;
    std::vector<node::Tag> timer_tags;
    std::vector<uint32_t> free_timers;

    bool alive() const { return state != ProcessState::Ended; }
};

}  // namespace kafkasim::sim
