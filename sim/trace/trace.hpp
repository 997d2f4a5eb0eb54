// SPDX-License-Identifier: Apache-2.0
#pragma once
// What happened, in order: each event has an id, a virtual time, the process it happened to and the id of the event
// that caused it. From this one stream come
// the transcript, JSON Lines and the answers to "why". Causes: a message is caused by the event in which it was
// sent, a timer by the event that armed
// it, a note by the event that was being handled, a scenario's step by nothing.
// The world writes it; how much is kept is `TraceLevel`, and with None nothing is built.

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/time.hpp"
#include "core/node/note.hpp"

namespace kafkasim::sim {

enum class TraceLevel : uint8_t {
    None,   // only the digest
    Notes,  // what "why" needs: every event's id, cause and name, and the notes
    Full,   // message contents as well
};

enum class TraceKind : uint8_t {
    Step,     // a scenario's step begins; name: its verb
    Started,  // a process runs; text: its command line
    Ended,    // text: exit code
    Paused,
    Resumed,
    Signal,  // name: SIGINT, SIGTERM, SIGKILL
    Connected,
    Disconnected,  // name: why
    Message,       // name: FetchRequest; peer: the sender
    Timer,
    Input,    // text: the line
    Printed,  // name: stdout or stderr
    Log,      // name: the logger; text: level and line
    Note,
    Fault,  // name: cut, hold ...; text: what it touched
};

std::string_view name_of(TraceKind kind);

inline constexpr uint32_t kNoProcess = UINT32_MAX;

struct TraceEvent {
    uint64_t id = 0;
    uint64_t cause = 0;  // 0: nothing in the run
    Instant at;
    uint32_t process = kNoProcess;
    uint32_t peer = kNoProcess;
    TraceKind kind = TraceKind::Step;
    std::string name;
    std::string text;
    node::Note note{};
};

/// Events by id: ids grow, but only what the level keeps is there.
class Trace {
public:
    void add(TraceEvent event) { events_.push_back(std::move(event)); }
    const std::vector<TraceEvent>& events() const { return events_; }
    /// nullptr if it was not kept.
    const TraceEvent* find(uint64_t id) const;

private:
    std::vector<TraceEvent> events_;
};

}  // namespace kafkasim::sim
