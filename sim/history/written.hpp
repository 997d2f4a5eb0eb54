// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the logs held, as clients saw it: of each partition, by offset, the value that somebody read there or was told
// to have written there. For the judges.

#include <map>
#include <vector>

#include "sim/history/history.hpp"

namespace kafkasim::sim::history {

class Written {
public:
    explicit Written(const Book& book);

    /// nullptr: nobody has seen anything there.
    const Value* at(const Partition& partition, int64_t offset) const;
    bool anything(const Partition& partition, int64_t offset) const { return at(partition, offset) != nullptr; }

    struct Conflict {
        Partition partition;
        int64_t offset;
        Value first;
        Value second;
    };
    /// One offset, two values: in the order in which they were found.
    const std::vector<Conflict>& conflicts() const { return conflicts_; }

private:
    struct Slot {
        Value value;
        bool seen = false;
    };
    void add(const Partition& partition, int64_t offset, const Value& value);

    std::map<Partition, std::vector<Slot>> logs_;
    std::vector<Conflict> conflicts_;
};

/// "17 of orders-0"
std::string place(const Book& book, const Partition& partition, int64_t offset);

/// The first of a kind is told, all are counted.
class Finding {
public:
    explicit Finding(std::string_view kind) : kind_(kind) {}
    template <typename Text>
    void add(const Text& text) {
        if (count_++ == 0) text_ = text();
    }
    template <typename Anomalies>
    void into(Anomalies& found) const {
        if (count_ > 0) found.push_back({kind_, text_, count_});
    }

private:
    std::string_view kind_;
    std::string text_;
    uint64_t count_ = 0;
};

}  // namespace kafkasim::sim::history
