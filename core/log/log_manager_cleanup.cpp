// SPDX-License-Identifier: Apache-2.0
// Retention and the cleaner, log by log, and the removal of the files that they leave. See log_manager.hpp.
// Kafka 3.0.0: kafka.log.LogManager.cleanupLogs, kafka.log.LogCleaner.CleanerThread.cleanFilthiestLog,
// kafka.log.LogSegment.deleteIfExists.
#include <algorithm>

#include "core/log/log_manager.hpp"
#include "core/node/log.hpp"

namespace kafkasim::log {

namespace {

struct FileKind {
    std::string_view suffix;
    std::string_view name;
    bool told_if_missing = true;
};
constexpr std::array<FileKind, 4> kFileKinds{{{".log", "log"},
                                              {".index", "offset index"},
                                              {".timeindex", "time index"},
                                              {".txnindex", "transaction index", false}}};

void remove_files(node::Env& env, const DeletedSegments& deleted) {
    node::info(env, "kafka.log.Log$", "{}Deleting segment files {}", deleted.ident, deleted.shown);
    for (int64_t base_offset : deleted.base_offsets) {
        for (const FileKind& kind : kFileKinds) {
            const std::string file =
                fmt::format("{}/{}{}", deleted.dir, segment_file(base_offset, kind.suffix), kDeletedSuffix);
            if (env.disk().exists(file)) {
                env.disk().remove(file);
                node::info(env, "kafka.log.LogSegment", "Deleted {} {}.", kind.name, file);
            } else if (kind.told_if_missing) {
                node::info(env, "kafka.log.LogSegment", "Failed to delete {} {} because it does not exist.", kind.name,
                           file);
            }
        }
        const std::string snapshot =
            fmt::format("{}/{}{}", deleted.dir, segment_file(base_offset, ".snapshot"), kDeletedSuffix);
        if (!env.disk().exists(snapshot)) continue;
        env.disk().remove(snapshot);
        node::info(env, "kafka.log.SnapshotFile", "Deleted producer state snapshot {}", snapshot);
    }
}

}  // namespace

void LogManager::collect_deleted(Log& log) {
    for (DeletedSegments& deleted : log.take_deleted()) deleted_segments_.push_back(std::move(deleted));
}

/// True if the start of the log moved.
bool LogManager::delete_old_segments(node::Env& env, Log& log) {
    const int64_t before = log.log_start_offset();
    for (DeletedSegments& deleted : log.delete_old_segments(env)) deleted_segments_.push_back(std::move(deleted));
    return log.log_start_offset() != before;
}

std::vector<TopicPartition> LogManager::cleanup_logs(node::Env& env) {
    std::vector<TopicPartition> moved;
    for (auto& [tp, log] : logs_) {
        if (!log.config().compacted && delete_old_segments(env, log)) moved.push_back(tp);
    }
    return moved;
}

std::vector<TopicPartition> LogManager::clean_logs(node::Env& env) {
    std::vector<TopicPartition> moved;
    if (!cleaner_) return moved;
    while (const std::optional<TopicPartition> filthiest = cleaner_->grab_filthiest(env, logs_)) {
        std::vector<DeletedSegments> replaced = cleaner_->clean(env, logs_.at(*filthiest));
        for (DeletedSegments& deleted : replaced) deleted_segments_.push_back(std::move(deleted));
    }
    for (auto& [tp, log] : logs_) {
        if (log.config().compacted && delete_old_segments(env, log)) moved.push_back(tp);
    }
    return moved;
}

void LogManager::delete_segment_files(node::Env& env) {
    const auto later = std::stable_partition(deleted_segments_.begin(), deleted_segments_.end(),
                                             [&](const DeletedSegments& each) { return each.due <= env.now(); });
    for (auto each = deleted_segments_.begin(); each != later; ++each) remove_files(env, *each);
    deleted_segments_.erase(deleted_segments_.begin(), later);
}

}  // namespace kafkasim::log
