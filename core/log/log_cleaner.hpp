// SPDX-License-Identifier: Apache-2.0
#pragma once
// The log cleaner: of each compacted log it knows up to which offset it is clean, picks the filthiest one and writes
// its old segments anew with the last record of each key. It decides nothing by itself: cleaner_rules.hpp does.
// Called by LogManager. Kafka 3.0.0: kafka.log.LogCleaner, kafka.log.LogCleanerManager, kafka.log.Cleaner.
// Simplified: one cleaner whatever log.cleaner.threads says; it cleans at once and takes no time (no throttle).

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/log/cleaner_rules.hpp"
#include "core/log/log.hpp"

namespace kafkasim::log {

inline constexpr std::string_view kCleanerCheckpoint = "cleaner-offset-checkpoint";

class LogCleaner {
public:
    /// Reads the checkpoints of the dirs.
    void start(node::Env& env, const std::vector<std::string>& log_dirs);
    void shutdown(node::Env& env) const;

    /// The compacted log with the greatest dirty share, if it is more than min.cleanable.dirty.ratio or overdue.
    std::optional<TopicPartition> grab_filthiest(node::Env& env, std::map<TopicPartition, Log>& logs);
    /// Cleans the log that grab_filthiest() named; the segments that were replaced.
    std::vector<DeletedSegments> clean(node::Env& env, Log& log);
    /// Nothing is cleaned there any more.
    void handle_log_dir_failure(node::Env& env, const std::string& dir);
    /// The log is deleted.
    void forget(node::Env& env, const Log& log);

    /// Up to which offset a log is clean, if it ever was cleaned.
    std::optional<int64_t> checkpoint_of(const TopicPartition& tp) const;

private:
    struct Stats {
        int64_t bytes_read = 0;
        int64_t bytes_written = 0;
        int64_t messages_read = 0;
        int64_t messages_written = 0;
        int64_t map_bytes_read = 0;
    };

    LogToClean look_at(node::Env& env, Log& log, int64_t now_ms);
    void set_checkpoint(node::Env& env, const Log& log, int64_t offset);
    void write_checkpoints(node::Env& env, const std::string& log_dir) const;
    OffsetMap build_offset_map(node::Env& env, const Log& log, Stats& stats) const;
    LogSegment clean_group(node::Env& env, const Log& log, SegmentGroup group, const OffsetMap& map,
                           int64_t delete_horizon_ms, Stats& stats) const;
    void log_stats(node::Env& env, const Log& log, int64_t end, const Stats& stats) const;

    struct Checkpoint {
        std::string log_dir;
        int64_t offset = 0;
    };
    std::map<TopicPartition, Checkpoint> checkpoints_;
    LogToClean grabbed_;  // what clean() is to do
};

/// "11.3": how much less than `before` `after` is, in percent.
std::string percent_less(int64_t after, int64_t before);

}  // namespace kafkasim::log
