// SPDX-License-Identifier: Apache-2.0
// Taking records away. Kafka 3.0.0: kafka.log.Log.truncateTo, truncateFullyAndStartAt, updateLogEndOffset.
#include <algorithm>

#include "core/base/check.hpp"
#include "core/log/log.hpp"
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
    while (segments_.back().base_offset() > offset) {
        remove_segment_files(env, segments_.back().base_offset());
        segments_.pop_back();
    }
    const size_t kept = segments_.back().truncate_to(offset);
    env.disk().keep_batches(path(segment_file(segments_.back().base_offset(), ".log")), kept);
    if (epochs_.truncate_from_end(offset)) write_epochs(env);
    log_start_offset_ = std::min(log_start_offset_, offset);
    move_log_end(env, offset);
    return true;
}

void Log::truncate_fully_and_start_at(node::Env& env, int64_t offset) {
    for (const LogSegment& segment : segments_) remove_segment_files(env, segment.base_offset());
    segments_.clear();
    open_segment(env, offset);
    epochs_.clear();
    write_epochs(env);
    log_start_offset_ = offset;
    move_log_end(env, offset);
    if (high_watermark_.offset < offset) update_high_watermark(env, offset);
}

void Log::move_log_end(node::Env& env, int64_t offset) {
    log_end_offset_ = offset;
    if (high_watermark_.offset >= offset) set_high_watermark(env, log_end_offset_metadata());
    recovery_point_ = std::min(recovery_point_, offset);
    // Here the producer state will be rebuilt from the newest snapshot not beyond `offset`.
}

void Log::remove_segment_files(node::Env& env, int64_t base_offset) {
    for (std::string_view suffix : {".log", ".index", ".timeindex", ".txnindex", ".snapshot"}) {
        const std::string file = path(segment_file(base_offset, suffix));
        if (env.disk().exists(file)) env.disk().remove(file);
    }
}

}  // namespace kafkasim::log
