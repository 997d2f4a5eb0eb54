// SPDX-License-Identifier: Apache-2.0
#include "core/log/log_cleaner.hpp"

#include <algorithm>

#include "core/log/checkpoint_file.hpp"
#include "core/log/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::log {

namespace {

constexpr std::string_view kThread = "[kafka-log-cleaner-thread-0]: ";
constexpr std::string_view kCleaner = "Cleaner 0: ";

/// "1,234"
std::string with_commas(int64_t number) {
    std::string text = fmt::format("{}", number);
    for (size_t at = text.size(); at > 3 && text[at - 4] != '-'; at -= 3) text.insert(at - 3, ",");
    return text;
}

/// "0.0", of bytes in MB.
std::string megabytes(int64_t bytes) {
    constexpr int64_t kMega = 1024 * 1024;
    const int64_t tenths = (bytes * 10 + kMega / 2) / kMega;
    return fmt::format("{}.{}", with_commas(tenths / 10), tenths % 10);
}

int64_t modified_before(std::span<const LogSegment> segments, int64_t offset) {
    int64_t last = 0;
    for (const LogSegment& segment : segments) {
        if (segment.base_offset() < offset) last = segment.last_modified_ms();
    }
    return last;
}

std::string listed(std::span<const LogSegment> segments) {
    std::string text;
    for (const LogSegment& segment : segments) text += (text.empty() ? "" : ", ") + to_string(segment);
    return text;
}

std::string name_of(const Log& log) { return to_string(log.partition()); }

}  // namespace

std::string percent_less(int64_t after, int64_t before) {
    if (before == 0) return "NaN";
    const int64_t tenths = ((before - after) * 2000 + before) / (2 * before);
    return fmt::format("{}.{}", tenths / 10, tenths % 10);
}

void LogCleaner::start(node::Env& env, const std::vector<std::string>& log_dirs) {
    for (const std::string& dir : log_dirs) {
        const std::string file = fmt::format("{}/{}", dir, kCleanerCheckpoint);
        if (!env.disk().exists(file)) env.disk().write_text(file, "");
        for (const auto& [tp, offset] : read_offset_checkpoint(env, dir, kCleanerCheckpoint))
            checkpoints_[tp] = {dir, offset};
    }
    node::info(env, kLogCleanerLogger, "Starting the log cleaner");
    node::info(env, kLogCleanerLogger, "{}Starting", kThread);
}

void LogCleaner::shutdown(node::Env& env) const {
    node::info(env, kLogCleanerLogger, "Shutting down the log cleaner.");
    for (std::string_view state : {"Shutting down", "Stopped", "Shutdown completed"})
        node::info(env, kLogCleanerLogger, "{}{}", kThread, state);
}

std::optional<int64_t> LogCleaner::checkpoint_of(const TopicPartition& tp) const {
    const auto found = checkpoints_.find(tp);
    return found == checkpoints_.end() ? std::nullopt : std::optional(found->second.offset);
}

void LogCleaner::set_checkpoint(node::Env& env, const Log& log, int64_t offset) {
    checkpoints_[log.partition()] = {log.log_dir(), offset};
    write_checkpoints(env, log.log_dir());
}

void LogCleaner::forget(node::Env& env, const Log& log) {
    if (checkpoints_.erase(log.partition()) > 0) write_checkpoints(env, log.log_dir());
}

/// Kafka 3.0.0: LogCleanerManager.handleLogDirFailure.
void LogCleaner::handle_log_dir_failure(node::Env& env, const std::string& dir) {
    node::warn(env, kLogCleanerLogger, "Stopping cleaning logs in dir {}", dir);
    std::erase_if(checkpoints_, [&](const auto& each) { return each.second.log_dir == dir; });
}

void LogCleaner::write_checkpoints(node::Env& env, const std::string& log_dir) const {
    OffsetCheckpoint offsets;
    for (const auto& [tp, checkpoint] : checkpoints_) {
        if (checkpoint.log_dir == log_dir) offsets.emplace_hint(offsets.end(), tp, checkpoint.offset);
    }
    write_offset_checkpoint(env, log_dir, kCleanerCheckpoint, offsets);
}

