// SPDX-License-Identifier: Apache-2.0
#pragma once
// What happened in ZooKeeper during a chain: each change of a broker's, the controller's or a partition's znode, in
// order, by the act of the scenario that it followed; and the same as a text to approve, with epochs and versions and
// how long after the act each came (by class: at once, seconds, a session timeout, longer). It reads the trace.

#include <fmt/format.h>

#include <string>
#include <variant>
#include <vector>

#include "core/node/note.hpp"
#include "core/zookeeper/znodes.hpp"
#include "sim/scenario/runner.hpp"
#include "sim/trace/trace.hpp"

namespace kafkasim::sim::event_chains {

struct Change {
    Instant at;
    int64_t ms = 0;  // since the act
    std::string path;
    int64_t version = -1;  // -1: the znode is gone
    std::string data;
};

/// What a step does to the cluster, and what came of it until the next one. The first is the start of everything.
struct Act {
    std::string did;
    Instant at;
    std::vector<Change> changes;
};

inline std::string field(const node::Note& note, std::string_view name) {
    const node::FieldValue* value = node::find(note, name);
    return value == nullptr ? std::string() : node::text_of(*value);
}

/// "/brokers/topics/T/partitions/P/state" is "T-P"; __consumer_offsets is no matter here.
inline std::string partition_of(const std::string& path) {
    constexpr std::string_view kTopics = "/brokers/topics/";
    constexpr std::string_view kMiddle = "/partitions/";
    if (!path.starts_with(kTopics) || !path.ends_with("/state")) return "";
    const size_t middle = path.find(kMiddle);
    const std::string topic = path.substr(kTopics.size(), middle - kTopics.size());
    if (topic.starts_with("__")) return "";
    const size_t number = middle + kMiddle.size();
    return topic + "-" + path.substr(number, path.rfind('/') - number);
}

/// Of a registration, a create and a set in one transaction, both notes tell what the second one left.
inline bool matters(const Change& change) {
    if (change.path.starts_with("/brokers/ids/")) return change.version != 0;
    return change.path == "/controller" || (change.path == "/controller_epoch" && change.version > 0) ||
           !partition_of(change.path).empty();
}

inline std::string text_of(const Change& change) {
    const std::string& path = change.path;
    const std::string name = partition_of(path).empty() ? path : partition_of(path);
    if (change.version < 0) return name + " is gone";
    if (path == "/controller") {
        const auto controller = zookeeper::decode_controller(change.data);
        return "/controller: broker " + (controller ? to_string(controller->broker) : "?");
    }
    if (path == "/controller_epoch") return fmt::format("/controller_epoch {} v{}", change.data, change.version);
    const auto state = zookeeper::decode_partition_state(change.data);
    if (!state) return fmt::format("{} v{}", path, change.version);
    return fmt::format("{} v{}: leader {}, Isr {}, leader epoch {}, controller epoch {}", name, change.version,
                       state->leader_and_isr.leader.value, join(state->leader_and_isr.isr),
                       state->leader_and_isr.leader_epoch, state->controller_epoch);
}

/// "" if the step only waits or looks.
inline std::string act_text(const scenario::Step& step) {
    using namespace scenario;
    if (const auto* start = std::get_if<Start>(&step.verb)) return "start " + start->process;
    if (const auto* stop = std::get_if<Stop>(&step.verb)) return "stop " + stop->process;
    if (const auto* kill = std::get_if<Kill>(&step.verb)) return "kill " + kill->process;
    if (const auto* pause = std::get_if<Pause>(&step.verb)) return "pause " + pause->process;
    if (const auto* resume = std::get_if<Resume>(&step.verb)) return "resume " + resume->process;
    if (const auto* run = std::get_if<Run>(&step.verb)) return "run " + run->command;
    return "";
}

inline std::vector<Act> acts_of(const World& world, const scenario::Scenario& scenario,
                                const scenario::RunResult& result) {
    std::vector<Act> acts{{"start of the cluster", Instant{}, {}}};
    size_t step = 0;
    for (const TraceEvent& event : world.trace().events()) {
        for (; step < result.steps.size() && event.at >= result.steps[step].from; ++step) {
            const std::string did = act_text(scenario.steps[step]);
            if (!did.empty()) acts.push_back({did, result.steps[step].from, {}});
        }
        if (event.kind != TraceKind::Note || event.note.kind != node::NoteKind::ZnodeChanged) continue;
        Change change{event.at, millis_of(event.at - acts.back().at), field(event.note, "path"),
                      std::stoll(field(event.note, "version")), field(event.note, "data")};
        std::vector<Change>& changes = acts.back().changes;
        const bool again = !changes.empty() && changes.back().path == change.path &&
                           changes.back().version == change.version && changes.back().data == change.data;
        if (matters(change) && !again) changes.push_back(std::move(change));
    }
    return acts;
}

inline std::string time_class(int64_t ms) {
    return ms < 1000 ? "at once" : ms < 9000 ? "seconds" : ms < 25000 ? "a session timeout" : "longer";
}

inline std::string story(const std::string& title, const std::vector<Act>& acts) {
    std::string text = title + "\n";
    for (const Act& act : acts) {
        text += "\n" + act.did + "\n";
        for (const Change& change : act.changes)
            text += fmt::format("    {:<18} {}\n", time_class(change.ms), text_of(change));
    }
    return text;
}

}  // namespace kafkasim::sim::event_chains
