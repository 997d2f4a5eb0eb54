// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/compare.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "sim/scenario/normal_form.hpp"
#include "sim/scenario/text_pattern.hpp"

namespace kafkasim::sim::scenario {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<const char*, 8> kFields{"stdout", "stderr", "exit_code", "ms", "met", "znodes", "lines", "files"};

int time_class(int64_t ms) {
    constexpr std::array<int64_t, 3> kLimits{1000, 9000, 25000};  // at once, seconds, a session timeout; else longer
    int result = 0;
    while (result < 3 && ms >= kLimits[static_cast<size_t>(result)]) ++result;
    return result;
}

/// A znode's data or a file: JSON as a value.
Json as_value(Side& side, const Json& value) {
    if (!value.is_string()) return value;
    const std::string plain = side.chance.plain(value.get<std::string>());
    Json json = Json::parse(plain, nullptr, false);
    return json.is_discarded() ? Json(plain) : json;
}

Json normal_znodes(Side& side, const Json& znodes) {
    Json result = znodes;
    for (const auto& [path, node] : znodes.items()) {
        if (node.is_object() && node.contains("data")) result[path]["data"] = as_value(side, node["data"]);
    }
    return result;
}

Json normal_files(Side& side, const Json& files) {
    Json result = files;
    for (const auto& [path, file] : files.items()) {
        const bool checkpoint = path.ends_with("checkpoint") && file.is_string();
        if (!checkpoint) {
            result[path] = as_value(side, file);
            continue;
        }
        Lines lines = lines_in(file.get<std::string>());  // its partitions are in no order
        std::sort(lines.begin(), lines.end());
        result[path] = lines;
    }
    return result;
}

Json normal_lines(Side& side, const Json& step, const Json& value) {
    Lines lines;
    for (const Json& line : value) lines.push_back(line.is_string() ? line.get<std::string>() : line.dump());
    const bool terminal = step.contains("look") && step["look"].is_object() && step["look"].contains("terminal");
    return terminal ? normal_screen(side, lines) : normal_log(side, lines);
}

Json normal_form(Side& side, const Json& step, const std::string& command, const std::string& field,
                 const Json& value) {
    if (field == "stdout" && value.is_string()) return normal_output(side, command, value.get<std::string>());
    if (field == "stderr" && value.is_string()) return normal_errors(side, command, value.get<std::string>());
    if (field == "lines" && value.is_array()) return normal_lines(side, step, value);
    if (field == "znodes" && value.is_object()) return normal_znodes(side, value);
    if (field == "files" && value.is_object()) return normal_files(side, value);
    return value;
}

void collect_ids(ChanceValues& chance, const Json& value) {
    if (value.is_string()) chance.collect_ids(value.get_ref<const std::string&>());
    if (!value.is_structured()) return;
    for (const Json& item : value) collect_ids(chance, item);
}

Side side_of(const Json& recording) {
    Side side;
    collect_ids(side.chance, recording);
    if (!recording.contains("pin") || !recording["pin"].is_object() || !recording["pin"].contains("topics"))
        return side;
    for (const auto& [name, topic] : recording["pin"]["topics"].items()) {
        if (topic.contains("id") && topic["id"].is_string()) side.chance.add_id(topic["id"].get<std::string>());
        side.partitions[name] = topic.contains("assignment") ? topic["assignment"].size() : 0;
    }
    return side;
}

/// A recording, and what runs in the background of its terminals as its steps are gone through.
struct Reader {
    Side side;
    std::map<std::string, std::string> background;

