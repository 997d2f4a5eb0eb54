// SPDX-License-Identifier: Apache-2.0
#include "core/log/log_manager.hpp"

#include <algorithm>
#include <charconv>

#include "core/base/check.hpp"
#include "core/config/topic_config.hpp"
#include "core/log/log_dir_failure.hpp"
#include "core/log/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::log {

namespace {

constexpr std::string_view kDeleteSuffix = "-delete";

bool ends_with(std::string_view text, std::string_view suffix) {
    return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

std::string without_hyphens(const Uuid& id) {
    std::string text = id.hyphenated();
    std::erase(text, '-');
    return text;
}

int64_t entry_of(const OffsetCheckpoint& checkpoint, const TopicPartition& tp) {
    const auto found = checkpoint.find(tp);
    return found == checkpoint.end() ? 0 : found->second;
}

}  // namespace

std::optional<TopicPartition> partition_of_dir(std::string_view name) {
    const size_t dash = name.rfind('-');
    if (dash == std::string_view::npos || dash == 0 || dash + 1 == name.size()) return std::nullopt;
    int32_t partition = 0;
    const auto parsed = std::from_chars(name.data() + dash + 1, name.data() + name.size(), partition);
    if (parsed.ec != std::errc() || parsed.ptr != name.data() + name.size()) return std::nullopt;
    return TopicPartition{TopicName(name.substr(0, dash)), partition};
}

LogManager::LogManager(std::string_view log_dirs) {
    while (!log_dirs.empty()) {
        const size_t comma = log_dirs.find(',');
        std::string_view dir = log_dirs.substr(0, comma);
        log_dirs = comma == std::string_view::npos ? std::string_view() : log_dirs.substr(comma + 1);
        while (!dir.empty() && dir.front() == ' ') dir.remove_prefix(1);
        while (!dir.empty() && (dir.back() == ' ' || dir.back() == '/')) dir.remove_suffix(1);
        if (!dir.empty()) log_dirs_.emplace_back(dir);
    }
    live_dirs_ = log_dirs_;
}

bool LogManager::start(node::Env& env, const LogConfig& default_config, Tasks tasks) {
    const Instant began = env.now();
    validate_dirs(env);
    if (live_dirs_.empty()) return false;
    const std::string_view kind = live_dirs_.size() == log_dirs_.size() ? "ArraySeq" : "ArrayBuffer";
    node::info(env, kLogManagerLogger, "Loading logs from log dirs {}({})", kind, fmt::join(live_dirs_, ", "));
    size_t found = 0;
    for (const std::string& dir : live_dirs_) found += load_dir(env, dir, default_config, tasks);
    node::info(env, kLogManagerLogger, "Loaded {} logs in {}ms.", found, millis_of(env.now() - began));
    node::info(env, kLogManagerLogger, "Starting log cleanup with a period of {} ms.", tasks.cleanup_period_ms);
    node::info(env, kLogManagerLogger, "Starting log flusher with a default period of {} ms.",
               tasks.flush_scheduler_interval_ms);
    if (tasks.cleaner) cleaner_.emplace().start(env, live_dirs_);
    return true;
}

/// How many logs there are in it.
size_t LogManager::load_dir(node::Env& env, const std::string& log_dir, const LogConfig& default_config,
                            const Tasks& tasks) {
    const std::string marker = fmt::format("{}/{}", log_dir, kCleanShutdownFile);
    const bool clean = env.disk().exists(marker);
    if (clean) {
        node::info(env, kLogManagerLogger, "Skipping recovery for all logs in {} since clean shutdown file was found",
                   log_dir);
        env.disk().remove(marker);
    } else {
        node::info(env, kLogManagerLogger,
                   "Attempting recovery for all logs in {} since no clean shutdown file was found", log_dir);
    }
    const OffsetCheckpoint recovery_points = read_offset_checkpoint(env, log_dir, kRecoveryPointCheckpoint);
    const OffsetCheckpoint start_offsets = read_offset_checkpoint(env, log_dir, kLogStartOffsetCheckpoint);
    std::vector<std::string> names;
    for (std::string& name : env.disk().list(log_dir).value_or(std::vector<std::string>{})) {
        if (env.disk().is_directory(fmt::format("{}/{}", log_dir, name))) names.push_back(std::move(name));
    }
    size_t loaded = 0;
    size_t logs = 0;
    for (const std::string& name : names) {
        ++loaded;
        const bool deleted = ends_with(name, kDeleteSuffix);
        const auto tp =
            partition_of_dir(deleted ? std::string_view(name).substr(0, name.rfind('.')) : std::string_view(name));
        if (!tp) continue;
        ++logs;
        if (deleted) {
            deleted_.push_back({env.now() + kFileDeleteDelay, *tp, fmt::format("{}/{}", log_dir, name)});
            continue;
        }
        const auto topic = tasks.topics.find(tp->topic);
        const LogConfig& config = topic == tasks.topics.end() ? default_config : topic->second;
        const bool failed_before = has_failed(env, log_dir);
        Log log =
            Log::load(env, {*tp, log_dir}, config, clean, entry_of(recovery_points, *tp), entry_of(start_offsets, *tp));
        if (!failed_before && has_failed(env, log_dir)) {  // what its recovery had to write
            const std::string what = fmt::format("Error while loading log dir {}", log_dir);
            node::error(env, kLogManagerLogger, "{}\njava.io.IOException: {}", what,
                        env.disk().failure(log_dir).value_or(""));
            write_failed(env, log_dir, what);
            continue;
        }
        node::info(env, kLogManagerLogger, "Completed load of {} with {} segments in 0ms ({}/{} loaded in {})",
                   log.description(), log.segments().size(), loaded, names.size(), log_dir);
        logs_.insert_or_assign(*tp, std::move(log));
    }
    return logs;
}

void LogManager::shutdown(node::Env& env) {
    node::info(env, kLogManagerLogger, "Shutting down.");
    if (cleaner_) cleaner_->shutdown(env);
    std::map<TopicPartition, int64_t> high_watermarks;
    for (auto& [tp, log] : logs_) {
        log.flush(env);
        log.close(env);
        high_watermarks[tp] = log.high_watermark();
    }
    checkpoint_recovery_points(env);
    checkpoint_log_start_offsets(env);
    checkpoint_high_watermarks(env, high_watermarks);
    for (const std::string& dir : live_dirs_) {
        if (!has_failed(env, dir)) env.disk().write_text(fmt::format("{}/{}", dir, kCleanShutdownFile), "");
    }
    if (lock_closed_) {  // closing it once more is an error, and the end of the shutdown
        return node::warn(env, "kafka.utils.CoreUtils$", "\njava.nio.channels.ClosedChannelException");
    }
    node::info(env, kLogManagerLogger, "Shutdown complete.");
}

Log* LogManager::find(const TopicPartition& tp) {
    const auto found = logs_.find(tp);
    return found == logs_.end() ? nullptr : &found->second;
}

const Log* LogManager::find(const TopicPartition& tp) const {
    const auto found = logs_.find(tp);
    return found == logs_.end() ? nullptr : &found->second;
}

Log& LogManager::get_or_create(node::Env& env, const TopicPartition& tp, const Uuid& topic_id,
                               const config::TopicConfig& config) {
    return get_or_create(env, tp, topic_id, log_config_of(config), config.overridden);
}

Log& LogManager::get_or_create(node::Env& env, const TopicPartition& tp, const Uuid& topic_id, const LogConfig& config,
                               std::string_view overridden) {
    if (Log* existing = find(tp)) {
        existing->update_config(config);
        if (existing->topic_id().is_zero() && !topic_id.is_zero()) existing->assign_topic_id(env, topic_id);
        return *existing;
    }
    const std::optional<std::string> dir = dir_for_new_log(env, tp);
    CHECK_INVARIANT(dir.has_value(), "a log needs a dir that is online");
    return create_in(env, *dir, tp, topic_id, config, overridden);
}

Log& LogManager::create_in(node::Env& env, const std::string& dir, const TopicPartition& tp, const Uuid& topic_id,
                           const LogConfig& config, std::string_view overridden) {
    Log log = Log::create(env, {tp, dir}, topic_id, config);
    node::info(env, kLogManagerLogger, "Created log for partition {} in {} with properties {}", to_string(tp),
               log.dir(), overridden);
    return logs_.insert_or_assign(tp, std::move(log)).first->second;
}

// --- checkpoints

std::optional<int64_t> LogManager::checkpointed_high_watermark(node::Env& env, const TopicPartition& tp) const {
    const Log* log = find(tp);
    if (log == nullptr) return std::nullopt;
    const OffsetCheckpoint checkpoint = read_offset_checkpoint(env, log->log_dir(), kHighWatermarkCheckpoint);
    const auto found = checkpoint.find(tp);
    if (found == checkpoint.end()) return std::nullopt;
    return found->second;
}

std::map<TopicPartition, int64_t> LogManager::of_dir(const std::string& log_dir,
                                                     const std::map<TopicPartition, int64_t>& values) const {
    std::map<TopicPartition, int64_t> chosen;
    for (const auto& [tp, value] : values) {
        const Log* log = find(tp);
        if (log != nullptr && log->log_dir() == log_dir) chosen.emplace_hint(chosen.end(), tp, value);
    }
    return chosen;
}

std::vector<std::string> LogManager::checkpoint_high_watermarks(
    node::Env& env, const std::map<TopicPartition, int64_t>& high_watermarks) {
    std::vector<std::string> failed;
    for (const std::string& dir : live_dirs_) {
        if (!write_offset_checkpoint(env, dir, kHighWatermarkCheckpoint, of_dir(dir, high_watermarks)))
            failed.push_back(dir);
    }
    return failed;
}

void LogManager::checkpoint_recovery_points(node::Env& env) const {
    for (const std::string& dir : live_dirs_) {
        OffsetCheckpoint offsets;
        for (const auto& [tp, log] : logs_) {
            if (log.log_dir() == dir) offsets.emplace_hint(offsets.end(), tp, log.recovery_point());
        }
        if (!write_offset_checkpoint(env, dir, kRecoveryPointCheckpoint, offsets)) {
            node::error(env, kLogManagerLogger,
                        "Disk error while writing recovery offsets checkpoint in directory {}: {}", dir,
                        checkpoint_error(fmt::format("{}/{}", dir, kRecoveryPointCheckpoint)));
        }
    }
}

void LogManager::checkpoint_log_start_offsets(node::Env& env) const {
    std::map<TopicPartition, int64_t> offsets;
    for (const auto& [tp, log] : logs_) {
        if (log.log_start_offset() > log.segments().front().base_offset()) offsets[tp] = log.log_start_offset();
    }
    for (const std::string& dir : live_dirs_) {
        if (!write_offset_checkpoint(env, dir, kLogStartOffsetCheckpoint, of_dir(dir, offsets))) {
            node::error(env, kLogManagerLogger,
                        "Disk error while writing log start offsets checkpoint in directory {}: {}", dir,
                        checkpoint_error(fmt::format("{}/{}", dir, kLogStartOffsetCheckpoint)));
        }
    }
}

void LogManager::flush_dirty_logs(node::Env& env) {
    for (auto& [tp, log] : logs_) {
        if (env.wall_clock().value - log.last_flush_ms() >= log.config().flush_ms) log.flush(env);
    }
}

// --- deletion

void LogManager::async_delete(node::Env& env, const TopicPartition& tp) {
    Log* log = find(tp);
    if (log == nullptr) return;
    const std::string id = without_hyphens(env.chance().uuid(node::Stream::Sessions));
    if (cleaner_) cleaner_->forget(env, *log);
    log->rename_dir(env, fmt::format("{}.{}{}", to_string(tp), id, kDeleteSuffix));
    node::info(env, kLogManagerLogger, "Log for partition {} is renamed to {} and is scheduled for deletion",
               to_string(tp), log->dir());
    deleted_.push_back({env.now() + kFileDeleteDelay, tp, log->dir()});
    logs_.erase(tp);
}

std::optional<Instant> LogManager::next_deletion() const {
    std::optional<Instant> next;
    const auto note = [&](Instant due) { next = next ? std::min(*next, due) : due; };
    for (const DeletedLog& log : deleted_) note(log.due);
    for (const DeletedSegments& segments : deleted_segments_) note(segments.due);
    return next;
}

void LogManager::delete_renamed_logs(node::Env& env) {
    delete_segment_files(env);
    while (!deleted_.empty() && deleted_.front().due <= env.now()) {
        env.disk().remove(deleted_.front().dir);
        node::info(env, kLogManagerLogger, "Deleted log for partition {} in {}.", to_string(deleted_.front().partition),
                   deleted_.front().dir);
        deleted_.erase(deleted_.begin());
    }
}

}  // namespace kafkasim::log
