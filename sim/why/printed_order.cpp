// SPDX-License-Identifier: Apache-2.0
// Why a consumer printed in that order.
#include <fmt/format.h>

#include <set>

#include "sim/why/explanations.hpp"

namespace kafkasim::sim {

namespace {

std::string batches_text(const World& world, const std::string& topic, uint64_t until) {
    std::string text;
    bool sticky = false;
    for (const TraceEvent* note : notes_between(world.trace(), node::NoteKind::BatchSent, 0, until)) {
        if (field(*note, "topic") != topic) continue;
        text += (text.empty() ? "" : ", ") + field(*note, "partition");
        sticky = sticky || field(*note, "by") == "sticky";
    }
    if (text.empty()) return "";
    const std::string rule = sticky ? "A record without a key goes to the partition of the current batch; each new batch goes to another partition, and lines typed more "
                                      "than a second apart (linger.ms=1000) are batches of their own."
                                    : "A record's key decides its partition.";
    return rule + " Batch by batch, the producers wrote to partition " + text + ".\n";
}

}  // namespace

std::string why_in_that_order(const World& world, const Question& question) {
    const auto notes = notes_between(world.trace(), node::NoteKind::RecordsReturned, question.after, question.until);
    std::set<std::string> partitions;
    for (const TraceEvent* note : notes) partitions.insert(field(*note, "topic") + "-" + field(*note, "partition"));
    if (partitions.size() < 2) return "";
    std::string text = "Order holds within a partition, not between partitions. The consumer printed what each poll returned:\n";
    for (const TraceEvent* note : notes) {
        const int64_t first = number(*note, "first_offset");
        const int64_t count = number(*note, "count");
        text += fmt::format("  {}  {}-{}, offsets {} to {}, from its leader, broker {}\n", world.clock().time_of_day(note->at), field(*note, "topic"),
                            field(*note, "partition"), first, first + count - 1, field(*note, "leader"));
    }
    text += "One fetch goes to each leader, and whose answer arrives first is printed first; the partitions of one answer are printed in the order of a Java "
            "HashMap, by hash and not by number.\n";
    return text + batches_text(world, field(*notes.front(), "topic"), question.until);
}

}  // namespace kafkasim::sim