    /// The command whose output the step shows: a press shows what runs in its terminal.
    std::string command_of(const Json& step) {
        const std::string terminal = step.value("terminal", std::string("main"));
        const std::string run = step.value("run", std::string());
        if (step.value("background", false)) background[terminal] = run;
        if (!run.empty() || !step.contains("press")) return run;
        return background[terminal];
    }
};

bool is_timed(const Json& step) {
    const bool waits_a_time = step.contains("wait") && step["wait"].is_string();
    return !step.contains("for") && !step.contains("start") && !step.contains("press") && !waits_a_time;
}

/// The names after `field:` in `volatile`; whether the field as a whole is volatile.
bool volatile_parts(const Json& step, const std::string& field, std::vector<std::string>& parts) {
    if (!step.contains("volatile")) return false;
    for (const Json& item : step["volatile"]) {
        if (!item.is_string()) continue;
        const std::string hidden = item.get<std::string>();
        if (hidden == field) return true;
        if (hidden.starts_with(field + ":")) parts.push_back(hidden.substr(field.size() + 1));
    }
    return false;
}

/// As a value, in which the order of an object's members does not count.
nlohmann::json value_of(const Json& json) {
    return nlohmann::json::parse(json.dump(-1, ' ', false, Json::error_handler_t::replace), nullptr, false);
}

std::string shown(const nlohmann::json& value) {
    return value.dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
}

class Comparison {
public:
    Comparison(const Json& left, const Json& right) : left_{side_of(left), {}}, right_{side_of(right), {}} {}

    void step(size_t number, const Json& left, const Json& right) {
        const std::string left_command = left_.command_of(left);
        const std::string right_command = right_.command_of(right);
        const Json nothing = Json::object();
        const Json& left_seen = left.contains("seen") ? left["seen"] : nothing;
        const Json& right_seen = right.contains("seen") ? right["seen"] : nothing;
        for (const std::string field : kFields) {
            std::vector<std::string> hidden;
            if (volatile_parts(left, field, hidden)) continue;
            const bool in_left = left_seen.contains(field);
            const bool in_right = right_seen.contains(field);
            if (!in_left && !in_right) continue;
            if (field == "ms" && (!in_left || !in_right || !is_timed(left) ||
                                  same_time(left_seen[field].get<int64_t>(), right_seen[field].get<int64_t>())))
                continue;
            Json left_text = in_left ? left_seen[field] : Json(nullptr);
            Json right_text = in_right ? right_seen[field] : Json(nullptr);
            if (field == "stderr" && left_text.is_string() && right_text.is_string())
                cut_alike(left_text.get_ref<std::string&>(), right_text.get_ref<std::string&>());
            Json l = normal_form(left_.side, left, left_command, field, left_text);
            Json r = normal_form(right_.side, right, right_command, field, right_text);
            for (const std::string& name : hidden) {
                if (l.is_object()) l.erase(name);
                if (r.is_object()) r.erase(name);
            }
            const nlohmann::json left_value = value_of(l), right_value = value_of(r);
            if (left_value != right_value)
                differences_.push_back({number, field, shown(left_value), shown(right_value)});
        }
    }

    std::vector<Difference> take() { return std::move(differences_); }

private:
    Reader left_;
    Reader right_;
    std::vector<Difference> differences_;
};

}  // namespace

std::string Difference::text() const {
    return "step " + std::to_string(step) + ", " + field + ":\n--- left\n" + left + "\n--- right\n" + right + "\n";
}

bool same_time(int64_t left_ms, int64_t right_ms) {
    constexpr int64_t kAboutTheSame = 4000;  // starting a JVM takes that on a busy machine
    const int64_t apart = left_ms > right_ms ? left_ms - right_ms : right_ms - left_ms;
    return time_class(left_ms) == time_class(right_ms) || apart < kAboutTheSame;
}

std::vector<Difference> compare_recordings(std::string_view left_json, std::string_view right_json) {
    const Json left = Json::parse(left_json, nullptr, false);
    const Json right = Json::parse(right_json, nullptr, false);
    const auto is_recording = [](const Json& json) {
        return json.is_object() && json.contains("steps") && json["steps"].is_array();
    };
    if (!is_recording(left) || !is_recording(right)) {
        return {{0, "recording", is_recording(left) ? "a recording" : "not a recording",
                 is_recording(right) ? "a recording" : "not a recording"}};
    }
    Comparison comparison(left, right);
    const size_t count = std::min(left["steps"].size(), right["steps"].size());
    for (size_t i = 0; i < count; ++i) comparison.step(i + 1, left["steps"][i], right["steps"][i]);
    std::vector<Difference> differences = comparison.take();
    if (left["steps"].size() != right["steps"].size()) {
        differences.insert(differences.begin(), {0, "number of steps", std::to_string(left["steps"].size()),
                                                 std::to_string(right["steps"].size())});
    }
    return differences;
}

}  // namespace kafkasim::sim::scenario
