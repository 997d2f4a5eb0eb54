// SPDX-License-Identifier: Apache-2.0
#pragma once
// Judges what the clients of a run did and saw (history.hpp), from outside: pure functions over the Book that answer
// what cannot be if Kafka keeps its promises. Named as in Jepsen's kafka checker where they are the same
// (jepsen.tests.kafka); those of groups are ours. Called by claims of scenarios and by kafkasim fuzz.
//
// Kinds that are not asked for, because 3.0.0 allows them: poll-skip and nonmonotonic-poll across a rebalance, cycles,
// int-send-skip, duplicate and nonmonotonic-send of producers without idempotence.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/history/history.hpp"

namespace kafkasim::sim::history {

/// What settings and events promise, told by who made the run. The histories alone do not say it.
struct Promises {
    struct Group {
        /// Topics of which it reads every record from the first on: auto.offset.reset=earliest, or offsets committed
        /// before anything was written.
        std::set<std::string> topics;
        /// No record is delivered twice. Promised if each owner commits what it has read before another one begins:
        /// enable.auto.commit, commitSync after each poll, or commitAsync with a commitSync on revocation; no member
        /// crashed, hung beyond max.poll.interval.ms, was paused or cut off beyond its session, was fenced or lost its
        /// partitions; the coordinator's offsets were not lost; nobody reset or sought; no unclean election.
        bool exactly_once = false;
    };
    std::map<std::string, Group> groups;
    /// Producers (as in Book::producers) with acks=all: what they were told was written is not lost. With less it may
    /// be, with the settings to blame.
    std::set<std::string> durable;
    /// All faults have healed, nobody sends any more, and the groups have had time to read everything: what was not
    /// delivered by now never will be.
    bool finished = false;
};

struct Anomaly {
    std::string_view kind;  // "lost-write"
    std::string text;       // the facts of the first, one sentence without its end
    uint64_t count = 1;     // how many there are
};

// Each adds at most one Anomaly of each of its kinds.
/// inconsistent-offsets: one offset, two values. duplicate: one value of an idempotent producer at two offsets.
/// G1a: a record that never left its producer was read.
void judge_log(const Book& book, std::vector<Anomaly>& found);
/// nonmonotonic-send: a later send of one life of an idempotent producer got an earlier offset.
void judge_sends(const Book& book, std::vector<Anomaly>& found);
/// int-poll-skip, int-nonmonotonic-poll inside what one poll returned of a partition, poll-skip and nonmonotonic-poll
/// from one poll to the next of a consumer that kept the partition.
void judge_polls(const Book& book, std::vector<Anomaly>& found);
/// lost-write: acknowledged, a later offset was read, this one by nobody. unseen: the same, and nothing later was read.
/// undelivered: a group did not get it, and others did. duplicate-read: a group got it twice, and must not.
void judge_deliveries(const Book& book, const Promises& promises, std::vector<Anomaly>& found);

/// What is wrong whatever was promised: the first three.
std::vector<Anomaly> judge(const Book& book);
/// All of them.
std::vector<Anomaly> judge(const Book& book, const Promises& promises);

}  // namespace kafkasim::sim::history
