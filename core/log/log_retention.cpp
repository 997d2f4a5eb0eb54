// SPDX-License-Identifier: Apache-2.0
// Segments leave the log: retention, and the swap of cleaned segments. Their files are kept as `.deleted` for
// file.delete.delay.ms; LogManager removes them. Kafka 3.0.0: kafka.log.Log.deleteOldSegments, deleteSegmentFiles,
// replaceSegments.
#include <algorithm>

#include "core/base/check.hpp"
#include "core/log/log.hpp"
#include "core/log/log_dir_failure.hpp"
#include "core/log/loggers.hpp"
#include "core/log/retention.hpp"
#include "core/node/log.hpp"

namespace kafkasim::log {

namespace {

std::string shown(std::span<const LogSegment> segments) {
    std::string text;
    for (const LogSegment& segment : segments) text += (text.empty() ? "" : ",") + to_string(segment);
    return text;
}

std::string_view basis(const LogSegment& segment) {
    return segment.largest_timestamp() >= 0 ? "largest record timestamp in the segment"
                                            : "last modified time of the segment";
}

}  // namespace

std::vector<DeletedSegments> Log::delete_old_segments(node::Env& env) {
    std::vector<DeletedSegments> deleted;
    const size_t below = segments_below_start(segments_, high_watermark(), log_start_offset_);
    if (below > 0) {
        node::info(env, kLogLogger, "{}Deleting segments due to log start offset {} breach: {}", ident(),
                   log_start_offset_, shown(std::span(segments_).first(below)));
        deleted.push_back(delete_segments(env, below));
    }
    if (!config_.deletes_old) return deleted;
    const size_t beyond_size = segments_beyond_size(segments_, high_watermark(), config_.retention_bytes);
    if (beyond_size > 0) {
        if (beyond_size == segments_.size()) roll(env);
        int64_t left = size_in_bytes();
        for (const LogSegment& segment : std::span(segments_).first(beyond_size)) {
            left -= segment.size();
            node::info(env, kLogLogger,
                       "{}Deleting segment {} due to retention size {} breach. Log size after deletion will be {}.",
                       ident(), to_string(segment), config_.retention_bytes, left);
        }
        deleted.push_back(delete_segments(env, beyond_size));
    }
    const int64_t now_ms = env.wall_clock().value;
    const size_t beyond_time = segments_beyond_time(segments_, high_watermark(), config_.retention_ms, now_ms);
    // The look at the greatest timestamp of the first segment that stays.
    if (config_.retention_ms >= 0 && beyond_time < segments_.size())
        make_index_files(env, segments_[beyond_time], {false, true});
    if (beyond_time > 0) {
        if (beyond_time == segments_.size()) roll(env);
        for (const LogSegment& segment : std::span(segments_).first(beyond_time)) {
            node::info(env, kLogLogger, "{}Deleting segment {} due to retention time {}ms breach based on the {}",
                       ident(), to_string(segment), config_.retention_ms, basis(segment));
        }
        deleted.push_back(delete_segments(env, beyond_time));
    }
    return deleted;
}

/// Not all of them: the log keeps at least one segment, and begins where its first one does.
DeletedSegments Log::delete_segments(node::Env& env, size_t count) {
    CHECK_INVARIANT(count < segments_.size(), "a log has at least one segment");
    const bool failed_before = has_failed(env, log_dir());
    DeletedSegments deleted = mark_deleted(env, 0, count);
    report_failure(env, failed_before, "deleting segments for");
    segments_.erase(segments_.begin(), segments_.begin() + static_cast<std::ptrdiff_t>(count));
    maybe_increment_log_start_offset(env, segments_.front().base_offset(), "segment deletion");
    return deleted;
}

/// The producers' snapshot of a segment that another one replaces stays.
DeletedSegments Log::mark_deleted(node::Env& env, size_t first, size_t count, bool replaced) {
    DeletedSegments deleted;
    deleted.due = env.now() + from_millis(config_.file_delete_delay_ms);
    deleted.dir = dir();
    deleted.ident = ident();
    const auto segments = std::span(segments_).subspan(first, count);
    deleted.shown = shown(segments);
    for (const LogSegment& segment : segments) {
        deleted.base_offsets.push_back(segment.base_offset());
        for (std::string_view suffix : kSegmentSuffixes) {
            if (replaced && suffix == ".snapshot") continue;
            const std::string file = path(segment_file(segment.base_offset(), suffix));
            if (env.disk().exists(file)) env.disk().rename(file, file + std::string(kDeletedSuffix));
        }
        if (!replaced) producers_.forget_snapshot(segment.base_offset());
    }
    return deleted;
}

std::vector<DeletedSegments> Log::replace_segments(node::Env& env, size_t first, size_t count, LogSegment cleaned) {
    std::vector<DeletedSegments> deleted;
    for (size_t i = first; i < first + count; ++i) deleted.push_back(mark_deleted(env, i, 1, i == first));
    const auto begin = segments_.begin() + static_cast<std::ptrdiff_t>(first);
    *begin = std::move(cleaned);
    begin->set_index_files({true, true});
    const LogSegment& segment = *begin;
    const std::string file = path(segment_file(segment.base_offset(), ".log"));
    env.disk().keep_batches(file, 0);
    for (const protocol::RecordBatch& batch : segment.batches()) env.disk().append_batch(file, batch);
    env.disk().flush(file);
    write_indexes(env, segment);
    segments_.erase(begin + 1, begin + static_cast<std::ptrdiff_t>(count));
    return deleted;
}

bool Log::is_last_of_producer(const protocol::RecordBatch& batch) const {
    const ProducerStateEntry* producer = batch.has_producer_id() ? producers_.entry_of(batch.producer_id) : nullptr;
    return producer && producer->last_data_offset() == batch.last_offset();
}

void Log::write_indexes(node::Env& env, const LogSegment& segment) {
    const int64_t base = segment.base_offset();
    std::string offsets;
    for (const OffsetEntry& entry : segment.offset_index()) offsets += encode(entry, base);
    std::string times;
    for (const TimeEntry& entry : segment.time_index()) times += encode(entry, base);
    env.disk().write_text(path(segment_file(base, ".index")), offsets);
    env.disk().write_text(path(segment_file(base, ".timeindex")), times);
}

}  // namespace kafkasim::log
