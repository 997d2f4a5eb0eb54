// SPDX-License-Identifier: Apache-2.0
#pragma once
// A lab session for tests, and what a scenario file that it saved gives when it is run.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/text.hpp"
#include "sim/lab/columns.hpp"
#include "sim/lab/commands.hpp"
#include "sim/lab/completion.hpp"
#include "sim/lab/session.hpp"
#include "sim/lab/status.hpp"
#include "sim/scenario/reader.hpp"
#include "tests/catch.hpp"

namespace kafkasim::sim::lab {

inline scenario::Scenario bare_tarball() {
    auto read = scenario::read_scenario(R"({"title": "A session", "seed": 1, "steps": []})", "lab");
    REQUIRE(read.scenario);
    return std::move(*read.scenario);
}

inline std::unique_ptr<Session> new_session(const std::string& language = "en") {
    SessionOptions options;
    options.language = language;
    return std::make_unique<Session>(bare_tarball(), std::move(options));
}

inline Reply in(Session& session, const std::string& terminal, const std::string& line) {
    session.go(terminal);
    return session.enter(line);
}

/// ZooKeeper and the three brokers, each in a terminal of its own.
inline void start_cluster(Session& session) {
    in(session, "zk", "bin/zookeeper-server-start.sh config/zookeeper.properties");
    for (const std::string id : {"1", "2", "3"})
        in(session, "broker-" + id, "bin/kafka-server-start.sh config/server." + id + ".properties");
    session.go("main");
}

struct Played {
    scenario::RunResult result;
    std::map<std::string, std::string> terminals;  // what each has shown
};

/// Plays the file as `kafkasim run` does.
inline Played play(const std::string& file) {
    auto read = scenario::read_scenario(file, "saved");
    for (const scenario::Problem& problem : read.problems) INFO(problem.text());
    REQUIRE(read.problems.empty());
    REQUIRE(read.scenario);
    scenario::Runner runner(*read.scenario, {});
    Played played{runner.run(), {}};
    for (const scenario::StepResult& step : played.result.steps) {
        const scenario::Step& done = read.scenario->steps[step.number - 1];
        for (const auto& [terminal, text] : step.seen.terminals) played.terminals[terminal] += text;
        if (std::holds_alternative<scenario::Run>(done.verb))
            played.terminals[done.terminal] += step.seen.stdout_text.value_or("") + step.seen.stderr_text.value_or("");
    }
    return played;
}

/// What the programs of a terminal have shown: without the shell's prompt and commands.
inline std::string shown_by_programs(const std::string& terminal_text) {
    std::string text;
    for (size_t at = 0; at < terminal_text.size();) {
        const size_t end = std::min(terminal_text.find('\n', at), terminal_text.size() - 1);
        const std::string line = terminal_text.substr(at, end + 1 - at);
        if (!line.starts_with("$ ")) text += line;
        at = end + 1;
    }
    return text;
}

}  // namespace kafkasim::sim::lab
