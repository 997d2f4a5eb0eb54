// SPDX-License-Identifier: Apache-2.0
#pragma once
// The claim `consumed`: what some kafka-verifiable-consumer.sh printed of their group, their records and their commits
// is as it should be. It knows no more than what their terminals show. Pure.
// Kafka 3.0.0: kafkatest/services/verifiable_consumer.py, which reads the same lines.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "sim/scenario/acknowledged.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/seen.hpp"

namespace kafkasim::sim::scenario {

/// What several consumers have printed, in the order of its time stamps.
class ConsumersSeen {
public:
    /// `by`: the terminals in which they run.
    explicit ConsumersSeen(std::vector<std::string> by);

    /// What is new since the last call, whole lines, and whether a program runs there now, by consumer.
    void read(const std::vector<std::string_view>& fresh, const std::vector<bool>& running);
    /// From here on, claims with `since` this count.
    void mark(const std::string& since);

    /// What does not hold of the claim, which is about these consumers.
    std::vector<BrokenClaim> judge(const Consumed& claim) const;
    /// What no consumer may ever do, whatever is claimed.
    const std::vector<BrokenClaim>& misbehaviour() const { return misbehaviour_; }
    Consumption consumption() const;

private:
    enum class State : uint8_t { Gone, Started, Rebalancing, Joined };
    struct Counts {
        int64_t assignments = 0;  // how often partitions_assigned was told
        int64_t revocations = 0;
        int64_t records = 0;
    };
    struct Member {
        State state = State::Gone;
        std::set<TopicPartition> assigned;
        std::map<TopicPartition, int64_t> position;  // since it was assigned
        Counts counts;
    };
    /// Records that one consumer read one after another: offsets [begin, end).
    struct Read {
        size_t consumer = 0;
        int64_t begin = 0;
        int64_t end = 0;
    };
    struct Partition {
        std::vector<Read> reads;  // in the order of time
        int64_t position = 0;     // after what was read last, by whomever
        int64_t committed = -1;   // what was committed last; -1: nothing
    };
    struct Line;

    void take(const Line& line);
    void consumed(size_t consumer, const TopicPartition& tp, int64_t begin, int64_t end);
    void committed(size_t consumer, const TopicPartition& tp, int64_t offset);
    void misbehaves(std::string rule, std::string seen);
    Counts since(const Consumed& claim, size_t consumer) const;

    void judge_members(const Consumed& claim, std::vector<BrokenClaim>& broken) const;
    void judge_records(const Consumed& claim, std::vector<BrokenClaim>& broken) const;
    void judge_rebalances(const Consumed& claim, std::vector<BrokenClaim>& broken) const;
    void judge_assignment(const Consumed& claim, std::vector<BrokenClaim>& broken) const;
    std::string told_states() const;
    /// Offsets, with who read them.
    std::vector<std::string> read_twice(int64_t* count) const;
    std::vector<std::string> skipped(int64_t* count) const;

    std::vector<std::string> by_;
    std::vector<Member> members_;
    std::map<TopicPartition, Partition> partitions_;
    std::map<std::string, std::vector<Counts>> marks_;
    std::vector<BrokenClaim> misbehaviour_;
};

}  // namespace kafkasim::sim::scenario
