// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/breaks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/broker/replication_rules.hpp"

namespace kafkasim::sim::scenario {

std::string rules_in_force(const Scenario& scenario) {
    const auto chosen = scenario.cluster.every_broker.find(std::string(broker::kRulesSetting));
    return chosen == scenario.cluster.every_broker.end() ? std::string(broker::default_rules().name()) : chosen->second;
}

/// A recording of the run has to say by which rules it was made.
void choose_rules(Scenario& scenario, const std::string& rules) {
    scenario.cluster.every_broker.insert_or_assign(std::string(broker::kRulesSetting), rules);
    auto head = nlohmann::ordered_json::parse(scenario.head, nullptr, false);
    if (!head.is_object()) return;
    const auto written = head.find("rules");
    if (written != head.end() && written->is_object())
        (*written)["replication"] = rules;
    else
        head["rules"] = rules;
    scenario.head = head.dump();
}

std::vector<std::string> must_break(const Scenario& scenario) {
    if (!scenario.breaks) return {};
    const auto named = scenario.breaks->find(rules_in_force(scenario));
    return named == scenario.breaks->end() ? std::vector<std::string>() : named->second;
}

std::vector<std::string> not_as_said(const std::vector<std::string>& must_break, std::string_view rules,
                                     const std::vector<BrokenInvariant>& broken, const WallClock& clock) {
    std::vector<std::string> sentences;
    for (const BrokenInvariant& each : broken) {
        if (each.expected) continue;
        sentences.push_back(
            fmt::format("{} broke, and the scenario does not say so of the rules {}: step {}, {}, event {}: {}",
                        each.violation.invariant, rules, each.step, clock.time_of_day(each.violation.at),
                        each.violation.event, each.violation.text));
    }
    for (const std::string& invariant : must_break) {
        const bool broke = std::any_of(broken.begin(), broken.end(), [&](const BrokenInvariant& each) {
            return each.violation.invariant == invariant;
        });
        if (broke) continue;
        sentences.push_back(
            fmt::format("{} did not break, and the scenario says that it does under the rules {}", invariant, rules));
    }
    return sentences;
}

}  // namespace kafkasim::sim::scenario
