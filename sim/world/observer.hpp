// SPDX-License-Identifier: Apache-2.0
#pragma once
// Somebody who is told of each event that a node handles, before and after: what checks a run while it goes on
// (sim/invariants). It only looks. Called by World, which asks nobody if there is none.

#include <cstdint>

#include "core/protocol/message.hpp"

namespace kafkasim::sim {

struct Process;
class World;

class WorldObserver {
public:
    virtual ~WorldObserver() = default;
    /// The process is about to be given this message.
    virtual void message_arrives(const Process& process, const protocol::Body& message) = 0;
    /// The process has handled the trace event of that id; it may have ended by it.
    virtual void handled(const World& world, const Process& process, uint64_t event) = 0;
};

}  // namespace kafkasim::sim
