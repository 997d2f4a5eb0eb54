// SPDX-License-Identifier: Apache-2.0
#include "sim/lab/act.hpp"

#include <nlohmann/json.hpp>

namespace kafkasim::sim::lab {

namespace {

using Json = nlohmann::ordered_json;

std::string time_text(Duration time) {
    const int64_t ms = millis_of(time);
    return ms % 1000 == 0 ? std::to_string(ms / 1000) + "s" : std::to_string(ms) + "ms";
}

Json hosts(const std::vector<std::string>& between, const std::string& from, const std::string& to) {
    if (!from.empty()) return Json{{"from", from}, {"to", to}};
    return between;
}

Json lines(const std::vector<scenario::TypedLine>& typed) {
    Json json = Json::array();
    for (const scenario::TypedLine& line : typed) {
        if (line.wait == Duration{})
            json.push_back(line.text);
        else
            json.push_back(Json::array({time_text(line.wait), line.text}));
    }
    return json;
}

/// The verbs that a person in the lab has; each adds its key, and what stands beside it.
struct Writer {
    Json& json;

    void operator()(const scenario::Start& verb) const { json["start"] = verb.process; }
    void operator()(const scenario::Stop& verb) const { json["stop"] = verb.process; }
    void operator()(const scenario::Kill& verb) const { json["kill"] = verb.process; }
    void operator()(const scenario::Pause& verb) const { json["pause"] = verb.process; }
    void operator()(const scenario::Resume& verb) const { json["resume"] = verb.process; }
    void operator()(const scenario::PowerOff& verb) const { json["power_off"] = verb.host; }
    void operator()(const scenario::Run& verb) const {
        json["run"] = verb.command;
        if (verb.tty) json["tty"] = true;
        if (verb.background) json["background"] = true;
    }
    void operator()(const scenario::Wait& verb) const { json["wait"] = time_text(verb.time); }
    void operator()(const scenario::Type& verb) const { json["type"] = lines(verb.lines); }
    void operator()(const scenario::Press& verb) const { json["press"] = verb.key; }
    void operator()(const scenario::Write& verb) const {
        Json write{{"file", verb.file}};
        if (verb.text) write["text"] = *verb.text;
        for (const auto& [key, value] : verb.set) write["set"][key] = value;
        json["write"] = write;
    }
    void operator()(const scenario::Look&) const {}
    void operator()(const scenario::NoteStep& verb) const { json["note"] = verb.text; }
    void operator()(const scenario::Workload&) const {}  // only scenarios have them, and they are written as they stand
    void operator()(const scenario::Cut& verb) const { json["cut"] = hosts(verb.between, verb.from, verb.to); }
    void operator()(const scenario::Heal& verb) const {
        if (!verb.disk.empty()) {
            json["heal"] = Json{{"disk", verb.disk}};
            return;
        }
        json["heal"] = verb.all ? Json("all") : hosts(verb.between, verb.from, verb.to);
    }
    void operator()(const scenario::Slow& verb) const {
        json["slow"] = verb.disk.empty() ? Json{{"between", verb.between}, {"by", time_text(verb.by)}}
                                         : Json{{"disk", verb.disk}, {"by", time_text(verb.by)}};
    }
    void operator()(const scenario::Disk& verb) const {
        json["disk"] = Json{{"of", verb.of}, {"is", verb.is}};
        if (!verb.folder.empty()) json["disk"]["folder"] = verb.folder;
    }
    void operator()(const scenario::Clock& verb) const {
        json["clock"] = Json{{"of", verb.of}, {"by", time_text(verb.by)}};
    }
    void operator()(const scenario::Hold& verb) const {
        json["hold"] = Json{{"request", verb.request}, {"to", verb.to}};
    }
    void operator()(const scenario::Release& verb) const {
        json["release"] = Json{{"request", verb.request}, {"to", verb.to}};
    }
};

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += " " + word;
    return text;
}

struct Describe {
    const scenario::Step& step;

