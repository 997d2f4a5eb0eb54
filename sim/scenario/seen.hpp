// SPDX-License-Identifier: Apache-2.0
#pragma once
// What came of a step: what the simulator "answered", in the words of a recording (`seen`), and which of the
// scenario's claims did not hold.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.hpp"
#include "sim/invariants/violation.hpp"

namespace kafkasim::sim::scenario {

struct SeenZnode {
    std::optional<std::string> data;
    int32_t version = 0;
    bool ephemeral = false;
    std::vector<std::string> children;
};

/// A file's text, a segment's size ("140 bytes") or a folder's names.
struct SeenFile {
    std::optional<std::string> text;
    std::optional<std::vector<std::string>> names;
};

struct Seen {
    std::optional<std::string> stdout_text;
    std::optional<std::string> stderr_text;
    std::optional<int> exit_code;
    std::optional<int64_t> ms;
    std::optional<bool> met;
    bool looked_at_znodes = false;
    std::optional<std::map<std::string, std::optional<SeenZnode>>> znodes;  // nullopt: ZooKeeper did not answer
    std::optional<std::vector<std::string>> lines;
    std::optional<std::map<std::string, std::optional<SeenFile>>> files;
    std::map<std::string, std::string> terminals;  // what ttys showed of programs in the background
    std::map<std::string, std::string> chosen;     // processes by the words that stand for them: "controller"
};

/// A claim that did not hold.
struct Failure {
    std::string what;  // "stdout", "isr of my-kafka-topic-0"
    std::string expected;
    std::string seen;
    Instant at;
    uint64_t event = 0;  // where the chain of causes begins
};

/// What came of a claim `acknowledged`, in numbers of values.
struct Deliveries {
    std::string by;  // the producer's terminal
    size_t acknowledged = 0;
    size_t given_up = 0;    // the producer printed an error
    size_t read = 0;        // different ones
    size_t lost = 0;        // acknowledged and not read
    size_t duplicated = 0;  // read more than once
};

/// What consumers with a claim `consumed` came to, in numbers of records.
struct Consumption {
    std::string by;  // their terminals: "c1,c2,c3"
    int64_t read = 0;
    int64_t position = 0;              // after what was read last, summed over the partitions
    std::optional<int64_t> committed;  // what was committed last, summed; nullopt: nothing that they tell
    int64_t twice = 0;                 // read more than once
    int64_t skipped = 0;
    int64_t rebalances = 0;  // the most that one of them has seen
};

/// An invariant that broke, and whether the scenario says that it does.
struct BrokenInvariant {
    invariants::Violation violation;
    size_t step = 0;
    bool expected = false;
};

struct StepResult {
    size_t number = 0;  // from 1
    Instant from;
    Instant to;
    uint64_t first_event = 0;  // trace events (first_event, last_event] happened in the step
    uint64_t last_event = 0;
    Seen seen;
    std::vector<Failure> failures;
    std::vector<Deliveries> deliveries;
    std::vector<BrokenInvariant> broken;  // in this step
};

struct RunResult {
    std::vector<StepResult> steps;
    std::vector<std::string> problems;    // a step that cannot be done, a fault that touched nothing
    std::vector<BrokenInvariant> broken;  // in all steps, in their order
    std::vector<Consumption> consumptions;
    std::vector<std::string> not_as_said;  // what broke and should not have, or should have and did not
    uint64_t digest = 0;
    uint64_t events = 0;
    Instant end;

    bool ok() const;
};

}  // namespace kafkasim::sim::scenario
