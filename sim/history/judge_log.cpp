// SPDX-License-Identifier: Apache-2.0
// What the records themselves say: each offset has one value, each value of an idempotent producer one offset, and what
// was never sent is nowhere.
#include <fmt/format.h>

#include "sim/history/anomalies.hpp"
#include "sim/history/written.hpp"

namespace kafkasim::sim::history {

namespace {

/// Its records are told apart and written once: by all lives of the producer.
std::set<uint32_t> idempotent_producers(const Book& book) {
    std::set<uint32_t> producers;
    for (const History& history : book.histories) {
        if (!history.exactly_once_sends) continue;
        for (const Send& send : history.sends) producers.insert(send.value.producer);
    }
    return producers;
}

void find_duplicates(const Book& book, std::vector<Anomaly>& found) {
    struct Place {
        Partition partition;
        int64_t offset = -1;
        bool operator==(const Place&) const = default;
    };
    const std::set<uint32_t> idempotent = idempotent_producers(book);
    std::map<Value, Place> places;
    Finding duplicate("duplicate");
    const auto see = [&](const Value& value, const Place& at) {
        if (!idempotent.contains(value.producer)) return;
        const auto [known, is_first] = places.emplace(value, at);
        if (is_first || known->second == at) return;
        duplicate.add([&] {
            return fmt::format("{} is at {} and at {}", book.text_of(value),
                               place(book, known->second.partition, known->second.offset),
                               place(book, at.partition, at.offset));
        });
    };
    for (const History& history : book.histories) {
        for (const Send& send : history.sends) {
            if (send.outcome == Outcome::Acknowledged && send.offset >= 0) see(send.value, {send.to, send.offset});
        }
        for (const PolledRun& run : history.polls) {
            for (uint32_t i = run.first; i < run.first + run.count; ++i)
                see(history.records[i].value, {run.from, history.records[i].offset});
        }
    }
    duplicate.into(found);
}

/// Errors by which a record has never left its producer. After others nobody knows whether it was written.
bool never_left(const std::string& error) {
    return error.find("not present in metadata after") != std::string::npos ||
           error.find("RecordTooLargeException") != std::string::npos;
}

void find_never_written(const Book& book, std::vector<Anomaly>& found) {
    std::map<Value, uint32_t> failed;  // and the error
    for (const History& history : book.histories) {
        for (const Send& send : history.sends) {
            if (send.outcome == Outcome::Failed && never_left(book.errors[send.error]))
                failed.emplace(send.value, send.error);
        }
    }
    if (failed.empty()) return;
    Finding g1a("G1a");
    for (const History& history : book.histories) {
        for (const PolledRun& run : history.polls) {
            for (uint32_t i = run.first; i < run.first + run.count; ++i) {
                const auto never = failed.find(history.records[i].value);
                if (never == failed.end()) continue;
                g1a.add([&] {
                    return fmt::format("{} read {} at {}, which was never sent: {}", history.client,
                                       book.text_of(never->first), place(book, run.from, history.records[i].offset),
                                       book.errors[never->second]);
                });
            }
        }
    }
    g1a.into(found);
}

}  // namespace

void judge_log(const Book& book, std::vector<Anomaly>& found) {
    Finding inconsistent("inconsistent-offsets");
    const Written written(book);
    for (const Written::Conflict& conflict : written.conflicts()) {
        inconsistent.add([&] {
            return fmt::format("{} holds {} and {}", place(book, conflict.partition, conflict.offset),
                               book.text_of(conflict.first), book.text_of(conflict.second));
        });
    }
    inconsistent.into(found);
    find_duplicates(book, found);
    find_never_written(book, found);
}

void judge_sends(const Book& book, std::vector<Anomaly>& found) {
    Finding nonmonotonic("nonmonotonic-send");
    for (const History& history : book.histories) {
        if (!history.exactly_once_sends) continue;
        std::map<Partition, const Send*> last;
        for (const Send& send : history.sends) {
            if (send.outcome != Outcome::Acknowledged || send.offset < 0) continue;
            const Send*& before = last[send.to];
            if (before != nullptr && before->offset >= send.offset) {
                nonmonotonic.add([&] {
                    return fmt::format("{} sent {} after {}, and it got {} before {}", history.client,
                                       book.text_of(send.value), book.text_of(before->value),
                                       place(book, send.to, send.offset), before->offset);
                });
            }
            before = &send;
        }
    }
    nonmonotonic.into(found);
}

}  // namespace kafkasim::sim::history
