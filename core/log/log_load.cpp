// SPDX-License-Identifier: Apache-2.0
// A log comes to be: new, or from its files. Kafka 3.0.0: kafka.log.LogLoader.load, kafka.log.LogSegment.recover.
#include <algorithm>
#include <charconv>

#include "core/log/checkpoint_file.hpp"
#include "core/log/log.hpp"
#include "core/log/log_dir_failure.hpp"
#include "core/node/log.hpp"

namespace kafkasim::log {

namespace {

constexpr std::string_view kLoader = "kafka.log.Log$";
constexpr std::string_view kLogLoader = "kafka.log.LogLoader$";

std::vector<int64_t> segment_offsets(node::Env& env, const std::string& dir) {
    constexpr std::string_view kSuffix = ".log";
    std::vector<int64_t> offsets;
    for (const std::string& name : env.disk().list(dir).value_or(std::vector<std::string>{})) {
        if (name.size() != 20 + kSuffix.size() || name.substr(20) != kSuffix) continue;
        int64_t offset = 0;
        const auto parsed = std::from_chars(name.data(), name.data() + 20, offset);
        if (parsed.ec == std::errc() && parsed.ptr == name.data() + 20) offsets.push_back(offset);
    }
    std::sort(offsets.begin(), offsets.end());
    return offsets;
}

/// What an earlier life of the broker had taken out of the log and not yet removed.
void remove_deleted_files(node::Env& env, const std::string& dir) {
    for (const std::string& name : env.disk().list(dir).value_or(std::vector<std::string>{})) {
        if (name.ends_with(kDeletedSuffix)) env.disk().remove(fmt::format("{}/{}", dir, name));
    }
}

}  // namespace

Log Log::create(node::Env& env, LogPlace place, const Uuid& topic_id, const LogConfig& config) {
    env.disk().make_directories(place.dir());
    Log log(std::move(place), config);
    log.open_segment(env, 0);
    log.make_index_files(env, log.segments_.back(), {true, true});
    env.disk().write_text(log.path("leader-epoch-checkpoint"), "");
    if (!topic_id.is_zero()) log.assign_topic_id(env, topic_id);
    log.start_producer_state(env, true);
    log.last_flush_ms_ = env.wall_clock().value;
    return log;
}

Log Log::load(node::Env& env, LogPlace place, const LogConfig& config, bool clean, int64_t recovery_point,
              int64_t log_start_offset) {
    Log log(std::move(place), config);
    log.epochs_ = LeaderEpochCache::decode(env.disk().read_text(log.path("leader-epoch-checkpoint")).value_or(""));
    log.topic_id_ =
        decode_partition_metadata(env.disk().read_text(log.path("partition.metadata")).value_or("")).value_or(Uuid{});
    const bool failed_before = has_failed(env, log.log_dir());
    log.load_segments(env, clean, recovery_point);
    if (!failed_before && has_failed(env, log.log_dir())) return log;  // the recovery broke off
    log.log_end_offset_ = log.segments_.back().next_offset();
    log.log_start_offset_ = std::max(log_start_offset, log.segments_.front().base_offset());
    if (log.log_end_offset_ < log.log_start_offset_) log.truncate_fully_and_start_at(env, log.log_start_offset_);
    log.recovery_point_ = clean ? log.log_end_offset_ : std::min(recovery_point, log.log_end_offset_);
    log.high_watermark_ = {log.log_start_offset_, -1, -1};
    const bool end_cut = log.epochs_.truncate_from_end(log.log_end_offset_);
    const bool start_cut = log.epochs_.truncate_from_start(log.log_start_offset_);
    if (end_cut || start_cut) log.write_epochs(env);
    log.start_producer_state(env, clean);
    log.last_flush_ms_ = env.wall_clock().value;
    return log;
}

std::string Log::loader_ident() const {
    return fmt::format("[LogLoader partition={}, dir={}] ", to_string(place_.partition), place_.log_dir);
}

void Log::load_segments(node::Env& env, bool clean, int64_t recovery_point) {
    remove_deleted_files(env, dir());
    bool corrupt = false;
    const std::vector<int64_t> offsets = segment_offsets(env, dir());
    for (size_t i = 0; i < offsets.size(); ++i) {
        if (corrupt) {
            remove_segment_files(env, offsets[i]);
            continue;
        }
        const bool flushed = i + 1 < offsets.size() && offsets[i + 1] <= recovery_point;
        const bool no_index = lacks_index(env, offsets[i]);
        const bool recover = !clean && !flushed;
        if (recover) {
            node::info(env, kLogLoader, "{}Recovering unflushed segment {}", loader_ident(), offsets[i]);
        }
        const bool failed_before = has_failed(env, log_dir());
        corrupt = !load_segment(env, offsets[i], recover || no_index);
        if (!failed_before && has_failed(env, log_dir())) break;
    }
    if (segments_.empty()) open_segment(env, 0);
    make_index_files(env, segments_.back(), {true, true});
}

/// An empty segment that was never looked at has no index files.
bool Log::lacks_index(node::Env& env, int64_t base_offset) const {
    if (env.disk().exists(path(segment_file(base_offset, ".index")))) return false;
    node::error(env, kLogLoader,
                "{}Could not find offset index file corresponding to log file {}, recovering segment and rebuilding "
                "index files...",
                loader_ident(), path(segment_file(base_offset, ".log")));
    return true;
}

/// False if the segment was damaged and had to be cut.
bool Log::load_segment(node::Env& env, int64_t base_offset, bool recover) {
    ProducerStateManager producers = new_producer_state();
    if (recover) recover_producers(env, base_offset, producers);
    const std::string file = path(segment_file(base_offset, ".log"));
    LogSegment& segment = segments_.emplace_back(base_offset, env.wall_clock().value);
    bool whole = true;
    for (const protocol::RecordBatch& batch : env.disk().read_batches(file)) {
        if (batch.base_offset < segment.next_offset()) {
            node::warn(env, kLogLoader, "{}Corruption found in segment {}, truncating to offset {}", loader_ident(),
                       base_offset, segment.next_offset());
            env.disk().keep_batches(file, segment.batches().size());
            whole = false;
            break;
        }
        if (recover && batch.partition_leader_epoch > epochs_.latest_epoch().value_or(kUndefinedEpoch)) {
            assign_epoch(env, batch.partition_leader_epoch, batch.base_offset);
        }
        segment.append(std::span(&batch, 1), config_.index_interval_bytes, env.wall_clock().value);
        if (recover) producers.load(env, std::span(&batch, 1));
        if (recover) producers.update_map_end_offset(batch.next_offset());
    }
    if (recover) producers.take_snapshot(env);
    if (segment.largest_timestamp() >= 0) segment.set_last_modified_ms(segment.largest_timestamp());
    segment.set_index_files({true, true});
    if (recover || !whole) {
        write_indexes(env, segment);
    } else {
        const auto bytes_of = [&](std::string_view suffix) {
            return env.disk().read_text(path(segment_file(base_offset, suffix))).value_or("");
        };
        segment.take_indexes(decode_offset_index(bytes_of(".index"), base_offset),
                             decode_time_index(bytes_of(".timeindex"), base_offset));
    }
    return whole;
}

void Log::rename_dir(node::Env& env, const std::string& name) {
    const std::string from = dir();
    const bool failed_before = has_failed(env, log_dir());
    renamed_dir_ = name;
    env.disk().rename(from, dir());
    report_failure(env, failed_before, "renaming dir for");
    producers_.move_to(dir());
}

}  // namespace kafkasim::log
