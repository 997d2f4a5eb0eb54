// SPDX-License-Identifier: Apache-2.0
#include "sim/reports/table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kafkasim::sim {

namespace {

using Row = std::vector<std::string>;

/// Words to the left, numbers to the right.
std::string aligned(const std::vector<Row>& rows, size_t words) {
    std::vector<size_t> widths(rows.front().size());
    for (const Row& row : rows) {
        for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::string text;
    for (const Row& row : rows) {
        std::string line;
        for (size_t i = 0; i < row.size(); ++i)
            line += i < words ? fmt::format("{:<{}}  ", row[i], widths[i]) : fmt::format("{:>{}}  ", row[i], widths[i]);
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

std::string number(size_t value) { return std::to_string(value); }

std::string claims_of(const PlayedScenario& scenario) { return scenario.holds ? "hold" : "DO NOT HOLD"; }

std::string digest_of(const PlayedScenario& scenario) { return fmt::format("{:016x}", scenario.digest); }

}  // namespace

PlayedScenario played_scenario(const scenario::Scenario& scenario, const scenario::RunResult& result) {
    PlayedScenario played{scenario.name, result.ok(), result.steps.size(), result.digest, {}, result.consumptions};
    for (const scenario::StepResult& step : result.steps)
        played.deliveries.insert(played.deliveries.end(), step.deliveries.begin(), step.deliveries.end());
    return played;
}

namespace {

std::string table_of_consumers(const std::vector<PlayedScenario>& played) {
    std::vector<Row> rows{{"scenario", "consumers", "claims", "read", "position", "committed", "twice", "skipped",
                           "rebalances", "digest"}};
    for (const PlayedScenario& scenario : played) {
        for (const scenario::Consumption& row : scenario.consumptions) {
            rows.push_back({scenario.name, row.by, claims_of(scenario), std::to_string(row.read),
                            std::to_string(row.position), row.committed ? std::to_string(*row.committed) : "",
                            std::to_string(row.twice), std::to_string(row.skipped), std::to_string(row.rebalances),
                            digest_of(scenario)});
        }
    }
    constexpr size_t kWords = 3;
    return rows.size() == 1 ? "" : aligned(rows, kWords);
}

std::string table_of_others(const std::vector<PlayedScenario>& played) {
    if (played.empty()) return "";
    const bool delivers = std::any_of(played.begin(), played.end(),
                                      [](const PlayedScenario& scenario) { return !scenario.deliveries.empty(); });
    std::vector<Row> rows;
    rows.push_back({"scenario", "claims"});
    if (delivers) rows.back().insert(rows.back().begin() + 1, "producer");
    if (delivers) rows.back().insert(rows.back().end(), {"acknowledged", "given up", "read", "lost", "duplicated"});
    if (!delivers) rows.back().push_back("steps");
    rows.back().push_back("digest");
    for (const PlayedScenario& scenario : played) {
        const std::string claims = claims_of(scenario), digest = digest_of(scenario);
        if (!delivers) {
            rows.push_back({scenario.name, claims, number(scenario.steps), digest});
            continue;
        }
        for (const scenario::Deliveries& row : scenario.deliveries) {
            rows.push_back({scenario.name, row.by, claims, number(row.acknowledged), number(row.given_up),
                            number(row.read), number(row.lost), number(row.duplicated), digest});
        }
        if (scenario.deliveries.empty()) rows.push_back({scenario.name, "", claims, "", "", "", "", "", digest});
    }
    return aligned(rows, delivers ? 3 : 2);
}

}  // namespace

std::string table_of(const std::vector<PlayedScenario>& played) {
    std::vector<PlayedScenario> others;
    for (const PlayedScenario& scenario : played) {
        if (scenario.consumptions.empty() || !scenario.deliveries.empty()) others.push_back(scenario);
    }
    const std::string first = table_of_others(others), second = table_of_consumers(played);
    return first + (first.empty() || second.empty() ? "" : "\n") + second;
}

}  // namespace kafkasim::sim
