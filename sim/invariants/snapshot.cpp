// SPDX-License-Identifier: Apache-2.0
#include "sim/invariants/snapshot.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kafkasim::sim::invariants {

namespace {

using protocol::RecordBatch;

/// Goes through the batches of a log from the one that holds an offset on.
class Cursor {
public:
    Cursor(const LogView& log, int64_t offset) : log_(log) {
        const auto segment = std::partition_point(log.begin(), log.end(), [&](std::span<const RecordBatch> batches) {
            return batches.empty() || batches.back().last_offset() < offset;
        });
        segment_ = static_cast<size_t>(segment - log.begin());
        if (segment == log.end()) return;
        const auto batch = std::partition_point(segment->begin(), segment->end(),
                                                [&](const RecordBatch& each) { return each.last_offset() < offset; });
        batch_ = static_cast<size_t>(batch - segment->begin());
    }

    /// nullptr at the end.
    const RecordBatch* get() const { return segment_ == log_.size() ? nullptr : &log_[segment_][batch_]; }
    void next() {
        ++batch_;
        while (segment_ < log_.size() && batch_ >= log_[segment_].size()) ++segment_, batch_ = 0;
    }

private:
    const LogView& log_;
    size_t segment_ = 0;
    size_t batch_ = 0;
};

bool same_batch(const RecordBatch& a, const RecordBatch& b) {
    if (a.base_offset != b.base_offset || a.last_offset_delta != b.last_offset_delta) return false;
    if (a.partition_leader_epoch != b.partition_leader_epoch) return false;
    return (a.body != nullptr && a.body == b.body) || a == b;
}

}  // namespace

const RecordBatch* batch_at(const LogView& log, int64_t offset) {
    const RecordBatch* batch = Cursor(log, offset).get();
    return batch != nullptr && batch->base_offset <= offset ? batch : nullptr;
}

const ReplicaView* PartitionSnapshot::find(BrokerId id) const {
    const auto found =
        std::find_if(replicas.begin(), replicas.end(), [id](const ReplicaView& replica) { return replica.id == id; });
    return found == replicas.end() ? nullptr : &*found;
}

bool same_topic(const ReplicaView& a, const ReplicaView& b) {
    return a.topic_id.is_zero() || b.topic_id.is_zero() || a.topic_id == b.topic_id;
}

int64_t Agreements::until(const ReplicaView& a, const ReplicaView& b) const {
    if (a.life > b.life) return until(b, a);
    const auto found = agreements_.find({a.life, b.life});
    if (found == agreements_.end()) return 0;
    const Agreement& known = found->second;
    const RecordBatch* in_a = batch_at(a.log, known.until - 1);
    const RecordBatch* in_b = batch_at(b.log, known.until - 1);
    const auto still = [&](const RecordBatch* batch, const Body& body) {
        return batch != nullptr && batch->partition_leader_epoch == known.epoch && batch->body == body;
    };
    return still(in_a, known.last_of_first) && still(in_b, known.last_of_second) ? known.until : 0;
}

void Agreements::found(const ReplicaView& a, const ReplicaView& b, const RecordBatch& last_of_a,
                       const RecordBatch& last_of_b) {
    if (a.life > b.life) return found(b, a, last_of_b, last_of_a);
    agreements_[{a.life, b.life}] = {last_of_a.next_offset(), last_of_a.partition_leader_epoch, last_of_a.body,
                                     last_of_b.body};
}

std::optional<Difference> first_difference(const ReplicaView& a, const ReplicaView& b, int64_t below,
                                           Agreements* agreements) {
    if (!same_topic(a, b)) return std::nullopt;
    const int64_t end = std::min(below, a.log_end);
    int64_t start = std::max(a.log_start, b.log_start);
    if (start >= end) return std::nullopt;
    if (agreements != nullptr) start = std::max(start, agreements->until(a, b));
    Cursor at_a(a.log, start);
    Cursor at_b(b.log, start);
    const RecordBatch* last_of_a = nullptr;
    const RecordBatch* last_of_b = nullptr;
    for (; at_a.get() != nullptr; at_a.next(), at_b.next()) {
        const RecordBatch& mine = *at_a.get();
        const int64_t offset = std::max(mine.base_offset, start);
        if (offset >= end) break;
        const RecordBatch* others = at_b.get();
        if (others == nullptr || others->base_offset > offset)
            return Difference{offset, true, mine.partition_leader_epoch, -1};
        if (!same_batch(mine, *others))
            return Difference{offset, false, mine.partition_leader_epoch, others->partition_leader_epoch};
        last_of_a = &mine;
        last_of_b = others;
    }
    if (agreements != nullptr && last_of_a != nullptr) agreements->found(a, b, *last_of_a, *last_of_b);
    return std::nullopt;
}

std::string text_of(const Difference& difference) {
    if (difference.missing) return fmt::format("has no record at offset {}", difference.offset);
    const std::string epochs = difference.epoch_a == difference.epoch_b
                                   ? fmt::format("also of epoch {}", difference.epoch_b)
                                   : fmt::format("of epoch {}, not {}", difference.epoch_b, difference.epoch_a);
    return fmt::format("has another record at offset {} ({})", difference.offset, epochs);
}

std::string text_of(const std::vector<BrokerId>& ids) { return "[" + join(ids, ", ") + "]"; }

}  // namespace kafkasim::sim::invariants
