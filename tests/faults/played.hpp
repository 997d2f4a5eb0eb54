// SPDX-License-Identifier: Apache-2.0
#pragma once
// A scenario that is played for the receipts of its faults.

#include <memory>
#include <string>
#include <vector>

#include "sim/scenario/reader.hpp"
#include "sim/scenario/runner.hpp"
#include "tests/catch.hpp"

namespace kafkasim::test {

/// A running cluster, these settings of each broker ("" for none), and these steps.
inline std::string running_cluster(const std::string& steps, const std::string& config = "") {
    std::string brokers;
    for (const std::string id : {"1", "2", "3"})
        brokers += (brokers.empty() ? "" : ",") + (R"({"id":)" + id + R"(,"config":{)" + config + "}}");
    return R"({"title":"t","cluster":{"running":true,"brokers":[)" + brokers +
           R"(]},"pin":{"controllers":[1]},"steps":[)" + steps + "]}";
}

inline const std::string kCreate =
    R"({"run":"bin/kafka-topics.sh --create --topic t --bootstrap-server localhost:9093 --replica-assignment 2:3:1"},)";
/// With acks=all, to whichever broker leads.
inline std::string produce(const std::string& value) {
    return R"({"run":"bin/kafka-console-producer.sh --topic t --bootstrap-server localhost:9093,localhost:9095 )"
           R"(--request-required-acks all --message-send-max-retries 100 --request-timeout-ms 40000","type":[")" +
           value + R"("],"expect":{"exit_code":0}},)";
}

class Played {
public:
    explicit Played(const std::string& json) {
        auto read = sim::scenario::read_scenario(json, "test.json");
        for (const auto& problem : read.problems) FAIL_CHECK(problem.text());
        REQUIRE(read.scenario);
        scenario = *read.scenario;
        sim::scenario::RunOptions options;
        options.trace = sim::TraceLevel::Notes;
        options.keep_logs = true;
        runner = std::make_unique<sim::scenario::Runner>(scenario, options);
        result = runner->run();
        for (const auto& step : result.steps) {
            for (const auto& failure : step.failures)
                FAIL_CHECK("step " << step.number << ": " << failure.what << ": expected " << failure.expected
                                   << ", seen " << failure.seen);
        }
    }
    /// "power_off: broker-1 lost nothing", in the order in which they were written.
    std::vector<std::string> receipts() const {
        std::vector<std::string> texts;
        for (const sim::TraceEvent& event : runner->world().trace().events()) {
            if (event.kind == sim::TraceKind::Fault) texts.push_back(event.name + ": " + event.text);
        }
        return texts;
    }
    const sim::Process& process(const std::string& name, size_t life = 0) const {
        for (size_t i = 0; i < runner->world().process_count(); ++i) {
            const sim::Process& process = runner->world().process(static_cast<sim::ProcessId>(i));
            if (process.options.name == name && life-- == 0) return process;
        }
        FAIL("no process " << name);
        return runner->world().process(0);
    }
    bool said(const std::string& name, const std::string& text, size_t life = 0) const {
        for (const auto& [file, lines] : process(name, life).logs) {
            if (lines.find(text) != std::string::npos) return true;
        }
        return false;
    }
    int64_t ms(size_t step) const { return result.steps.at(step - 1).seen.ms.value_or(-1); }

    sim::scenario::Scenario scenario;
    std::unique_ptr<sim::scenario::Runner> runner;
    sim::scenario::RunResult result;
};

}  // namespace kafkasim::test
