// SPDX-License-Identifier: Apache-2.0
// Appending, offsets and high watermark. The rest of Log: log_read.cpp, log_truncate.cpp, log_load.cpp.
#include "core/log/log.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "core/log/checkpoint_file.hpp"
#include "core/log/log_dir_failure.hpp"
#include "core/log/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::log {

namespace {

std::string describe(const std::vector<EpochEntry>& entries) {
    std::string text;
    for (const EpochEntry& entry : entries) text += (text.empty() ? "" : ", ") + to_string(entry);
    return text;
}

/// The records did not get to the disk. Kafka 3.0.0: KafkaStorageException.
AppendResult not_written(AppendResult result, std::string why) {
    result.error = ErrorCode::KafkaStorageError;
    result.error_message = std::move(why);
    result.first_offset = -1;
    return result;
}

/// Nothing was appended: a refusal, or the old offsets of a batch that is there already.
AppendResult answer_of(ProducerCheck&& check, int64_t log_start_offset) {
    AppendResult result;
    result.log_start_offset = log_start_offset;
    result.error = check.error;
    result.error_message = std::move(check.error_message);
    result.duplicate = check.duplicate.has_value();
    if (!check.duplicate) return result;
    result.first_offset = check.duplicate->first_offset();
    result.last_offset = check.duplicate->last_offset;
    result.log_append_time_ms = check.duplicate->timestamp;
    return result;
}

}  // namespace

std::string to_string(const LogOffsetMetadata& offset) {
    return fmt::format("(offset={} segment=[{}:{}])", offset.offset, offset.segment_base_offset, offset.position);
}

std::string LogPlace::dir() const { return fmt::format("{}/{}", log_dir, to_string(partition)); }

std::string Log::dir() const {
    return renamed_dir_.empty() ? place_.dir() : fmt::format("{}/{}", place_.log_dir, renamed_dir_);
}

std::string Log::path(std::string_view file) const { return fmt::format("{}/{}", dir(), file); }

std::string Log::ident() const {
    return fmt::format("[Log partition={}, dir={}] ", to_string(place_.partition), place_.log_dir);
}

std::string Log::description() const {
    const std::string id = topic_id_.is_zero() ? "" : fmt::format(", topicId={}", topic_id_.text());
    return fmt::format(
        "Log(dir={}{}, topic={}, partition={}, highWatermark={}, lastStableOffset={}, logStartOffset={}, "
        "logEndOffset={})",
        dir(), id, place_.partition.topic.view(), place_.partition.partition, high_watermark(), last_stable_offset(),
        log_start_offset_, log_end_offset_);
}

// --- offsets

LogOffsetMetadata Log::log_end_offset_metadata() const {
    return {log_end_offset_, segments_.back().base_offset(), segments_.back().size()};
}

LogOffsetMetadata Log::metadata_of(int64_t offset) const {
    if (offset >= log_end_offset_) return log_end_offset_metadata();
    const LogSegment& segment = segment_of(offset);
    return {offset, segment.base_offset(), segment.position_of(offset)};
}

int64_t Log::size_in_bytes() const {
    int64_t bytes = 0;
    for (const LogSegment& segment : segments_) bytes += segment.size();
    return bytes;
}

int64_t Log::size_in_bytes(int64_t from, int64_t to) const {
    int64_t bytes = 0;
    for (const LogSegment& segment : segments_) {
        if (segment.next_offset() <= from) continue;
        if (segment.base_offset() >= to) break;
        bytes += segment.position_of(to) - segment.position_of(from);
    }
    return std::max<int64_t>(bytes, 0);
}

int64_t Log::max_timestamp() const {
    int64_t timestamp = -1;
    for (const LogSegment& segment : segments_) timestamp = std::max(timestamp, segment.largest_timestamp());
    return timestamp;
}

// --- appending

