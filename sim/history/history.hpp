// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the clients of a workload did and saw, kept as plain data while they work, for checks that look at it from
// outside afterwards: every record that was sent and what became of it, every record that a poll returned, every
// assignment, every commit. It decides nothing, and no client reads it.
// A History is one life of one client: who crashed and joins again has a second one under the same name. The Book
// holds the histories of a run; `order` numbers everything in it by when it happened, across all clients.
// Written by sim/workload, read by sim/history's checks, claims and reports.
//
// The value of a record is "<producer>:<number>" ("orders-1:17"), with numbers that grow by one through all lives of
// the producer, so each value is sent exactly once by the program (a retry of the client is still the same send).

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace kafkasim::sim::history {

/// Texts that come again and again, each kept once; small numbers (from 0, in the order of appearance) stand for them.
class Names {
public:
    uint32_t number(std::string_view name);
    std::optional<uint32_t> find(std::string_view name) const;
    const std::string& operator[](uint32_t number) const { return names_[number]; }
    uint32_t size() const { return static_cast<uint32_t>(names_.size()); }

private:
    std::vector<std::string> names_;
    std::vector<uint32_t> sorted_;  // numbers, by name
};

struct Partition {
    uint32_t topic = 0;  // in Book::topics
    int32_t partition = -1;
    auto operator<=>(const Partition&) const = default;
};

/// Who sent a record, and as which of its records.
struct Value {
    static constexpr uint32_t kNobody = UINT32_MAX;
    uint32_t producer = kNobody;  // in Book::producers; kNobody: the record is of no workload
    uint32_t number = 0;          // from 1
    auto operator<=>(const Value&) const = default;
};

enum class Outcome : uint8_t {
    Open,          // not answered yet; if the client is dead: nobody knows
    Acknowledged,  // written, as far as `acks` says so; completed
    Failed,        // given up
};

/// One record that the program gave to its producer.
struct Send {
    Value value;
    Partition to;         // partition -1: it was given up before one was chosen, or is still open
    int64_t offset = -1;  // acknowledged with acks=0: -1
    Instant asked{};
    Instant answered{};
    Outcome outcome = Outcome::Open;
    uint32_t error = 0;  // Failed: in Book::errors
};

/// A record as a poll returned it.
struct ReadRecord {
    int64_t offset = 0;
    Value value;
};
/// The records of one partition that one poll returned: `count` of History::records, from `first`.
struct PolledRun {
    uint64_t order = 0;
    Instant at{};
    Partition from;
    uint32_t first = 0;
    uint32_t count = 0;
};

enum class MembershipKind : uint8_t {
    Subscribed,  // the program has asked to be a member
    Assigned,    // onPartitionsAssigned: these came
    Revoked,     // onPartitionsRevoked: these go; the member could still commit for them
    Lost,        // onPartitionsLost: somebody else may own them already
    Closing,     // close() was called: a graceful leave
    Closed,      // close() has returned
};
struct Membership {
    uint64_t order = 0;
    Instant at{};
    MembershipKind kind = MembershipKind::Subscribed;
    int32_t generation = -1;  // that the member believes in just then
    std::string member_id;
    std::vector<Partition> partitions;
};

/// How often a program asks for commits itself; what enable.auto.commit commits is not in a history.
struct Commit {
    uint64_t order = 0;
    bool sync = true;
    Instant asked{};
    Instant completed{};
    Outcome outcome = Outcome::Open;
    int32_t generation = -1;  // that the member believed in when it asked
    std::string member_id;
    std::vector<std::pair<Partition, int64_t>> offsets;  // of the next record to be read
    uint32_t error = 0;                                  // Failed: in Book::errors
};

/// poll() threw: the client closed and its process ended.
struct Threw {
    uint64_t order = 0;
    Instant at{};
    uint32_t error = 0;  // in Book::errors
};

enum class Role : uint8_t { Producer, Consumer };
enum class End : uint8_t {
    Working,  // it still runs
    Closed,   // it ended by itself: closed, as asked or when the time was over
    Crashed,  // killed
    Failed,   // its process ended with another exit code than 0: poll() threw, a setting is wrong
};

struct History {
    std::string client;    // "billing-2"
    std::string workload;  // "shop"
    Role role = Role::Producer;
    int32_t life = 1;
    std::string group;                // of a consumer
    std::vector<std::string> topics;  // that it sends to, or has subscribed to
    std::string pattern;              // or has subscribed to by this pattern
    bool exactly_once_sends = false;  // of a producer: idempotent, acks=all
    bool keeps = true;                // false: nobody checks, so only the counts below are kept
    Instant began{};
    Instant ended{};
    End end = End::Working;

    std::vector<Send> sends;          // of a producer, in the order in which they were asked for
    std::vector<ReadRecord> records;  // of a consumer
    std::vector<PolledRun> polls;     // runs of `records`; a poll that returned nothing leaves none
    std::vector<Membership> membership;
    std::vector<Commit> commits;
    std::vector<Threw> threw;

    // Kept always.
    uint64_t sent = 0;
    uint64_t acknowledged = 0;
    uint64_t failed = 0;
    uint64_t read = 0;
    uint64_t rebalances = 0;  // assignments that were told
};

/// All histories of a run.
struct Book {
    Names topics;
    Names producers;
    Names errors;                   // "org.apache.kafka.common.errors.TimeoutException: ..."
    std::deque<History> histories;  // by their beginning; references stay good
    bool keeps = true;              // what new histories keep
    uint64_t last_order = 0;

    uint64_t next_order() { return ++last_order; }
    TopicPartition topic_partition(const Partition& partition) const {
        return {TopicName(topics[partition.topic]), partition.partition};
    }
    /// "orders-1:17"
    std::string text_of(const Value& value) const;
    /// Reads such a value, perhaps with dots behind to make it longer; kNobody if it is none.
    Value read_value(std::string_view text) const;
};

}  // namespace kafkasim::sim::history
