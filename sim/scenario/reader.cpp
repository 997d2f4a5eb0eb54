// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/reader.hpp"

#include <limits>
#include <nlohmann/json.hpp>

#include "core/broker/replication_rules.hpp"
#include "sim/scenario/fields.hpp"
#include "sim/scenario/story.hpp"

namespace kafkasim::sim::scenario {

namespace {

std::string name_of(const std::string& path) {
    std::string name = path.substr(path.find_last_of('/') + 1);
    constexpr std::string_view kExtension = ".json";
    if (name.ends_with(kExtension)) name.resize(name.size() - kExtension.size());
    return name;
}

/// The file without its steps.
std::string head_of(const Located& root, const Reading& reading) {
    nlohmann::ordered_json head = nlohmann::ordered_json::object();
    for (const LocatedMember& member : root.members) {
        if (member.key != "steps")
            head[member.key] = nlohmann::ordered_json::parse(reading.source_of(member.value), nullptr, false);
    }
    return head.dump();
}

void read_start_time(Reading& reading, const Located* value, Scenario& scenario) {
    const auto text = read_text(reading, value);
    if (!text) return;
    const auto clock = WallClock::parse(*text);
    if (clock)
        scenario.clock = *clock;
    else
        reading.problem(*value, "\"" + *text + "\" is not a time with an offset",
                        "ISO 8601: \"2022-01-01T01:08:00+09:00\"");
}

/// A rule set's name, or that and how the Isr is changed.
void read_rules(Reading& reading, const Located* value, Scenario& scenario) {
    if (value == nullptr) return;
    const std::vector<std::string_view> allowed = broker::rule_set_names();
    std::optional<std::string> replication;
    if (value->is(Located::Kind::Object)) {
        const Fields fields(reading, *value, kRules);
        replication = read_word(reading, fields["replication"], allowed, "a rule set");
        const auto changes =
            read_word(reading, fields["isr_changes"], {"alter-isr", "zookeeper"}, "a way to change the Isr");
        if (changes) scenario.cluster.every_broker.emplace(broker::kIsrChangesSetting, *changes);
    } else {
        replication = read_word(reading, value, allowed, "a rule set");
    }
    if (replication) scenario.cluster.every_broker.emplace(broker::kRulesSetting, *replication);
}

void read_steps(Reading& reading, const Located* value, Scenario& scenario) {
    if (value == nullptr) return;
    if (!value->is(Located::Kind::Array))
        return reading.problem(*value, "found " + Reading::kind_of(*value), "a list of steps");
    Story story(reading);
    const auto add = [&](std::optional<Step> step, const Located& item) {
        if (!step) return story.skip(item);
        story.tell(*step, item);
        scenario.steps.push_back(std::move(*step));
    };
    for (const Located& item : value->items) {
        if (is_repeat(item)) {
            for (RepeatedStep& repeated : read_repeat(reading, item)) add(std::move(repeated.step), *repeated.value);
        } else {
            add(read_step(reading, item), item);
        }
    }
}

}  // namespace

std::string Problem::text() const {
    std::string text =
        std::to_string(line) + ":" + std::to_string(column) + ": " + (pointer.empty() ? "" : pointer + ": ") + found;
    if (!suggestion.empty()) text += "; did you mean \"" + suggestion + "\"?";
    if (!allowed.empty()) text += std::string(suggestion.empty() ? "." : "") + " Allowed: " + allowed;
    return text;
}

ReadResult read_scenario(std::string_view json_text, std::string path) {
    const LocatedText located = read_located(json_text);
    if (!located.root) {
        const Place place = place_of(json_text, located.error.at);
        return {std::nullopt,
                {Problem{place.line, place.column, "", "this is not JSON: " + located.error.found, "", ""}}};
    }
    const Located& root = *located.root;
    Reading reading(json_text, root);
    const Fields fields(reading, root, kFile);
    Scenario scenario;
    scenario.name = name_of(path);
    scenario.path = std::move(path);
    scenario.title = read_words(reading, fields["title"]);
    scenario.about = read_words(reading, fields["about"]);
    scenario.seed = static_cast<uint64_t>(
        read_integer(reading, fields["seed"], 0, std::numeric_limits<int64_t>::max()).value_or(1));
    read_text(reading, fields["$schema"]);
    read_start_time(reading, fields["start_time"], scenario);
    read_cluster(reading, fields["cluster"], scenario);
    read_rules(reading, fields["rules"], scenario);
    read_breaks(reading, fields["breaks"], fields["invariants"], scenario);
    read_pin(reading, fields["pin"], scenario.pin);
    read_steps(reading, fields["steps"], scenario);
    scenario.head = head_of(root, reading);
    ReadResult result;
    result.problems = reading.take_problems();
    if (result.problems.empty()) result.scenario = std::move(scenario);
    return result;
}

}  // namespace kafkasim::sim::scenario
