// SPDX-License-Identifier: Apache-2.0
#include "sim/why/causes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kafkasim::sim {

namespace {

std::string name_of(const World& world, uint32_t process) {
    return process == kNoProcess ? std::string("the scenario") : world.process(process).options.name;
}

std::string plain_name(const std::string& message) {
    for (const std::string_view ending : {"Request", "Response"}) {
        if (message.ends_with(ending)) return message.substr(0, message.size() - ending.size());
    }
    return message;
}

bool is_answer(const std::string& message) { return message.ends_with("Response"); }

/// A link of a chain in words; empty for links that only carry the story on.
std::string link_text(const World& world, const TraceEvent& event) {
    const std::string who = name_of(world, event.process);
    switch (event.kind) {
        case TraceKind::Step: return event.text.empty() ? "" : "step " + event.text + ": " + event.name;
        case TraceKind::Signal: return who + " receives " + event.name;
        case TraceKind::Started: return who + " starts";
        case TraceKind::Ended: return who + " ends with exit code " + event.text;
        case TraceKind::Message: {
            const std::string from = name_of(world, event.peer);
            if (event.name == "ZkWatchEvent") return from + " tells " + who + " that a watched znode has changed";
            return is_answer(event.name) ? from + " answers " + who + ": " + plain_name(event.name) : from + " asks " + who + ": " + plain_name(event.name);
        }
        case TraceKind::Input: return "a line is typed to " + who;
        case TraceKind::Disconnected: return "a connection of " + who + " is " + event.name;
        case TraceKind::Paused: return who + " is paused";
        case TraceKind::Resumed: return who + " goes on";
        case TraceKind::Timer: return "a timer of " + who + " goes off";
        case TraceKind::Connected:
        case TraceKind::Printed:
        case TraceKind::Log:
        case TraceKind::Note:
        case TraceKind::Fault: return "";
    }
    return "";
}

/// What was noted while an event was handled, as far as it drives a story.
std::string note_text(const World& world, const TraceEvent& event) {
    using node::NoteKind;
    switch (event.note.kind) {
        case NoteKind::SessionExpired:
            return "ZooKeeper has heard nothing of " + field(event, "owner") + " for its session timeout: the session expires and its ephemeral znodes go";
        case NoteKind::SessionClosed: return "the session of " + field(event, "owner") + " is closed and its ephemeral znodes go";
        case NoteKind::BrokerFailed: return "the controller, " + name_of(world, event.process) + ", sees that broker " + field(event, "broker") + " has gone";
        case NoteKind::BrokerAppeared: return "the controller, " + name_of(world, event.process) + ", sees broker " + field(event, "broker");
        case NoteKind::BrokerShuttingDown: return "the controller, " + name_of(world, event.process) + ", is asked to let broker " + field(event, "broker") + " shut down";
        case NoteKind::ControllerElected: return "broker " + field(event, "broker") + " becomes controller, epoch " + field(event, "epoch");
        default: return "";
    }
}

}  // namespace

std::vector<const TraceEvent*> chain_of(const Trace& trace, uint64_t id) {
    std::vector<const TraceEvent*> chain;
    for (const TraceEvent* event = trace.find(id); event != nullptr; event = event->cause == 0 ? nullptr : trace.find(event->cause)) chain.push_back(event);
    std::reverse(chain.begin(), chain.end());
    return chain;
}

std::string story_of(const World& world, uint64_t id) {
    constexpr size_t kLongest = 14;
    const Trace& trace = world.trace();
    std::vector<std::string> lines;
    for (const TraceEvent* event : chain_of(trace, id)) {
        const auto tell = [&](const std::string& text, Instant at) {
            const std::string line = world.clock().time_of_day(at) + "  " + text;
            if (!text.empty() && (lines.empty() || lines.back() != line)) lines.push_back(line);
        };
        tell(link_text(world, *event), event->at);
        // Notes hang below the event that was being handled; they follow it in the trace until the next event that is none.
        for (const TraceEvent* note = event + 1; note <= &trace.events().back() && note->cause == event->id; ++note) {
            if (note->kind == TraceKind::Note && note->id <= id) tell(note_text(world, *note), note->at);
        }
    }
    if (lines.size() > kLongest) {
        const size_t left_out = lines.size() - kLongest;
        lines.erase(lines.begin() + 2, lines.begin() + 2 + static_cast<std::ptrdiff_t>(left_out));
        lines.insert(lines.begin() + 2, fmt::format("… {} links …", left_out));
    }
    std::string text;
    for (const std::string& line : lines) text += "  " + line + "\n";
    return text;
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

std::string end_of(const World& world, const std::string& name) {
    if (world.find(name)) return "";
    const auto& events = world.trace().events();
    std::string step;
    std::string end;
    for (const TraceEvent& event : events) {
        if (event.kind == TraceKind::Step && !event.text.empty()) step = event.text;
        if (event.kind != TraceKind::Ended || world.process(event.process).options.name != name) continue;
        end = "ended at " + world.clock().time_of_day(event.at) + (step.empty() ? "" : " (step " + step + ")");
    }
    return end;
}

std::vector<const TraceEvent*> notes_between(const Trace& trace, node::NoteKind kind, uint64_t after, uint64_t until) {
    std::vector<const TraceEvent*> notes;
    const auto& events = trace.events();
    auto at = std::upper_bound(events.begin(), events.end(), after, [](uint64_t id, const TraceEvent& event) { return id < event.id; });
    for (; at != events.end() && at->id <= until; ++at) {
        if (at->kind == TraceKind::Note && at->note.kind == kind) notes.push_back(&*at);
    }
    return notes;
}

}  // namespace kafkasim::sim
