// SPDX-License-Identifier: Apache-2.0
#pragma once
// Log lines of the recordings in tests/event_chains/ that need not be equal, each with the reason, and what is made
// alike on both sides before they are compared. docs/fidelity.md, "Event chains", tells the same to readers.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace kafkasim::sim::event_chains {

struct Excused {
    std::string_view chain;  // "" for all
    std::string_view like;   // a part of the line
    std::string_view why;
};

inline constexpr std::string_view kZxids =
    "a zxid: whoever looks at znodes has a session, and its begin and end are transactions";
inline constexpr std::string_view kPorts = "the port that the system gave to a client's end of a connection";
inline constexpr std::string_view kFirstFetch =
    "a race: the follower's first fetch against the leader's LeaderAndIsr, and a refused one waits a second";
inline constexpr std::string_view kFirstOfTwo =
    "a race: which of two followers fetches first decides the order of the Isr";
inline constexpr std::string_view kFenced =
    "a race: whether a follower asks once more before its own LeaderAndIsr or its end is there";
inline constexpr std::string_view kStopping =
    "a race: the last requests of the controller to a broker, itself perhaps, that closes its connections";
inline constexpr std::string_view kLosesTheRace =
    "a race: whether a broker looks at /controller before or after another has made it";
inline constexpr std::string_view kAnyBroker = "the tools ask any broker that they know";
inline constexpr std::string_view kOtherLook =
    "the check 5 s after the take-over falls into another look: the real broker takes some seconds more to end";
inline constexpr std::string_view kLastWords = "a race: who closes the connection first";

inline const std::vector<Excused> kExcused{
    {"", "czxid (broker epoch)", kZxids},
    {"", "broker epochs cache", kZxids},
    {"", "Cluster ID = ", "chance, and no log line calls it an id elsewhere"},
    {"", "Socket connection established", kPorts},
    {"", "Invalid session", kPorts},
    {"", "Received UNKNOWN_TOPIC_OR_PARTITION from the leader", kFirstFetch},
    {"", "has an new epoch", kFirstFetch},
    {"", "has an older epoch", kFenced},
    {"", "marked as failed", kFenced},
    {"", "Error sending fetch request", kFenced},
    {"", "Error in response for fetch request", kFenced},
    {"", "connection to broker", kStopping},
    {"", "fails to send", kStopping},
    {"", "Handling StopReplica request", kStopping},
    {"", "Ignoring StopReplica request", kStopping},
    {"min-insync-replicas", "Add 1 partitions", kStopping},
    {"c-leaders-return-by-themselves", "Broker id=1] Add", kStopping},
    {"whole-cluster-restart", "Broker id=2] Add", kStopping},
    {"all-brokers-stop-and-return", "Broker id=2] Add", kStopping},
    {"d-fresh-groups-controller-3", "Processing automatic preferred", kOtherLook},
    {"d-fresh-groups-controller-3", "triggered by AutoTriggered", kOtherLook},
    {"all-brokers-stop-and-return", "broker=3] ISR updated to 3,", kFirstOfTwo},
    {"zookeeper-away-for-long", "Waiting until connected.", kAnyBroker},
    {"zookeeper-away-for-long", "Kafka server] Connected.", kAnyBroker},
    {"", "[Admin Manager on Broker", kAnyBroker},
    {"", "while closing send thread", kLastWords},
    {"controller-log-in-full", "shutdownInitiated latch", kStopping},
    {"controller-log-in-full", "id=3] Broker 2", kLosesTheRace},
};

inline bool is_excused(const std::string& chain, const std::string& line) {
    return std::any_of(kExcused.begin(), kExcused.end(), [&](const Excused& excused) {
        return (excused.chain.empty() || excused.chain == chain) && line.find(excused.like) != std::string::npos;
    });
}

/// Where the parenthesis or bracket that opens before `from` is closed.
inline size_t closing(const std::string& line, size_t from) {
    int depth = 1;
    for (size_t at = from; at < line.size(); ++at) {
        if (line[at] == '(' || line[at] == '[' || line[at] == '{') ++depth;
        if ((line[at] == ')' || line[at] == ']' || line[at] == '}') && --depth == 0) return at;
    }
    return line.size();
}

/// `text` as its elements, which are separated by commas that stand in no parenthesis, in order of the alphabet.
inline std::string sorted_elements(const std::string& text) {
    std::vector<std::string> elements(1);
    int depth = 0;
    for (const char c : text) {
        if (c == '(' || c == '[' || c == '{') ++depth;
        if (c == ')' || c == ']' || c == '}') --depth;
        if (c == ',' && depth == 0) {
            elements.emplace_back();
        } else if (c != ' ' || !elements.back().empty()) {
            elements.back() += c;
        }
    }
    std::sort(elements.begin(), elements.end());
    std::string sorted;
    for (const std::string& element : elements) sorted += (sorted.empty() ? "" : ", ") + element;
    return sorted;
}

/// What a Scala set or map prints comes in the order of its hash table.
inline std::string without_hash_order(std::string line) {
    for (const std::string_view opening : {"Set(", "Map(", "properties {", "configuration {", "to move: ["}) {
        for (size_t at = line.find(opening); at != std::string::npos; at = line.find(opening, at + 1)) {
            const size_t from = at + opening.size();
            const size_t to = closing(line, from);
            line.replace(from, to - from, sorted_elements(line.substr(from, to - from)));
        }
    }
    for (const std::string_view list : {"creation callback for ", "for topics ", "ineligible for deletion: "}) {
        const size_t at = line.find(list);
        const size_t end = line.rfind(" (kafka.");
        if (at == std::string::npos || end == std::string::npos || end < at + list.size()) continue;
        const size_t from = at + list.size();
        line.replace(from, end - from, sorted_elements(line.substr(from, end - from)));
    }
    return line;
}

/// Numbers that are chance: of logs loaded in the order of a folder, of ZooKeeper sessions.
inline std::string without_counts(std::string line) {
    const auto drop_digits = [&line](std::string_view before) {
        const size_t at = line.find(before);
        if (at == std::string::npos) return;
        const size_t from = at + before.size();
        size_t to = from;
        while (to < line.size() && line[to] >= '0' && line[to] <= '9') ++to;
        line.replace(from, to - from, "n");
    };
    if (line.find("Completed load of") != std::string::npos) drop_digits("ms (");
    drop_digits("already exists and owner '");
    drop_digits("does not match current session '");
    return line;
}

}  // namespace kafkasim::sim::event_chains
