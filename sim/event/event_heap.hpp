// SPDX-License-Identifier: Apache-2.0
#pragma once
// A 4-ary heap of events in one vector: four children lie in two cache lines, and the tree is half as deep as a
// binary one.
// Simple enough to be believed: it is the oracle of RadixLadder in the tests, and RadixLadder's refuge for rare,
// badly ordered pushes.

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/event/event.hpp"

namespace kafkasim::sim {

class EventHeap {
public:
    bool empty() const { return events_.empty(); }
    size_t size() const { return events_.size(); }
    const Event& top() const { return events_.front(); }

    void push(const Event& event) {
        const Event copy = event;
        events_.push_back(copy);
        sift_up(events_.size() - 1, copy);
    }

    Event pop() {
        const Event first = events_.front();
        const Event last = events_.back();
        events_.pop_back();
        if (!events_.empty()) sift_down(0, last);
        return first;
    }

    template <typename Unwanted>
    void erase_if(Unwanted unwanted) {
        std::erase_if(events_, unwanted);
        std::sort(events_.begin(), events_.end(), comes_before);  // a sorted vector is a heap
    }

private:
    static constexpr size_t kArity = 4;

    void sift_up(size_t hole, const Event& event) {
        while (hole > 0) {
            const size_t parent = (hole - 1) / kArity;
            if (!comes_before(event, events_[parent])) break;
            events_[hole] = events_[parent];
            hole = parent;
        }
        events_[hole] = event;
    }

    void sift_down(size_t hole, const Event& event) {
        const size_t count = events_.size();
        for (;;) {
            const size_t first = hole * kArity + 1;
            if (first >= count) break;
            const size_t end = std::min(first + kArity, count);
            size_t best = first;
            for (size_t child = first + 1; child < end; ++child) {
                if (comes_before(events_[child], events_[best])) best = child;
            }
            if (!comes_before(events_[best], event)) break;
            events_[hole] = events_[best];
            hole = best;
        }
        events_[hole] = event;
    }

    std::vector<Event> events_;
};
static_assert(EventQueueLike<EventHeap>);

}  // namespace kafkasim::sim