/// Kafka 3.0.0: LogCleanerManager.grabFilthiestCompactedLog, of one log.
LogToClean LogCleaner::look_at(node::Env& env, Log& log, int64_t now_ms) {
    std::optional<int64_t> checkpoint = checkpoint_of(log.partition());
    if (const auto truncated = log.take_truncation(); truncated && checkpoint && *checkpoint > *truncated) {
        checkpoint = truncated;
        set_checkpoint(env, log, *truncated);
    }
    const LogBounds bounds{log.log_start_offset(), log.log_end_offset(), log.last_stable_offset()};
    const CleanableOffsets offsets =
        cleanable_offsets(log.segments(), bounds, checkpoint, log.config().min_compaction_lag_ms, now_ms);
    if (offsets.checkpoint == CleanerCheckpoint::BelowStart && !log.config().deletes_old) {
        node::warn(env, kLogCleanerLogger,
                   "Resetting first dirty offset of {} to log start offset {} since the checkpointed offset {} is "
                   "invalid.",
                   name_of(log), bounds.log_start_offset, checkpoint.value_or(0));
    } else if (offsets.checkpoint == CleanerCheckpoint::BeyondEnd) {
        node::warn(env, kLogCleanerLogger,
                   "The last checkpoint dirty offset for partition {} is {}, which is larger than the log end offset "
                   "{}. Resetting to the log start offset {}.",
                   name_of(log), checkpoint.value_or(0), bounds.log_end_offset, bounds.log_start_offset);
    }
    if (offsets.checkpoint != CleanerCheckpoint::Valid) set_checkpoint(env, log, offsets.first_dirty);
    const int64_t delay =
        max_compaction_delay(log.segments(), offsets.first_dirty, log.config().max_compaction_lag_ms, now_ms);
    return log_to_clean(log.segments(), offsets, delay > 0);
}

std::optional<TopicPartition> LogCleaner::grab_filthiest(node::Env& env, std::map<TopicPartition, Log>& logs) {
    const int64_t now_ms = env.wall_clock().value;
    std::optional<TopicPartition> filthiest;
    for (auto& [tp, log] : logs) {
        if (!log.config().compacted || log.log_end_offset() == 0) continue;
        const LogToClean candidate = look_at(env, log, now_ms);
        if (!is_cleanable(candidate, log.config().min_cleanable_ratio)) continue;
        if (filthiest && !is_filthier(candidate, grabbed_)) continue;
        filthiest = tp;
        grabbed_ = candidate;
    }
    return filthiest;
}

std::vector<DeletedSegments> LogCleaner::clean(node::Env& env, Log& log) {
    const int64_t first_dirty = grabbed_.first_dirty;
    node::info(env, kLogCleanerLogger, "{}Beginning cleaning of log {}.", kCleaner, name_of(log));
    const bool ever_cleaned = first_dirty > log.segments().front().base_offset();
    const int64_t delete_horizon_ms =
        ever_cleaned ? modified_before(log.segments(), first_dirty) - log.config().delete_retention_ms : 0;
    Stats stats;
    const OffsetMap map = build_offset_map(env, log, stats);
    const int64_t end = map.latest_offset + 1;
    node::info(env, kLogCleanerLogger, "{}Cleaning log {} (cleaning prior to {}, discarding tombstones prior to {})...",
               kCleaner, name_of(log), java_date({modified_before(log.segments(), grabbed_.first_uncleanable)}),
               java_date({delete_horizon_ms}));
    const auto after = std::partition_point(log.segments().begin(), log.segments().end(),
                                            [&](const LogSegment& segment) { return segment.base_offset() < end; });
    const auto cleanable = std::span(log.segments()).first(static_cast<size_t>(after - log.segments().begin()));
    std::vector<DeletedSegments> replaced;
    size_t gone = 0;  // segments that earlier groups have lost
    for (SegmentGroup group : group_segments(cleanable, log.config().segment_bytes, log.config().segment_index_bytes)) {
        const size_t count = group.end - group.first;
        group = {group.first - gone, group.end - gone};
        LogSegment cleaned = clean_group(env, log, group, map, delete_horizon_ms, stats);
        node::info(env, kLogCleanerLogger, "{}Swapping in cleaned segment {} for segment(s) List({}) in log {}",
                   kCleaner, to_string(cleaned), listed(std::span(log.segments()).subspan(group.first, count)),
                   log.description());
        for (DeletedSegments& old : log.replace_segments(env, group.first, count, std::move(cleaned)))
            replaced.push_back(std::move(old));
        gone += count - 1;
    }
    set_checkpoint(env, log, end);
    log_stats(env, log, end, stats);
    return replaced;
}

