// SPDX-License-Identifier: Apache-2.0
// Dirs of log.dirs that cannot be written to: at the start, and while the broker runs. See log_manager.hpp.
// Kafka 3.0.0: kafka.log.LogManager.createAndValidateLogDirs, handleLogDirFailure, getOrCreateLog, nextLogDirs.
#include <algorithm>

#include "core/config/topic_config.hpp"
#include "core/log/log_dir_failure.hpp"
#include "core/log/log_manager.hpp"
#include "core/log/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::log {

/// What an earlier life of the broker met there is over. A change that changes nothing shows whether the disk works.
bool LogManager::can_be_read(node::Env& env, const std::string& dir) {
    env.disk().forget_failure(dir);
    if (env.disk().is_directory(dir)) env.disk().make_directories(dir);
    return !has_failed(env, dir);
}

void LogManager::validate_dirs(node::Env& env) {
    std::vector<std::string> good;
    for (const std::string& dir : live_dirs_) {
        const bool readable = !has_failed(env, dir);
        if (readable && !env.disk().is_directory(dir)) {
            node::info(env, kLogManagerLogger, "Log directory {} not found, creating it.", dir);
            env.disk().make_directories(dir);
        }
        if (!has_failed(env, dir)) {
            good.push_back(dir);
            continue;
        }
        node::error(env, "kafka.server.LogDirFailureChannel",
                    "Failed to create or validate data directory {}\njava.io.IOException: {} {}{}", dir,
                    readable ? "Failed to create data directory" : "Failed to load", dir,
                    readable ? "" : " during broker startup");
    }
    live_dirs_ = std::move(good);
    if (live_dirs_.empty()) {
        node::error(env, kLogManagerLogger,
                    "Shutdown broker because none of the specified log dirs from {} can be created or validated",
                    fmt::join(log_dirs_, ", "));
    }
}

std::optional<std::string> LogManager::newly_failed_dir(node::Env& env) const {
    const auto failed = std::find_if(live_dirs_.begin(), live_dirs_.end(),
                                     [&](const std::string& dir) { return has_failed(env, dir); });
    return failed == live_dirs_.end() ? std::nullopt : std::optional(*failed);
}

bool LogManager::disturbed(node::Env& env) const {
    return std::any_of(live_dirs_.begin(), live_dirs_.end(),
                       [&](const std::string& dir) { return env.disk().disturbed(dir); });
}

bool LogManager::handle_log_dir_failure(node::Env& env, const std::string& dir) {
    node::warn(env, kLogManagerLogger, "Stopping serving logs in dir {}", dir);
    std::erase(live_dirs_, dir);
    if (live_dirs_.empty()) {
        node::error(env, kLogManagerLogger, "Shutdown broker because all log dirs in {} have failed",
                    fmt::join(log_dirs_, ", "));
        return false;
    }
    lock_closed_ = true;
    if (cleaner_) cleaner_->handle_log_dir_failure(env, dir);
    std::vector<std::string> offline;
    for (auto each = logs_.begin(); each != logs_.end();) {
        if (each->second.log_dir() != dir) {
            ++each;
            continue;
        }
        offline.push_back(to_string(each->first));
        each = logs_.erase(each);
    }
    const auto in_dir = [&](const auto& deleted) { return deleted.dir.starts_with(dir + "/"); };
    std::erase_if(deleted_, in_dir);
    std::erase_if(deleted_segments_, in_dir);
    node::warn(env, kLogManagerLogger,
               "Logs for partitions {} are offline and logs for future partitions  are offline due to failure on log "
               "directory {}",
               fmt::join(offline, ","), dir);
    return true;
}

std::string LogManager::offline_dirs() const {
    std::vector<std::string> offline;
    for (const std::string& dir : log_dirs_) {
        if (std::find(live_dirs_.begin(), live_dirs_.end(), dir) == live_dirs_.end()) offline.push_back(dir);
    }
    return fmt::format("{}", fmt::join(offline, ","));
}

/// Those that are online, with the fewest logs first. Kafka 3.0.0: kafka.log.LogManager.nextLogDirs.
std::vector<std::string> LogManager::dirs_by_load() const {
    if (live_dirs_.size() == 1) return live_dirs_;
    std::vector<std::string> dirs = live_dirs_;
    const auto logs_in = [&](const std::string& dir) {
        return std::count_if(logs_.begin(), logs_.end(),
                             [&](const auto& each) { return each.second.log_dir() == dir; });
    };
    std::stable_sort(dirs.begin(), dirs.end(),
                     [&](const std::string& a, const std::string& b) { return logs_in(a) < logs_in(b); });
    return dirs;
}

/// Where the folder of the log could be made.
std::optional<std::string> LogManager::dir_for_new_log(node::Env& env, const TopicPartition& tp) const {
    for (const std::string& dir : dirs_by_load()) {
        if (has_failed(env, dir)) continue;
        env.disk().make_directories(fmt::format("{}/{}", dir, to_string(tp)));
        if (!has_failed(env, dir)) return dir;
        const std::string what = fmt::format("Error while creating log for {} in dir {}", to_string(tp), dir);
        write_failed(env, dir, what);
        node::warn(env, kLogManagerLogger, "{}\njava.io.IOException: {}", what, env.disk().failure(dir).value_or(""));
    }
    return std::nullopt;
}

Log* LogManager::create_if_possible(node::Env& env, const TopicPartition& tp, const Uuid& topic_id,
                                    const config::TopicConfig& config, bool is_new, std::string& why_not) {
    if (find(tp) != nullptr) return &get_or_create(env, tp, topic_id, config);
    if (!is_new && live_dirs_.size() < log_dirs_.size()) {
        why_not = fmt::format("Can not create log for {} because log directories {} are offline", to_string(tp),
                              offline_dirs());
        return nullptr;
    }
    const std::optional<std::string> dir = dir_for_new_log(env, tp);
    if (!dir) {
        why_not = fmt::format("No log directories available. Tried {}", fmt::join(live_dirs_, ", "));
        return nullptr;
    }
    Log& log = create_in(env, *dir, tp, topic_id, log_config_of(config), config.overridden);
    if (!has_failed(env, *dir)) return &log;
    why_not = fmt::format("Error while creating log for {} in dir {}", to_string(tp), *dir);
    logs_.erase(tp);
    return nullptr;
}

}  // namespace kafkasim::log
