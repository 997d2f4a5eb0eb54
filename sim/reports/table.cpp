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

}  // namespace

PlayedScenario played_scenario(const scenario::Scenario& scenario, const scenario::RunResult& result) {
    PlayedScenario played{scenario.name, result.ok(), result.steps.size(), result.digest, {}};
    for (const scenario::StepResult& step : result.steps)
        played.deliveries.insert(played.deliveries.end(), step.deliveries.begin(), step.deliveries.end());
    return played;
}

std::string table_of(const std::vector<PlayedScenario>& played) {
    const bool delivers = std::any_of(played.begin(), played.end(),
                                      [](const PlayedScenario& scenario) { return !scenario.deliveries.empty(); });
    std::vector<Row> rows;
    rows.push_back({"scenario", "claims"});
    if (delivers) rows.back().insert(rows.back().begin() + 1, "producer");
    if (delivers) rows.back().insert(rows.back().end(), {"acknowledged", "given up", "read", "lost", "duplicated"});
    if (!delivers) rows.back().push_back("steps");
    rows.back().push_back("digest");
    for (const PlayedScenario& scenario : played) {
        const std::string claims = scenario.holds ? "hold" : "DO NOT HOLD";
        const std::string digest = fmt::format("{:016x}", scenario.digest);
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

}  // namespace kafkasim::sim
