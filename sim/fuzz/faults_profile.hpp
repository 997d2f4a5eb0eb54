// SPDX-License-Identifier: Apache-2.0
#pragma once
// Random accidents of brokers, ZooKeeper and the network, as steps of a scenario, and their healing. It follows what
// each accident does to whom, so that every step can be done: nobody is stopped twice, a broker starts again when
// ZooKeeper is there and its old session has ended.

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "sim/fuzz/chance.hpp"

namespace kafkasim::sim::fuzz {

/// Each the JSON text of one step.
using Steps = std::vector<std::string>;

enum class FaultKind : uint8_t { Stop, Kill, PauseBroker, Cut, OneWayCut, Isolate, Slow, Hold, ZooKeeper };

struct FaultLimits {
    int32_t brokers = 3;
    std::vector<FaultKind> kinds;       // that this seed has
    std::vector<std::string> requests;  // that may be held
    int64_t session_ms = 6000;          // of brokers in ZooKeeper
};

class Accidents {
public:
    Accidents(FaultLimits limits, Chance chance) : limits_(std::move(limits)), chance_(std::move(chance)) {}

    /// One more accident, or the end of one.
    void happen(Steps& steps);
    /// Everything is well again, and every broker runs.
    void heal_all(Steps& steps);

private:
    struct Held {
        std::string request;
        std::string to;
    };

    std::string broker(int32_t id) const { return "broker-" + std::to_string(id); }
    std::vector<int32_t> running() const;
    void begin(Steps& steps, FaultKind kind);
    bool end_one(Steps& steps);
    void stop_or_kill(Steps& steps, bool clean);
    void start_again(Steps& steps, int32_t id);
    void cut(Steps& steps, FaultKind kind);
    void zookeeper_away(Steps& steps);
    void zookeeper_back(Steps& steps);

    FaultLimits limits_;
    Chance chance_;
    std::set<int32_t> down_;
    std::set<int32_t> killed_;  // of these, whose session may go on
    std::set<int32_t> paused_;
    std::vector<Held> held_;
    bool network_ = false;  // something is cut or slow
    enum class Away : uint8_t { No, Stopped, Paused } zookeeper_ = Away::No;
};

}  // namespace kafkasim::sim::fuzz
