// SPDX-License-Identifier: Apache-2.0
#pragma once
// The trace read backwards: the chain of causes of an event and what it says in words. Used by the explanations of this folder.

#include <string>
#include <vector>

#include "sim/scenario/scenario.hpp"
#include "sim/world/world.hpp"

namespace kafkasim::sim {

/// From the root to the event itself. A chain ends where the trace does not reach further back.
std::vector<const TraceEvent*> chain_of(const Trace& trace, uint64_t event);

/// The chain as a numbered story: one line for each link that a person would tell, with its time.
std::string story_of(const World& world, uint64_t event);

/// A note's field as text; empty if there is none.
std::string field(const TraceEvent& event, std::string_view name);
int64_t number(const TraceEvent& event, std::string_view name);

/// The value of `--topic`, `--group` ... in a command line; empty if it is not there.
std::string option_of(const std::string& command, std::string_view option);

/// "stopped at 01:09:13 (step 7)" for a process that does not run; empty if it runs.
std::string end_of(const World& world, const std::string& process);

/// Notes of a kind with ids in (after, until].
std::vector<const TraceEvent*> notes_between(const Trace& trace, node::NoteKind kind, uint64_t after, uint64_t until);

}  // namespace kafkasim::sim
