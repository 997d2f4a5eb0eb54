// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reading the trace: the chain of causes of an event, the notes that hang below events and their fields. Used by
// everything in this folder.

#include <string>
#include <string_view>
#include <vector>

#include "sim/trace/trace.hpp"

namespace kafkasim::sim {

/// From the root to the event itself. A chain ends where the trace does not reach further back.
std::vector<const TraceEvent*> chain_of(const Trace& trace, uint64_t event);

/// The notes that were made while an event was handled.
std::vector<const TraceEvent*> notes_below(const Trace& trace, const TraceEvent& event);

/// Notes of a kind with ids in (after, until].
std::vector<const TraceEvent*> notes_between(const Trace& trace, node::NoteKind kind, uint64_t after, uint64_t until);

/// A note's field as text; empty if there is none.
std::string field(const TraceEvent& note, std::string_view name);
/// A note's field as a number; -1 if there is none.
int64_t number(const TraceEvent& note, std::string_view name);

/// The value of `--topic`, `--group` ... in a command line; empty if it is not there.
std::string option_of(const std::string& command, std::string_view option);

}  // namespace kafkasim::sim
