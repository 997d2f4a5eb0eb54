// SPDX-License-Identifier: Apache-2.0
// What a log knows of its producers, made anew from snapshots and batches: at load, after a truncation, and for each
// segment that is recovered. Kafka 3.0.0: kafka.log.Log.rebuildProducerState, loadProducersFromRecords, close;
// kafka.log.LogLoader.recoverSegment.
#include <algorithm>

#include "core/log/log.hpp"
#include "core/log/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::log {

namespace {

constexpr Duration kExpirationCheckInterval = from_millis(600000);

}  // namespace

ProducerStateManager Log::new_producer_state() const {
    return {place_.partition, dir(), config_.producer_id_expiration_ms};
}

/// A log that has no snapshot after a clean stop is taken to have no producers, and gets empty ones so that the next
/// start need not read it.
void Log::rebuild_producer_state(node::Env& env, ProducerStateManager& producers, int64_t last_offset, bool clean,
                                 const std::string& ident) const {
    node::info(env, kLogObjectLogger, "{}Loading producer state till offset {} with message format version 2", ident,
               last_offset);
    if (producers.snapshots().empty() && clean) {
        const size_t count = segments_.size();
        if (count > 1) producers.update_map_end_offset(segments_[count - 2].base_offset());
        producers.take_snapshot(env);
        if (count > 0) producers.update_map_end_offset(segments_[count - 1].base_offset());
        producers.take_snapshot(env);
        producers.update_map_end_offset(last_offset);
        producers.take_snapshot(env);
        return;
    }
    node::info(env, kLogObjectLogger, "{}Reloading from producer snapshot and rebuilding producer state from offset {}",
               ident, last_offset);
    const bool was_empty = producers.empty() && producers.map_end_offset() >= last_offset;
    producers.truncate_and_reload(env, log_start_offset_, last_offset);
    if (last_offset > producers.map_end_offset() && !was_empty) load_producers(env, producers, last_offset);
    producers.update_map_end_offset(last_offset);
    producers.take_snapshot(env);
    node::info(env, kLogObjectLogger,
               "{}Producer state recovery took 0ms for snapshot load and 0ms for segment recovery from offset {}",
               ident, last_offset);
}

/// The batches between what the snapshot knows and `last_offset`. At the bases of the last two segments snapshots are
/// taken.
void Log::load_producers(node::Env& env, ProducerStateManager& producers, int64_t last_offset) const {
    for (size_t i = 0; i < segments_.size(); ++i) {
        const LogSegment& segment = segments_[i];
        const bool before = i + 1 < segments_.size() && segments_[i + 1].base_offset() <= producers.map_end_offset();
        if (before || segment.base_offset() >= last_offset) continue;
        const int64_t start = std::max({segment.base_offset(), producers.map_end_offset(), log_start_offset_});
        producers.update_map_end_offset(start);
        if (i + 2 >= segments_.size() && start == segment.base_offset()) producers.take_snapshot(env);
        const size_t first = segment.find(start);
        const size_t end = segment.find(last_offset);
        if (first < end) producers.load(env, std::span(segment.batches()).subspan(first, end - first));
    }
}

/// What was known when the segment began: its batches are taken in one by one afterwards.
void Log::recover_producers(node::Env& env, int64_t segment_base_offset, ProducerStateManager& producers) const {
    producers.find_snapshots(env);
    rebuild_producer_state(env, producers, segment_base_offset, false, loader_ident());
}

void Log::start_producer_state(node::Env& env, bool clean) {
    std::set<int64_t> bases;
    for (const LogSegment& segment : segments_) bases.insert(segment.base_offset());
    producers_ = new_producer_state();
    producers_.remove_stray_snapshots(env, bases);
    rebuild_producer_state(env, producers_, log_end_offset_, clean, loader_ident());
    next_producer_expiry_ = env.now() + kExpirationCheckInterval;
}

/// Every ten minutes producers are forgotten that have not written for long. What the checks since the last look
/// would have done is done now: nobody can tell the difference.
void Log::expire_producers(node::Env& env) {
    const Instant now = env.now();
    if (now < next_producer_expiry_) return;
    const int64_t missed = (now - next_producer_expiry_) / kExpirationCheckInterval;
    const Instant last = next_producer_expiry_ + missed * kExpirationCheckInterval;
    next_producer_expiry_ = last + kExpirationCheckInterval;
    producers_.remove_expired(env.wall_clock().value - millis_of(now - last));
}

void Log::close(node::Env& env) {
    finish_time_index(env);
    expire_producers(env);
    producers_.take_snapshot(env);
}

}  // namespace kafkasim::log