AppendResult Log::append_as_leader(node::Env& env, protocol::RecordBatches records, int32_t leader_epoch,
                                   int64_t now_ms) {
    AppendResult result;
    result.log_start_offset = log_start_offset_;
    if (records.empty()) return result;
    Refusal refusal = validate_records(records, config_, place_.partition, now_ms);
    if (refusal.error != ErrorCode::None) {
        result.error = refusal.error;
        result.error_message = std::move(refusal.message);
        result.record_errors = std::move(refusal.records);
        return result;
    }
    result.first_offset = log_end_offset_;
    std::vector<protocol::RecordBatch> batches;
    int64_t next_offset = log_end_offset_;
    for (const protocol::RecordBatch& each : records) {
        protocol::RecordBatch& batch = batches.emplace_back(each);
        batch.base_offset = next_offset;
        batch.partition_leader_epoch = leader_epoch;
        if (config_.log_append_time) {
            batch.attributes = static_cast<int16_t>(batch.attributes | protocol::RecordBatch::kLogAppendTimeFlag);
            batch.max_timestamp_ms = now_ms;
        }
        if (config_.compression) protocol::set_compression(batch, *config_.compression);
        next_offset = batch.next_offset();
        result.record_count += batch.record_count();
    }
    expire_producers(env);
    ProducerCheck check = producers_.check(env, batches, AppendOrigin::Client);
    if (check.error != ErrorCode::None || check.duplicate) return answer_of(std::move(check), log_start_offset_);
    if (auto why = append_batches(env, batches, now_ms)) return not_written(std::move(result), std::move(*why));
    producers_.update(check.updates);
    producers_.update_map_end_offset(log_end_offset_);
    result.last_offset = log_end_offset_ - 1;
    if (config_.log_append_time) result.log_append_time_ms = now_ms;
    return result;
}

AppendResult Log::append_as_follower(node::Env& env, const protocol::RecordBatches& records) {
    AppendResult result;
    result.log_start_offset = log_start_offset_;
    if (records.empty()) return result;
    int64_t expected = log_end_offset_;
    for (const protocol::RecordBatch& batch : records) {
        if (batch.base_offset < expected)
            result.error = ErrorCode::UnknownServerError;  // Kafka: OffsetsOutOfOrder, UnexpectedAppendOffset
        expected = batch.next_offset();
    }
    if (result.error != ErrorCode::None) return result;
    for (const protocol::RecordBatch& batch : records) result.record_count += batch.record_count();
    const std::span batches(records.begin(), records.size());
    expire_producers(env);
    if (auto why = append_batches(env, batches, env.wall_clock().value))
        return not_written(std::move(result), std::move(*why));
    producers_.load(env, batches);
    producers_.update_map_end_offset(log_end_offset_);
    result.first_offset = records.front().base_offset;
    result.last_offset = log_end_offset_ - 1;
    return result;
}

/// The batches have their offsets. They go into one segment.
std::optional<std::string> Log::append_batches(node::Env& env, std::span<const protocol::RecordBatch> batches,
                                               int64_t now_ms) {
    if (has_failed(env, log_dir()))
        return fmt::format("The log dir {} is already offline due to a previous IO exception.", log_dir());
    RollParams next{0, -1, batches.back().last_offset(), now_ms};
    for (const protocol::RecordBatch& batch : batches) {
        next.bytes += batch.size_in_bytes();
        next.max_timestamp_ms = std::max(next.max_timestamp_ms, batch.max_timestamp_ms);
    }
    if (segments_.back().should_roll(config_, next)) roll(env);
    if (has_failed(env, log_dir()))
        return fmt::format("Error while rolling log segment for {} in dir {}", to_string(place_.partition), log_dir());
    LogSegment& segment = segments_.back();
    make_index_files(env, segment, {true, true});
    const std::string file = path(segment_file(segment.base_offset(), ".log"));
    for (const protocol::RecordBatch& batch : batches)
        assign_epoch(env, batch.partition_leader_epoch, batch.base_offset);
    if (has_failed(env, log_dir())) return checkpoint_error(path("leader-epoch-checkpoint"));
    for (const protocol::RecordBatch& batch : batches) env.disk().append_batch(file, batch);
    report_failure(env, false, "appending records to");
    if (has_failed(env, log_dir()))
        return fmt::format("Error while appending records to {} in dir {}", to_string(place_.partition), log_dir());
    const size_t time_entries = segment.time_index().size();
    if (segment.append(batches, config_.index_interval_bytes, now_ms)) write_new_index_entries(env, time_entries);
    log_end_offset_ = batches.back().next_offset();
    if (log_end_offset_ - recovery_point_ >= config_.flush_messages) flush(env);
    return std::nullopt;
}

