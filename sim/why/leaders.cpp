// SPDX-License-Identifier: Apache-2.0
// Why leaders and Isrs changed.
#include <fmt/format.h>

#include <map>

#include "sim/why/explanations.hpp"

namespace kafkasim::sim {

namespace {

std::string leader_name(const std::string& id) { return id == "-1" ? "nobody" : "broker " + id; }

bool is_controllers(const World& world, const TraceEvent& note, const std::string& wanted_topic) {
    const std::string topic = field(note, "topic");
    (void)world;
    return wanted_topic.empty() ? !is_internal_topic(topic) : topic == wanted_topic;
}

/// Partitions that changed for the same reason are told together.
struct Change {
    std::string partitions;
    const TraceEvent* note = nullptr;
};

void add(std::map<std::string, Change>& changes, std::vector<std::string>& order, const std::string& what, const TraceEvent& note) {
    Change& change = changes[what];
    const std::string name = field(note, "topic") + "-" + field(note, "partition");
    if (change.note == nullptr) order.push_back(what);
    if (change.partitions.find(name) == std::string::npos) change.partitions += (change.partitions.empty() ? "" : ", ") + name;
    change.note = &note;
}

}  // namespace

std::string why_leaders_and_isrs_changed(const World& world, const Question& question) {
    const std::string topic = option_of(question.command, "--topic");
    std::map<std::string, Change> changes;
    std::vector<std::string> order;
    for (const TraceEvent* note : notes_between(world.trace(), node::NoteKind::LeaderElected, question.after, question.until)) {
        if (!is_controllers(world, *note, topic) || field(*note, "from") == field(*note, "to")) continue;
        add(changes, order, "the leader went from " + leader_name(field(*note, "from")) + " to " + leader_name(field(*note, "to")) + ": " + field(*note, "why"), *note);
    }
    for (const TraceEvent* note : notes_between(world.trace(), node::NoteKind::IsrChanged, question.after, question.until)) {
        if (!is_controllers(world, *note, topic)) continue;
        add(changes, order, "the Isr went from " + field(*note, "from") + " to " + field(*note, "to") + ": " + field(*note, "why"), *note);
    }
    for (const TraceEvent* note : notes_between(world.trace(), node::NoteKind::ElectionFailed, question.after, question.until)) {
        if (!is_controllers(world, *note, topic)) continue;
        add(changes, order, "no leader could be elected: " + field(*note, "why"), *note);
    }
    std::string text;
    for (const std::string& what : order) text += changes[what].partitions + ": " + what + ".\n";
    if (text.empty()) return "";
    return text + "It came about like this:\n" + story_of(world, changes[order.front()].note->id);
}

}  // namespace kafkasim::sim
