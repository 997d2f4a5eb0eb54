// SPDX-License-Identifier: Apache-2.0
// Taking records away. Kafka 3.0.0: kafka.log.Log.truncateTo, truncateFullyAndStartAt, updateLogEndOffset.
#include <algorithm>

#include "core/base/check.hpp"
#include "core/log/log.hpp"
#include "core/log/log_dir_failure.hpp"
#include "core/node/log.hpp"

namespace kafkasim::log {

bool Log::truncate_to(node::Env& env, int64_t offset) {
    CHECK_INVARIANT(offset >= 0, "a log cannot be truncated to a negative offset");
    if (offset >= log_end_offset_) {
        node::info(env, "kafka.log.Log", "{}Truncating to {} has no effect as the largest offset in the log is {}",
                   ident(), offset, log_end_offset_ - 1);
        if (epochs_.truncate_from_end(offset)) write_epochs(env);
        return false;
    }
    node::info(env, "kafka.log.Log", "{}Truncating to offset {}", ident(), offset);
    if (offset < segments_.front().base_offset()) {
        truncate_fully_and_start_at(env, offset);
        return true;
    }
    const bool failed_before = has_failed(env, log_dir());
    const auto beyond = std::partition_point(
        segments_.begin(), segments_.end(), [&](const LogSegment& segment) { return segment.base_offset() <= offset; });
    delete_truncated(env, static_cast<size_t>(beyond - segments_.begin()));
    const size_t kept = segments_.back().truncate_to(offset, env.wall_clock().value);
    env.disk().keep_batches(path(segment_file(segments_.back().base_offset(), ".log")), kept);
    write_indexes(env, segments_.back());
    segments_.back().set_index_files({true, true});
    if (epochs_.truncate_from_end(offset)) write_epochs(env);
    log_start_offset_ = std::min(log_start_offset_, offset);
    move_log_end(env, offset);
    report_failure(env, failed_before, fmt::format("truncating log to offset {} for", offset));
    return true;
}

void Log::truncate_fully_and_start_at(node::Env& env, int64_t offset) {
    const bool failed_before = has_failed(env, log_dir());
    delete_truncated(env, 0);
    open_segment(env, offset);
    epochs_.clear();
    write_epochs(env);
    producers_.truncate_fully_and_start_at(env, offset);
    log_start_offset_ = offset;
    move_log_end(env, offset);
    report_failure(env, failed_before, "truncating the entire log for");
    if (high_watermark_.offset < offset) update_high_watermark(env, high_watermark_.offset);  // up to the log's start
}

/// The segments from index `first` on.
void Log::delete_truncated(node::Env& env, size_t first) {
    if (first == segments_.size()) return;
    // The line below shows the greatest timestamps, for which Kafka opens the time index.
    for (size_t i = first; i < segments_.size(); ++i) make_index_files(env, segments_[i], {false, true});
    DeletedSegments deleted = mark_deleted(env, first, segments_.size() - first);
    node::info(env, "kafka.log.Log", "{}Deleting segments as part of log truncation: {}", ident(), deleted.shown);
    deleted_.push_back(std::move(deleted));
    segments_.resize(first, LogSegment(0));
}

void Log::move_log_end(node::Env& env, int64_t offset) {
    log_end_offset_ = offset;
    truncated_to_ = std::min(truncated_to_.value_or(offset), offset);
    if (high_watermark_.offset >= offset) set_high_watermark(env, log_end_offset_metadata());
    recovery_point_ = std::min(recovery_point_, offset);
    rebuild_producer_state(env, producers_, offset, false, ident());
}

void Log::remove_segment_files(node::Env& env, int64_t base_offset) {
    for (std::string_view suffix : kSegmentSuffixes) {
        const std::string file = path(segment_file(base_offset, suffix));
        if (env.disk().exists(file)) env.disk().remove(file);
    }
    producers_.forget_snapshot(base_offset);
}

}  // namespace kafkasim::log