void Log::report_failure(node::Env& env, bool failed_before, std::string_view what) const {
    if (failed_before || !has_failed(env, log_dir())) return;
    write_failed(env, log_dir(),
                 fmt::format("Error while {} {} in dir {}", what, to_string(place_.partition), log_dir()));
}

/// One more entry of the active segment's offset index, and of its time index if it has more than `before`.
void Log::write_new_index_entries(node::Env& env, size_t time_entries_before) {
    const LogSegment& segment = segments_.back();
    const int64_t base = segment.base_offset();
    env.disk().append_text(path(segment_file(base, ".index")), encode(segment.offset_index().back(), base));
    if (segment.time_index().size() > time_entries_before)
        env.disk().append_text(path(segment_file(base, ".timeindex")), encode(segment.time_index().back(), base));
}

void Log::finish_time_index(node::Env& env) {
    LogSegment& segment = segments_.back();
    if (!segment.finish_time_index()) return;
    make_index_files(env, segment, {false, true});
    const int64_t base = segment.base_offset();
    env.disk().append_text(path(segment_file(base, ".timeindex")), encode(segment.time_index().back(), base));
}

/// Kafka 3.0.0: kafka.log.Log.roll.
void Log::roll(node::Env& env) {
    const bool failed_before = has_failed(env, log_dir());
    finish_time_index(env);
    flush(env);
    producers_.update_map_end_offset(log_end_offset_);
    producers_.take_snapshot(env);
    open_segment(env, log_end_offset_);
    report_failure(env, failed_before, "rolling log segment for");
    node::info(env, kLogLogger, "{}Rolled new log segment at offset {} in 0 ms.", ident(), log_end_offset_);
}

void Log::open_segment(node::Env& env, int64_t base_offset) {
    segments_.emplace_back(base_offset, env.wall_clock().value);
    env.disk().keep_batches(path(segment_file(base_offset, ".log")), 0);  // makes the file
}

void Log::make_index_files(node::Env& env, LogSegment& segment, LogSegment::IndexFiles wanted) {
    LogSegment::IndexFiles files = segment.index_files();
    if (wanted.offsets && !files.offsets)
        env.disk().write_text(path(segment_file(segment.base_offset(), ".index")), "");
    if (wanted.times && !files.times)
        env.disk().write_text(path(segment_file(segment.base_offset(), ".timeindex")), "");
    segment.set_index_files({files.offsets || wanted.offsets, files.times || wanted.times});
}

// --- leader epochs

void Log::assign_epoch(node::Env& env, int32_t epoch, int64_t start_offset) {
    const LeaderEpochCache::Assignment assignment = epochs_.assign(epoch, start_offset);
    if (!assignment.changed) return;
    // One entry at the same offset only says that nothing was written in its epoch.
    const bool trivial = assignment.removed.size() == 1 && assignment.removed.front().start_offset == start_offset;
    if (!assignment.removed.empty() && !trivial) {
        node::warn(env, "kafka.server.epoch.LeaderEpochFileCache",
                   "[LeaderEpochCache {}] New epoch entry {} caused truncation of conflicting entries ListBuffer({}). "
                   "Cache now contains {} entries.",
                   to_string(place_.partition), to_string(EpochEntry{epoch, start_offset}),
                   describe(assignment.removed), epochs_.entries().size());
    }
    write_epochs(env);
}

