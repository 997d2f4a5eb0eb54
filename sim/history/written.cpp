// SPDX-License-Identifier: Apache-2.0
#include "sim/history/written.hpp"

#include <fmt/format.h>

namespace kafkasim::sim::history {

Written::Written(const Book& book) {
    for (const History& history : book.histories) {
        for (const Send& send : history.sends) {
            if (send.outcome == Outcome::Acknowledged && send.offset >= 0) add(send.to, send.offset, send.value);
        }
    }
    for (const History& history : book.histories) {
        for (const PolledRun& run : history.polls) {
            for (uint32_t i = run.first; i < run.first + run.count; ++i)
                add(run.from, history.records[i].offset, history.records[i].value);
        }
    }
}

void Written::add(const Partition& partition, int64_t offset, const Value& value) {
    std::vector<Slot>& log = logs_[partition];
    const auto at = static_cast<size_t>(offset);
    if (log.size() <= at) log.resize(at + 1);
    Slot& slot = log[at];
    if (slot.seen && slot.value != value) conflicts_.push_back({partition, offset, slot.value, value});
    if (!slot.seen) slot = {value, true};
}

const Value* Written::at(const Partition& partition, int64_t offset) const {
    const auto log = logs_.find(partition);
    if (log == logs_.end() || offset < 0 || static_cast<size_t>(offset) >= log->second.size()) return nullptr;
    const Slot& slot = log->second[static_cast<size_t>(offset)];
    return slot.seen ? &slot.value : nullptr;
}

std::string place(const Book& book, const Partition& partition, int64_t offset) {
    return fmt::format("offset {} of {}", offset, to_string(book.topic_partition(partition)));
}

}  // namespace kafkasim::sim::history
