// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/recording.hpp"

#include <nlohmann/json.hpp>

namespace kafkasim::sim::scenario {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const std::optional<SeenZnode>& node) {
    if (!node) return nullptr;
    Json json;
    json["data"] = node->data ? Json(*node->data) : Json(nullptr);
    json["version"] = node->version;
    json["ephemeral"] = node->ephemeral;
    json["children"] = node->children;
    return json;
}

Json json_of(const std::optional<SeenFile>& file) {
    if (!file) return nullptr;
    if (file->names) return *file->names;
    return file->text.value_or("");
}

/// In the order in which the step names them, as in a recording of a real cluster.
template <typename Value>
Json json_of(const std::map<std::string, std::optional<Value>>& values, const std::vector<std::string>& order) {
    Json json = Json::object();
    for (const std::string& path : order) {
        if (const auto value = values.find(path); value != values.end()) json[path] = json_of(value->second);
    }
    return json;
}

Json json_of(const Seen& seen, const Step& step) {
    const auto* look = std::get_if<Look>(&step.verb);
    Json json = Json::object();
    if (seen.stdout_text) json["stdout"] = *seen.stdout_text;
    if (seen.stderr_text) json["stderr"] = *seen.stderr_text;
    if (seen.exit_code) json["exit_code"] = *seen.exit_code;
    if (seen.met) json["met"] = *seen.met;
    if (seen.looked_at_znodes)
        json["znodes"] = seen.znodes && look != nullptr ? json_of(*seen.znodes, look->znodes) : Json(nullptr);
    if (seen.lines) json["lines"] = *seen.lines;
    if (seen.files && look != nullptr) json["files"] = json_of(*seen.files, look->files);
    if (!seen.terminals.empty()) json["terminals"] = seen.terminals;
    if (!seen.chosen.empty()) json["chosen"] = seen.chosen;
    if (seen.ms) json["ms"] = *seen.ms;
    return json;
}

}  // namespace

std::string recording_text(const Scenario& scenario, const RunResult& result) {
    Json recording = Json::parse(scenario.head, nullptr, false);
    if (!recording.is_object()) recording = Json::object();
    Json steps = Json::array();
    for (const StepResult& step : result.steps) {
        Json json = Json::parse(scenario.steps[step.number - 1].source, nullptr, false);
        json["seen"] = json_of(step.seen, scenario.steps[step.number - 1]);
        steps.push_back(std::move(json));
    }
    recording["steps"] = std::move(steps);
    return recording.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace kafkasim::sim::scenario
