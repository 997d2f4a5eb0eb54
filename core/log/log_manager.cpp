// SPDX-License-Identifier: Apache-2.0
#include "core/log/log_manager.hpp"

#include <algorithm>
#include <charconv>

#include "core/config/topic_config.hpp"
#include "core/node/log.hpp"

namespace kafkasim::log {

namespace {

constexpr std::string_view kLogger = "kafka.log.LogManager";
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
}

void LogManager::start(node::Env& env, const LogConfig& default_config, Tasks tasks) {
    const Instant began = env.now();
    std::string listed;
    for (const std::string& dir : log_dirs_) {
        if (!env.disk().is_directory(dir)) {
            node::info(env, kLogger, "Log directory {} not found, creating it.", dir);
            env.disk().make_directories(dir);
        }
        listed += (listed.empty() ? "" : ", ") + dir;
    }
    node::info(env, kLogger, "Loading logs from log dirs ArraySeq({})", listed);
    for (const std::string& dir : log_dirs_) load_dir(env, dir, default_config, tasks);
    node::info(env, kLogger, "Loaded {} logs in {}ms.", logs_.size() + deleted_.size(), millis_of(env.now() - began));
    node::info(env, kLogger, "Starting log cleanup with a period of {} ms.", tasks.cleanup_period_ms);
    node::info(env, kLogger, "Starting log flusher with a default period of 9223372036854775807 ms.");
    if (tasks.cleaner) cleaner_.emplace().start(env, log_dirs_);
}

void LogManager::load_dir(node::Env& env, const std::string& log_dir, const LogConfig& default_config,
                          const Tasks& tasks) {
    const std::string marker = fmt::format("{}/{}", log_dir, kCleanShutdownFile);
    const bool clean = env.disk().exists(marker);
    if (clean) {
        node::info(env, kLogger, "Skipping recovery for all logs in {} since clean shutdown file was found", log_dir);
        env.disk().remove(marker);
    } else {
        node::info(env, kLogger, "Attempting recovery for all logs in {} since no clean shutdown file was found",
                   log_dir);
    }
    const OffsetCheckpoint recovery_points = read_offset_checkpoint(env, log_dir, kRecoveryPointCheckpoint);
    const OffsetCheckpoint start_offsets = read_offset_checkpoint(env, log_dir, kLogStartOffsetCheckpoint);
    std::vector<std::string> names;
    for (std::string& name : env.disk().list(log_dir).value_or(std::vector<std::string>{})) {
        if (env.disk().is_directory(fmt::format("{}/{}", log_dir, name))) names.push_back(std::move(name));
    }
    size_t loaded = 0;
    for (const std::string& name : names) {
        ++loaded;
        const bool deleted = ends_with(name, kDeleteSuffix);
        const auto tp =
            partition_of_dir(deleted ? std::string_view(name).substr(0, name.rfind('.')) : std::string_view(name));
        if (!tp) continue;
        if (deleted) {
            deleted_.push_back({env.now() + kFileDeleteDelay, *tp, fmt::format("{}/{}", log_dir, name)});
            continue;
        }
        const auto topic = tasks.topics.find(tp->topic);
        const LogConfig& config = topic == tasks.topics.end() ? default_config : topic->second;
        Log log =
            Log::load(env, {*tp, log_dir}, config, clean, entry_of(recovery_points, *tp), entry_of(start_offsets, *tp));
        node::info(env, kLogger, "Completed load of {} with {} segments in 0ms ({}/{} loaded in {})", log.description(),
                   log.segments().size(), loaded, names.size(), log_dir);
        logs_.insert_or_assign(*tp, std::move(log));
    }
}

void LogManager::shutdown(node::Env& env) {
    node::info(env, kLogger, "Shutting down.");
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
    for (const std::string& dir : log_dirs_) env.disk().write_text(fmt::format("{}/{}", dir, kCleanShutdownFile), "");
    node::info(env, kLogger, "Shutdown complete.");
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
    Log log = Log::create(env, {tp, dir_for_new_log()}, topic_id, config);
    node::info(env, kLogger, "Created log for partition {} in {} with properties {}", to_string(tp), log.dir(),
               overridden);
    return logs_.insert_or_assign(tp, std::move(log)).first->second;
}

/// The dir with the fewest logs; the first of them. Kafka 3.0.0: kafka.log.LogManager.nextLogDirs.
const std::string& LogManager::dir_for_new_log() const {
    auto logs_in = [&](const std::string& dir) {
        return std::count_if(logs_.begin(), logs_.end(),
                             [&](const auto& each) { return each.second.log_dir() == dir; });
    };
    if (log_dirs_.size() == 1) return log_dirs_.front();
    return *std::min_element(log_dirs_.begin(), log_dirs_.end(),
                             [&](const std::string& a, const std::string& b) { return logs_in(a) < logs_in(b); });
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

void LogManager::checkpoint_high_watermarks(node::Env& env, const std::map<TopicPartition, int64_t>& high_watermarks) {
    for (const std::string& dir : log_dirs_)
        write_offset_checkpoint(env, dir, kHighWatermarkCheckpoint, of_dir(dir, high_watermarks));
}

void LogManager::checkpoint_recovery_points(node::Env& env) const {
    for (const std::string& dir : log_dirs_) {
        OffsetCheckpoint offsets;
        for (const auto& [tp, log] : logs_) {
            if (log.log_dir() == dir) offsets.emplace_hint(offsets.end(), tp, log.recovery_point());
        }
        write_offset_checkpoint(env, dir, kRecoveryPointCheckpoint, offsets);
    }
}

void LogManager::checkpoint_log_start_offsets(node::Env& env) const {
    std::map<TopicPartition, int64_t> offsets;
    for (const auto& [tp, log] : logs_) {
        if (log.log_start_offset() > log.segments().front().base_offset()) offsets[tp] = log.log_start_offset();
    }
    for (const std::string& dir : log_dirs_)
        write_offset_checkpoint(env, dir, kLogStartOffsetCheckpoint, of_dir(dir, offsets));
}

// --- deletion

void LogManager::async_delete(node::Env& env, const TopicPartition& tp) {
    Log* log = find(tp);
    if (log == nullptr) return;
    const std::string id = without_hyphens(env.chance().uuid(node::Stream::Sessions));
    if (cleaner_) cleaner_->forget(env, *log);
    log->rename_dir(env, fmt::format("{}.{}{}", to_string(tp), id, kDeleteSuffix));
    node::info(env, kLogger, "Log for partition {} is renamed to {} and is scheduled for deletion", to_string(tp),
               log->dir());
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
        node::info(env, kLogger, "Deleted log for partition {} in {}.", to_string(deleted_.front().partition),
                   deleted_.front().dir);
        deleted_.erase(deleted_.begin());
    }
}

}  // namespace kafkasim::log