OffsetMap LogCleaner::build_offset_map(node::Env& env, const Log& log, Stats& stats) const {
    const int64_t from = grabbed_.first_dirty;
    const int64_t to = grabbed_.first_uncleanable;
    node::info(env, kLogCleanerLogger, "{}Building offset map for {}...", kCleaner, name_of(log));
    std::vector<const LogSegment*> dirty;
    for (const LogSegment& segment : log.segments()) {
        if (segment.base_offset() < to && segment.next_offset() > from) dirty.push_back(&segment);
    }
    node::info(env, kLogCleanerLogger, "{}Building offset map for log {} for {} segments in offset range [{}, {}).",
               kCleaner, name_of(log), dirty.size(), from, to);
    OffsetMap map;
    for (const LogSegment* segment : dirty) {
        for (const protocol::RecordBatch& batch : segment->batches()) map.add(batch, from);
        stats.map_bytes_read += segment->size();
    }
    map.latest_offset = std::max(map.latest_offset, to - 1);
    node::info(env, kLogCleanerLogger, "{}Offset map for log {} complete.", kCleaner, name_of(log));
    return map;
}

/// Kafka 3.0.0: Cleaner.cleanSegments.
LogSegment LogCleaner::clean_group(node::Env& env, const Log& log, SegmentGroup group, const OffsetMap& map,
                                   int64_t delete_horizon_ms, Stats& stats) const {
    const auto segments = std::span(log.segments()).subspan(group.first, group.end - group.first);
    LogSegment cleaned(segments.front().base_offset(), env.wall_clock().value);
    for (const LogSegment& segment : segments) {
        const bool retain_deletes = segment.last_modified_ms() > delete_horizon_ms;
        node::info(env, kLogCleanerLogger, "{}Cleaning {} in log {} into {} with deletion horizon {}, {} deletes.",
                   kCleaner, to_string(segment), name_of(log), cleaned.base_offset(), delete_horizon_ms,
                   retain_deletes ? "retaining" : "discarding");
        for (const protocol::RecordBatch& batch : segment.batches()) {
            stats.bytes_read += batch.size_in_bytes();
            stats.messages_read += batch.record_count();
            const auto kept = cleaned_batch(batch, map, retain_deletes, log.is_last_of_producer(batch));
            if (!kept) continue;
            stats.bytes_written += kept->size_in_bytes();
            stats.messages_written += kept->record_count();
            cleaned.append(std::span(&*kept, 1), log.config().index_interval_bytes, env.wall_clock().value);
        }
    }
    cleaned.finish_time_index();
    cleaned.set_last_modified_ms(segments.back().last_modified_ms());
    return cleaned;
}

void LogCleaner::log_stats(node::Env& env, const Log& log, int64_t end, const Stats& stats) const {
    node::info(env, kLogCleanerLogger,
               "{}\v\tLog cleaner thread 0 cleaned log {} (dirty section = [{}, {}])\v"
               "\t{} MB of log processed in 0.0 seconds (0.0 MB/sec).\v"
               "\tIndexed {} MB in 0.0 seconds (0.0 Mb/sec, 0.0% of total time)\v"
               "\tBuffer utilization: 0.0%\v"
               "\tCleaned {} MB in 0.0 seconds (0.0 Mb/sec, 0.0% of total time)\v"
               "\tStart size: {} MB ({} messages)\v"
               "\tEnd size: {} MB ({} messages)\v"
               "\t{}% size reduction ({}% fewer messages)\v",
               kThread, name_of(log), grabbed_.first_dirty, end, megabytes(stats.bytes_read),
               megabytes(stats.map_bytes_read), megabytes(stats.bytes_read), megabytes(stats.bytes_read),
               with_commas(stats.messages_read), megabytes(stats.bytes_written), with_commas(stats.messages_written),
               percent_less(stats.bytes_written, stats.bytes_read),
               percent_less(stats.messages_written, stats.messages_read));
}

}  // namespace kafkasim::log
