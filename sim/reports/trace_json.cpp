// SPDX-License-Identifier: Apache-2.0
#include "sim/reports/trace_json.hpp"

#include <nlohmann/json.hpp>

namespace kafkasim::sim {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const node::Note& note) {
    Json fields = Json::object();
    for (const auto& [name, value] : note.fields) {
        std::visit([&, key = std::string(name)](const auto& plain) { fields[key] = plain; }, value);
    }
    return fields;
}

std::string line_of(const World& world, const TraceEvent& event) {
    Json line;
    line["id"] = event.id;
    line["cause"] = event.cause;
    line["at_us"] = event.at.time_since_epoch().count();
    if (event.process != kNoProcess) line["process"] = world.process(event.process).options.name;
    if (event.peer != kNoProcess) line["peer"] = world.process(event.peer).options.name;
    line["kind"] = std::string(name_of(event.kind));
    if (!event.name.empty()) line["name"] = event.name;
    if (!event.text.empty()) line["text"] = event.text;
    if (event.kind == TraceKind::Note) line["note"] = json_of(event.note);
    return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

void write_trace(const World& world, const std::function<void(const std::string&)>& sink) {
    for (const TraceEvent& event : world.trace().events()) sink(line_of(world, event));
}

}  // namespace kafkasim::sim