/// A temporary file, synchronized, takes the place of the old one: what is written is on the disk.
void Log::write_epochs(node::Env& env) {
    const std::string file = path("leader-epoch-checkpoint");
    const bool failed_before = has_failed(env, log_dir());
    env.disk().write_text(file, epochs_.encode());
    env.disk().flush(file);
    if (!failed_before) write_failed(env, log_dir(), checkpoint_error(file), file + ".tmp");
}

void Log::assign_topic_id(node::Env& env, const Uuid& topic_id) {
    topic_id_ = topic_id;
    const std::string file = path("partition.metadata");
    const bool failed_before = has_failed(env, log_dir());
    env.disk().write_text(file, encode_partition_metadata(topic_id));
    env.disk().flush(file);
    if (!failed_before)
        write_failed(env, log_dir(), fmt::format("Error while writing to partition metadata file {}", file),
                     file + ".tmp");
}

// --- high watermark

void Log::set_high_watermark(node::Env& env, const LogOffsetMetadata& high_watermark) {
    if (high_watermark.offset < high_watermark_.offset) {
        node::warn(env, kLogLogger, "{}Non-monotonic update of high watermark from {} to {}", ident(),
                   to_string(high_watermark_), to_string(high_watermark));
    }
    high_watermark_ = high_watermark;
}

int64_t Log::update_high_watermark(node::Env& env, int64_t high_watermark) {
    if (high_watermark < log_start_offset_) {
        set_high_watermark(env, {log_start_offset_, -1, -1});
    } else if (high_watermark >= log_end_offset_) {
        set_high_watermark(env, log_end_offset_metadata());
    } else {
        set_high_watermark(env, {high_watermark, -1, -1});
    }
    return high_watermark_.offset;
}

std::optional<int64_t> Log::maybe_increment_high_watermark(node::Env& env, int64_t high_watermark) {
    CHECK_INVARIANT(high_watermark <= log_end_offset_, "a high watermark beyond the end of the log");
    if (high_watermark < high_watermark_.offset) return std::nullopt;
    const LogOffsetMetadata now = metadata_of(high_watermark);
    const LogOffsetMetadata before = metadata_of(high_watermark_.offset);
    if (now.offset == before.offset && before.segment_base_offset >= now.segment_base_offset) return std::nullopt;
    set_high_watermark(env, now);
    return before.offset;
}

bool Log::maybe_increment_log_start_offset(node::Env& env, int64_t offset, std::string_view reason) {
    if (offset <= log_start_offset_ || offset > high_watermark_.offset) return false;
    log_start_offset_ = offset;
    recovery_point_ = std::max(recovery_point_, offset);
    node::info(env, kLogLogger, "{}Incremented log start offset to {} due to {}", ident(), offset, reason);
    if (epochs_.truncate_from_start(offset)) write_epochs(env);
    producers_.on_log_start_offset_incremented(offset);
    return true;
}

void Log::flush(node::Env& env) {
    if (recovery_point_ >= log_end_offset_ || has_failed(env, log_dir())) return;
    for (const LogSegment& segment : segments_) {
        if (segment.next_offset() <= recovery_point_) continue;
        for (std::string_view suffix : {".log", ".index", ".timeindex"})
            env.disk().flush(path(segment_file(segment.base_offset(), suffix)));
    }
    if (has_failed(env, log_dir())) {
        write_failed(env, log_dir(),
                     fmt::format("Error while flushing log for {} in dir {} with offset {}",
                                 to_string(place_.partition), log_dir(), log_end_offset_));
        return;
    }
    last_flush_ms_ = env.wall_clock().value;
    recovery_point_ = log_end_offset_;
}

}  // namespace kafkasim::log
