// SPDX-License-Identifier: Apache-2.0
// What one consumer's polls return of a partition goes on without a gap and without a step back, as long as it keeps the
// partition. Nothing of ours seeks; a reset (auto.offset.reset) after a loss of data would be told apart here if a
// workload could have one.
#include <fmt/format.h>

#include <algorithm>

#include "sim/history/anomalies.hpp"
#include "sim/history/written.hpp"

namespace kafkasim::sim::history {

namespace {

struct Last {
    int64_t offset = -1;
    uint64_t order = 0;
};

class Polls {
public:
    Polls(const Book& book, const Written& written) : book_(book), written_(written) {}

    void follow(const History& history) {
        std::map<Partition, Last> last;
        auto change = history.membership.begin();
        for (const PolledRun& run : history.polls) {
            for (; change != history.membership.end() && change->order < run.order; ++change) {
                for (const Partition& partition : change->partitions) last.erase(partition);
            }
            follow(history, run, last);
        }
    }

    void into(std::vector<Anomaly>& found) const {
        for (const Finding* each : {&skip_, &inner_skip_, &back_, &inner_back_}) each->into(found);
    }

private:
    void follow(const History& history, const PolledRun& run, std::map<Partition, Last>& last) {
        const auto known = last.find(run.from);
        int64_t before = known == last.end() ? -1 : known->second.offset;
        const bool is_known = known != last.end();
        for (uint32_t i = 0; i < run.count; ++i) {
            const int64_t offset = history.records[run.first + i].offset;
            if (i > 0 || is_known) step(history, run, before, offset, i > 0);
            before = offset;
        }
        if (run.count > 0) last[run.from] = {before, run.order};
    }

    void step(const History& history, const PolledRun& run, int64_t before, int64_t offset, bool inside) {
        if (offset <= before) {
            (inside ? inner_back_ : back_).add([&] {
                return fmt::format("{} read {} after {}", history.client, place(book_, run.from, offset), before);
            });
            return;
        }
        for (int64_t skipped = before + 1; skipped < offset; ++skipped) {
            const Value* value = written_.at(run.from, skipped);
            if (value == nullptr) continue;
            (inside ? inner_skip_ : skip_).add([&] {
                return fmt::format("{} read {} after {}, and skipped {}, {}", history.client,
                                   place(book_, run.from, offset), before, skipped, book_.text_of(*value));
            });
            return;
        }
    }

    const Book& book_;
    const Written& written_;
    Finding skip_{"poll-skip"};
    Finding inner_skip_{"int-poll-skip"};
    Finding back_{"nonmonotonic-poll"};
    Finding inner_back_{"int-nonmonotonic-poll"};
};

}  // namespace

void judge_polls(const Book& book, std::vector<Anomaly>& found) {
    const Written written(book);
    Polls polls(book, written);
    for (const History& history : book.histories) {
        if (history.role == Role::Consumer) polls.follow(history);
    }
    polls.into(found);
}

}  // namespace kafkasim::sim::history
