// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a workload is to do, as plain data: sets of producers and consumers that work by themselves, and the comings
// and goings among them. Read from a scenario (sim/scenario/read_workload.cpp), played by a Crowd.
// Simplified: the clients are small programs of our own, written as Kafka's documentation writes them, on the same
// Producer and Consumer as the command-line tools.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.hpp"
#include "core/client/client_properties.hpp"

namespace kafkasim::sim::workload {

/// Which key a record has.
struct Keys {
    enum class Kind : uint8_t {
        None,     // no key
        Uniform,  // one of `count`, all alike
        Zipf,     // the k-th of `count` with a weight of 1/k
        Hot,      // the first in `percent` of 100 cases, else one of `count`, all alike
    } kind = Kind::None;
    uint32_t count = 0;
    uint32_t percent = 0;
};

enum class CommitMode : uint8_t {
    Auto,   // enable.auto.commit
    Sync,   // commitSync() after the records of each poll are processed
    Async,  // commitAsync() then, and commitSync() when partitions are revoked and at the end
    None,   // never
};

/// `count` processes alike, called <name>-1, <name>-2, ...
struct ClientSet {
    std::string name;
    int32_t count = 1;
    std::vector<std::string> topics;
    Duration joins_every{};           // the n-th starts so much after the one before
    client::ClientProperties config;  // laid over what the program sets itself
};

struct ProducerSet : ClientSet {
    int64_t rate = 10;  // records per second and process
    Keys keys;
    int32_t value_bytes = 0;  // a value is at least so long
};

struct ConsumerSet : ClientSet {
    std::string group;
    std::string pattern;  // instead of topics
    Duration poll = 100ms;
    Duration processing{};  // of each record
    CommitMode commit = CommitMode::Auto;
    bool is_static = false;  // group.instance.id is the process's name
};

enum class Deed : uint8_t {
    Leave,  // Ctrl+C: it closes its client and ends
    Crash,  // kill -9
    Hang,   // for `hang`: a producer does not send, a consumer does not poll; their other threads go on
    Pause,  // for `hang`: kill -STOP, then kill -CONT
    Join,   // who has ended starts again, under the same name
};

/// At random times, about `every`, one of the deeds is done to a client of one of the sets.
struct Churn {
    Duration every = 5s;
    std::vector<std::string> of;
    std::vector<Deed> does;
    Duration hang = 10s;
};

struct Plan {
    std::string name;
    std::vector<ProducerSet> producers;
    std::vector<ConsumerSet> consumers;
    std::optional<Churn> churn;
    std::optional<Duration> time;  // how long producers work and churn goes on; nullopt: until it is ended
};

}  // namespace kafkasim::sim::workload
