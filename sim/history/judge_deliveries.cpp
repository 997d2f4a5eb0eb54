// SPDX-License-Identifier: Apache-2.0
// Whether what was acknowledged was delivered: to anybody at all, to each group, and to each group once.
#include <fmt/format.h>

#include <algorithm>

#include "sim/history/anomalies.hpp"
#include "sim/history/written.hpp"

namespace kafkasim::sim::history {

namespace {

/// By partition and offset, who read it first, and how often it was read.
struct Read {
    uint32_t times = 0;
    const History* first = nullptr;
    const History* second = nullptr;
};
using ReadOffsets = std::map<Partition, std::vector<Read>>;

void see(ReadOffsets& reads, const Partition& partition, int64_t offset, const History& by) {
    std::vector<Read>& log = reads[partition];
    const auto at = static_cast<size_t>(offset);
    if (log.size() <= at) log.resize(at + 1);
    Read& read = log[at];
    if (read.times == 0) read.first = &by;
    if (read.times == 1) read.second = &by;
    ++read.times;
}

struct Reads {
    ReadOffsets anybody;
    std::map<std::string, ReadOffsets> groups;
};

Reads reads_of(const Book& book) {
    Reads reads;
    for (const History& history : book.histories) {
        if (history.role != Role::Consumer) continue;
        ReadOffsets& group = reads.groups[history.group];
        for (const PolledRun& run : history.polls) {
            for (uint32_t i = run.first; i < run.first + run.count; ++i) {
                see(group, run.from, history.records[i].offset, history);
                see(reads.anybody, run.from, history.records[i].offset, history);
            }
        }
    }
    return reads;
}

bool was_read(const ReadOffsets& reads, const Partition& partition, int64_t offset) {
    const auto log = reads.find(partition);
    return log != reads.end() && static_cast<size_t>(offset) < log->second.size() &&
           log->second[static_cast<size_t>(offset)].times > 0;
}

bool later_was_read(const ReadOffsets& reads, const Partition& partition, int64_t offset) {
    const auto log = reads.find(partition);
    return log != reads.end() && static_cast<size_t>(offset) + 1 < log->second.size();
}

bool is_read_by_a_group(const Promises& promises, const std::string& topic) {
    return std::any_of(promises.groups.begin(), promises.groups.end(),
                       [&](const auto& group) { return group.second.topics.contains(topic); });
}

class Deliveries {
public:
    Deliveries(const Book& book, const Promises& promises) : book_(book), promises_(promises), reads_(reads_of(book)) {}

    /// A record that was acknowledged, and may not be lost.
    void judge(const Send& send) {
        const std::string& topic = book_.topics[send.to.topic];
        if (!is_read_by_a_group(promises_, topic)) return;
        if (!was_read(reads_.anybody, send.to, send.offset)) {
            Finding& finding = later_was_read(reads_.anybody, send.to, send.offset) ? lost_ : unseen_;
            return finding.add([&] {
                return fmt::format("{} was acknowledged at {}, and nobody has read it", book_.text_of(send.value),
                                   place(book_, send.to, send.offset));
            });
        }
        for (const auto& [name, group] : promises_.groups) {
            if (!group.topics.contains(topic) || was_read(reads_.groups[name], send.to, send.offset)) continue;
            undelivered_.add([&] {
                return fmt::format("{} was acknowledged at {}, and group {} has not read it", book_.text_of(send.value),
                                   place(book_, send.to, send.offset), name);
            });
        }
    }

    void judge_duplicates() {
        for (const auto& [name, group] : promises_.groups) {
            if (!group.exactly_once) continue;
            for (const auto& [partition, log] : reads_.groups[name]) {
                for (size_t offset = 0; offset < log.size(); ++offset) {
                    const Read& read = log[offset];
                    if (read.times < 2) continue;
                    twice_.add([&] {
                        return fmt::format("group {} read {} twice: {} and {}", name,
                                           place(book_, partition, static_cast<int64_t>(offset)), read.first->client,
                                           read.second->client);
                    });
                }
            }
        }
    }

    void into(std::vector<Anomaly>& found) const {
        for (const Finding* each : {&lost_, &unseen_, &undelivered_, &twice_}) each->into(found);
    }

private:
    const Book& book_;
    const Promises& promises_;
    Reads reads_;
    Finding lost_{"lost-write"};
    Finding unseen_{"unseen"};
    Finding undelivered_{"undelivered"};
    Finding twice_{"duplicate-read"};
};

}  // namespace

void judge_deliveries(const Book& book, const Promises& promises, std::vector<Anomaly>& found) {
    Deliveries deliveries(book, promises);
    for (const History& history : book.histories) {
        if (!promises.finished) break;
        for (const Send& send : history.sends) {
            if (send.outcome != Outcome::Acknowledged || send.offset < 0) continue;
            if (promises.durable.contains(book.producers[send.value.producer])) deliveries.judge(send);
        }
    }
    deliveries.judge_duplicates();
    deliveries.into(found);
}

std::vector<Anomaly> judge(const Book& book) {
    std::vector<Anomaly> found;
    judge_log(book, found);
    judge_sends(book, found);
    judge_polls(book, found);
    return found;
}

std::vector<Anomaly> judge(const Book& book, const Promises& promises) {
    std::vector<Anomaly> found = judge(book);
    judge_deliveries(book, promises, found);
    return found;
}

}  // namespace kafkasim::sim::history
