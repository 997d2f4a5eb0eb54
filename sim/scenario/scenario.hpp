// SPDX-License-Identifier: Apache-2.0
#pragma once
// A scenario as plain data: what the reader makes of a JSON file and the runner plays. The format is
// docs/scenario-format.md; the words are its.
// Values are checked by the reader, so the runner need not doubt them.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/time.hpp"
#include "sim/workload/plan.hpp"
#include "sim/world/installation.hpp"
#include "sim/world/pins.hpp"
#include "sim/world/wall_clock.hpp"

namespace kafkasim::sim::scenario {

/// A text in one or more languages; "" is the language of a plain string.
struct Text {
    std::map<std::string, std::string> by_language;

    bool empty() const { return by_language.empty(); }
    /// In that language, else in English, else in any.
    const std::string& in(const std::string& language) const;
};

/// partition -> value, by topic
template <typename Value>
using ByPartition = std::map<std::string, std::map<int32_t, Value>>;

/// `since` of a claim: since the step began that is under way.
inline constexpr std::string_view kThisStep = "this step";

/// A claim of `expect` or a condition of `until`: what kafka-verifiable-consumer.sh printed in some terminals.
struct Consumed {
    std::vector<std::string> by;                // the consumers' terminals
    std::string since{};                        // a step's id, or kThisStep; "": from the beginning
    std::optional<int64_t> joined{};            // so many are members, with their assignment
    std::optional<int64_t> gone{};              // so many do not run
    std::optional<int64_t> at_least{};          // so many records were read (since)
    bool gaps = true;                           // records may have been skipped
    bool duplicates = true;                     // records may have been read twice
    bool committed = false;                     // what was read is committed
    std::optional<bool> rebalanced{};           // somebody was assigned partitions (since)
    std::optional<bool> revoked{};              // somebody had partitions revoked (since)
    std::map<std::string, int64_t> assigned{};  // by topic: each of so many partitions has one owner
};

/// What `wait.until` asks for.
struct Condition {
    ByPartition<int32_t> leader;
    ByPartition<std::vector<int32_t>> isr;
    std::map<std::string, bool> znode;
    std::map<std::string, std::string> log_line;  // by log: a pattern with … for what may vary
    std::map<std::string, std::string> printed;   // by terminal
    std::vector<std::string> in_sync;             // topics: all replicas of all partitions are in the Isr
    std::map<std::string, bool> registered;       // by broker: whether its znode is in /brokers/ids
    std::vector<Consumed> consumed;
    std::vector<std::string> caught_up;  // workloads: their consumers have read all that there is
};

/// A claim of `expect`: what a kafka-verifiable-producer.sh printed as acknowledged was read.
struct Acknowledged {
    std::string by;          // the producer's terminal
    std::string read;        // the consumer's terminal
    bool duplicates = true;  // values may have been read twice
    int64_t at_least = 1;    // so many were acknowledged
};

/// A claim of `expect`: what was acknowledged to the producers of workloads was handed to a group of theirs.
struct DeliveredClaim {
    std::string to;          // the group; empty: every group
    bool duplicates = true;  // records may have been handed out twice
    int64_t at_least = 1;    // so many were acknowledged
};

/// What `expect` claims of a step.
struct Expectation {
    std::optional<std::string> stdout_text;
    std::optional<std::string> stderr_text;
    std::optional<int> exit_code;
    std::optional<std::string> stdout_like;
    std::optional<std::vector<std::string>> stdout_set;
    ByPartition<int32_t> leader;
    ByPartition<std::vector<int32_t>> isr;
    ByPartition<std::vector<int32_t>> replicas;
    ByPartition<std::vector<int32_t>> offline;
    std::map<std::string, ByPartition<int64_t>> lag;        // by group
    std::map<std::string, ByPartition<int64_t>> committed;  // by group
    std::map<std::string, std::string>
        znode;  // by path: its data, as JSON text (compared as JSON values); "null": not there
    std::map<std::string, std::string> log_line;
    std::vector<std::string> read;  // values that a consumer has printed, in any order, among others
    std::vector<Acknowledged> acknowledged;
    std::vector<Consumed> consumed;
    std::optional<bool> met;  // of a wait: whether what it waits for has come
    std::vector<DeliveredClaim> delivered;
    std::optional<Duration> within;
    std::optional<std::string> why;
};

/// A line to type, and how long to wait before it.
struct TypedLine {
    Duration wait{};
    std::string text;
};

struct Start {
    std::string process;
};
struct Stop {
    std::string process;
};
struct Kill {
    std::string process;   // or
    std::string terminal;  // the program that runs there in the background
};
struct Pause {
    std::string process;
    std::string terminal;
};
struct Resume {
    std::string process;
    std::string terminal;
};
struct PowerOff {
    std::string host;
};
struct Run {
    std::string command;
    std::vector<TypedLine> type;
    bool types = false;  // `type` is there, though it may be empty: input ends after it
    std::optional<std::string> stdin_text;
    std::optional<Duration> for_time;
    bool background = false;
    bool tty = false;
};
struct Wait {
    Duration time{};  // or
    std::optional<Condition> until;
    Duration at_most = 60s;
};
struct Type {
    std::vector<TypedLine> lines;
};
struct Press {
    std::string key;
};  // "Ctrl+C", "Ctrl+D"
struct Write {
    std::string file;
    std::optional<std::string> text;  // or
    config::Properties set;
};
struct Look {
    std::vector<std::string> znodes;
    std::optional<std::string> log;
    std::vector<std::string> like;
    std::optional<std::string> terminal;
    std::vector<std::string> files;
    std::string workload{};
};
struct NoteStep {
    std::string text;
};
/// The network between processes: all of `between` are cut off from each other, or `from` to `to` one way.
struct Cut {
    std::vector<std::string> between;
    std::string from;
    std::string to;
};
struct Heal {
    std::vector<std::string> between;  // empty with `all`
    std::string from;
    std::string to;
    bool all = false;
    std::string disk{};  // whose, for all that is the matter with it
};
struct Slow {
    std::vector<std::string> between;
    std::string disk;
    Duration by{};
};
struct Hold {
    std::string request;  // "LeaderAndIsr"
    std::string to;       // "broker-3"
};
struct Release {
    std::string request;
    std::string to;
};
/// Something is the matter with the disk of a process, with all its folders or one of them.
struct Disk {
    std::string of;
    std::string folder;
    std::string is;  // "full", "failed"
};
/// The clock on the wall of a process's host is so much ahead (or behind, if negative).
struct Clock {
    std::string of;
    Duration by{};
};

/// Clients that work by themselves, or the end of such.
struct Workload {
    workload::Plan plan;
    bool background = false;
    bool ends = false;            // the one called plan.name, or these of its sets
    std::vector<std::string> of;  // empty: all
    Duration catch_up = 300s;     // how long consumers may go on reading before they close
};

using Verb = std::variant<Start, Stop, Kill, Pause, Resume, PowerOff, Run, Wait, Type, Press, Write, Look, NoteStep,
                          Cut, Heal, Slow, Hold, Release, Disk, Clock, Workload>;

/// A process by what it is at the moment: the leader of a partition, or, without a topic, the controller.
struct Role {
    std::string topic;
    int32_t partition = 0;
};

struct Step {
    std::string id;
    Text title;
    Text say;
    Text ask;
    Text answer;
    Text note;
    Verb verb;
    std::string terminal = "main";
    std::optional<Expectation> expect;
    bool may_be_idle = false;
    /// What stands in the verb in place of a process: "controller", "the leader of orders-0". Who it is, is found out
    /// when the step begins.
    std::map<std::string, Role> roles;
    std::string as;  // what later steps call the process of this one
    int round = 0;   // of a `repeat`, from 1; 0: in none
    int rounds = 0;
    int line = 0;        // in the file
    std::string source;  // the step's JSON, compact, as it stands in the file (without `seen`), for --record
};

struct Scenario {
    std::string name;  // file name without folder and .json
    std::string path;  // as given, for messages
    Text title;
    Text about;
    uint64_t seed = 1;
    WallClock clock;
    Installation cluster;
    bool running = false;  // everything is started before the first step
    /// By rule set: the invariants that must break; all others must hold. nullopt: they are not checked.
    std::optional<std::map<std::string, std::vector<std::string>>> breaks;
    Pins pin;
    std::vector<Step> steps;
    std::string head;  // the file's JSON without steps, compact, for --record
};

std::string_view verb_name(const Verb& verb);

}  // namespace kafkasim::sim::scenario
