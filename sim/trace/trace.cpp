// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/trace.hpp"

#include <algorithm>

namespace kafkasim::sim {

std::string_view name_of(TraceKind kind) {
    switch (kind) {
        case TraceKind::Step:
            return "step";
        case TraceKind::Started:
            return "started";
        case TraceKind::Ended:
            return "ended";
        case TraceKind::Paused:
            return "paused";
        case TraceKind::Resumed:
            return "resumed";
        case TraceKind::Signal:
            return "signal";
        case TraceKind::Connected:
            return "connected";
        case TraceKind::Disconnected:
            return "disconnected";
        case TraceKind::Message:
            return "message";
        case TraceKind::Timer:
            return "timer";
        case TraceKind::Input:
            return "input";
        case TraceKind::Printed:
            return "printed";
        case TraceKind::Log:
            return "log";
        case TraceKind::Note:
            return "note";
        case TraceKind::Fault:
            return "fault";
    }
    return "?";
}

const TraceEvent* Trace::find(uint64_t id) const {
    const auto at = std::lower_bound(events_.begin(), events_.end(), id,
                                     [](const TraceEvent& event, uint64_t wanted) { return event.id < wanted; });
    return at != events_.end() && at->id == id ? &*at : nullptr;
}

}  // namespace kafkasim::sim