    std::string operator()(const scenario::Start& verb) const { return ":start " + verb.process; }
    std::string operator()(const scenario::Stop& verb) const { return ":stop " + verb.process; }
    std::string operator()(const scenario::Kill& verb) const { return ":kill " + verb.process; }
    std::string operator()(const scenario::Pause& verb) const { return ":pause " + verb.process; }
    std::string operator()(const scenario::Resume& verb) const { return ":resume " + verb.process; }
    std::string operator()(const scenario::PowerOff& verb) const { return ":power-off " + verb.host; }
    std::string operator()(const scenario::Run& verb) const { return "$ " + verb.command; }
    std::string operator()(const scenario::Wait& verb) const { return ":wait " + time_text(verb.time); }
    std::string operator()(const scenario::Type& verb) const {
        std::string text;
        for (const scenario::TypedLine& line : verb.lines) text += (text.empty() ? "> " : "\n> ") + line.text;
        return text;
    }
    std::string operator()(const scenario::Press& verb) const { return verb.key == "Ctrl+C" ? "^C" : "^D"; }
    std::string operator()(const scenario::Write& verb) const { return ":set " + verb.file; }
    std::string operator()(const scenario::Look&) const { return "look"; }
    std::string operator()(const scenario::NoteStep& verb) const { return verb.text; }
    std::string operator()(const scenario::Workload& verb) const { return "workload " + verb.plan.name; }
    std::string operator()(const scenario::Cut& verb) const {
        return verb.from.empty() ? ":cut" + joined(verb.between) : ":cut " + verb.from + " > " + verb.to;
    }
    std::string operator()(const scenario::Heal& verb) const {
        if (verb.all) return ":heal";
        if (!verb.disk.empty()) return ":disk " + verb.disk + " well";
        return verb.from.empty() ? ":heal" + joined(verb.between) : ":heal " + verb.from + " > " + verb.to;
    }
    std::string operator()(const scenario::Slow& verb) const {
        if (!verb.disk.empty()) return ":disk " + verb.disk + " slow " + time_text(verb.by);
        return ":slow" + joined(verb.between) + " " + time_text(verb.by);
    }
    std::string operator()(const scenario::Disk& verb) const { return ":disk " + verb.of + " " + verb.is; }
    std::string operator()(const scenario::Clock& verb) const { return ":clock " + verb.of + " " + time_text(verb.by); }
    std::string operator()(const scenario::Hold& verb) const { return ":hold " + verb.request + " " + verb.to; }
    std::string operator()(const scenario::Release& verb) const { return ":release " + verb.request + " " + verb.to; }
};

/// Lines typed one after another in a terminal are one step.
std::vector<Act> with_lines_joined(const std::vector<Act>& acts) {
    std::vector<Act> joined;
    for (const Act& act : acts) {
        const auto* type = std::get_if<scenario::Type>(&act.step.verb);
        auto* before = joined.empty() || joined.back().kind == Act::Kind::Scenario
                           ? nullptr
                           : std::get_if<scenario::Type>(&joined.back().step.verb);
        const bool joins = type != nullptr && before != nullptr && act.kind == Act::Kind::Person &&
                           joined.back().step.terminal == act.step.terminal;
        if (!joins) {
            joined.push_back(act);
            continue;
        }
        before->lines.push_back(type->lines.front());
        before->lines.back().wait = act.before.value_or(Duration{});
    }
    return joined;
}

Json wait_step(Duration time) { return Json{{"wait", time_text(time)}}; }

}  // namespace

std::string json_of(const scenario::Step& step) {
    Json json;
    std::visit(Writer{json}, step.verb);
    if (step.terminal != "main") json["terminal"] = step.terminal;
    if (step.may_be_idle) json["may_be_idle"] = true;
    return json.dump();
}

std::string text_of(const scenario::Step& step) { return std::visit(Describe{step}, step.verb); }

std::string scenario_text(const scenario::Scenario& scenario, const std::vector<Act>& acts,
                          std::optional<Duration> rest) {
    Json file = Json::parse(scenario.head, nullptr, false);
    if (!file.is_object()) file = Json::object();
    file["seed"] = scenario.seed;
    std::string text = "{\n";
    for (const auto& [key, value] : file.items()) text += "  " + Json(key).dump() + ": " + value.dump() + ",\n";
    text += "  \"steps\": [";
    std::optional<Duration> waiting;
    const char* separator = "\n    ";
    const auto add = [&](const std::string& step) {
        text += separator + step;
        separator = ",\n    ";
    };
    const auto add_wait = [&] {
        if (waiting) add(wait_step(*waiting).dump());
        waiting.reset();
    };
    for (const Act& act : with_lines_joined(acts)) {
        if (act.before) waiting = waiting.value_or(Duration{}) + *act.before;
        const auto* wait = std::get_if<scenario::Wait>(&act.step.verb);
        if (wait != nullptr && act.kind == Act::Kind::Person) {
            waiting = waiting.value_or(Duration{}) + wait->time;
            continue;
        }
        add_wait();
        add(act.kind == Act::Kind::Scenario ? act.step.source : json_of(act.step));
    }
    if (rest) waiting = waiting.value_or(Duration{}) + *rest;
    add_wait();
    return text + "\n  ]\n}\n";
}

}  // namespace kafkasim::sim::lab
