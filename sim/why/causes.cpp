// SPDX-License-Identifier: Apache-2.0
#include "sim/why/causes.hpp"

#include <algorithm>

namespace kafkasim::sim {

std::vector<const TraceEvent*> chain_of(const Trace& trace, uint64_t id) {
    std::vector<const TraceEvent*> chain;
    for (const TraceEvent* event = trace.find(id); event != nullptr;
         event = event->cause == 0 ? nullptr : trace.find(event->cause))
        chain.push_back(event);
    std::reverse(chain.begin(), chain.end());
    return chain;
}

std::vector<const TraceEvent*> notes_below(const Trace& trace, const TraceEvent& event) {
    std::vector<const TraceEvent*> notes;
    const TraceEvent* end = trace.events().data() + trace.events().size();
    for (const TraceEvent* next = &event + 1; next < end && next->cause == event.id; ++next) {
        if (next->kind == TraceKind::Note) notes.push_back(next);
    }
    return notes;
}

std::vector<const TraceEvent*> notes_between(const Trace& trace, node::NoteKind kind, uint64_t after, uint64_t until) {
    std::vector<const TraceEvent*> notes;
    const auto& events = trace.events();
    auto at = std::upper_bound(events.begin(), events.end(), after,
                               [](uint64_t id, const TraceEvent& event) { return id < event.id; });
    for (; at != events.end() && at->id <= until; ++at) {
        if (at->kind == TraceKind::Note && at->note.kind == kind) notes.push_back(&*at);
    }
    return notes;
}

std::string field(const TraceEvent& event, std::string_view name) {
    const node::FieldValue* value = node::find(event.note, name);
    return value == nullptr ? std::string() : node::text_of(*value);
}

int64_t number(const TraceEvent& event, std::string_view name) {
    const node::FieldValue* value = node::find(event.note, name);
    const auto* whole = value == nullptr ? nullptr : std::get_if<int64_t>(value);
    return whole == nullptr ? -1 : *whole;
}

std::string option_of(const std::string& command, std::string_view option) {
    const size_t at = command.find(option);
    if (at == std::string::npos) return "";
    const size_t first = command.find_first_not_of(" =", at + option.size());
    if (first == std::string::npos) return "";
    return command.substr(first, command.find(' ', first) - first);
}

}  // namespace kafkasim::sim
